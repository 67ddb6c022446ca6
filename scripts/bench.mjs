// Every cost as a ratio to the barest program that does the same physical work on the same machine in the same run.
// docs/performance.md tells how to read it.
import { writeFileSync } from 'node:fs'
import { readArguments } from './bench/arguments.mjs'
import { figuresOf, MEASUREMENTS } from './bench/figures.mjs'
import { floorOf, isGuarded, isLost } from './bench/guard.mjs'
import { machine, openGround } from './bench/ground.mjs'
import { killAll, pinning } from './bench/processes.mjs'
import { installRivals, measureRival, RIVALS } from './bench/rivals/compare.mjs'
import { measureOurs } from './bench/rivals/ours.mjs'
import { headline, rivalHeadline, rivalRow, row, stageHeadline, stageRow } from './bench/table.mjs'
import { stagesOf } from './bench/where-time-goes.mjs'

/** B2 for B2b. */
const familyOf = (id) => id.replace(/[a-z]$/, '')
const figures = MEASUREMENTS.flatMap(figuresOf)
const options = readArguments(
  process.argv.slice(2),
  figures.flatMap(({ id }) => [id, familyOf(id)]),
)
const isWanted = (figure) =>
  options.guard
    ? isGuarded(figure)
    : !options.only ||
      [figure.id, familyOf(figure.id)].some((name) => options.only.includes(name.toUpperCase()))

async function main() {
  if (options.usage) return console.log(options.usage)
  if (options.fault) {
    process.exitCode = 2
    return console.error(`error: ${options.fault}`)
  }
  const ground = await openGround(options)
  const results = {}
  try {
    console.log(headline(machine(ground), pinning))
    for (const measurement of MEASUREMENTS) {
      const wanted = figuresOf(measurement).filter(isWanted)
      if (wanted.length === 0) continue
      const begun = performance.now()
      let measured = await measure(measurement, ground)
      // Once may be the machine; twice is us.
      if (options.guard && wanted.some((figure) => isLost(figure, measured(figure.id))))
        measured = await measure(measurement, ground)
      const seconds = (performance.now() - begun) / 1_000
      for (const figure of wanted) {
        const { ratio, raw, note } = measured(figure.id)
        results[figure.id] = { ratio, goal: figure.goal, raw }
        console.log(row(figure, { ratio, raw, note, seconds }))
        if (options.guard && isLost(figure, measured(figure.id))) {
          process.exitCode = 1
          console.error(`error: ${figure.id} is worse than ${floorOf(figure).toFixed(3)}, twice in a row.`)
        }
      }
    }
    if (options.stages) results.stages = await tellStages(ground)
    if (options.rivals) results.rivals = await compareRivals(ground)
  } finally {
    await ground.close()
  }
  if (options.json) writeFileSync(options.json, `${JSON.stringify(results, null, 2)}\n`)
}

/** Resolves with what each figure got. A figure that cannot be measured does not take the others with it. */
async function measure(measurement, ground) {
  try {
    const result = await measurement.run(ground)
    return (id) => (measurement.parts ? result[id] : result)
  } catch (error) {
    process.exitCode = 1
    return () => ({ ratio: null, raw: [], note: `could not be measured: ${error.message}` })
  }
}

async function tellStages(ground) {
  const stages = await stagesOf(ground)
  console.log([stageHeadline, ...stages.map(stageRow)].join('\n'))
  return stages
}

async function compareRivals(ground) {
  const packages = installRivals(ground.dir)
  console.log(rivalHeadline)
  const measured = []
  for (const rival of RIVALS) {
    measured.push(await measureRival(ground, packages, rival))
    console.log(rivalRow(measured.at(-1)))
  }
  measured.push(await measureOurs(ground))
  console.log(rivalRow(measured.at(-1)))
  return measured
}

for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => {
    killAll()
    process.exit(130)
  })

await main()
