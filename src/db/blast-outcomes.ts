import type { TextRef } from '../ports.js'
import type { Db } from './pool.js'
import { ITS_CLAIM } from './texts-out.js'

export type BlastOutcome = {
  ref: TextRef
  attempt: number
  /** cancelled: her text could not be written. */
  status: 'accepted' | 'failed' | 'opted_out' | 'in_doubt' | 'cancelled'
  messageSid: string | null
  errorCode: number | null
}

/** Writes what came of some POSTs. A receipt may have come first: status never goes back. */
export async function recordBlastOutcomes(db: Db, outcomes: readonly BlastOutcome[]): Promise<void> {
  const accepted = outcomes.filter(({ status }) => status === 'accepted')
  const others = outcomes.filter(({ status }) => status !== 'accepted')
  if (accepted.length > 0) await recordAccepted(db, accepted)
  if (others.length > 0) await recordOthers(db, others)
}

/**
 * Nearly all are these: a statement of their own costs a fifth less than one for every outcome. Twilio's word counts whatever we
 * have thought meanwhile: one that waits to be sent again must not be.
 */
async function recordAccepted(db: Db, outcomes: readonly BlastOutcome[]): Promise<void> {
  await db.query({
    name: 'record-blast-accepted',
    text: `
      update texts_out_blasts t
         set status = case when t.status in ('pending', 'claimed', 'in_doubt', 'not_sent') then 'accepted' else t.status end,
             message_sid = o.sid, accepted_at = coalesce(t.accepted_at, clock_timestamp())
        from unnest($1::bigint[], $2::bigint[], $3::text[]) as o (blast, number, sid)
       where t.blast_id = o.blast and t.number = o.number`,
    values: [
      outcomes.map(({ ref }) => ref.blastId),
      outcomes.map(({ ref }) => ref.number),
      outcomes.map(({ messageSid }) => messageSid),
    ],
  })
}

async function recordOthers(db: Db, outcomes: readonly BlastOutcome[]): Promise<void> {
  await db.query({
    name: 'record-blast',
    text: `
      update texts_out_blasts t
         set status = case when ${ITS_CLAIM} then o.status::text_status else t.status end,
             error_code = coalesce(t.error_code, o.code),
             settled_at = case when o.status = 'in_doubt' then t.settled_at else clock_timestamp() end
        from unnest($1::bigint[], $2::bigint[], $3::smallint[], $4::text[], $5::int[]) as o (blast, number, attempt, status, code)
       where t.blast_id = o.blast and t.number = o.number and t.attempts = o.attempt`,
    values: [
      outcomes.map(({ ref }) => ref.blastId),
      outcomes.map(({ ref }) => ref.number),
      outcomes.map(({ attempt }) => attempt),
      outcomes.map(({ status }) => status),
      outcomes.map(({ errorCode }) => errorCode),
    ],
  })
}

/** Gives claims back: surely nothing was sent. Nobody may claim them again for delayMs, and the alert is not counted. */
export async function unclaimBlastTexts(
  db: Db,
  claims: readonly { ref: TextRef; attempt: number; now: Date }[],
  delayMs: number,
): Promise<void> {
  await db.query({
    name: 'unclaim-blast',
    text: `
      with open as (
        -- One that is done stays done: what was in doubt of it stays so, and is looked up.
        select id from blasts where id = any ($1::bigint[]) and state <> 'done' for share
      ), held as (
        select p.id from people p where p.id = any ($2::bigint[]) order by p.id for no key update
      ), given_back as (
        update texts_out_blasts t
           set status = 'pending', claimed_at = null, doubt_polls = 0, doubt_polled_at = null, not_before = judged_now() + $5 * interval '1 millisecond'
          from unnest($1::bigint[], $2::bigint[], $3::smallint[], $4::timestamptz[]) as c (blast, number, attempt, at), held, open
         where t.blast_id = c.blast and t.number = c.number and held.id = c.number and open.id = c.blast and ${ITS_CLAIM} and t.attempts = c.attempt
        returning t.number, c.at
      )
      update people p set alerted = array(select a from unnest(p.alerted) a where date_trunc('milliseconds', a) <> date_trunc('milliseconds', g.at))
        from given_back g where p.id = g.number`,
    values: [
      claims.map(({ ref }) => ref.blastId),
      claims.map(({ ref }) => ref.number),
      claims.map(({ attempt }) => attempt),
      claims.map(({ now }) => now),
      Math.ceil(delayMs),
    ],
  })
}
