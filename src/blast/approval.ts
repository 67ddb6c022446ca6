import { createHash } from 'node:crypto'
import type { BlastPlan, BlastRow } from '../db/blasts.js'
import type { SendWindow } from '../compliance/quiet-hours.js'

/** How much an audience may grow between the approval and the start. */
const GROWTH_MAX = 0.1

/** Whether more people are in an audience than those agreed to who approved it. */
export const hasGrown = (approvedPeople: number, people: number): boolean =>
  people > approvedPeople * (1 + GROWTH_MAX)

/** What an approval is bound to beside the plan. said: what the action's own file puts into the texts (see actionSays). */
export type Bound = { window: SendWindow; said: string }

/** What an approval is bound to: all that is said, audience, schedule and window. Any change gives another digest. */
export function approvalDigest(plan: BlastPlan, { window, said }: Bound): Buffer {
  const agreed = [
    plan.action,
    plan.wording.en,
    plan.wording.es ?? null,
    plan.audience,
    plan.perDay,
    plan.zone,
    plan.startsAt?.toISOString() ?? null,
    plan.startsLocal,
    plan.untilAt?.toISOString() ?? null,
    plan.untilLocal,
    window.from,
    window.to,
    said,
  ]
  return createHash('sha256').update(JSON.stringify(agreed)).digest()
}

/** Whether what would go out now is what somebody agreed to. */
export const isAgreed = (blast: BlastPlan & { approval: Buffer | null }, bound: Bound): boolean =>
  blast.approval?.equals(approvalDigest(blast, bound)) ?? false

/** 540 -> "09:00", as Postgres takes a time of day. */
export const clockTime = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`

/** "09:00:00" -> 540 */
export const minuteOfDay = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))

/** What has changed since somebody agreed, as far as it can be told: of all that only the hours are on record in the clear. */
export function changedSince(blast: BlastRow, bound: Bound): string {
  const { opens, closes } = blast
  const window = opens === null || closes === null ? bound.window : windowOf(opens, closes)
  if (hours(window) === hours(bound.window)) return 'another action file or TWILIO_SENDER'
  return isAgreed(blast, { ...bound, window })
    ? `another SEND_WINDOW (${hours(bound.window)}, not ${hours(window)})`
    : 'another action file, SEND_WINDOW or TWILIO_SENDER'
}

/** Either side may be the one that is right: where it was approved, or where it is sent. */
export const eitherWay = (code: string): string =>
  `Either approve it anew from a terminal with work's settings and files, or restart work with those it was approved by. Look again: textaction blast rehearse ${code}`

const windowOf = (opens: string, closes: string): SendWindow => ({
  from: minuteOfDay(opens),
  to: minuteOfDay(closes),
})

const hours = ({ from, to }: SendWindow): string => `${clockTime(from)}-${clockTime(to)}`
