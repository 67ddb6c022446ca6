import { cpuMs } from './processes.mjs'
import { median, significant } from './statistics.mjs'

/**
 * Bare and own in turn, A B A B, after one round that does not count. The figure is the middle of the ratios of the pairs:
 * what else the machine does meanwhile touches both of a pair.
 */
export async function interleave(rounds, bare, own) {
  await bare(0)
  await own(0)
  const pairs = []
  for (let round = 1; round <= rounds; round++) {
    const before = await bare(round)
    pairs.push({ bare: significant(before), own: significant(await own(round)) })
  }
  return { ratio: significant(median(pairs.map((pair) => pair.own / pair.bare)), 3), pairs }
}

/** Counts the CPU of processes (name -> pid) while something is done, and shares it among the units that were done. */
export function createCpuMeter(pids) {
  const names = Object.keys(pids)
  const spent = names.map(() => 0)
  let units = 0
  return {
    async during(work, unitsOf) {
      const before = names.map((name) => cpuMs(pids[name]))
      const result = await work()
      names.forEach((name, i) => (spent[i] += cpuMs(pids[name]) - before[i]))
      units += unitsOf(result)
      return result
    },
    /** Microseconds of each process for one unit. */
    perUnit: () => Object.fromEntries(names.map((name, i) => [name, Math.round((spent[i] * 1_000) / units)])),
  }
}
