import type pg from 'pg'
import { logBlast } from './blast-log.js'
import { lockBlast, type BlastState, type CanaryState } from './blasts.js'
import { transaction, type Db } from './pool.js'

export type Approval = { by: string; digest: Buffer; people: number; opens: string; closes: string }

/** Writes down who agreed to what, and to how many people. The caller holds the lock. */
export async function approve(db: Db, id: number, approval: Approval): Promise<void> {
  await db.query(
    `update blasts set approved_by = $2, approved_at = judged_now(), approval = $3, approved_people = $4, opens = $5, closes = $6,
            paused_why = null
      where id = $1`,
    [id, approval.by, approval.digest, approval.people, approval.opens, approval.closes],
  )
}

/** Moves a blast to a state. The caller holds its lock and has judged that it may. */
export async function setState(
  db: Db,
  id: number,
  state: BlastState,
  why: string | null = null,
): Promise<void> {
  await db.query(
    `update blasts set state = $2::blast_state, paused_why = $3,
            ended_at = case when $2::blast_state in ('done', 'cancelled') then clock_timestamp() else ended_at end
      where id = $1`,
    [id, state, why],
  )
}

/** Where the canary stands. The caller holds the lock. */
export async function setCanary(db: Db, id: number, canary: CanaryState): Promise<void> {
  await db.query(
    `update blasts set canary = $2::text, canary_at = case when $2::text = 'watched' then judged_now() else canary_at end where id = $1`,
    [id, canary],
  )
}

/** From here on the breaker judges: what came in before the start, or before a person said "go on", is settled. */
export async function judgeAnew(db: Db, id: number): Promise<void> {
  await db.query(
    `update blasts set judged_at = clock_timestamp(), judged_receipt = (select coalesce(max(id), 0) from receipts),
            judged_consent = (select coalesce(max(id), 0) from consents), fed_up_to = 0
      where id = $1`,
    [id],
  )
}

/** Pauses a running blast. False: it was not running. */
export async function pauseBlast(pool: pg.Pool, id: number, who: string, why: string): Promise<boolean> {
  return transaction(pool, async (tx) => {
    const blast = await lockBlast(tx, id)
    if (blast?.state !== 'running') return false
    await setState(tx, id, 'paused', why)
    await logBlast(tx, id, who, 'paused', why)
    return true
  })
}

/** Pauses every scheduled or running blast in one statement; each says so in its log. Returns their ids. */
export async function pauseAllBlasts(db: Db, who: string, why: string): Promise<number[]> {
  const { rows } = await db.query<{ id: number }>(
    `with paused as (
       update blasts set state = 'paused', paused_why = $2 where state in ('running', 'scheduled') returning id
     ), logged as (
       insert into blast_log (blast_id, who, what, detail) select id, $1, 'paused', $2 from paused
     )
     select id from paused order by id`,
    [who, why],
  )
  return rows.map(({ id }) => id)
}
