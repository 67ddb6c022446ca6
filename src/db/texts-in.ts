import type { Db } from './pool.js'

type Verdict = 'leave' | 'stay' | 'unclear'

/** rule: the name of what decided it; null for a stay. Her words stand in it nowhere. */
export type Judged = { verdict: Verdict; rule: string | null }

export type NewTextIn = {
  messageSid: string
  phoneHash: Buffer
  /** For a number we do not have: most of those who text are known. */
  sealPhone: () => Buffer
  bodySealed: Buffer
  mediaCount: number
  /** How it reads, and how it reads if we had asked her "should we stop?": which of them holds is seen under her lock. */
  open: Judged
  held: Judged
  optOutType: string | null
  /** By the clock of whoever heard it first; null: just now. One that is ahead puts no text into the future: she would have left only then. */
  receivedAt: Date | null
}

export type RecordedText = { id: number; personId: number; isNew: boolean } & Judged

/**
 * Records a text under its MessageSid, and its sender where she is new. Locks her row until the transaction ends, so that
 * the ids of her texts follow the order in which they were recorded. A MessageSid we have gives the row it already has. The number of
 * somebody forgotten is here again for as long as it takes to answer her.
 */
export async function recordTextIn(db: Db, text: NewTextIn): Promise<RecordedText> {
  for (;;) {
    const { rows } = await db.query<RecordedText>({
      name: 'record-text-in',
      text: `
        with known as (
          select id, phone_sealed is null as unsealed, standing = 'held' as held from people where phone_hash = $2 for no key update
        ), resealed as (
          update people set phone_sealed = $3, going = true from known where people.id = known.id and known.unsealed
        ), created as (
          insert into people (phone_hash, phone_sealed) select $2, $3 where not exists (select from known)
          on conflict (phone_hash) do nothing returning id
        ), recorded as (
          insert into texts_in (message_sid, person_id, body_sealed, media_count, verdict, rule, opt_out_type, received_at, late)
          select $1, id, $4, $5, case when held then $8 else $6 end, case when held then $9 else $7 end, $10,
                 least($11, statement_timestamp()), $11 is not null
            from (select id, held from known union all select id, false from created) person
          on conflict (message_sid) do nothing
          returning id, person_id, verdict, rule
        )
        select id, person_id as "personId", verdict, rule, true as "isNew" from recorded
        union all
        select id, person_id, verdict, rule, false from texts_in where message_sid = $1`,
      values: [
        text.messageSid,
        text.phoneHash,
        text.sealPhone(),
        text.bodySealed,
        text.mediaCount,
        text.open.verdict,
        text.open.rule,
        text.held.verdict,
        text.held.rule,
        text.optOutType,
        text.receivedAt,
      ],
    })
    const row = rows[0]
    // Nothing: another connection is just now creating this person or recording this MessageSid. It is there at the next look.
    if (row) return row
  }
}

/**
 * Records texts of several people in one statement, one text each: all of them or none. null: that one is to be taken alone, since
 * her row is just locked by somebody, she is new, her MessageSid is known, or she leaves by it. So nobody waits for another's lock.
 * Given up after timeoutMs: the next texts wait for these. The arrays are subqueries so that the planner does not see how many
 * texts they hold: one plan serves all, where else it would make one each time, which costs more than running it.
 */
export async function recordTextsIn(
  db: Db,
  texts: readonly NewTextIn[],
  timeoutMs: number,
): Promise<(RecordedText | null)[]> {
  const statement = {
    name: 'record-texts-in',
    query_timeout: timeoutMs,
    text: `
      with given as (
        select * from unnest(
            (select $1::text[]), (select $2::bytea[]), (select $3::bytea[]), (select $4::int[]), (select $5::text[]),
            (select $6::text[]), (select $7::text[]), (select $8::text[]), (select $9::text[]), (select $10::timestamptz[]))
          with ordinality as g (sid, hash, body, media, open, open_rule, held, held_rule, opt_out, at, nth)
      ), known as (
        select p.id, p.phone_hash as hash, p.standing = 'held' as held from people p
         where p.phone_hash in (select hash from given) and p.phone_sealed is not null order by p.id for no key update skip locked
      ), recorded as (
        insert into texts_in (message_sid, person_id, body_sealed, media_count, verdict, rule, opt_out_type, received_at, late)
        select sid, known.id, body, media, case when known.held then given.held else open end,
               case when known.held then held_rule else open_rule end, opt_out, least(at, statement_timestamp()), at is not null
          from given join known using (hash) where not (known.held and given.held = 'leave') order by nth
        on conflict (message_sid) do nothing
        returning id, person_id, verdict, rule, message_sid
      )
      select id, person_id as "personId", verdict, rule, true as "isNew", message_sid as "messageSid" from recorded`,
    values: [
      texts.map(({ messageSid }) => messageSid),
      texts.map(({ phoneHash }) => phoneHash),
      texts.map(({ bodySealed }) => bodySealed),
      texts.map(({ mediaCount }) => mediaCount),
      texts.map(({ open }) => open.verdict),
      texts.map(({ open }) => open.rule),
      texts.map(({ held }) => held.verdict),
      texts.map(({ held }) => held.rule),
      texts.map(({ optOutType }) => optOutType),
      texts.map(({ receivedAt }) => receivedAt),
    ],
  }
  const { rows } = await db.query<RecordedText & { messageSid: string }>(statement)
  const bySid = new Map(rows.map(({ messageSid, ...recorded }) => [messageSid, recorded]))
  return texts.map(({ messageSid }) => bySid.get(messageSid) ?? null)
}

export type WaitingText = {
  id: number
  messageSid: string
  receivedAt: Date
  /** It came by way of a spool or of Twilio's list: another clock than the database's tells when. */
  isLate: boolean
  bodySealed: Buffer | null
  mediaCount: number
  verdict: Verdict
  optOutType: 'STOP' | 'START' | 'HELP' | null
}

/** Her texts not yet applied, in the order of receipt. The caller holds her lock. */
export async function waitingTexts(db: Db, personId: number, max: number): Promise<WaitingText[]> {
  const { rows } = await db.query<WaitingText>({
    name: 'waiting-texts',
    text: `select id, message_sid as "messageSid", received_at as "receivedAt", late as "isLate", body_sealed as "bodySealed",
                  media_count as "mediaCount", verdict, opt_out_type as "optOutType"
             from texts_in where person_id = $1 and applied_at is null order by id limit $2`,
    values: [personId, max],
  })
  return rows
}

/** Whether this text came by way of a spool or of Twilio's list. */
export async function cameLate(db: Db, id: number): Promise<boolean> {
  const { rows } = await db.query<{ late: boolean }>('select late from texts_in where id = $1', [id])
  return rows[0]?.late ?? false
}

/** Marks a text as applied, with what it was taken for. */
export async function markApplied(db: Db, id: number, understood: string): Promise<void> {
  await db.query({
    name: 'mark-applied',
    text: 'update texts_in set applied_at = clock_timestamp(), understood = $2 where id = $1',
    values: [id, understood],
  })
}

/** People with texts nobody has applied for olderThanMs: their wake-up call was lost. */
export async function peopleWithOldMail(db: Db, olderThanMs: number, max: number): Promise<number[]> {
  const { rows } = await db.query<{ person_id: number }>(
    `select person_id from texts_in
      where applied_at is null and received_at < clock_timestamp() - $1 * interval '1 millisecond'
      group by person_id order by min(id) limit $2`,
    [olderThanMs, max],
  )
  return rows.map((row) => row.person_id)
}
