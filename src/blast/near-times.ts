import { DateTime } from 'luxon'
import { isOpen, nextOpen, type SendWindow } from '../compliance/quiet-hours.js'

const NEAR_CLOSE_MINUTES = 30
const DAYS_BACK_MAX = 7

/**
 * When texts may leave around a moment at which they may not, as it would be typed on this clock: half an hour before the last
 * close and the next opening, the nearer one first, and nothing that is past.
 */
export function nearTimes(
  at: Date,
  zone: string,
  { now, window }: { now: Date; window: SendWindow },
): string {
  const from = Math.max(at.getTime(), now.getTime())
  const possible = [lastChance(at, zone, window), nextOpen(new Date(from), { zone, otherZone: zone }, window)]
    .filter((moment) => moment !== null)
    .filter((moment) => moment >= now)
    .sort((a, b) => Math.abs(a.getTime() - at.getTime()) - Math.abs(b.getTime() - at.getTime()))
    .map((moment) => onFullMinutes(DateTime.fromJSDate(moment, { zone })))
    .map((moment) => `--at "${moment.toFormat('yyyy-MM-dd HH:mm')}"`)
  return possible.join(' or ') || '--at "now"'
}

/** Half an hour before the window closed the last time. */
function lastChance(at: Date, zone: string, window: SendWindow): Date | null {
  const minute = Math.max(window.from, window.to - NEAR_CLOSE_MINUTES)
  const today = DateTime.fromJSDate(at, { zone }).startOf('day')
  for (let days = 0; days <= DAYS_BACK_MAX; days++) {
    const moment = today
      .minus({ days })
      .set({ hour: Math.floor(minute / 60), minute: minute % 60 })
      .toJSDate()
    if (moment < at && isOpen(moment, { zone, otherZone: zone }, window)) return moment
  }
  return null
}

/** now itself has seconds, and is over by the time it has been typed. */
const onFullMinutes = (moment: DateTime): DateTime =>
  moment.second > 0 ? moment.plus({ minutes: 5 - (moment.minute % 5) }).startOf('minute') : moment
