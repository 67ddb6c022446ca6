import type { Desk } from '../app.js'
import { countBlast, TEXT_STATES, type Counts } from '../db/blast-counts.js'
import { lastSentAt } from '../db/blast-report.js'
import { readBlastLog } from '../db/blast-log.js'
import { countBlasts, listBlasts, type BlastRow } from '../db/blasts.js'
import { audienceNow, namedBlast } from './blast-desk.js'
import { moment, spanWords, spread, stateWords, whenWords, zoneToShow } from './blast-words.js'
import type { Cli } from './cli-types.js'
import { atDesk } from './operator.js'
import {
  colours,
  columns,
  fitted,
  number,
  percent,
  printable,
  printJson,
  TABLE_COLUMNS_MIN,
} from './screen.js'
import { plural } from '../conversation/plural.js'

export type Standing = {
  audience: number
  counts: Counts
  state: BlastRow['state']
  pausedWhy: string | null
}

/** Where everybody of a blast is: of one that has not started, all of today's audience is pending. */
export async function standingOf(desk: Desk, blast: BlastRow): Promise<Standing> {
  const counted = await countBlast(desk.pool, blast.id)
  if (counted && (blast.startedAt !== null || counted.audience > 0)) return counted
  const { people } = await audienceNow(desk, blast)
  const counts = Object.fromEntries(TEXT_STATES.map((state) => [state, 0])) as Counts
  counts[blast.state === 'cancelled' ? 'cancelled' : 'pending'] = people
  return {
    audience: people,
    counts,
    state: counted?.state ?? blast.state,
    pausedWhy: counted?.pausedWhy ?? null,
  }
}

/** blast show: where everybody is. It adds up, always. */
export async function show(cli: Cli, id: string, options: { json?: true }): Promise<void> {
  await atDesk(cli, async (desk) => {
    const blast = await namedBlast(desk, id)
    const { audience, counts, state, pausedWhy } = await standingOf(desk, blast)
    if (options.json) {
      const { code, name, approvedBy, startedAt, endedAt } = blast
      return printJson(cli, {
        id: code,
        name,
        state,
        audience,
        counts,
        pausedWhy,
        approvedBy,
        startedAt,
        endedAt,
      })
    }
    const head = `${printable(blast.name)} (${blast.code})   ${stateWords({ ...blast, state })}`
    const span = spanWords({ ...blast, state }, await lastSentAt(desk.pool, blast.id))
    cli.stdout.write(`${spread(head, span, columns(cli))}\n`)
    if (pausedWhy)
      cli.stdout.write(fitted(cli, `  ${colours(cli).yellow('Why')}   ${printable(pausedWhy)}\n`))
    cli.stdout.write(fitted(cli, countsTable(cli, counts, audience)))
  })
}

const LEFT = ['delivered', 'undelivered', 'failed', 'sent', 'accepted'] as const
const MIDDLE = ['opted_out', 'capped', 'not_sent', 'expired'] as const
const RIGHT = ['pending', 'claimed', 'in_doubt', 'cancelled'] as const

function countsTable(cli: Cli, counts: Counts, audience: number): string {
  if (columns(cli) < TABLE_COLUMNS_MIN)
    return [
      ...TEXT_STATES.map((state) => `  ${state.padEnd(11)}${number(counts[state]).padStart(10)}\n`),
      `  together   ${number(audience).padStart(10)} = the audience\n`,
    ].join('')
  const cell = (state: (typeof TEXT_STATES)[number] | undefined, width: number) =>
    state === undefined
      ? ''.padEnd(width + 10)
      : `${state.padEnd(11)}${number(counts[state]).padStart(width - 1)}`
  const lines = LEFT.map((state, n) => {
    const share = percent(counts[state], audience).padStart(8)
    const rest = MIDDLE[n]
      ? `     ${cell(MIDDLE[n], 9)}     ${cell(RIGHT[n], 9)}`
      : `     together  ${number(audience)} = the audience`
    return `  ${cell(state, 11)}${share}${rest}`
  })
  return `${lines.join('\n')}\n`
}

/** blast list: newest first. */
export async function list(cli: Cli, options: { json?: true }): Promise<void> {
  await atDesk(cli, async (desk) => {
    const blasts = await listBlasts(desk.pool, null, options.json ? 1_000 : SHOWN_MAX)
    if (options.json)
      return printJson(
        cli,
        blasts.map((blast) => ({
          ...{
            id: blast.code,
            name: blast.name,
            state: blast.state,
            action: blast.action,
            audience: blast.audience,
          },
          ...{
            // Frozen at its start: before, blast show counts it.
            ...(blast.startedAt && { people: blast.people }),
            at: blast.firstAt,
            createdBy: blast.createdBy,
            approvedBy: blast.approvedBy,
          },
        })),
      )
    if (blasts.length === 0)
      return void cli.stdout.write(
        'No blast yet. Write one: textaction blast create --name vote --body-file vote.txt\n',
      )
    const width = Math.min(30, Math.max(...blasts.map(({ name }) => name.length)))
    for (const blast of blasts) {
      const people = blast.people > 0 ? plural(blast.people, 'person', 'people') : ''
      const when = blast.startedAt ? moment(blast.startedAt, zoneToShow(blast)) : (whenWords(blast) ?? '')
      cli.stdout.write(
        fitted(
          cli,
          `  ${blast.code}  ${printable(blast.name).slice(0, width).padEnd(width)}  ${blast.state.padEnd(9)}  ${people.padStart(16)}  ${when}`.trimEnd() +
            '\n',
        ),
      )
    }
    const more = (await countBlasts(desk.pool)) - SHOWN_MAX
    if (more > 0) cli.stdout.write(`  and ${number(more)} more: textaction blast list --json\n`)
  })
}

const SHOWN_MAX = 20

/** blast log: who did what, when. */
export async function log(cli: Cli, id: string, options: { json?: true }): Promise<void> {
  await atDesk(cli, async (desk) => {
    const blast = await namedBlast(desk, id)
    const entries = await readBlastLog(desk.pool, blast.id)
    if (options.json) return printJson(cli, entries)
    cli.stdout.write(`${printable(blast.name)} (${blast.code})   ${stateWords(blast)}\n`)
    for (const { at, who, what, detail } of entries)
      cli.stdout.write(
        `  ${moment(at, zoneToShow(blast))}  ${printable(who).padEnd(14)} ${what}${detail ? `: ${printable(detail)}` : ''}\n`,
      )
  })
}
