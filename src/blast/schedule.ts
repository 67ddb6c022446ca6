import { DateTime, IANAZone } from 'luxon'
import { isOpen, type SendWindow, type Zones } from '../compliance/quiet-hours.js'
import type { BlastTimes } from '../db/blasts.js'
import { OperatorError } from '../errors.js'
import { clockTime } from './approval.js'
import { nearTimes } from './near-times.js'

/** Each person's own clock. */
const LOCAL = 'local'

/** On whose clock times are told that are one instant for all. */
export const EASTERN = 'America/New_York'

/** The clocks of the mainland: of an audience that is nobody yet. */
const MAINLAND: readonly Zones[] = [EASTERN, 'America/Chicago', 'America/Denver', 'America/Los_Angeles'].map(
  (zone) => ({ zone, otherZone: zone }),
)

/** What is typed, and what it is judged by. zones: those of the audience. */
export type TimesTyped = { at: string | undefined; until: string | undefined; zone: string | undefined }
export type TimesContext = { now: Date; window: SendWindow; zones: readonly Zones[] }

/** asap: as soon as it is agreed to. wall: as it stands on the clock it is meant by, also in an hour that the clocks skip. */
type When =
  | { kind: 'asap' }
  | { kind: 'instant'; at: Date; isRelative: boolean; zone: string; wall: string | null }
  | { kind: 'local'; wall: string }

const inZone = (zone: string): Zones => ({ zone, otherZone: zone })

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const AHEAD_MS_MAX = 366 * 86_400_000
const EXAMPLES = '"2026-12-01 10:00", 2026-12-01T10:00-05:00, now or +15m'

/** Reads --at, --until and --zone into the times of a plan. What cannot be is refused (exit 2), with the nearest that can. */
export function planTimes({ at, until, zone }: TimesTyped, context: TimesContext): BlastTimes {
  const where = readZone(zone)
  const zones = context.zones.length > 0 ? context.zones : MAINLAND
  const start = at === undefined ? null : readTime(at, '--at', where, context.now)
  const end = until === undefined ? null : readTime(until, '--until', where, context.now)
  if (start && start.kind !== 'asap') refuseImpossible(start, { ...context, zones })
  if (end) refuseEarlyEnd(start, end, zones, context.now)
  const times = {
    zone: where,
    atTyped: at ?? null,
    startsAt: start?.kind === 'instant' ? start.at : null,
    startsLocal: start?.kind === 'local' ? start.wall : null,
    untilTyped: until ?? null,
    untilAt: end?.kind === 'instant' ? end.at : null,
    untilLocal: end?.kind === 'local' ? end.wall : null,
  }
  return { ...times, firstAt: firstInstant(times, zones) }
}

/** When the first of these people may get it: one instant, or the earliest of their own clocks. null: when somebody starts it. */
function firstInstant(
  { startsAt, startsLocal }: Pick<BlastTimes, 'startsAt' | 'startsLocal'>,
  zones: readonly Zones[],
): Date | null {
  if (startsLocal === null) return startsAt
  return earliest(zones.map((pair) => onClocks(startsLocal, pair)))
}

/** The same plan's first instant, for the people who are in the audience now. */
export function firstAtFor(times: BlastTimes, zones: readonly Zones[]): Date | null {
  return firstInstant(times, zones.length > 0 ? zones : MAINLAND)
}

/** A wall time on both of a person's clocks: the later one. */
export function onClocks(wall: string, { zone, otherZone }: Zones): Date {
  const [a, b] = [zone, otherZone].map((name) => DateTime.fromISO(wall, { zone: name }).toMillis())
  return new Date(Math.max(a ?? 0, b ?? 0))
}

/** Whether nobody can get it any more at its time: it has passed on every clock by so much. now itself never passes. */
export function hasPassed(
  times: BlastTimes,
  zones: readonly Zones[],
  now: Date,
  lateMs = PASSED_MS,
): boolean {
  const all = zones.length > 0 ? zones : MAINLAND
  const last =
    times.startsLocal === null
      ? times.startsAt
      : latest(all.map((pair) => onClocks(times.startsLocal ?? '', pair)))
  return last !== null && last.getTime() < now.getTime() - lateMs
}

/** Refuses a blast that nobody would get any more: its time has passed, or its end has come. */
export function refusePassed(blast: BlastTimes & { code: string }, zones: readonly Zones[], now: Date): void {
  if (hasPassed(blast, zones, now)) throw new OperatorError(passedWords(blast))
  refuseEnded(blast, zones, now)
}

// Where it is not known who they are: the last of all clocks.
const LAST_CLOCK: readonly Zones[] = [inZone('Pacific/Pago_Pago')]

/** Refuses a blast whose end has come: all of it would expire. zones: none where they are not known. */
export function refuseEnded(blast: BlastTimes & { code: string }, zones: readonly Zones[], now: Date): void {
  const { code, untilAt, untilLocal, untilTyped } = blast
  const all = zones.length > 0 ? zones : LAST_CLOCK
  const last = untilLocal === null ? untilAt : latest(all.map((pair) => onEarlierClock(untilLocal, pair)))
  if (last === null || last > now) return
  throw new OperatorError(
    `The end of blast ${code}, ${untilTyped}, has passed: nobody would get it. Set another: textaction blast schedule ${code} --at TIME --until TIME`,
  )
}

// Somebody who agrees a little late still means it.
const PASSED_MS = 3_600_000
// So late words like "call today" may have become wrong: a person decides.
const STALE_MS = 6 * 3_600_000

/** Refuses a blast that has ended, or would begin so long after its time that nobody can mean it any more. "now" was when it was agreed to. */
export function refuseStale(blast: BlastTimes & { code: string }, zones: readonly Zones[], now: Date): void {
  const isNow = blast.startsAt === null && blast.startsLocal === null
  if (hasPassed(isNow ? { ...blast, startsAt: blast.firstAt } : blast, zones, now, STALE_MS))
    throw new OperatorError(passedWords(blast))
  refuseEnded(blast, zones, now)
}

const passedWords = ({ code, atTyped }: { code: string; atTyped: string | null }): string =>
  `The time of blast ${code}, ${atTyped}, has passed. Set another: textaction blast schedule ${code} --at TIME`

function readZone(typed: string | undefined): string {
  if (typed === undefined || typed.toLowerCase() === LOCAL) return LOCAL
  const known = COMMON_ZONES[typed.toLowerCase()]
  if (known === undefined && IANAZone.isValidZone(typed)) return typed
  throw new OperatorError(
    `--zone has no "${shown(typed)}".${known ? ` Did you mean ${known}?` : ''} It is local (each person's own clock) or a name like ${EASTERN}.`,
    2,
  )
}

const COMMON_ZONES: Readonly<Record<string, string>> = {
  ...{ eastern: EASTERN, et: EASTERN, est: EASTERN, edt: EASTERN },
  ...{ central: 'America/Chicago', ct: 'America/Chicago', cst: 'America/Chicago', cdt: 'America/Chicago' },
  ...{ mountain: 'America/Denver', mt: 'America/Denver', mst: 'America/Denver', mdt: 'America/Denver' },
  ...{ pacific: 'America/Los_Angeles', pt: 'America/Los_Angeles', pst: 'America/Los_Angeles' },
  ...{ pdt: 'America/Los_Angeles', alaska: 'America/Anchorage', hawaii: 'Pacific/Honolulu' },
}

const shown = (typed: string) => typed.replace(/[^\x20-\x7e]/g, '?').slice(0, 40)

function readTime(typed: string, flag: string, zone: string, now: Date): When {
  const text = typed.trim()
  if (text.toLowerCase() === 'now') return { kind: 'asap' }
  const relative = /^\+(\d{1,6})([smhd])$/i.exec(text)
  if (relative) {
    const ms = Number(relative[1]) * (UNIT_MS[relative[2]?.toLowerCase() ?? ''] ?? 0)
    const at = new Date(now.getTime() + ms)
    if (ms > AHEAD_MS_MAX) throw tooFar(flag, text)
    return { kind: 'instant', at, isRelative: true, zone: zone === LOCAL ? EASTERN : zone, wall: null }
  }
  const written =
    /^(\d{4}-\d{2}-\d{2})[T ]+(\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?) *(Z|[+-]\d{2}(?::?\d{2})?)?$/i.exec(text)
  if (!written) throw unreadable(flag, text)
  const [, day = '', clock = '', offset] = written
  const iso = `${day}T${clock.padStart(clock.indexOf(':') === 1 ? clock.length + 1 : clock.length, '0')}`
  const read = DateTime.fromISO(iso + (offset ?? ''), {
    zone: zone === LOCAL ? 'UTC' : zone,
    setZone: offset !== undefined,
  })
  if (!read.isValid) throw unreadable(flag, text)
  if (Math.abs(read.toMillis() - now.getTime()) > AHEAD_MS_MAX && read.toMillis() > now.getTime())
    throw tooFar(flag, text)
  if (offset === undefined && zone === LOCAL)
    return { kind: 'local', wall: read.toFormat("yyyy-MM-dd'T'HH:mm:ss") }
  return {
    ...{ kind: 'instant', at: read.toJSDate(), isRelative: false },
    ...{ zone: zone === LOCAL ? EASTERN : zone, wall: offset === undefined ? iso : null },
  }
}

function unreadable(flag: string, text: string): OperatorError {
  const lacks = /^\d{1,2}:\d{2}/.test(text)
    ? 'has no day'
    : /^\d{4}-\d{2}-\d{2}$/.test(text)
      ? 'has no time of day'
      : 'is no time'
  return new OperatorError(`${flag} "${shown(text)}" ${lacks}. Write it like ${EXAMPLES}.`, 2)
}

const tooFar = (flag: string, text: string) =>
  new OperatorError(`${flag} "${shown(text)}" is over a year ahead. Set one within 366 days.`, 2)

/** Past on every clock, or out of hours on every clock: refused. After +15m people wait until their hours, as after now. */
function refuseImpossible(when: Exclude<When, { kind: 'asap' }>, context: TimesContext): void {
  const { now, window, zones } = context
  const instants = zones.map((pair) => ({
    pair,
    at: when.kind === 'local' ? onClocks(when.wall, pair) : when.at,
  }))
  const zone = when.kind === 'local' ? EASTERN : when.zone
  const first =
    when.kind === 'local' ? DateTime.fromISO(when.wall, { zone }) : DateTime.fromJSDate(when.at, { zone })
  const asTyped = when.wall === null ? first : DateTime.fromISO(when.wall, { zone: 'UTC' })
  const near = nearTimes(first.toJSDate(), zone, context)
  if (instants.every(({ at }) => at.getTime() < now.getTime() - UNIT_MINUTE_MS))
    throw new OperatorError(
      `--at ${asTyped.toFormat('yyyy-MM-dd HH:mm')} is past. Nearest: ${near}, or --at now.`,
      2,
    )
  if (when.kind === 'instant' && when.isRelative) return
  // On a clock of each person's own, her time itself is judged, not the later one of two clocks.
  const opens =
    when.kind === 'local'
      ? isOpen(onClocks(when.wall, inZone(EASTERN)), inZone(EASTERN), window)
      : instants.some(({ pair, at }) => isOpen(at, pair, window))
  if (opens) return
  const sunday = asTyped.weekday === 7 ? ' (Sundays from 12:00)' : ''
  throw new OperatorError(
    `--at ${asTyped.toFormat('HH:mm')} is outside ${clockTime(window.from)}-${clockTime(window.to)}, when texts may leave${sunday}. Nearest: ${near}.`,
    2,
  )
}

const UNIT_MINUTE_MS = UNIT_MS['m'] ?? 0

function refuseEarlyEnd(start: When | null, end: When, zones: readonly Zones[], now: Date): void {
  if (end.kind === 'asap')
    throw new OperatorError('--until now would leave no time. Set a time after --at, like --until +2h.', 2)
  const startsLast = !start || start.kind === 'asap' ? now : start.kind === 'instant' ? start.at : null
  const isEarly = zones.every((pair) => {
    const from = startsLast ?? onClocks(start?.kind === 'local' ? start.wall : '', pair)
    return (end.kind === 'local' ? onEarlierClock(end.wall, pair) : end.at) <= from
  })
  if (isEarly)
    throw new OperatorError(
      start && start.kind !== 'asap'
        ? '--until must be after --at: what has not left by then expires.'
        : '--until is past: what has not left by then expires. Set a later one.',
      2,
    )
}

/** The earlier of a person's two clocks: an end must have come on neither. */
export function onEarlierClock(wall: string, { zone, otherZone }: Zones): Date {
  const [a, b] = [zone, otherZone].map((name) => DateTime.fromISO(wall, { zone: name }).toMillis())
  return new Date(Math.min(a ?? 0, b ?? 0))
}

const earliest = (moments: readonly Date[]) =>
  moments.reduce((a, b) => (b < a ? b : a), moments[0] ?? new Date(NaN))
const latest = (moments: readonly Date[]) =>
  moments.reduce((a, b) => (b > a ? b : a), moments[0] ?? new Date(NaN))
