import type pg from 'pg'
import type { Range } from '../ports.js'
import { inHours } from './blast-claim.js'
import { transaction, type Db } from './pool.js'

/** A text that a claim would settle now, one way or the other: as the claim judges it, without its locks. */
const MAY_GO = `t.not_before <= judged_now() and (p.standing = 'left' or t.expires_at <= judged_now()
  or (p.standing <> 'held' and ${inHours('p.zone')} and (p.other_zone = p.zone or ${inHours('p.other_zone')})))`

const nextRange = (early: string) => `
  with ahead as (
    select t.number, t.segments from texts_out_blasts t join people p on p.id = t.number join blasts b on b.id = t.blast_id
     where t.blast_id = $1 and t.number > $2 and t.status = 'pending' ${early} and b.state = 'running' and ${MAY_GO}
     order by t.number limit $3
  ), range as (
    select coalesce(min(number), 0) - 1 as after, coalesce(max(number), 0) as up_to, count(*)::int as texts,
           coalesce(sum(segments), 0)::int as segments from ahead
  ), announced as (
    insert into blast_ranges (blast_id, after, up_to, texts, segments)
    select $1, after, up_to, texts, segments from range where texts > 0 returning id
  ), fed as (
    update blasts set fed_up_to = range.up_to from range where id = $1 and range.texts > 0
  )
  select (select id from announced) as id, after, up_to as "upTo", texts, segments from range`

const NEXT = nextRange('')
const NEXT_EARLY = nextRange('and t.early')

// In the order of the numbers and no further than it must: of a blast just written the planner knows nothing yet, and would
// rather read all of it and sort.
const IN_ORDER = `set local enable_bitmapscan = off; set local enable_seqscan = off; set local enable_hashjoin = off;
  set local enable_mergejoin = off`

/** Writes down the next range of texts that may go, at most `max` of them after number `after`. null: there is none up to the end. */
export async function takeNextRange(
  pool: pg.Pool,
  blastId: number,
  options: { after: number; max: number; early: boolean },
): Promise<Range | null> {
  const [range] = await transaction(pool, async (tx) => {
    await tx.query(IN_ORDER)
    const { rows } = await tx.query<Omit<Range, 'blastId' | 'early' | 'id'> & { id: number | null }>({
      text: options.early ? NEXT_EARLY : NEXT,
      values: [blastId, options.after, options.max],
    })
    return rows
  })
  return range && range.id !== null ? { ...range, id: range.id, blastId, early: options.early } : null
}

/** Starts another pass over a blast's texts: what could not go in the last one may go now. */
export async function startPass(db: Db, blastId: number): Promise<void> {
  await db.query('update blasts set fed_up_to = 0 where id = $1', [blastId])
}

export type Outstanding = { blastId: number; ranges: number; segments: number }

/** What has been announced and not finished, by blast. */
export async function outstandingRanges(db: Db): Promise<Outstanding[]> {
  const { rows } = await db.query<Outstanding>(
    `select blast_id as "blastId", count(*)::int as ranges, sum(segments)::int as segments from blast_ranges group by blast_id`,
  )
  return rows
}

// While all workers wait with what they have, as for a Twilio that is away, the calls to the others lie in Redis: each of these is
// repeated after half the time it has been waiting, a minute at most, else hours would fill Redis with calls.
const AGAIN_AFTER = `greatest($1 * interval '1 millisecond', least((r.seen_at - r.announced_at) / 2, interval '1 minute'))`

/** Ranges no worker has been at for so long: their wake-up call was lost, or their worker. Marks them as seen. */
export async function takeLostRanges(db: Db, olderThanMs: number): Promise<Range[]> {
  const { rows } = await db.query<Range>(
    `update blast_ranges r set seen_at = clock_timestamp() from blasts b
      where b.id = r.blast_id and r.seen_at < clock_timestamp() - ${AGAIN_AFTER}
     returning r.id, r.blast_id as "blastId", r.after, r.up_to as "upTo", r.texts, r.segments, b.canary = 'sending' as early`,
    [olderThanMs],
  )
  return rows
}

/** A worker says that it is at a range. False: the range is finished. */
export async function touchRange(db: Db, id: number): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'touch-range',
    text: 'update blast_ranges set seen_at = clock_timestamp() where id = $1',
    values: [id],
  })
  return rowCount === 1
}

/** A range has been run through: what of it is still pending waits for the next pass. */
export async function finishRange(db: Db, id: number): Promise<void> {
  await db.query({ name: 'finish-range', text: 'delete from blast_ranges where id = $1', values: [id] })
}

/** Forgets the ranges of a blast that is not running: nothing of them can be claimed. */
export async function dropIdleRanges(db: Db): Promise<void> {
  await db.query(`delete from blast_ranges r using blasts b where b.id = r.blast_id and b.state <> 'running'`)
}

export type Remaining = { pending: number; held: number; claimed: number }

/** What is left of a blast's written texts. held: people asked whether to stop, who have not answered. */
export async function remainingTexts(db: Db, blastId: number): Promise<Remaining> {
  const { rows } = await db.query<Remaining>(
    `select count(*) filter (where t.status = 'pending')::int as pending,
            count(*) filter (where t.status = 'pending' and p.standing = 'held')::int as held,
            count(*) filter (where t.status = 'claimed')::int as claimed
       from texts_out_blasts t left join people p on p.id = t.number and t.status = 'pending'
      where t.blast_id = $1 and t.status in ('pending', 'claimed')`,
    [blastId],
  )
  return rows[0] ?? { pending: 0, held: 0, claimed: 0 }
}

export type WaitingPeople = { zone: string; otherZone: string; notBefore: Date }

/** In which zones people wait for a blast's text, and from when on it is due there; without those asked whether to stop. */
export async function waitingZones(db: Db, blastId: number): Promise<WaitingPeople[]> {
  const { rows } = await db.query<WaitingPeople>(
    `select p.zone, p.other_zone as "otherZone", min(t.not_before) as "notBefore"
       from texts_out_blasts t join people p on p.id = t.number
      where t.blast_id = $1 and t.status = 'pending' and p.standing <> 'held' group by 1, 2`,
    [blastId],
  )
  return rows
}

/** The blast is over for whoever has not answered whether to stop. */
export async function expireHeld(db: Db, blastId: number): Promise<number> {
  const { rowCount } = await db.query(
    `update texts_out_blasts t set status = 'expired' from people p
      where t.blast_id = $1 and t.status = 'pending' and p.id = t.number and p.standing = 'held'`,
    [blastId],
  )
  return rowCount ?? 0
}

/** Too late for everybody who waits in these pairs of zones. Returns how many they are. */
export async function expireInZones(
  db: Db,
  blastId: number,
  pairs: readonly Pick<WaitingPeople, 'zone' | 'otherZone'>[],
): Promise<number> {
  const { rowCount } = await db.query(
    `update texts_out_blasts t set status = 'expired'
       from people p join unnest($2::text[], $3::text[]) z (zone, other_zone) on z.zone = p.zone and z.other_zone = p.other_zone
      where t.blast_id = $1 and t.status = 'pending' and p.id = t.number and p.standing not in ('held', 'left')`,
    [blastId, pairs.map(({ zone }) => zone), pairs.map(({ otherZone }) => otherZone)],
  )
  return rowCount ?? 0
}
