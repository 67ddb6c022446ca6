// Every cost as a ratio to the barest program that does the same physical work on the same machine in the same run.
// docs/performance.md tells how to read it.
import { writeFileSync } from 'node:fs'
import { readArguments } from './bench/arguments.mjs'
import { FIGURES } from './bench/figures.mjs'
import { machine, openGround } from './bench/ground.mjs'
import { killAll, pinning } from './bench/processes.mjs'
import { installRivals, measureRival, RIVALS } from './bench/rivals/compare.mjs'
import { headline, rivalHeadline, rivalRow, row } from './bench/table.mjs'

const options = readArguments(
  process.argv.slice(2),
  FIGURES.flatMap(({ id }) => [id, family(id)]),
)

/** B2 for B2a and B2b. */
function family(id) {
  return id.replace(/[a-z]$/, '')
}

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
    for (const figure of FIGURES) {
      if (
        options.only &&
        ![figure.id, family(figure.id)].some((id) => options.only.includes(id.toUpperCase()))
      )
        continue
      const begun = performance.now()
      const { ratio, raw, note } = await figure.run(ground, options).catch((error) => {
        process.exitCode = 1
        return { ratio: null, raw: [], note: `could not be measured: ${error.message}` }
      })
      results[figure.id] = { ratio, goal: figure.goal, raw }
      console.log(row(figure, { ratio, raw, note, seconds: (performance.now() - begun) / 1_000 }))
    }
    if (options.rivals) results.rivals = await compareRivals(ground)
  } finally {
    await ground.close()
  }
  if (options.json) writeFileSync(options.json, `${JSON.stringify(results, null, 2)}\n`)
}

async function compareRivals(ground) {
  const packages = installRivals(ground.dir)
  console.log(rivalHeadline)
  const measured = []
  for (const rival of RIVALS) {
    measured.push(await measureRival(ground, packages, rival))
    console.log(rivalRow(measured.at(-1)))
  }
  return measured
}

for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => {
    killAll()
    process.exit(130)
  })

await main()
