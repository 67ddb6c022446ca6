import type { TextRef } from '../ports.js'
import type { Db } from './pool.js'

export type Receipt = {
  ref: TextRef
  messageSid: string
  /** Twilio's own word, kept as it came. */
  twilioStatus: string
  status: string
  errorCode: number | null
}

export type ReceiptEffect = {
  personId: number
  before: string
  after: string
  /** null: never claimed, as far as we know. */
  claimedAt: Date | null
  /** For the first receipt: milliseconds since Twilio took the text. */
  lagMs: number | null
}

/** For each status a receipt may bring: those it may overwrite. */
export type Overwritable = Readonly<Record<string, readonly string[]>>

/**
 * Keeps raw receipts and moves their texts forward, never back: one commit for all. No text may be in it twice. Effects come
 * in the order of the receipts; null: no text of ours has this id.
 */
export async function takeReceipts(
  db: Db,
  receipts: readonly Receipt[],
  overwritable: Overwritable,
): Promise<(ReceiptEffect | null)[]> {
  // Without a name: the plan is made for the table as it is now. One kept from when a blast had just begun would read all of it.
  const { rows } = await db.query<ReceiptEffect & { place: number }>({
    text: `
      with incoming as (
        select * from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::int[])
          with ordinality as i (blast_id, number, message_sid, twilio_status, status, error_code, place)
      ), before as (
        -- In the order of their keys, as everybody who locks several texts: nobody waits in a circle.
        select t.blast_id, t.number, t.status, t.accepted_at, i.message_sid, i.twilio_status, i.status as next, i.error_code, i.place,
               ($7::jsonb -> i.status) ? t.status::text as moves
          from incoming i join texts_out t on t.blast_id = i.blast_id and t.number = i.number
         order by t.blast_id, t.number
           for no key update of t
      ), kept as (
        insert into receipts (blast_id, number, message_sid, status, error_code)
        select blast_id, number, message_sid, twilio_status, error_code from before
      )
      update texts_out t
         set status = case when b.moves then b.next::text_status else t.status end,
             error_code = case when b.moves then coalesce(b.error_code, t.error_code) else t.error_code end,
             settled_at = case when b.moves and b.next in ('delivered', 'undelivered', 'failed')
                               then clock_timestamp() else t.settled_at end,
             message_sid = coalesce(t.message_sid, b.message_sid),
             accepted_at = coalesce(t.accepted_at, clock_timestamp())
        from before b
       where t.blast_id = b.blast_id and t.number = b.number
      returning b.place, t.person_id as "personId", b.status as before, t.status as after, t.claimed_at as "claimedAt",
                case when b.status = 'accepted' and t.status <> 'accepted'
                     then extract(epoch from clock_timestamp() - b.accepted_at)::float8 * 1000 end as "lagMs"`,
    values: [
      receipts.map((receipt) => receipt.ref.blastId),
      receipts.map((receipt) => receipt.ref.number),
      receipts.map((receipt) => receipt.messageSid),
      receipts.map((receipt) => receipt.twilioStatus),
      receipts.map((receipt) => receipt.status),
      receipts.map((receipt) => receipt.errorCode),
      JSON.stringify(overwritable),
    ],
  })
  const effects: (ReceiptEffect | null)[] = receipts.map(() => null)
  for (const { place, ...effect } of rows) effects[place - 1] = effect
  return effects
}
