import type { TextRef, WaitingReply } from '../ports.js'
import type { Db } from './pool.js'
import { NOT_HELD } from './restore.js'
import { keepsUnaskedBack, mayHoldAStop, silentSince, type Outage } from './serves.js'

export type NewReply = {
  personId: number
  kind: string
  bodySealed: Buffer
  segments: number
  inReplyTo: number | null
  notBefore: Date | null
  expiresAt: Date | null
  /** expired: it came too late to be sent, and stays on record. */
  status: 'pending' | 'expired'
}

/** Writes the answers to one person in the order they are to be sent. Answers already written for a text stay as they are. */
export async function insertReplies(db: Db, replies: readonly NewReply[]): Promise<number[]> {
  if (replies.length === 0) return []
  const { rows } = await db.query<{ number: number }>({
    name: 'insert-replies',
    text: `
      insert into texts_out (blast_id, person_id, kind, body_sealed, segments, in_reply_to, not_before, expires_at, status)
      select 0, person_id, kind, body_sealed, segments, in_reply_to, coalesce(not_before, now()), expires_at, status::text_status
        from unnest($1::bigint[], $2::text[], $3::bytea[], $4::smallint[], $5::bigint[], $6::timestamptz[], $7::timestamptz[], $8::text[])
          with ordinality as r (person_id, kind, body_sealed, segments, in_reply_to, not_before, expires_at, status, position)
       order by position
      on conflict do nothing
      returning number`,
    values: [
      replies.map((reply) => reply.personId),
      replies.map((reply) => reply.kind),
      replies.map((reply) => reply.bodySealed),
      replies.map((reply) => reply.segments),
      replies.map((reply) => reply.inReplyTo),
      replies.map((reply) => reply.notBefore),
      replies.map((reply) => reply.expiresAt),
      replies.map((reply) => reply.status),
    ],
  })
  return rows.map((row) => row.number)
}

/** Withdraws her prompts that have not left: she has texted, so nobody need ask whether she is still there. */
export async function cancelPrompts(db: Db, personId: number): Promise<void> {
  await db.query({
    name: 'cancel-prompts',
    text: `update texts_out set status = 'cancelled'
            where blast_id = 0 and person_id = $1 and status = 'pending' and kind = 'nudge'`,
    values: [personId],
  })
}

/** One claim of one text. attempt tells it from later claims of the same text: a worker that slept cannot undo another's. */
export type Claim = { ref: TextRef; attempt: number }

export type ClaimedReply = Claim & {
  number: number
  personId: number
  kind: string
  phoneSealed: Buffer
  bodySealed: Buffer
  segments: number
  zone: string
  otherZone: string
  inReplyTo: string | null
  expiresAt: Date | null
  /** The database's clock at the claim: hours and validity are judged by it, not by the worker's. */
  now: Date
}

/** Unasked, or written by one of us when it suited us: within her hours only. */
export const PROMPT_KINDS: readonly string[] = ['nudge', 'invite', 'answer']

const IS_PROMPT = (kind: string) => `${kind} = any ('{${PROMPT_KINDS.join()}}')`

/**
 * An earlier answer `e` to her that must go before `t`: it is on its way, it is due, or Twilio had asked us to wait with it. No answer
 * waits for what nobody asked for, which may have to wait for a spool; nor does anything for an invitation, whose turn comes after
 * thousands.
 */
const GOES_FIRST = `exists (select from texts_out_replies e
  where e.blast_id = 0 and e.person_id = t.person_id and e.number < t.number and (e.status = 'claimed'
     or (e.status = 'pending' and case when ${IS_PROMPT('e.kind')}
           then e.kind <> 'invite' and ${IS_PROMPT('t.kind')} and e.not_before <= clock_timestamp()
           else e.not_before <= clock_timestamp() or e.attempts > 0 end)))`

/**
 * The spool of a web process may hold her STOP. One that was killed with its spool keeps unasked texts back until another has brought
 * it in, or it is forgotten; answers to others wait only for one that is alive, or was when an outage began that has just ended.
 */
const spoolHolds = (
  from: string,
  until: string,
) => `exists (select from serves s where case when ${IS_PROMPT('t.kind')} then ${keepsUnaskedBack(from, until)}
  else ${mayHoldAStop(from, until)} and (s.seen_at > clock_timestamp() - interval '1 minute' or ${silentSince({ from, until })}) end)`

/** Whether an answer `t` that is due may be claimed, as far as other rows than hers can tell. */
export const itsTurn = (outage: { from: string; until: string }) =>
  `${NOT_HELD} and not ${GOES_FIRST} and not ${spoolHolds(outage.from, outage.until)}`

/** It was written before she left: after her STOP it goes no more, though it had been claimed then and came back unsent. */
const LEFT_SINCE = `p.standing = 'left' and (t.kind = 'answer' or t.in_reply_to < p.left_text
  or (t.in_reply_to is null and t.created_at < p.left_at))`

const ATTEMPTS_MAX = 32_767 // a smallint: an account out of order for weeks is tried so often

/**
 * The one statement that gives one worker the right to POST one answer. null: somebody else has it, it is not its turn (an
 * earlier answer to her is still unsent, a STOP may lie in a spool), or it has come too late. A prompt needs a live consent. What
 * it updates it looks up by both parts of the key that was claimed: a plan made while there were no answers yet would else read
 * all of them.
 */
export async function claimReply(
  db: Db,
  number: number,
  outage: Outage | null = null,
): Promise<ClaimedReply | null> {
  const { rows } = await db.query<Omit<ClaimedReply, 'ref'> & { status: string }>({
    name: 'claim-reply',
    text: `
      with ready as (
        select t.blast_id, t.number, p.phone_sealed, p.zone, p.other_zone,
               case when t.expires_at <= clock_timestamp() then 'expired'
                    when p.phone_sealed is null or t.body_sealed is null then 'cancelled'
                    when t.kind in ('nudge', 'blast_test') and p.standing <> 'joined' then 'cancelled'
                    when ${LEFT_SINCE} then 'cancelled'
                    when t.kind = 'invite' and (p.standing <> 'invited' or p.unreachable is not null) then 'cancelled'
                    else 'claimed' end::text_status as next
          from texts_out_replies t join people p on p.id = t.person_id
         where t.blast_id = 0 and t.number = $1 and t.status = 'pending' and t.not_before <= clock_timestamp()
           and ${itsTurn({ from: '$2', until: '$3' })}
           for update of t skip locked for share of p skip locked
      ), late as (
        -- The next answer she gets says sorry for this one, unless she had asked for nothing. Not welcomed, she is introduced to us by
        -- her first alert.
        update people p set owes_apology = true,
               stop_shown_at = case when t.kind in ('welcome', 'start') then null else p.stop_shown_at end
          from ready r, texts_out_replies t
         where r.next = 'expired' and t.kind <> 'invite' and t.blast_id = r.blast_id and t.number = r.number and p.id = t.person_id
      )
      update texts_out_replies t
         set status = r.next,
             claimed_at = case when r.next = 'claimed' then clock_timestamp() end,
             attempts = least(t.attempts, ${ATTEMPTS_MAX - 1}) + (r.next = 'claimed')::int
        from ready r
       where t.blast_id = r.blast_id and t.number = r.number
      returning t.number, t.attempts as attempt, t.person_id as "personId", t.kind, t.status, r.phone_sealed as "phoneSealed",
                t.body_sealed as "bodySealed", t.segments, r.zone, r.other_zone as "otherZone",
                t.expires_at as "expiresAt", t.claimed_at as now, (select message_sid from texts_in i where i.id = t.in_reply_to) as "inReplyTo"`,
    values: [number, outage?.from ?? null, outage?.until ?? null],
  })
  const claimed = rows[0]
  return claimed?.status === 'claimed' ? { ...claimed, ref: { blastId: 0, number: claimed.number } } : null
}

/** Who claimed `t` may say what came of it: also once it took so long that others have put it in doubt. */
export const ITS_CLAIM = `t.status in ('claimed', 'in_doubt')`

/**
 * Gives a claim back: surely nothing was sent. Nobody may claim it again for delayMs. If she has left meanwhile it is over, and
 * the confirmation of her STOP need not wait behind it.
 */
export async function unclaim(db: Db, { ref, attempt }: Claim, delayMs: number): Promise<void> {
  await db.query({
    name: 'unclaim',
    text: `update texts_out_replies t
              set status = case when ${LEFT_SINCE} then 'cancelled' else 'pending' end::text_status, claimed_at = null,
                  doubt_polls = case when t.doubt_polls = 1 then 0 else t.doubt_polls end, not_before = clock_timestamp() + $2 * interval '1 millisecond'
             from people p
            where t.blast_id = 0 and t.number = $1 and ${ITS_CLAIM} and t.attempts = $3 and p.id = t.person_id`,
    values: [ref.number, Math.ceil(delayMs), attempt],
  })
}

const ACCEPTED = `
  set status = case when status in ('pending', 'claimed', 'in_doubt', 'not_sent') then 'accepted' else status end,
      message_sid = $2, accepted_at = coalesce(accepted_at, clock_timestamp())`

/** Twilio took it, whatever we have thought meanwhile. A receipt may have come first: status never goes back. */
export async function recordAccepted(db: Db, ref: TextRef, messageSid: string): Promise<void> {
  await db.query({
    name: 'record-accepted',
    text: `update texts_out ${ACCEPTED} where number = $1 and blast_id = $3`,
    values: [ref.number, messageSid, ref.blastId],
  })
}

/** The same of an answer: its table alone, so that one plan serves all. */
export async function recordReplyAccepted(db: Db, number: number, messageSid: string): Promise<void> {
  await db.query({
    name: 'record-reply-accepted',
    text: `update texts_out_replies ${ACCEPTED} where number = $1 and blast_id = 0`,
    values: [number, messageSid],
  })
}

/** It will never go, or we do not know whether it went. Only a claim can end so. */
export async function recordNotAccepted(
  db: Db,
  { ref, attempt }: Claim,
  status: 'failed' | 'in_doubt' | 'opted_out',
  errorCode: number | null,
): Promise<void> {
  await db.query({
    name: 'record-not-accepted',
    text: `update texts_out t set status = $3::text_status, error_code = $4,
                  settled_at = case when $3 <> 'in_doubt' then clock_timestamp() end
            where blast_id = $1 and number = $2 and ${ITS_CLAIM} and attempts = $5`,
    values: [ref.blastId, ref.number, status, errorCode, attempt],
  })
}

/**
 * Answers that could be claimed and that no wake-up call may have announced, oldest first. What a spool holds back is not called: each
 * call takes from the rate, and so many of them would keep the others out.
 */
export async function dueReplies(
  db: Db,
  olderThanMs: number,
  max: number,
  outage: Outage | null = null,
): Promise<WaitingReply[]> {
  const { rows } = await db.query<WaitingReply>(
    `select number, segments from texts_out_replies t
      where status = 'pending' and kind <> 'invite' and not_before <= clock_timestamp()
        and greatest(created_at, not_before) < clock_timestamp() - $1 * interval '1 millisecond'
        and ${itsTurn({ from: '$3', until: '$4' })}
      order by number limit $2`,
    [olderThanMs, max, outage?.from ?? null, outage?.until ?? null],
  )
  return rows
}

/** Her next waiting answer, once the one before it is settled. */
export async function nextReply(db: Db, personId: number): Promise<WaitingReply | null> {
  const { rows } = await db.query<WaitingReply>({
    name: 'next-reply',
    text: `select number, segments from texts_out_replies t
            where blast_id = 0 and person_id = $1 and status = 'pending' and kind <> 'invite' and not_before <= clock_timestamp()
              and not ${GOES_FIRST}
            order by number limit 1`,
    values: [personId],
  })
  return rows[0] ?? null
}
