import { createHash } from 'node:crypto'
import type { BlastPlan } from '../db/blasts.js'
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
