// Rewrites src/congress/bundled.ts, the table a fresh installation starts with, from the public files.
//   npm run build && node scripts/refresh-senators.mjs [LEGISLATORS OFFICES]     files or URLs; default: the public ones
import { writeFileSync } from 'node:fs'
import { LEGISLATORS_URL, OFFICES_URL, readSource } from '../dist/adapters/legislators-source.js'
import { checkTable } from '../dist/congress/check.js'
import { parseLegislators } from '../dist/congress/legislators.js'
import { formatTable } from '../dist/congress/table-text.js'

const [legislators = LEGISLATORS_URL, offices = OFFICES_URL] = process.argv.slice(2)
const now = new Date()
const signal = new AbortController().signal
const members = await readSource(legislators, now, signal)
const parsed = parseLegislators(
  {
    legislators: members.text,
    offices: (await readSource(offices, now, signal)).text,
    asOf: members.asOf,
    source: 'unitedstates/congress-legislators',
  },
  null,
)
const faults = parsed.kind === 'table' ? checkTable(parsed.table, now).faults : parsed.faults
const text = parsed.kind === 'table' ? formatTable(parsed.table) : ''
if (/[`\\]|\$\{/.test(text)) faults.push('a name holds a character that would end the text it is kept in')
if (faults.length > 0) {
  console.error(`Nothing was written:\n  ${faults.join('\n  ')}`)
  process.exit(1)
}
writeFileSync(
  new URL('../src/congress/bundled.ts', import.meta.url),
  `import type { SenatorTable } from './congress.js'
import { parseTable } from './table-text.js'

// Written by scripts/refresh-senators.mjs. The source and its licence: SOURCES.md.
// state|rank|class|bioguide|name|first|last|party/caucus|phone|term end|city ZIP phone; ...
const TABLE = \`${text}\`

/** The senators as they were when this version was made: what a fresh installation starts with. */
export const bundledTable: SenatorTable = parseTable(TABLE)
`,
)
