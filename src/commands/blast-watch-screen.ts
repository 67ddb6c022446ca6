import { DateTime } from 'luxon'
import type { GoesOn } from '../blast/goes-on.js'
import type { BlastRow } from '../db/blasts.js'
import { moment, spread, zoneToShow } from './blast-words.js'
import type { Standing } from './blast-show.js'
import type { Cli } from './cli-types.js'
import { colours, columns, hasUnicode, number, percent, printable } from './screen.js'
import { wrap, zoneName } from './stamps.js'
import { plural } from '../conversation/plural.js'

export type Look = Standing & {
  blast: BlastRow
  left: number
  at: Date
  /** Today's segments have reached SEGMENTS_PER_DAY. */
  atCeiling: boolean
  /** Nothing leaves before; null: it may leave now, or nobody has looked. */
  goesOn: GoesOn | null
}

/** Of how many people a blast is through: not those who wait, nor those it was called off for. */
export const throughOf = ({ audience, counts }: Pick<Look, 'audience' | 'counts'>): number =>
  audience - counts.pending - counts.claimed - counts.cancelled

export type Rate = {
  add(look: Look): void
  /** Texts a second in each of the last minutes, oldest first. */
  minutes(): number[]
  /** Texts a second of late. */
  now(): number
}

const MINUTES = 10
const LATELY_MS = 10_000
const BAR_COLUMNS = 50

/** How fast texts leave, as this watcher has seen it. */
export function createRate(): Rate {
  const seen: { ms: number; gone: number }[] = []
  const between = (fromMs: number, toMs: number) => {
    const inside = seen.filter(({ ms }) => ms >= fromMs && ms <= toMs)
    const [first, last] = [inside[0], inside.at(-1)]
    if (!first || !last || last.ms <= first.ms) return 0
    return ((last.gone - first.gone) * 1_000) / (last.ms - first.ms)
  }
  return {
    add(look) {
      const { at } = look
      seen.push({ ms: at.getTime(), gone: throughOf(look) })
      while ((seen[0]?.ms ?? Infinity) < at.getTime() - (MINUTES + 1) * 60_000) seen.shift()
    },
    minutes() {
      const end = seen.at(-1)?.ms ?? 0
      const start = seen[0]?.ms ?? end
      const count = Math.max(1, Math.min(MINUTES, Math.ceil((end - start) / 60_000)))
      return Array.from({ length: count }, (_, n) =>
        between(end - (count - n) * 60_000, end - (count - n - 1) * 60_000),
      )
    },
    now: () => between((seen.at(-1)?.ms ?? 0) - LATELY_MS, Infinity),
  }
}

/** The live view, line by line. */
export function liveScreen(cli: Cli, look: Look, rate: Rate): string[] {
  const { blast, state, counts, audience, left, pausedWhy, at } = look
  const c = colours(cli)
  const width = columns(cli)
  const zone = zoneToShow(blast)
  const name = `${printable(blast.name)} (${blast.code})   ${state === 'paused' ? 'PAUSED' : state}`
  const clock = `${DateTime.fromJSDate(at, { zone }).toFormat('ccc LLL d, HH:mm:ss ZZZZ')}`
  const gone = throughOf(look)
  const failed = counts.failed + counts.undelivered
  const onTheWay = counts.accepted + counts.sent + counts.claimed
  const lines = [
    spread(
      state === 'paused' ? c.yellow(name) : name,
      clock,
      width + (state === 'paused' ? c.yellow('').length : 0),
    ),
    bar(cli, gone, audience, width),
    `  delivered ${number(counts.delivered)}   on the way ${number(onTheWay)}   waiting ${number(counts.pending)}   failed ${number(failed)}`,
    `  left before ${number(counts.opted_out)}   capped ${number(counts.capped)}   in doubt ${number(counts.in_doubt)}`,
  ]
  if (state === 'cancelled')
    return [...lines, `  Cancelled ${plural(counts.cancelled, 'person', 'people')} will not get it`]
  if (state === 'paused') return [...lines, ...pausedLines(cli, look, onTheWay, pausedWhy, width)]
  return [
    ...lines,
    `  Rate      ${rate.now().toFixed(1)} texts/s   ${sparkline(cli, rate.minutes())}   last ${plural(rate.minutes().length, 'minute')}`,
    `  Left      ${plural(left, 'person', 'people')} since the start (${percent(left, Math.max(1, gone))}; it pauses itself at 3%)`,
    ...endLine(look, rate),
    ...(state === 'done' ? [] : [c.dim('  q leaves this view; the blast goes on')]),
  ]
}

function endLine({ counts, state, blast, at, atCeiling, goesOn }: Look, rate: Rate): string[] {
  if (state === 'draft') return [`  Starts    once somebody agrees: textaction blast approve ${blast.code}`]
  if (state === 'approved') return [`  Starts    when somebody runs textaction blast start ${blast.code}`]
  if (state === 'done') return []
  if (state !== 'running')
    return blast.firstAt ? [`  Starts    ${moment(blast.firstAt, zoneToShow(blast))}`] : []
  const perSecond = rate.now()
  if (counts.pending === 0) return ['  Ends      now: the last receipts may still come']
  if (atCeiling) return ["  Ends      nothing leaves now: today's SEGMENTS_PER_DAY are used up"]
  if (perSecond <= 0 && goesOn) return [`  Goes on   ${goesOnWords(goesOn, blast)}`]
  if (perSecond <= 0 && blast.canary === 'watched')
    return ['  Goes on   when the canary has been watched, 10 minutes at most']
  if (perSecond <= 0) return ['  Ends      nothing leaves now: textaction doctor may tell why']
  const end = new Date(at.getTime() + (counts.pending / perSecond) * 1_000)
  return [
    `  Ends      about ${DateTime.fromJSDate(end, { zone: zoneToShow(blast) }).toFormat('HH:mm ZZZZ')} at this rate`,
  ]
}

/** "Sat Nov 28, 09:00 EST, Eastern first" */
export const goesOnWords = ({ at, zone }: GoesOn, blast: BlastRow): string =>
  `${moment(at, zoneToShow(blast))}, ${zoneName(zone, at)} first`

function pausedLines(
  cli: Cli,
  { counts, blast }: Look,
  onTheWay: number,
  why: string | null,
  width: number,
): string[] {
  const c = colours(cli)
  const [first = '', ...rest] = wrap(printable(why ?? 'by an operator'), width - 13)
  return [
    `  Why       ${c.yellow(first)}`,
    ...rest.map((line) => `            ${c.yellow(line)}`),
    `  Now       nothing leaves; waiting: ${plural(counts.pending, 'person', 'people')}; may still arrive: ${plural(onTheWay, 'text')}`,
    `  Do        look:     ${c.cyan(`textaction blast report ${blast.code}`)}`,
    `            reword:   ${c.cyan(`textaction blast cancel ${blast.code}, then blast copy ${blast.code}`)}`,
    `            go on:    ${c.cyan(`textaction blast resume ${blast.code}`)}`,
  ]
}

function bar(cli: Cli, done: number, all: number, width: number): string {
  const [full, empty] = hasUnicode(cli) ? ['█', '░'] : ['#', '.']
  const share = all === 0 ? 0 : done / all
  const tail = `   ${Math.floor(share * 100)}%   ${number(done)} of ${number(all)}`
  const cells = Math.max(10, Math.min(BAR_COLUMNS, width - tail.length - 1))
  const drawn = Math.round(share * cells)
  return `${full.repeat(drawn)}${empty.repeat(cells - drawn)}${tail}`
}

/** One mark a value, the highest full. */
export function sparkline(cli: Cli, values: readonly number[]): string {
  const marks = hasUnicode(cli) ? '·▁▂▃▄▅▆▇' : '.1234567'
  const most = Math.max(...values, 0)
  return values
    .map((value) => (value <= 0 || most === 0 ? marks[0] : marks[Math.max(1, Math.ceil((value / most) * 7))]))
    .join('')
}
