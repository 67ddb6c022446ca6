import { DateTime } from 'luxon'
import { EASTERN } from '../blast/schedule.js'
import type { BlastRow, BlastTimes } from '../db/blasts.js'

/** "Tue Dec 1 at 10:00 their time"; "Tue Dec 1, 10:00 EST"; null: when somebody starts it. */
export function whenWords(times: BlastTimes): string | null {
  if (times.startsLocal !== null)
    return `${DateTime.fromISO(times.startsLocal, { zone: 'UTC' }).toFormat("ccc LLL d 'at' HH:mm")} their time`
  if (times.startsAt !== null) return moment(times.startsAt, zoneToShow(times))
  return times.atTyped?.trim().toLowerCase() === 'now' ? 'as soon as it is approved' : null
}

/** The zone to tell instants in: the plan's, or Eastern for each person's own. */
export const zoneToShow = ({ zone }: Pick<BlastTimes, 'zone'>): string => (zone === 'local' ? EASTERN : zone)

/** "Tue Dec 1, 10:00 EST" */
export function moment(at: Date, zone: string): string {
  const there = DateTime.fromJSDate(at, { zone })
  return `${there.toFormat('ccc LLL d, HH:mm')} ${there.toFormat('ZZZZ')}`
}

/** "10:00 EST" */
export function clockWords(at: Date, zone: string): string {
  const there = DateTime.fromJSDate(at, { zone })
  return `${there.toFormat('HH:mm')} ${there.toFormat('ZZZZ')}`
}

/** "done, approved by dana" */
export function stateWords(blast: Pick<BlastRow, 'state' | 'approvedBy' | 'canary'>): string {
  const canary =
    blast.state === 'running' && ['sending', 'watched'].includes(blast.canary) ? ', the canary first' : ''
  return `${blast.state}${canary}${blast.approvedBy ? `, approved by ${blast.approvedBy}` : ''}`
}

/** "Tue Dec 1, 10:00 to 12:08 EST"; while it runs "since Tue Dec 1, 10:00 EST" */
export function spanWords(blast: BlastRow, lastAt: Date | null): string {
  if (!blast.startedAt) return whenWords(blast) ?? 'not scheduled'
  const zone = zoneToShow(blast)
  const from = DateTime.fromJSDate(blast.startedAt, { zone })
  const to = blast.endedAt ?? lastAt
  if (!to || blast.state === 'running') return `since ${moment(blast.startedAt, zone)}`
  const until = DateTime.fromJSDate(to, { zone })
  const end = from.hasSame(until, 'day') ? until.toFormat('HH:mm') : until.toFormat('ccc LLL d, HH:mm')
  return `${from.toFormat('ccc LLL d, HH:mm')} to ${end} ${until.toFormat('ZZZZ')}`
}

/** Left and right on one line of so many columns; on two where they do not fit. */
export function spread(left: string, right: string, columns: number): string {
  const gap = columns - left.length - right.length
  return gap >= 2 ? `${left}${' '.repeat(gap)}${right}` : `${left}\n  ${right}`
}
