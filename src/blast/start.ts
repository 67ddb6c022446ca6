import type pg from 'pg'
import { STATE_CODES } from '../congress/congress.js'
import { plural } from '../conversation/plural.js'
import { logBlast } from '../db/blast-log.js'
import { judgeAnew, setCanary, setState } from '../db/blast-states.js'
import { judgedNow, lockBlast, type BlastRow } from '../db/blasts.js'
import { freezeAudience, type Condition } from '../db/fan-out.js'
import { transaction } from '../db/pool.js'
import { OperatorError } from '../errors.js'
import { blastStarted } from '../observability/events.js'
import { approvalDigest, changedSince, eitherWay, hasGrown, type Bound } from './approval.js'
import { bringForward } from './approve.js'
import { MAY_BE_TEXTED, parseAudience, termsWhere } from './audience.js'
import { refuseEnded } from './schedule.js'

/** A blast over this many people goes to a few first, where the canary is on. */
export const CANARY_OVER_PEOPLE = 5_000

/** What decides beside the expression who is in: senators for a wording that names them, and the promise of the welcome. */
export type AudienceRules = { needsSenators: boolean; alertsPerMonth: number }

/** forwardAt: it may go now though its time is still ahead (see bringForward). */
export type StartRules = AudienceRules & Bound & { canary: boolean; forwardAt?: Date }

/**
 * Everybody in a blast's audience: live consent, a number that works, every term, senators where the wording names them, and
 * room below the month's alerts (one, after LESS). Parameters are numbered from the one given.
 */
export function audienceOf(
  expression: string,
  rules: AudienceRules,
  firstParameter: number,
): { who: Condition; limit: number | null } {
  const audience = parseAudience(expression)
  const terms = termsWhere(audience, firstParameter)
  const values = [...terms.values, rules.alertsPerMonth]
  const conditions = [MAY_BE_TEXTED, terms.sql, hasRoom(`$${firstParameter + values.length - 1}`)]
  if (rules.needsSenators) {
    values.push(STATE_CODES)
    conditions.push(`p.state = any ($${firstParameter + values.length - 1}::text[])`)
  }
  return { who: { sql: conditions.join(' and '), values }, limit: audience.limit }
}

/** Room for one more alert this month. Most people have had none lately: they are through at once. */
export const hasRoom = (
  alertsPerMonth: string,
) => `(p.alerted = '{}' or case when p.fewer then 1 else ${alertsPerMonth}::int end
  > (select count(*) from unnest(p.alerted) a where a > judged_now() - interval '30 days'))`

/**
 * Starts an approved or scheduled blast: freezes the audience in one transaction under the blast's lock, so that two starters
 * make one start. Refuses one whose wording, hours or audience are not those that were approved. True: this call started it.
 */
export async function startBlast(
  pool: pg.Pool,
  id: number,
  who: string,
  rules: StartRules,
): Promise<boolean> {
  const people = await transaction(pool, async (tx) => {
    const planned = await lockBlast(tx, id)
    if (!planned || (planned.state !== 'approved' && planned.state !== 'scheduled')) return null
    const { forwardAt: now } = rules
    const blast = now ? await bringForward(tx, planned, who, { ...rules, now }) : planned
    const approvedPeople = approvedPeopleOf(blast, rules)
    refuseEnded(blast, [], await judgedNow(tx))
    const audience = audienceOf(blast.audience, rules, 2)
    // Frozen first and judged then: to count it before would be a second walk through all people. A refusal takes it back.
    const frozen = await freezeAudience(tx, id, audience.who, audience.limit)
    refuseGrowth(blast, approvedPeople, frozen)
    await judgeAnew(tx, id)
    if (rules.canary && frozen > CANARY_OVER_PEOPLE) await setCanary(tx, id, 'waiting')
    await logBlast(tx, id, who, 'started', plural(frozen, 'person', 'people'))
    return frozen
  })
  if (people === null) return false
  blastStarted({ blastId: id, people })
  return true
}

/**
 * A database that came back from a copy knows this blast as not started, and its words have left: freezes its audience, so that who
 * has had it can be marked, and leaves it paused. Whether the others get it a person says.
 */
export async function startPaused(pool: pg.Pool, id: number, rules: AudienceRules): Promise<void> {
  await transaction(pool, async (tx) => {
    const blast = await lockBlast(tx, id)
    if (!blast || blast.startedAt !== null || blast.state === 'cancelled') return
    const audience = audienceOf(blast.audience, rules, 2)
    const frozen = await freezeAudience(tx, id, audience.who, audience.limit)
    await judgeAnew(tx, id)
    const why = 'it was started after the copy was made from which the database came back'
    await setState(tx, id, 'paused', why)
    await logBlast(tx, id, 'Text Action', 'started', plural(frozen, 'person', 'people'))
    await logBlast(tx, id, 'Text Action', 'paused', why)
  })
}

/** How many people it was approved for; refused where it was not, or the words or hours are others now. */
function approvedPeopleOf(blast: BlastRow, rules: StartRules): number {
  const { code, approval, approvedBy, approvedPeople } = blast
  if (!approval || approvedPeople === null)
    throw new OperatorError(`Blast ${code} is not approved. Run: textaction blast approve ${code}`)
  if (!approval.equals(approvalDigest(blast, rules)))
    throw new OperatorError(
      `Blast ${code} changed since ${approvedBy} approved: ${changedSince(blast, rules)}. ${eitherWay(code)}`,
    )
  return approvedPeople
}

function refuseGrowth({ code, approvedBy }: BlastRow, approvedPeople: number, people: number): void {
  if (!hasGrown(approvedPeople, people)) return
  const growth = approvedPeople === 0 ? 'from nobody' : `${Math.round((people / approvedPeople - 1) * 100)}%`
  throw new OperatorError(
    `The audience grew from ${withCommas(approvedPeople)} to ${withCommas(people)} (${growth}) since ${approvedBy} approved. Look again: textaction blast rehearse ${code}`,
  )
}

const withCommas = (n: number) => n.toLocaleString('en-US')

/** A start that was refused waits for a person, and says why. */
export async function pauseRefused(pool: pg.Pool, id: number, why: string): Promise<void> {
  await transaction(pool, async (tx) => {
    const blast = await lockBlast(tx, id)
    if (blast?.state !== 'scheduled') return
    await setState(tx, id, 'paused', why)
    await logBlast(tx, id, 'Text Action', 'paused', why)
  })
}
