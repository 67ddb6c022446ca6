/** The first lines: what the figures were taken on. */
export function headline(machine, pinning) {
  const { cores, cpu, memoryGb, node, fsyncMs } = machine
  return [
    `${cores} cores (${cpu}), ${memoryGb} GB, fsync ${fsyncMs} ms; ${pinning}`,
    `Node ${node}, Postgres ${machine.postgres}, ${machine.redis}, bullmq ${machine.bullmq}, undici ${machine.undici}, twilio ${machine.twilio}, express ${machine.express}`,
    '',
    `${'      figure'.padEnd(78)}${'goal'.padStart(8)}${'got'.padStart(9)}`,
  ].join('\n')
}

/** One figure: goal, what was reached, and the raw numbers below. lower: smaller is better. */
export function row({ id, what, goal, lower = false }, { ratio, raw, note, seconds }) {
  const reached = ratio !== null && (lower ? ratio <= goal : ratio >= goal)
  const goalText = `${lower ? '<=' : '>='} ${goal}`
  const line = `${id.padEnd(6)}${what.padEnd(72)}${goalText.padStart(8)}${String(ratio ?? '-').padStart(9)}  ${reached ? '' : 'short'}`
  const details = [note, ...raw.map(inWords), `${seconds.toFixed(0)} s`].filter(Boolean)
  return `${line.trimEnd()}\n      ${details.join('; ')}`
}

const inWords = (value) =>
  Array.isArray(value)
    ? value.map(inWords).join(' ')
    : typeof value === 'object' && value !== null
      ? Object.entries(value)
          .map(([name, one]) => `${name} ${inWords(one)}`)
          .join(' ')
      : String(value)

/** Above the stages. */
export const stageHeadline = `\n${'stage'.padEnd(14)}${['our CPU', 'Postgres', 'Redis', 'clock'].map((name) => name.padStart(10)).join('')}   us a text`

/** One of them. */
export const stageRow = ({ stage, own, postgres, redis, wall }) =>
  `${stage.padEnd(14)}${[own, postgres, redis, wall].map((us) => String(us).padStart(10)).join('')}`

/** Above the other ways to send. */
export const rivalHeadline = `\n${'how'.padEnd(48)}${'texts/s'.padStart(8)}${'CPU us: sender / database / Redis'.padStart(36)}${'texted twice'.padStart(14)}${'never'.padStart(8)}   after one kill -9`

/** One of them. */
export function rivalRow({ title, textsPerSecond, cpu, doubled, lost }) {
  const costs = Object.values(cpu).join(' / ')
  return `${title.padEnd(48)}${String(textsPerSecond).padStart(8)}${costs.padStart(36)}${String(doubled).padStart(14)}${String(lost).padStart(8)}`
}
