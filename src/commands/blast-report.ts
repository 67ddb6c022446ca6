import type { Desk } from '../app.js'
import { csvLines } from '../adapters/csv-out.js'
import { countBlast } from '../db/blast-counts.js'
import {
  callsReported,
  deliveredByMinute,
  lastSentAt,
  leftWithinDay,
  peopleWhoReported,
} from '../db/blast-report.js'
import type { BlastRow } from '../db/blasts.js'
import { OperatorError } from '../errors.js'
import { wordsFor } from '../outbound/error-codes.js'
import { namedBlast } from './blast-desk.js'
import { standingOf } from './blast-show.js'
import { spanWords, spread, stateWords } from './blast-words.js'
import { sparkline } from './blast-watch-screen.js'
import type { Cli } from './cli-types.js'
import { atDesk } from './operator.js'
import { columns, fitted, number, percent, printable, printJson } from './screen.js'
import { wrap } from './stamps.js'
import { plural } from '../conversation/plural.js'

export type ReportOptions = { json?: true; csv?: true }

const INDENT = 15
const ROWS_MAX = 20
const MARKS_MAX = 60
const MINUTE_MS = 60_000

/** blast report: afterwards. What became of it, in plain words. */
export async function report(cli: Cli, id: string, options: ReportOptions): Promise<void> {
  await atDesk(cli, async (desk) => {
    const blast = await namedBlast(desk, id)
    if (blast.startedAt === null)
      throw new OperatorError(
        `Blast ${blast.code} is ${blast.state}: there is nothing to report yet. See: textaction blast show ${blast.code}`,
      )
    const facts = await factsOf(desk, blast)
    if (options.json) return printJson(cli, { id: blast.code, name: blast.name, ...facts })
    if (options.csv) return void cli.stdout.write(asCsv(facts))
    cli.stdout.write(fitted(cli, screen(cli, blast, facts)))
  })
}

type Facts = Awaited<ReturnType<typeof factsOf>>

async function factsOf(desk: Desk, blast: BlastRow) {
  const { pool, congress } = desk
  const standing = await standingOf(desk, blast)
  const failures = ((await countBlast(pool, blast.id))?.failures ?? []).map(({ code, count }) => ({
    ...{ code, count, words: code === null ? 'no reason given' : wordsFor(code) },
  }))
  const calls = (await callsReported(pool, blast.id)).map((row) => ({
    ...row,
    name: congress.senator(row.senator)?.last ?? row.senator,
  }))
  return {
    ...{ state: standing.state, audience: standing.audience, counts: standing.counts, failures, calls },
    left: await leftWithinDay(pool, blast.id),
    peopleWhoReported: await peopleWhoReported(pool, blast.id),
    deliveredByMinute: await deliveredByMinute(pool, blast.id),
    lastSentAt: await lastSentAt(pool, blast.id),
  }
}

function screen(cli: Cli, blast: BlastRow, facts: Facts): string {
  const { audience, counts, failures, left, state } = facts
  const width = columns(cli)
  const failed = counts.failed + counts.undelivered
  const noWord = counts.accepted + counts.sent
  const unsure = counts.not_sent + counts.in_doubt
  const never = counts.opted_out + counts.capped + counts.expired + counts.cancelled + unsure
  const reasons = failures.map(({ words, count }) => `${words} ${number(count)}`).join(', ')
  const neverWhy = [
    ...([
      ['left before', counts.opted_out],
      ['capped', counts.capped],
      ['too late', counts.expired],
    ] as const),
    ...([
      ['cancelled', counts.cancelled],
      ['unsure', unsure],
    ] as const),
  ]
    .filter(([, count]) => count > 0)
    .map(([why, count]) => `${why} ${number(count)}`)
  const lines = [
    spread(
      `${printable(blast.name)} (${blast.code})   ${stateWords({ ...blast, state })}`,
      spanWords(blast, facts.lastSentAt),
      width,
    ),
    row(
      'Delivered',
      counts.delivered,
      `${percent(counts.delivered, audience)} of ${number(audience)}`,
      width,
    ),
    row('Failed', failed, reasons, width),
    row('No word yet', noWord, '', width),
    row('Never sent', never, neverWhy.join(', '), width),
    row('Left', left, `within a day of this text (${percent(left, Math.max(1, audience))})`, width),
    ...(counts.pending + counts.claimed > 0
      ? [row('Waiting', counts.pending + counts.claimed, '', width)]
      : []),
    ...delivery(cli, facts),
    ...callTable(facts),
  ]
  return `${lines.join('\n')}\n`
}

function row(label: string, count: number, text: string, width: number): string {
  const [first = '', ...rest] = wrap(text, width - INDENT - 13)
  const head = `  ${label.padEnd(INDENT - 2)}${number(count).padStart(9)}   ${first}`.trimEnd()
  return [head, ...rest.map((line) => `${' '.repeat(INDENT + 12)}${line}`)].join('\n')
}

/** Texts delivered over time; each mark stands for as many minutes as it takes to fit. */
function delivery(cli: Cli, { deliveredByMinute: minutes }: Facts): string[] {
  const [first, last] = [minutes[0], minutes.at(-1)]
  if (!first || !last) return []
  const span = Math.floor((last.at.getTime() - first.at.getTime()) / MINUTE_MS) + 1
  const each = Math.ceil(span / MARKS_MAX)
  const marks = Array.from({ length: Math.ceil(span / each) }, () => 0)
  for (const { at, delivered } of minutes) {
    const mark = Math.floor((at.getTime() - first.at.getTime()) / MINUTE_MS / each)
    marks[mark] = (marks[mark] ?? 0) + delivered
  }
  return [`  Delivery     ${sparkline(cli, marks)}   ${each === 1 ? 'a minute' : `${each} minutes`} a mark`]
}

function callTable({ calls, peopleWhoReported: people, counts }: Facts): string[] {
  const reached = counts.delivered + counts.sent + counts.accepted
  const silent = 'The rest were silent.'
  const end =
    `  ${plural(people, 'person', 'people')} reported (${percent(people, Math.max(1, reached))} of those it reached). ${people > 0 ? silent : ''}`.trimEnd()
  if (calls.length === 0) return [end]
  const cells = (values: readonly (string | number)[]) =>
    values
      .map((value, n) => (typeof value === 'number' ? number(value) : value).padStart(n === 1 ? 11 : 9))
      .join('')
  let before = ''
  const rows = calls.slice(0, ROWS_MAX).map(({ state, name, reached: got, voicemail, busy, wrong, all }) => {
    const shown = state === before ? '' : state
    before = state
    return `  ${shown.padEnd(4)}${name.slice(0, 18).padEnd(19)}${cells([got, voicemail, busy, wrong, all])}`
  })
  return [
    `  ${'Calls reported'.padEnd(23)}${cells(['reached', 'voicemail', 'busy', 'wrong', 'all'])}`,
    ...rows,
    ...(calls.length > ROWS_MAX ? [`  and ${calls.length - ROWS_MAX} more: --csv has all`] : []),
    end,
  ]
}

function asCsv({ counts, failures, calls, left, audience }: Facts): string {
  return csvLines([
    ['what', 'of', 'count'],
    ['audience', '', audience],
    ...Object.entries(counts).map(([state, count]) => ['texts', state, count]),
    ...failures.map(({ words, count }) => ['failed', words, count]),
    ['left within a day', '', left],
    ...calls.flatMap(({ state, name, reached, voicemail, busy, wrong }) =>
      Object.entries({ reached, voicemail, busy, wrong }).map(([outcome, count]) => [
        `calls ${outcome}`,
        `${state} ${name}`,
        count,
      ]),
    ),
  ])
}
