import type pg from 'pg'
import { lockBlast, type BlastRow } from './blasts.js'
import { transaction, type Db } from './pool.js'
import { analyzeAfter } from './statistics.js'

/** How many neighbouring ids make a page: some 16,000 texts at most are written in one transaction. */
export const PAGE_IDS = 16_384

/** A condition on `people p`, with its parameters: numbered from the first one where nothing else is said. */
export type Condition = { sql: string; values: readonly unknown[] }

/** How many segments a text takes where it is not the usual number: by the person's state (null: none known), language and kind. */
export type SegmentException = { state: string | null; language: string; kind: string; segments: number }

/** What fan-out has to know of the words: they are made for each person only when her text leaves. */
export type Shape = {
  /** Languages the wording has; everybody else gets English. */
  languages: readonly string[]
  usualSegments: number
  /** Exceptions are by state; otherwise their state is null and stands for everybody. */
  byState: boolean
  exceptions: readonly SegmentException[]
  /** The wording itself says how to stop: nobody needs a reminder. */
  tellsHowToStop: boolean
}

// The kinds of a blast's text, by what is added to its wording.
export const PLAIN = 'blast'
export const WITH_INTRODUCTION = 'blast_introduction'
export const WITH_STOP_REMINDER = 'blast_stop_reminder'
export const BLAST_KINDS = [PLAIN, WITH_INTRODUCTION, WITH_STOP_REMINDER]

/**
 * Which addition a person's text needs: an introduction while she has never been told how to stop, a reminder when that is over
 * 30 days ago. Decided once, when the text is written, so that its price is known and a second look gives the same words.
 */
const kindOf = (tellsHowToStop: string) => `case when p.stop_shown_at is null then '${WITH_INTRODUCTION}'
  when p.stop_shown_at < (select judged_now() - interval '30 days') and not ${tellsHowToStop} then '${WITH_STOP_REMINDER}'
  else '${PLAIN}' end`

/**
 * Freezes the audience of a blast: the ids of everybody in it, in pages. In the caller's transaction, which holds the blast's lock
 * and starts it. who: its parameters are numbered from $2. Returns how many people are in it.
 */
export async function freezeAudience(
  tx: pg.PoolClient,
  blastId: number,
  who: Condition,
  limit: number | null,
): Promise<number> {
  const limited = limit === null ? '' : `order by p.id limit ${Math.floor(limit)}`
  // The ids of a page need not be in order: the sort would cost more than it saves.
  await tx.query(`set local work_mem = '64MB'`)
  const { rows } = await tx.query<{ people: number }>(
    `with frozen as (
       insert into blast_pages (blast_id, page, ids)
       select $1, id / ${PAGE_IDS}, array_agg(id) from (select p.id from people p where ${who.sql} ${limited}) p group by id / ${PAGE_IDS}
       returning cardinality(ids) as people)
     select coalesce(sum(people), 0)::int as people from frozen`,
    [blastId, ...who.values],
  )
  const people = rows[0]?.people ?? 0
  await tx.query(
    `update blasts set state = 'running', people = $2, fanned_out = 0, started_at = judged_now(), paused_why = null where id = $1`,
    [blastId, people],
  )
  return people
}

/** Counts an audience as it is now. who: its parameters are numbered from $1. */
export async function countAudience(db: Db, who: Condition, limit: number | null): Promise<number> {
  const { rows } = await db.query<{ people: number }>(
    `select count(*)::int as people from people p where ${who.sql}`,
    [...who.values],
  )
  const people = rows[0]?.people ?? 0
  return limit === null ? people : Math.min(people, limit)
}

/**
 * Writes the texts of the next page and takes the page away, in one transaction under the blast's lock: killed anywhere, the next
 * feeder goes on exactly here, and two of them cannot write a page twice. Returns how many texts; null: none are left, or the
 * blast is neither running nor paused.
 */
export async function fanOutPage(pool: pg.Pool, blastId: number, shape: Shape): Promise<number | null> {
  const page = await writePage(pool, blastId, shape)
  if (page?.isLast) await analyzeAfter(pool, 'texts_out_blasts', page.people)
  return page && page.texts
}

async function writePage(
  pool: pg.Pool,
  blastId: number,
  shape: Shape,
): Promise<{ texts: number; people: number; isLast: boolean } | null> {
  return transaction(pool, async (tx) => {
    const blast = await lockBlast(tx, blastId)
    if (!isStarted(blast) || blast.fannedOut >= blast.people) return null
    const { rows: next } = await tx.query<{ page: number; people: number }>({
      name: 'next-page',
      text: 'select page, cardinality(ids) as people from blast_pages where blast_id = $1 order by page limit 1',
      values: [blastId],
    })
    const page = next[0]
    if (!page) return null
    // What a crash of the database takes back it takes back whole, with the page's mark: no page need wait for the disk. And where
    // most of a page's people are in the audience, one walk through all of them beats looking each one up.
    const walk = page.people > PAGE_IDS / 8
    await tx.query(`set local synchronous_commit = off; set local enable_nestloop = ${walk ? 'off' : 'on'}`)
    const { exceptions } = shape
    const { rows } = await tx.query<{ texts: number | null }>({
      text: exceptions.length > 0 ? FAN_OUT_BY_PLACE : FAN_OUT,
      values: [
        blastId,
        page.page,
        shape.tellsHowToStop,
        shape.usualSegments,
        blast.startsAt,
        blast.startsLocal,
        blast.untilAt,
        blast.untilLocal,
        ...(exceptions.length > 0
          ? [
              shape.languages,
              exceptions.map((each) => each.state ?? ''),
              exceptions.map((each) => each.language),
              exceptions.map((each) => each.kind),
              exceptions.map((each) => each.segments),
              shape.byState,
            ]
          : []),
      ],
    })
    const texts = rows[0]?.texts
    if (typeof texts !== 'number') return null
    return { texts, people: blast.people, isLast: blast.fannedOut + texts >= blast.people }
  })
}

const isStarted = (blast: BlastRow | null): blast is BlastRow =>
  blast?.state === 'running' || blast?.state === 'paused'

// Her time in both zones: the later one to begin, the earlier one to end. For nearly everybody they are one zone.
const inZones = (
  wall: string,
  stricter: 'greatest' | 'least',
) => `case when p.other_zone = p.zone then ${wall} at time zone p.zone
  else ${stricter}(${wall} at time zone p.zone, ${wall} at time zone p.other_zone) end`

// The times are parameters: they are constants to the planner, and of those a blast does not have nothing is left to work out for
// each person.
const TIMES = {
  starts: `coalesce($5::timestamptz, ${inZones('$6::timestamp', 'greatest')}, judged_now())`,
  until: `coalesce($7::timestamptz, ${inZones('$8::timestamp', 'least')})`,
}

// Who left since the audience was frozen is counted at once as such; the claim would find it out only at its turn.
const fanOut = (segments: string, join: string) => `
  with page as (
    delete from blast_pages where blast_id = $1 and page = $2 returning ids
  ), counted as (
    update blasts set fanned_out = fanned_out + cardinality(ids) from page where id = $1 returning cardinality(ids) as texts
  ), written as (
    insert into texts_out_blasts (blast_id, number, person_id, kind, status, segments, not_before, expires_at)
    select $1, t.id, t.id, t.kind, t.status, ${segments}, t.not_before, t.expires_at
      from (
        select p.id, p.state, p.language, ${kindOf('$3::boolean')} as kind,
               case when p.standing = 'left' then 'opted_out'::text_status else 'pending'::text_status end as status,
               ${TIMES.starts} as not_before, ${TIMES.until} as expires_at
          from (select unnest(ids) as id from page) u
          join people p on p.id = u.id and p.id >= $2::bigint * ${PAGE_IDS} and p.id < ($2::bigint + 1) * ${PAGE_IDS}) t ${join}
  )
  select texts from counted`

const FAN_OUT = fanOut('$4::smallint', '')
const FAN_OUT_BY_PLACE = fanOut(
  'coalesce(v.segments, $4::smallint)',
  `left join unnest($10::text[], $11::text[], $12::text[], $13::smallint[]) v (state, language, kind, segments)
     on v.state = case when $14::boolean then coalesce(t.state, '') else '' end and v.kind = t.kind
    and v.language = case when t.language = any ($9::text[]) then t.language else 'en' end`,
)

/** Everybody an audience has now, in groups of people whose texts are alike but for the ZIP: for forecasts and prices. */
export type AudienceGroup = {
  state: string | null
  language: string
  zone: string
  otherZone: string
  kind: string
  people: number
}

/** The groups of an audience. who: its parameters are numbered from $2. */
export async function audienceGroups(
  db: Db,
  who: Condition,
  limit: number | null,
  tellsHowToStop: boolean,
): Promise<AudienceGroup[]> {
  const limited = limit === null ? '' : `order by p.id limit ${Math.floor(limit)}`
  const { rows } = await db.query<AudienceGroup>(
    `select state, language, zone, other_zone as "otherZone", kind, count(*)::int as people
       from (select p.state, p.language, p.zone, p.other_zone, ${kindOf('$1::boolean')} as kind from people p where ${who.sql} ${limited}) p
      group by state, language, zone, other_zone, kind`,
    [tellsHowToStop, ...who.values],
  )
  return rows
}
