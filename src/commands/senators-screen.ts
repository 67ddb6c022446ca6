import type { SeatChange, TableCheck } from '../congress/check.js'
import { STATE_NAMES, isStateCode, type Senator, type SenatorTable } from '../congress/congress.js'
import type { Changes } from '../congress/update.js'
import { ageDays } from '../congress/check.js'
import type { Cli } from './cli-types.js'
import { checkLine, colours, hasUnicode, number, printable } from './screen.js'

const ROWS_MAX = 20

/** All of them, or one state's with the offices there. */
export function listLines(cli: Cli, table: SenatorTable, senators: readonly Senator[], now: Date): string[] {
  const c = colours(cli)
  const oneState = senators.length <= 2
  const shown = cli.stdout.isTTY ? senators.slice(0, ROWS_MAX) : senators
  const nameWidth = Math.max(...shown.map((senator) => senator.name.length))
  const lines = [`${count(senators.length)}, data of ${day(table.asOf)} (${age(ageDays(table, now))})`]
  for (const senator of shown) {
    const ends = `${senator.party.slice(0, 1)}  term to ${day(senator.termEnd)}`
    lines.push(
      `  ${senator.state}  ${name(cli, senator).padEnd(nameWidth)}  ${senator.phone}  ${c.dim(ends)}`,
    )
    if (!oneState) continue
    const cityWidth = Math.max(0, ...senator.offices.map((office) => office.city.length))
    for (const office of senator.offices)
      lines.push(`        ${shownText(cli, office.city).padEnd(cityWidth)}  ${office.zip}  ${office.phone}`)
  }
  if (shown.length < senators.length)
    lines.push(`  ${senators.length - shown.length} more: textaction senators list --state AL, or --json`)
  return lines
}

/** What the check found; warnings never make the table unusable. */
export function checkLines(cli: Cli, table: SenatorTable, check: TableCheck): string[] {
  const states = check.ended.map((senator) => STATE_NAMES[senator.state].length)
  const stateWidth = Math.max(8, ...states)
  const nameWidth = Math.max(0, ...check.ended.map((senator) => senator.name.length))
  const lines = [
    `${count(table.senators.length)}, ${seatsSentence(table, check)}data of ${day(table.asOf)} (${age(check.ageDays)})`,
  ]
  for (const fault of check.faults)
    lines.push(checkLine(cli, { level: 'fail', label: '', text: printable(fault) }, 0))
  for (const senator of check.ended) {
    const why = senator.special ? ' (special election)' : ''
    const text = `${name(cli, senator).padEnd(nameWidth)}   term ended ${day(senator.termEnd)}${why}`
    lines.push(checkLine(cli, { level: 'warn', label: STATE_NAMES[senator.state], text }, stateWidth))
  }
  if (check.ended.length > 0)
    lines.push(
      `          still given out; ${colours(cli).cyan('textaction senators update')} brings the successors`,
    )
  for (const senator of check.withoutNumber)
    lines.push(
      checkLine(
        cli,
        {
          level: 'warn',
          label: STATE_NAMES[senator.state],
          text: `${name(cli, senator)} has no number yet; the switchboard is given out`,
        },
        stateWidth,
      ),
    )
  for (const [ends, senators] of byDay(check.endingSoon))
    lines.push(
      noteLine(
        cli,
        `${senators} ${check.ended.length > 0 ? 'more ' : ''}${senators === 1 ? 'term ends' : 'terms end'} on ${day(ends)}`,
      ),
    )
  const homeless = table.senators.filter((senator) => senator.offices.length === 0).length
  if (homeless > 0)
    lines.push(noteLine(cli, `${count(homeless)} without an in-state office here; update with --offices`))
  const warnings = check.ended.length + check.withoutNumber.length
  if (check.faults.length > 0) lines.push(`${check.faults.length} failed.`)
  else lines.push(warnings === 0 ? 'All ok.' : warnings === 1 ? '1 warning.' : `${warnings} warnings.`)
  return lines
}

/** Who came and who went, and whose number is another now. */
export function changeLines(cli: Cli, changes: Changes): string[] {
  const lines = changes.seats.map(
    ({ state, gone, came }) =>
      `  ${STATE_NAMES[state]}: ${gone ? name(cli, gone) : 'a vacant seat'} -> ${came ? `${name(cli, came)} ${came.phone}` : 'vacant'}`,
  )
  for (const senator of changes.phones)
    lines.push(`  ${STATE_NAMES[senator.state]}: ${name(cli, senator)} has a new number, ${senator.phone}`)
  return lines.length > 0 ? lines : ['  Nobody changed, and no number.']
}

/** A changed seat for --json. */
export function seatReport({ state, gone, came }: SeatChange) {
  const who = (senator: Senator | null) => senator && { bioguide: senator.bioguide, name: senator.name }
  return { state, gone: who(gone), came: who(came) }
}

/** What the check found, for --json. */
export function checkReport(table: SenatorTable, check: TableCheck) {
  const who = ({ state, bioguide, name: named, termEnd, special }: Senator) => ({
    state,
    bioguide,
    name: named,
    termEnd,
    special: special ?? false,
  })
  return {
    asOf: table.asOf,
    source: table.source,
    ageDays: check.ageDays,
    senators: table.senators.length,
    vacant: table.vacant ?? [],
    faults: check.faults,
    ended: check.ended.map(who),
    endingSoon: check.endingSoon.map(who),
    withoutNumber: check.withoutNumber.map(who),
  }
}

function seatsSentence(table: SenatorTable, check: TableCheck): string {
  if (check.faults.length > 0) return ''
  const vacant = (table.vacant ?? []).filter(isStateCode).map((state) => STATE_NAMES[state])
  return vacant.length > 0 ? `a seat vacant in ${vacant.join(', ')}, ` : '2 for each state, '
}

function byDay(senators: readonly Senator[]): [string, number][] {
  const days = new Map<string, number>()
  for (const { termEnd } of senators) days.set(termEnd, (days.get(termEnd) ?? 0) + 1)
  return [...days].sort(([a], [b]) => (a < b ? -1 : 1))
}

function noteLine(cli: Cli, text: string): string {
  return `  ${colours(cli).dim('note')}  ${text}`
}

function count(senators: number): string {
  return senators === 1 ? '1 senator' : `${number(senators)} senators`
}

function age(days: number): string {
  return days === 0 ? 'today' : days === 1 ? '1 day old' : `${number(days)} days old`
}

function name(cli: Cli, senator: Senator): string {
  return shownText(cli, senator.name)
}

/** Safe on any terminal; without UTF-8 names lose their accents. */
function shownText(cli: Cli, text: string): string {
  const safe = printable(text)
  return hasUnicode(cli) ? safe : safe.normalize('NFD').replace(/[\u0300-\u036f]/g, '')
}

/** 2026-11-03 -> "Nov 3, 2026" */
function day(date: string): string {
  return new Date(`${date}T00:00:00Z`).toLocaleDateString('en-US', { dateStyle: 'medium', timeZone: 'UTC' })
}
