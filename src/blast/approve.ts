import type pg from 'pg'
import type { Zones } from '../compliance/quiet-hours.js'
import { plural } from '../conversation/plural.js'
import { lastWriter, logBlast } from '../db/blast-log.js'
import { approve as recordApproval, setState } from '../db/blast-states.js'
import {
  lockBlast,
  rewriteBlast,
  setTimes,
  type BlastPlan,
  type BlastRow,
  type BlastTimes,
} from '../db/blasts.js'
import { transaction } from '../db/pool.js'
import { OperatorError } from '../errors.js'
import {
  approvalDigest,
  changedSince,
  clockTime,
  eitherWay,
  hasGrown,
  isAgreed,
  type Bound,
} from './approval.js'
import { firstAtFor, refusePassed } from './schedule.js'

export type ApproveRules = Bound & {
  approvers: 1 | 2
  /** The audience as it is now. */
  people: number
  zones: readonly Zones[]
  now: Date
}

export type Approved =
  | { kind: 'already'; by: string }
  /** scheduled: it starts by itself; start: it is to be started at once; resume: it had begun already. */
  | { kind: 'approved'; next: 'scheduled' | 'start' | 'wait' | 'resume' }

/** Has it been paused before it ever started? Then it is still on paper. */
const onPaper = ({ state, startedAt }: BlastRow): boolean =>
  ['draft', 'approved', 'scheduled'].includes(state) || (state === 'paused' && startedAt === null)

/**
 * Begun, and paused until somebody agrees to it anew: by a database that came back from a copy older than its approval, or since
 * what would go out now is not what was agreed to.
 */
const lacksApproval = (blast: BlastRow, bound: Bound): boolean =>
  blast.state === 'paused' && blast.startedAt !== null && !isAgreed(blast, bound)

/** Agreed to, and just so: its start would not be refused for what has changed since. */
const stands = (blast: BlastRow, rules: Bound & { people: number }): boolean =>
  isAgreed(blast, rules) && !hasGrown(blast.approvedPeople ?? 0, rules.people)

/** Whether somebody has to agree to it, or to agree anew, before it can go. */
export const needsApproval = (blast: BlastRow, rules: Bound & { people: number }): boolean =>
  lacksApproval(blast, rules) || (onPaper(blast) && !stands(blast, rules))

/** Whoever wrote the words that stand cannot be the second person. */
export async function refuseOwnWork(
  db: pg.Pool | pg.PoolClient,
  blast: BlastRow,
  who: string,
  approvers: 1 | 2,
): Promise<void> {
  if (approvers === 1) return
  const author = (await lastWriter(db, blast.id)) ?? blast.createdBy
  if (author.trim().toLowerCase() !== who.trim().toLowerCase()) return
  throw new OperatorError(
    `Blast ${blast.code} needs a second person, since ${author} wrote it. Somebody else runs: textaction blast approve ${blast.code} --as NAME`,
  )
}

/** Refuses a blast that cannot be approved at all, before anybody is asked anything. null: it may be; else who has approved it. */
export function refuseUnapprovable(blast: BlastRow, rules: Omit<ApproveRules, 'approvers'>): string | null {
  const { code, state } = blast
  const { zones, now, people } = rules
  if (lacksApproval(blast, rules)) return null
  if (!onPaper(blast)) {
    if (state === 'running' || state === 'done') return blast.approvedBy ?? blast.createdBy
    throw new OperatorError(
      `Blast ${code} is ${state} and cannot be approved. See: textaction blast show ${code}`,
    )
  }
  if (stands(blast, rules)) {
    // Somebody has stopped it, and did not mean: until the next one agrees.
    if (state === 'paused')
      throw new OperatorError(
        `Blast ${code} is paused: ${blast.pausedWhy}. To let it go on: textaction blast resume ${code}`,
      )
    return blast.approvedBy ?? blast.createdBy
  }
  refusePassed(blast, zones, now)
  if (people === 0)
    throw new OperatorError(
      `Nobody is in the audience of blast ${code}. Look: textaction blast rehearse ${code}`,
    )
  return null
}

/** Writes down that somebody agrees to exactly this plan for so many people. */
export async function approveBlast(
  pool: pg.Pool,
  seen: BlastRow,
  who: string,
  rules: ApproveRules,
): Promise<Approved> {
  return transaction(pool, async (tx) => {
    const blast = await lockBlast(tx, seen.id)
    if (!blast) throw new OperatorError(`Blast ${seen.code} is gone.`)
    const already = refuseUnapprovable(blast, rules)
    if (already !== null) return { kind: 'already', by: already }
    // What was read on the screen is what is agreed to.
    if (!approvalDigest(seen, rules).equals(approvalDigest(blast, rules)))
      throw new OperatorError(
        `Blast ${blast.code} has just been changed. Look again: textaction blast rehearse ${blast.code}`,
      )
    await refuseOwnWork(tx, blast, who, rules.approvers)
    await writeApproval(tx, blast, who, rules)
    await logBlast(tx, blast.id, who, 'approved', plural(rules.people, 'person', 'people'))
    if (lacksApproval(blast, rules)) return { kind: 'approved', next: 'resume' }
    const isNow = blast.atTyped?.trim().toLowerCase() === 'now'
    const next = blast.atTyped === null ? 'wait' : isNow ? 'start' : 'scheduled'
    // Whoever is to start it at once may not come to it: then the feeder does.
    if (next !== 'wait')
      await setTimes(tx, blast.id, { ...blast, firstAt: isNow ? rules.now : firstAtFor(blast, rules.zones) })
    await setState(tx, blast.id, next === 'wait' ? 'approved' : 'scheduled')
    return { kind: 'approved', next }
  })
}

async function writeApproval(
  tx: pg.PoolClient,
  plan: BlastPlan & { id: number },
  by: string,
  { people, ...bound }: Bound & { people: number },
): Promise<void> {
  await recordApproval(tx, plan.id, {
    ...{ by, people, digest: approvalDigest(plan, bound) },
    ...{ opens: clockTime(bound.window.from), closes: clockTime(bound.window.to) },
  })
}

/**
 * A time that was agreed to is still ahead: where one person is enough, to start it now is to agree to that. Gives the blast as it
 * is then; the caller holds its lock.
 */
export async function bringForward(
  tx: pg.PoolClient,
  blast: BlastRow,
  who: string,
  { now, ...bound }: Bound & { now: Date },
): Promise<BlastRow> {
  if (blast.state !== 'scheduled' || blast.firstAt === null || blast.firstAt <= now) return blast
  const plan = { ...blast, atTyped: 'now', startsAt: null, startsLocal: null, firstAt: now }
  await setTimes(tx, blast.id, plan)
  await writeApproval(tx, plan, who, { ...bound, people: blast.approvedPeople ?? 0 })
  await logBlast(tx, blast.id, who, 'scheduled', plan.atTyped)
  return (await lockBlast(tx, blast.id)) ?? blast
}

/** Replaces a plan that has not started; whoever agreed has to look again. */
export async function editBlast(
  pool: pg.Pool,
  id: number,
  who: string,
  change: (now: BlastRow) => BlastPlan,
  detail: string,
): Promise<{ voided: string | null }> {
  return transaction(pool, async (tx) => {
    const blast = await lockPaper(tx, id)
    await rewriteBlast(tx, id, change(blast))
    await logBlast(tx, id, who, 'edited', detail)
    return { voided: blast.approvedBy }
  })
}

async function lockPaper(tx: pg.PoolClient, id: number): Promise<BlastRow> {
  const blast = await lockBlast(tx, id)
  if (!blast) throw new OperatorError('That blast is gone.')
  if (onPaper(blast)) return blast
  throw new OperatorError(
    `Blast ${blast.code} is ${blast.state}: what has started cannot be changed. Make another of it: textaction blast copy ${blast.code}`,
  )
}

export type Scheduled = { state: 'draft' | 'scheduled'; voided: string | null }

/**
 * Sets when a blast goes. An approval without a time was for any start, and holds; one for another time is void, unless one
 * person is enough: then setting the time is agreeing to it.
 */
export async function scheduleBlast(
  pool: pg.Pool,
  id: number,
  who: string,
  times: BlastTimes,
  rules: Pick<ApproveRules, 'approvers' | 'window' | 'said' | 'now'>,
): Promise<Scheduled> {
  return transaction(pool, async (tx) => {
    const blast = await lockPaper(tx, id)
    const agreed = blast.approvedBy !== null && blast.approvedPeople !== null
    const holds = agreed && (blast.state === 'approved' || rules.approvers === 1)
    const plan = { ...blast, ...times }
    if (!holds) {
      await rewriteBlast(tx, id, plan)
      await logBlast(tx, id, who, 'rescheduled', times.atTyped)
      return { state: 'draft', voided: blast.approvedBy }
    }
    const by = blast.state === 'approved' ? (blast.approvedBy ?? who) : who
    if (blast.state === 'approved' && !blast.approval?.equals(approvalDigest(blast, rules)))
      throw new OperatorError(
        `Blast ${blast.code} changed since ${blast.approvedBy} approved: ${changedSince(blast, rules)}. ${eitherWay(blast.code)}`,
      )
    await setTimes(tx, id, { ...times, firstAt: times.firstAt ?? rules.now })
    await writeApproval(tx, plan, by, { ...rules, people: blast.approvedPeople ?? 0 })
    await setState(tx, id, 'scheduled')
    await logBlast(tx, id, who, 'scheduled', times.atTyped)
    return { state: 'scheduled', voided: null }
  })
}
