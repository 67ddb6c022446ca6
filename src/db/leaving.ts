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
  const { rows } = await db.query<{ before: string }>({
    name: 'leave',
    text: `update people p set standing = 'left', blocked_count = 0,
        left_text = greatest(p.left_text, coalesce($2, (select max(id) from texts_in where person_id = $1), 0)),
        left_at = greatest(p.left_at, coalesce((select received_at from texts_in where id = $2), clock_timestamp()))
       from (select id, standing from people where id = $1 for no key update) old
      where p.id = old.id returning old.standing as before`,
    values: [leave.personId, leave.textId],
  })
  await db.query({
    name: 'leave-replies',
    text: `update texts_out_replies set status = 'cancelled' where person_id = $1 and status = 'pending'`,
    values: [leave.personId],
  })
  await db.query({
    name: 'leave-blasts',
    text: `update texts_out_blasts set status = 'opted_out'
      where (blast_id, number) in (select id, $1::bigint from blasts where state in ('running', 'paused'))
        and status = 'pending'`,
    values: [leave.personId],
  })
  if (rows[0]?.before === 'left') return false
  await recordConsent(db, leave)
  return true
}

/** Whether a worker may still be about to POST a text to her: a claim inside the fence, be its blast over since or not. */
export async function hasOpenClaim(db: Db, personId: number, fenceMs: number): Promise<boolean> {
  const { rows } = await db.query({
    name: 'open-claim',
    text: `
      select from texts_out_replies
       where person_id = $1 and status = 'claimed' and claimed_at > clock_timestamp() - $2 * interval '1 millisecond'
      union all
      select from texts_out_blasts
       where (blast_id, number) in (
               select id, $1::bigint from blasts
                where state in ('running', 'paused') or ended_at > clock_timestamp() - $2 * interval '1 millisecond')
         and status = 'claimed' and claimed_at > clock_timestamp() - $2 * interval '1 millisecond'
      limit 1`,
    values: [personId, fenceMs],
  })
  return rows.length > 0
}
