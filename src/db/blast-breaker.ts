import type { Db } from './pool.js'

export type LastWord = { isFailure: boolean; errorCode: number | null }

/** The last words of a blast's texts that came after receipt `after`, newest first; refusals of Twilio are told by the sender. */
export async function lastWords(db: Db, blastId: number, after: number, max: number): Promise<LastWord[]> {
  const { rows } = await db.query<LastWord>(
    `select status <> 'delivered' as "isFailure", error_code as "errorCode" from (
       select id, blast_id, status, error_code from receipts where id > $2 order by id desc limit $3 * 8) newest
      where blast_id = $1 and status in ('delivered', 'undelivered', 'failed') order by id desc limit $3`,
    [blastId, after, max],
  )
  return rows
}

/**
 * How many people left after a text of this blast, by the ledger's records after `after`: looked up one by one, whatever
 * statistics say of a blast just written.
 */
export async function leftAfterText(db: Db, blastId: number, after: number): Promise<number> {
  const { rows } = await db.query<{ left: number }>(
    `select count(*)::int as left from consents c cross join lateral (
       select accepted_at from texts_out_blasts where blast_id = $1 and number = c.person_id limit 1) t
      where c.id > $2 and c.kind in ('left', 'carrier-blocked') and c.at > t.accepted_at`,
    [blastId, after],
  )
  return rows[0]?.left ?? 0
}

/** How many people a blast has texted since a moment. Counts its rows: ask rarely. */
export async function textedSince(db: Db, blastId: number, since: Date | null): Promise<number> {
  const { rows } = await db.query<{ texted: number }>(
    `select count(*)::int as texted from texts_out_blasts
      where blast_id = $1 and accepted_at >= coalesce($2, '-infinity'::timestamptz)`,
    [blastId, since],
  )
  return rows[0]?.texted ?? 0
}
