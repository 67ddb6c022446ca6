import { DateTime } from 'luxon'
import { LIMITS } from '../limits.js'

/** Minutes after midnight on a person's own clock; 0 to 1440 is no window at all. */
export type SendWindow = { from: number; to: number }

/** Both zones must be within hours: where sources differ the stricter one wins. For nearly everybody they are the same. */
export type Zones = { zone: string; otherZone: string }

const SUNDAY = 7
const SUNDAY_FROM_MINUTE = 12 * 60
const DAYS_AHEAD_MAX = 8

/** Whether something unasked may leave at this instant: within the window in both zones, on Sundays from noon. */
export function isOpen(at: Date, { zone, otherZone }: Zones, window: SendWindow): boolean {
  if (isNoWindow(window)) return true
  return [zone, otherZone].every((name) => openIn(DateTime.fromJSDate(at, { zone: name }), window))
}

/** The first instant from `at` on when the window is open in both zones; null: within eight days there is none. */
export function nextOpen(at: Date, zones: Zones, window: SendWindow): Date | null {
  if (isOpen(at, zones, window)) return at
  const openings = [zones.zone, zones.otherZone].flatMap((zone) => openingsIn(at, zone, window))
  const later = openings.filter((opening) => opening > at && isOpen(opening, zones, window))
  return later.sort((a, b) => a.getTime() - b.getTime())[0] ?? null
}

/** The first instant from `at` on when something unasked may be claimed: not in the window's last minute. null: as nextOpen. */
export function nextClaim(at: Date, zones: Zones, window: SendWindow): Date | null {
  const soon = new Date(at.getTime() + LIMITS.lastClaimSeconds * 1_000)
  return isOpen(at, zones, window) && isOpen(soon, zones, window) ? at : nextOpen(soon, zones, window)
}

/** Seconds until the window closes in either zone; 0 when it is closed, Infinity without a window. */
export function secondsUntilClose(at: Date, zones: Zones, window: SendWindow): number {
  if (isNoWindow(window)) return Infinity
  if (!isOpen(at, zones, window)) return 0
  const closings = [zones.zone, zones.otherZone].map((zone) => {
    const there = DateTime.fromJSDate(at, { zone })
    return minuteOf(there, window.to).toMillis() - at.getTime()
  })
  return Math.min(...closings) / 1_000
}

const isNoWindow = ({ from, to }: SendWindow) => from === 0 && to === 24 * 60

function openIn(there: DateTime, window: SendWindow): boolean {
  const minute = there.hour * 60 + there.minute
  return minute >= fromMinute(there, window) && minute < window.to
}

const fromMinute = (there: DateTime, window: SendWindow) =>
  there.weekday === SUNDAY ? Math.max(window.from, SUNDAY_FROM_MINUTE) : window.from

/** When the window opens in one zone, on this day and the next ones. */
function openingsIn(at: Date, zone: string, window: SendWindow): Date[] {
  const today = DateTime.fromJSDate(at, { zone }).startOf('day')
  return Array.from({ length: DAYS_AHEAD_MAX }, (_, days) => {
    const day = today.plus({ days })
    return minuteOf(day, fromMinute(day, window)).toJSDate()
  })
}

/** That minute of a day on the wall clock: on the day the clocks change too. 1440 is the next midnight. */
function minuteOf(day: DateTime, minute: number): DateTime {
  const midnight = day.startOf('day')
  return minute === 24 * 60
    ? midnight.plus({ days: 1 })
    : midnight.set({ hour: Math.floor(minute / 60), minute: minute % 60 })
}
