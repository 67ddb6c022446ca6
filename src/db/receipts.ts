import type { TextRef } from '../ports.js'
import type { Db } from './pool.js'

export type Receipt = {
  ref: TextRef
  messageSid: string
  /** Twilio's own word, kept as it came. */
  twilioStatus: string
  status: string
  overwritable: readonly string[]
  errorCode: number | null
}

export type ReceiptEffect = {
  personId: number
  before: string
  after: string
  /** For the first receipt: milliseconds since Twilio took the text. */
  lagMs: number | null
}

/** Keeps the raw receipt and moves its text forward, never back. null: no text of ours has this id. */
export async function takeReceipt(db: Db, receipt: Receipt): Promise<ReceiptEffect | null> {
  const { rows } = await db.query<ReceiptEffect>({
    name: 'take-receipt',
    text: `
      with before as (
        select blast_id, number, person_id, status, accepted_at from texts_out where blast_id = $1 and number = $2 for no key update
      ), kept as (
        insert into receipts (blast_id, number, message_sid, status, error_code)
        select $1, $2, $3, $4, $6 from before
      )
      update texts_out t
         set status = case when t.status::text = any ($7) then $5::text_status else t.status end,
             error_code = case when t.status::text = any ($7) then coalesce($6, t.error_code) else t.error_code end,
             settled_at = case when t.status::text = any ($7) and $5 in ('delivered', 'undelivered', 'failed')
                               then clock_timestamp() else t.settled_at end,
             message_sid = coalesce(t.message_sid, $3),
             accepted_at = coalesce(t.accepted_at, clock_timestamp())
        from before
       where t.blast_id = $1 and t.number = $2
      returning t.person_id as "personId", before.status as before, t.status as after,
                case when before.status = 'accepted' and t.status <> 'accepted'
                     then extract(epoch from clock_timestamp() - before.accepted_at)::float8 * 1000 end as "lagMs"`,
    values: [
      receipt.ref.blastId,
      receipt.ref.number,
      receipt.messageSid,
      receipt.twilioStatus,
      receipt.status,
      receipt.errorCode,
      receipt.overwritable,
    ],
  })
  return rows[0] ?? null
}
