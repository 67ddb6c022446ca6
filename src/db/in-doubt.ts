import type { TextRef } from '../ports.js'
import type { Db } from './pool.js'

/** Claims older than the lease become in doubt, never pending again: their POST may have reached Twilio. */
export async function expireClaims(db: Db, leaseMs: number): Promise<number> {
  const { rowCount } = await db.query(
    `update texts_out set status = 'in_doubt'
      where status = 'claimed' and claimed_at < clock_timestamp() - $1 * interval '1 millisecond'`,
    [leaseMs],
  )
  return rowCount ?? 0
}

export type TextInDoubt = {
  ref: TextRef
  personId: number
  kind: string
  claimedAt: Date
  polls: number
  attempts: number
  phoneSealed: Buffer | null
  bodySealed: Buffer | null
  expiresAt: Date | null
  state: string | null
  zip: string | null
  language: string
}

/** Takes texts in doubt whose next look at Twilio's list is due; each is looked up by one worker at a time. */
export async function takeDoubtsDue(
  db: Db,
  timing: { firstPollMs: number; pollMs: number },
  max: number,
): Promise<TextInDoubt[]> {
  const { rows } = await db.query<Omit<TextInDoubt, 'ref'> & { blastId: number; number: number }>(
    `with due as (
       select t.blast_id, t.number from texts_out t
        where t.status = 'in_doubt' and t.claimed_at < clock_timestamp() - $1 * interval '1 millisecond'
          and (t.doubt_polled_at is null or t.doubt_polled_at < clock_timestamp() - $2 * interval '1 millisecond')
        order by t.blast_id <> 0, t.claimed_at limit $3 for update skip locked -- she waits for an answer
     )
     update texts_out t set doubt_polls = t.doubt_polls + 1, doubt_polled_at = clock_timestamp()
       from due, people p
      where t.blast_id = due.blast_id and t.number = due.number and p.id = t.person_id
     returning t.blast_id as "blastId", t.number, t.person_id as "personId", t.kind, t.claimed_at as "claimedAt",
               t.doubt_polls as polls, t.attempts, p.phone_sealed as "phoneSealed", t.body_sealed as "bodySealed",
               t.expires_at as "expiresAt", p.state, p.zip, p.language`,
    [timing.firstPollMs, timing.pollMs, max],
  )
  return rows.map(({ blastId, number, ...rest }) => ({ ref: { blastId, number }, ...rest }))
}

/** A poll that could not be made does not count. */
export async function unpoll(db: Db, ref: TextRef): Promise<void> {
  await db.query(
    `update texts_out set doubt_polls = doubt_polls - 1 where blast_id = $1 and number = $2 and status = 'in_doubt' and doubt_polls > 0`,
    [ref.blastId, ref.number],
  )
}

/** Which of these MessageSids already belong to a text of hers. */
export async function boundSids(db: Db, personId: number, sids: readonly string[]): Promise<Set<string>> {
  const { rows } = await db.query<{ message_sid: string }>(
    `select message_sid from texts_out where blast_id = 0 and person_id = $1 and message_sid = any ($2)
     union all
     select t.message_sid from texts_out t join blasts b on b.id = t.blast_id where t.number = $1 and t.message_sid = any ($2)`,
    [personId, sids],
  )
  return new Set(rows.map((row) => row.message_sid))
}

/** Twilio does not have it: it never went. again: it is claimable once more (an answer, once). */
export async function recordNotSent(db: Db, ref: TextRef, again: boolean): Promise<void> {
  await db.query(
    `update texts_out set status = case when $3 then 'pending' else 'not_sent' end::text_status, not_before = clock_timestamp()
      where blast_id = $1 and number = $2 and status = 'in_doubt'`,
    [ref.blastId, ref.number, again],
  )
}

/**
 * Puts texts that Twilio does not know of back to where they were before their claim; their alerts never came and do not count.
 * The caller holds the blast's lock.
 */
export async function resetNotSent(db: Db, blastId: number): Promise<number> {
  const { rowCount } = await db.query(
    `with unsure as (
       select t.number, t.claimed_at from texts_out_blasts t join people p on p.id = t.number
        where t.blast_id = $1 and t.status = 'not_sent' order by p.id for no key update of p
     ), uncounted as (
       update people p set alerted = array(select a from unnest(p.alerted) a where a not between u.claimed_at - interval '5 seconds' and u.claimed_at)
         from unsure u where p.id = u.number
     )
     update texts_out_blasts t set status = 'pending', claimed_at = null, settled_at = null, error_code = null,
            doubt_polls = 0, doubt_polled_at = null, not_before = judged_now()
       from unsure u where t.blast_id = $1 and t.number = u.number`,
    [blastId],
  )
  return rowCount ?? 0
}
