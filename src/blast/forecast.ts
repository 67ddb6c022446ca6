import { isOpen, nextOpen, type SendWindow, type Zones } from '../compliance/quiet-hours.js'
import type { BlastTimes } from '../db/blasts.js'
import { LIMITS } from '../limits.js'
import { onClocks, onEarlierClock } from './schedule.js'

/** People whose texts become due together. */
export type Crowd = Zones & { state: string | null; people: number; segments: number }

export type Forecast = {
  /** In the order given. first, last: null when none of them gets it. expired: of them, those it comes too late for. */
  crowds: readonly (Crowd & { first: Date | null; last: Date | null; expired: number })[]
  /** People who get it in each clock hour (UTC) that has any, in order. */
  hours: readonly { at: Date; people: number }[]
}

export type ForecastRules = {
  window: SendWindow
  segmentsPerSecond: number
  now: Date
  /** So many go first; the rest waits for as long as it can take until they are settled. 0: none. */
  canary: number
}

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const CANARY_MS_MAX = LIMITS.canaryWatchedSeconds * 1_000
const AHEAD_MS_MAX = 60 * 86_400_000

type Running = Crowd & {
  dueMs: number
  untilMs: number
  left: number
  leftSegments: number
  firstMs: number | null
  lastMs: number | null
}

/**
 * Plays a blast minute by minute: whose hour has come shares the rate, in the window of both her zones, over as many evenings as
 * it takes. Whole-minute steps: a text may leave up to a minute earlier or later than told. A canary that settles soon makes all
 * that follows it up to ten minutes earlier.
 */
export function forecast(crowds: readonly Crowd[], times: BlastTimes, rules: ForecastRules): Forecast {
  const running = crowds.map((crowd) => startOf(crowd, times, rules.now))
  const hours = new Map<number, number>()
  let atMs = Math.min(...running.map(({ dueMs }) => dueMs))
  const endMs = atMs + AHEAD_MS_MAX
  let canary = rules.canary
  while (Number.isFinite(atMs) && atMs < endMs) {
    const at = new Date(atMs)
    for (const crowd of running) if (atMs >= crowd.untilMs) crowd.left = Math.min(crowd.left, 0)
    const open = running.filter(
      (crowd) => crowd.left > 0 && crowd.dueMs <= atMs && isOpen(at, crowd, rules.window),
    )
    if (open.length === 0) {
      atMs = nextMs(running, atMs, rules.window)
      continue
    }
    const sent = sendMinute(open, rules.segmentsPerSecond * 60, atMs, canary > 0 ? canary : Infinity)
    const hour = Math.floor(atMs / HOUR_MS) * HOUR_MS
    hours.set(hour, (hours.get(hour) ?? 0) + sent)
    atMs = Math.floor(atMs / MINUTE_MS) * MINUTE_MS + MINUTE_MS
    if (canary <= 0) continue
    canary -= sent
    if (canary < 0.5) [canary, atMs] = [0, atMs + CANARY_MS_MAX]
  }
  return {
    crowds: running.map(({ firstMs, lastMs, state, zone, otherZone, people, segments, ...rest }) => ({
      ...{ state, zone, otherZone, people, segments },
      first: firstMs === null ? null : new Date(firstMs),
      last: lastMs === null ? null : new Date(lastMs),
      expired: people - sentOf({ people, segments, leftSegments: rest.leftSegments }),
    })),
    hours: [...hours]
      .sort(([a], [b]) => a - b)
      .map(([ms, people]) => ({ at: new Date(ms), people: Math.round(people) })),
  }
}

const sentOf = ({
  people,
  segments,
  leftSegments,
}: {
  people: number
  segments: number
  leftSegments: number
}) => (segments === 0 ? 0 : Math.round(people * (1 - leftSegments / segments)))

function startOf(crowd: Crowd, times: BlastTimes, now: Date): Running {
  const planned = times.startsLocal === null ? times.startsAt : onClocks(times.startsLocal, crowd)
  const until = times.untilLocal === null ? times.untilAt : onEarlierClock(times.untilLocal, crowd)
  return {
    ...crowd,
    dueMs: Math.max(planned?.getTime() ?? now.getTime(), now.getTime()),
    untilMs: until?.getTime() ?? Infinity,
    left: crowd.people,
    leftSegments: crowd.segments,
    firstMs: null,
    lastMs: null,
  }
}

/** One minute's segments, shared by what each still has to send, to so many people at most. Returns how many get it. */
function sendMinute(open: readonly Running[], capacity: number, atMs: number, peopleMax: number): number {
  const waiting = open.reduce((sum, { leftSegments }) => sum + leftSegments, 0)
  const waitingPeople = open.reduce((sum, { left }) => sum + left, 0)
  const share = Math.min(1, capacity / waiting, peopleMax / waitingPeople)
  const lastMs = atMs + Math.min(MINUTE_MS, ((waiting * share) / capacity) * MINUTE_MS)
  let people = 0
  for (const crowd of open) {
    const sent = crowd.left * share
    people += sent
    crowd.firstMs ??= atMs
    crowd.lastMs = lastMs
    crowd.left = share === 1 ? 0 : crowd.left - sent
    crowd.leftSegments = share === 1 ? 0 : crowd.leftSegments * (1 - share)
  }
  return people
}

/** The next moment at which somebody may get it. Infinity: nobody any more. */
function nextMs(running: readonly Running[], atMs: number, window: SendWindow): number {
  const moments = running
    .filter(({ left }) => left > 0)
    .map((crowd) => {
      const from = new Date(Math.max(crowd.dueMs, atMs + 1))
      const opens = nextOpen(from, crowd, window)?.getTime() ?? Infinity
      return opens < crowd.untilMs ? opens : Infinity
    })
  return Math.min(...moments)
}
