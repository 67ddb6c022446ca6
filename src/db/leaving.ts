import { recordConsent, type NewConsent } from './consents.js'
import type { Db } from './pool.js'

export type Leave = {
  personId: number
  kind: 'left' | 'carrier-blocked'
  /** The text that said so; null: the carrier or an operator did, and all her texts so far count as older. */
  textId: number | null
} & Pick<NewConsent, 'via' | 'wordsSealed' | 'messageSid' | 'rule' | 'recordedBy'>

/**
 * Takes a person out: standing, consent record, and everything of hers that no worker has claimed yet.
 * Runs in the caller's transaction, which already holds (or here takes) her lock. True when she was not out before.
 */
export async function leave(db: Db, leave: Leave): Promise<boolean> {
  const { rows } = await db.query<{ before: string }>(
    `update people p set standing = 'left', blocked_count = 0,
        left_text = greatest(p.left_text, coalesce($2, (select max(id) from texts_in where person_id = $1), 0)),
        left_at = greatest(p.left_at, coalesce((select received_at from texts_in where id = $2), clock_timestamp()))
       from (select id, standing from people where id = $1 for no key update) old
      where p.id = old.id returning old.standing as before`,
    [leave.personId, leave.textId],
  )
  await db.query(
    `update texts_out set status = 'cancelled' where blast_id = 0 and person_id = $1 and status = 'pending'`,
    [leave.personId],
  )
  await db.query(
    `update texts_out set status = 'opted_out'
      where (blast_id, number) in (select id, $1::bigint from blasts where state in ('running', 'paused'))
        and status = 'pending'`,
    [leave.personId],
  )
  if (rows[0]?.before === 'left') return false
  await recordConsent(db, leave)
  return true
}

/** Whether a worker may still be about to POST a text to her: a claim inside the fence. */
export async function hasOpenClaim(db: Db, personId: number, fenceMs: number): Promise<boolean> {
  const { rows } = await db.query(
    `select from texts_out
      where status = 'claimed' and claimed_at > clock_timestamp() - $2 * interval '1 millisecond'
        and ((blast_id = 0 and person_id = $1)
          or (blast_id, number) in (select id, $1::bigint from blasts where state in ('running', 'paused')))
      limit 1`,
    [personId, fenceMs],
  )
  return rows.length > 0
}
