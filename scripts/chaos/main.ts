import { parseArgs } from 'node:util'
import { spawnSync } from 'node:child_process'
import { FAULTS, line, openGround, runFault, type Result } from './matrix.js'
import { randomFrom } from './random.js'
import { soak } from './soak.js'

const USAGE = `npm run chaos [-- --only 2,9] [--seed N] [--minutes 10] [--quick] [--fuzz] [--list]

Does ${FAULTS.length} faults to the whole program, one after the other, and compares what reached Twilio with the ledger.
  --only 2,9     these rows
  --seed N       the order of the rows, and what the soak draws; told at the start
  --minutes M    afterwards faults at random, for so long, under a blast and inbound texts
  --quick        the shorter waits of npm test
  --fuzz         100,000 fuzzed webhooks instead
  --list         what each row does and what must hold`

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      seed: { type: 'string' },
      minutes: { type: 'string' },
      quick: { type: 'boolean' },
      fuzz: { type: 'boolean' },
      list: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  })
  if (values.help) return (console.log(USAGE), 0)
  if (values.list) return (list(), 0)
  const seed = Number(values.seed ?? Date.now() % 2 ** 31)
  if (values.fuzz) return fuzz(seed)
  const only = values.only?.split(',').map(Number)
  const unknown = only?.filter((id) => !FAULTS.some((fault) => fault.id === id)) ?? []
  if (unknown.length > 0) throw new Error(`there is no row ${unknown.join(', ')}; see --list`)
  const minutes = Number(values.minutes ?? 0)

  console.log(`Seed ${seed}.`)
  const begun = Date.now()
  const results: Result[] = []
  const ground = await openGround()
  try {
    const rows = only ? FAULTS.filter(({ id }) => only.includes(id)) : minutes > 0 && !only ? [] : FAULTS
    for (const fault of shuffled(rows, seed)) {
      const result = await runFault(ground, fault, values.quick ?? false)
      results.push(result)
      console.log(line(result))
    }
    if (minutes > 0) {
      const result = await soak(ground, seed, minutes)
      results.push(result)
      console.log(line(result))
    }
  } finally {
    await ground.close()
  }
  const of = (outcome: Result['outcome']) => results.filter((result) => result.outcome === outcome).length
  console.log(
    `${results.length} rows: ${of('ok')} ok, ${of('broken')} broken, ${of('skipped')} skipped; seed ${seed}, ${Math.round((Date.now() - begun) / 1_000)} s.`,
  )
  return of('broken') > 0 ? 1 : 0
}

function list(): void {
  for (const { id, name, inject, holds, inTests } of FAULTS)
    console.log(
      `${String(id).padStart(2)}  ${name}${inTests ? ' (in npm test)' : ''}\n    done: ${inject}\n    holds: ${holds}`,
    )
}

/** Rows must not depend on those before them: their order is drawn. */
function shuffled<T>(rows: readonly T[], seed: number): T[] {
  const random = randomFrom(seed)
  return rows
    .map((row) => ({ row, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ row }) => row)
}

function fuzz(seed: number): number {
  const jest = [
    'node_modules/jest/bin/jest.js',
    '--selectProjects',
    'integration',
    '--testPathPatterns',
    'webhook-fuzz',
  ]
  const env = { ...process.env, FUZZ_RUNS: process.env['FUZZ_RUNS'] ?? '100000', FUZZ_SEED: String(seed) }
  return spawnSync(process.execPath, jest, { env, stdio: 'inherit' }).status ?? 1
}

main()
  .then((code) => process.exit(code))
  .catch((error: unknown) => {
    console.error(`error: ${error instanceof Error ? error.message : String(error)}`)
    process.exit(2)
  })
