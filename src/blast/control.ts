import type pg from 'pg'
import { setTimeout as sleep } from 'node:timers/promises'
import { plural } from '../conversation/plural.js'
import { countBlast, openClaims, POSTED, type BlastCounts } from '../db/blast-counts.js'
import { logBlast } from '../db/blast-log.js'
import { judgeAnew, pauseAllBlasts, pauseBlast, setState } from '../db/blast-states.js'
import { judgedNow, lockBlast, type BlastRow } from '../db/blasts.js'
import { resetNotSent } from '../db/in-doubt.js'
import { transaction } from '../db/pool.js'
import { OperatorError } from '../errors.js'
import { LIMITS } from '../limits.js'
import { blastPaused } from '../observability/events.js'
import { refuseStale } from './schedule.js'

const POLL_MS = 50

/** What an order to a blast did. already: it was so before, and nothing changed. */
export type Ordered = { state: BlastRow['state']; already: boolean }

/** Pauses a running blast, or one that is scheduled, until somebody says "go on". */
export async function pause(pool: pg.Pool, blast: BlastRow, who: string): Promise<Ordered> {
  const why = `by ${who}`
  if (await pauseBlast(pool, blast.id, who, why)) {
    blastPaused({ blastId: blast.id, why: 'an operator' })
    return { state: 'paused', already: false }
  }
  return transaction(pool, async (tx) => {
    const now = await held(tx, blast)
    if (now.state === 'paused') return { state: now.state, already: true }
    if (now.state !== 'scheduled')
      throw new OperatorError(
        `Blast ${now.code} is ${now.state}: only a scheduled or running one can be paused. See: textaction blast show ${now.code}`,
      )
    await setState(tx, now.id, 'paused', why)
    await logBlast(tx, now.id, who, 'paused')
    return { state: 'paused', already: false }
  })
}

/** Lets a paused blast go on: where it was, or back to its schedule when it never started. */
export async function resume(pool: pg.Pool, blast: BlastRow, who: string): Promise<Ordered> {
  return transaction(pool, async (tx) => {
    const now = await held(tx, blast)
    if (now.state === 'running' || now.state === 'scheduled') return { state: now.state, already: true }
    if (now.state !== 'paused')
      throw new OperatorError(
        `Blast ${now.code} is ${now.state}: only a paused one can be resumed. See: textaction blast show ${now.code}`,
      )
    // As a restored database may have it: without an approval nobody has agreed to its words and hours.
    if (now.startedAt !== null && now.approval === null)
      throw new OperatorError(`Blast ${now.code} is not approved. Run: textaction blast approve ${now.code}`)
    const state = now.startedAt === null ? 'scheduled' : 'running'
    if (state === 'scheduled') refuseStale(now, [], await judgedNow(tx))
    await setState(tx, now.id, state)
    // The breaker has told what it knew, and a person has decided: it judges what comes from here on.
    if (state === 'running') await judgeAnew(tx, now.id)
    await logBlast(tx, now.id, who, 'resumed')
    return { state, already: false }
  })
}

/** Ends a blast for good: whoever has not got it yet never will. */
export async function cancel(pool: pg.Pool, blast: BlastRow, who: string): Promise<Ordered> {
  return transaction(pool, async (tx) => {
    const now = await held(tx, blast)
    if (now.state === 'cancelled') return { state: now.state, already: true }
    if (now.state === 'done')
      throw new OperatorError(
        `Blast ${now.code} is done: there is nothing left to cancel. See: textaction blast report ${now.code}`,
      )
    await setState(tx, now.id, 'cancelled')
    await logBlast(tx, now.id, who, 'cancelled', now.startedAt === null ? 'before it started' : null)
    return { state: 'cancelled', already: false }
  })
}

/** Sends what Twilio does not know of once more: a person's decision, since one of them may have arrived all the same. Returns how many. */
export async function resendUnconfirmed(pool: pg.Pool, blast: BlastRow, who: string): Promise<number> {
  return transaction(pool, async (tx) => {
    const now = await held(tx, blast)
    if (now.state !== 'done' && now.state !== 'paused' && now.state !== 'running')
      throw new OperatorError(
        `Blast ${now.code} is ${now.state}: only texts of a running, paused or done one can be sent again.`,
      )
    const texts = await resetNotSent(tx, now.id)
    if (texts === 0) return 0
    if (now.state === 'done') await setState(tx, now.id, 'running')
    if (now.state !== 'paused') await judgeAnew(tx, now.id)
    await logBlast(tx, now.id, who, 'sent unconfirmed texts again', plural(texts, 'text'))
    return texts
  })
}

async function held(tx: pg.PoolClient, blast: BlastRow): Promise<BlastRow> {
  const now = await lockBlast(tx, blast.id)
  if (!now) throw new OperatorError(`Blast ${blast.code} is gone.`)
  return now
}

export type Stopped = {
  /** From the order until every blast was paused. */
  pausedMs: number
  blasts: { id: number; counts: BlastCounts; sent: number; withheld: number; atCarrier: number }[]
  /** POSTs that have not come back within the fence: sent or not, we cannot tell yet. */
  open: number
}

/** The panic stop: every blast paused in one statement, then counted once the POSTs under way have come back. */
export async function stopAll(pool: pg.Pool, who: string, nowMs: () => number): Promise<Stopped> {
  const startedMs = nowMs()
  const ids = await pauseAllBlasts(pool, who, `stop-all by ${who}`)
  const pausedMs = nowMs() - startedMs
  for (const blastId of ids) blastPaused({ blastId, why: 'stop-all' })
  let open = await openClaims(pool, ids)
  for (
    const until = nowMs() + LIMITS.stopWaitMs;
    open > 0 && nowMs() < until;
    open = await openClaims(pool, ids)
  )
    await sleep(POLL_MS)
  const counted = await Promise.all(ids.map(async (id) => ({ id, counts: await countBlast(pool, id) })))
  const blasts = counted.flatMap(({ id, counts }) => (counts ? [{ id, counts, ...sentOf(counts) }] : []))
  return { pausedMs, blasts, open }
}

/** sent: what Twilio has had; withheld: what waits, or was called off; atCarrier: sent, and no last word yet. */
export function sentOf({ counts }: BlastCounts): { sent: number; withheld: number; atCarrier: number } {
  return {
    sent: POSTED.reduce((sum, state) => sum + counts[state], 0),
    withheld: counts.pending + counts.cancelled,
    atCarrier: counts.accepted + counts.sent,
  }
}
