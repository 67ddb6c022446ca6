import type pg from 'pg'
import type { TextRef } from '../ports.js'
import { inboundCompleteUntil } from './missed.js'
import { transaction, type Db } from './pool.js'

const RESTORED = 'restored'

/** While it is held, no claim goes through: of the texts that left after the copy was made, the database knows nothing. */
export const NOT_HELD = `not exists (select from deployment where key = '${RESTORED}')`

// Ids given out after the copy was made are in callback URLs and in Redis: none of them may be given to another.
const IDS_SKIPPED = 1_000_000
// Behind the last minute that is known to have been whole, for clocks that differ.
const OVERLAP = `interval '5 minutes'`

export type Hold = {
  /** Texts that left since then may be unknown here. */
  since: Date
  heldAt: Date
}

/** This database came back from a copy: nothing more is claimed until its texts are settled. Harmless when run twice. */
export async function holdRestored(pool: pg.Pool): Promise<Hold> {
  // Moved by the workers alone, every minute: up to here the copy knows what happened.
  await inboundCompleteUntil(pool)
  return transaction(pool, async (tx) => {
    const { rowCount } = await tx.query(
      `insert into deployment (key, value)
       select $1, json_build_object('since', value::timestamptz - ${OVERLAP}, 'heldAt', clock_timestamp())::text
         from deployment where key = 'inbound-complete-until'
       on conflict (key) do nothing`,
      [RESTORED],
    )
    if (rowCount === 1)
      await tx.query(
        `select setval(c.oid::regclass, nextval(c.oid::regclass) + ${IDS_SKIPPED}) from pg_class c
          where c.relkind = 'S' and c.relnamespace = current_schema()::regnamespace`,
      )
    const hold = await readHold(tx)
    if (!hold) throw new Error('the hold was lifted while it was being set')
    return hold
  })
}

/** null: nothing is held. */
export async function readHold(db: Db): Promise<Hold | null> {
  const { rows } = await db.query<Hold>(
    `select (value::json ->> 'since')::timestamptz as since, (value::json ->> 'heldAt')::timestamptz as "heldAt"
       from deployment where key = $1`,
    [RESTORED],
  )
  return rows[0] ?? null
}

/** All is settled: claims go through again. */
export async function liftHold(db: Db): Promise<void> {
  await db.query('delete from deployment where key = $1', [RESTORED])
}

/** What has to happen before anybody can tell which texts have left: null when it all has. */
export async function stillMissing(db: Db, { heldAt }: Hold): Promise<string | null> {
  const { rows } = await db.query<{ inbound: boolean; unapplied: number; due: string; unwritten: string }>(
    `select (select value::timestamptz < $1::timestamptz from deployment where key = 'inbound-complete-until') as inbound,
            (select count(*) from texts_in where applied_at is null and received_at < $1) as unapplied,
            ${codesOf(`state = 'scheduled' and first_at <= judged_now()`)} as due,
            ${codesOf(`state in ('running', 'paused') and started_at is not null and people > fanned_out`)} as unwritten`,
    [heldAt],
  )
  const now = rows[0]
  if (!now || now.inbound) return "Twilio's list of what people texted meanwhile"
  if (now.unapplied > 0) return `${now.unapplied} inbound texts to be applied`
  if (now.due) return `blasts that were due meanwhile to be started, or cancelled: ${now.due}`
  return now.unwritten ? `texts of blasts to be written, or the blasts cancelled: ${now.unwritten}` : null
}

const codesOf = (which: string) =>
  `(select coalesce(string_agg(code, ', ' order by id), '') from blasts where ${which})`

/** A text of ours that may have left after the copy was made. */
export type Unsettled = {
  ref: TextRef
  personId: number
  phoneHash: Buffer
  status: 'pending' | 'claimed' | 'in_doubt'
  bodySealed: Buffer | null
  state: string | null
  zip: string | null
}

/** The texts to these people that are not known to have left, in the order in which they would. */
export async function unsettledTexts(db: Db, phoneHashes: readonly Buffer[]): Promise<Unsettled[]> {
  const { rows } = await db.query<Omit<Unsettled, 'ref'> & { blastId: number; number: number }>(
    `with hers as (select id, phone_hash, state, zip from people where phone_hash = any ($1)), unsettled as (
       select t.blast_id, t.number, t.person_id, t.status, t.body_sealed from hers join texts_out_replies t on t.person_id = hers.id
        where t.blast_id = 0 and t.status in ('pending', 'claimed', 'in_doubt')
       union all
       select t.blast_id, t.number, t.person_id, t.status, null from hers cross join blasts b
         join texts_out_blasts t on t.blast_id = b.id and t.number = hers.id
        where b.state in ('running', 'paused') and t.status in ('pending', 'claimed', 'in_doubt'))
     select blast_id as "blastId", number, person_id as "personId", phone_hash as "phoneHash", status, body_sealed as "bodySealed", state, zip
       from unsettled join hers on hers.id = person_id order by person_id, blast_id, number`,
    [phoneHashes],
  )
  return rows.map(({ blastId, number, ...rest }) => ({ ref: { blastId, number }, ...rest }))
}

/** Who of these is known here, by the hash of her number in hex, and where she is. */
export async function placesByHash(
  db: Db,
  phoneHashes: readonly Buffer[],
): Promise<Map<string, { id: number; state: string | null; zip: string | null }>> {
  const { rows } = await db.query<{ hash: Buffer; id: number; state: string | null; zip: string | null }>(
    'select phone_hash as hash, id, state, zip from people where phone_hash = any ($1)',
    [phoneHashes],
  )
  return new Map(rows.map(({ hash, ...place }) => [hash.toString('hex'), place]))
}

/** Which of these MessageSids are known here. */
export async function knownSids(db: Db, sids: readonly string[]): Promise<Set<string>> {
  const { rows } = await db.query<{ sid: string }>(
    'select message_sid as sid from texts_out where message_sid = any ($1)',
    [sids],
  )
  return new Set(rows.map(({ sid }) => sid))
}

/**
 * This text had left at that time. sid null: something had, and whether it was this one the resolver finds out. Her alert is
 * counted, as the claim would have.
 */
export async function recordLeft(db: Db, ref: TextRef, at: Date, sid: string | null): Promise<void> {
  await db.query(
    `with person as (
       select p.id, t.status as before from people p join texts_out t on t.person_id = p.id
        where t.blast_id = $1 and t.number = $2 for no key update of p
     ), settled as (
       update texts_out t
          set status = case when $4::text is null then 'in_doubt' else 'accepted' end::text_status, message_sid = $4,
              claimed_at = coalesce(t.claimed_at, $3), accepted_at = case when $4::text is not null then $3::timestamptz end,
              attempts = greatest(t.attempts, 1)
         from person where t.blast_id = $1 and t.number = $2 and t.status in ('pending', 'claimed', 'in_doubt')
       returning t.person_id
     )
     update people p set alerted = p.alerted || $3::timestamptz from settled, person
      where p.id = settled.person_id and $1 <> 0 and person.before = 'pending'`,
    [ref.blastId, ref.number, at, sid],
  )
}
