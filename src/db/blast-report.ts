import type { Db } from './pool.js'

export type Calls = {
  state: string
  /** A senator's bioguide id. */
  senator: string
  reached: number
  voicemail: number
  busy: number
  wrong: number
  all: number
}

/** Calls its people told us of since they got a blast's text, by state and senator. */
export async function callsReported(db: Db, blastId: number): Promise<Calls[]> {
  const { rows } = await db.query<Calls>(
    `select o.state, o.senator, ${(['reached', 'voicemail', 'busy', 'wrong'] as const)
      .map((outcome) => `count(*) filter (where o.outcome = '${outcome}')::int as ${outcome}`)
      .join(', ')}, count(*)::int as "all"
       from outcomes o join texts_out_blasts t on t.blast_id = $1 and t.number = o.person_id
       join blasts b on b.id = $1
      where o.at >= b.started_at and o.at >= t.accepted_at and o.action = b.action
      group by o.state, o.senator order by o.state, o.senator`,
    [blastId],
  )
  return rows
}

/** How many of its people told us of a call since they got it. */
export async function peopleWhoReported(db: Db, blastId: number): Promise<number> {
  const { rows } = await db.query<{ people: number }>(
    `select count(distinct o.person_id)::int as people
       from outcomes o join texts_out_blasts t on t.blast_id = $1 and t.number = o.person_id
       join blasts b on b.id = $1
      where o.at >= b.started_at and o.at >= t.accepted_at and o.action = b.action`,
    [blastId],
  )
  return rows[0]?.people ?? 0
}

/** How many left within a day of getting this text; somebody who left twice is one. */
export async function leftWithinDay(db: Db, blastId: number): Promise<number> {
  const { rows } = await db.query<{ people: number }>(
    `select count(distinct c.person_id)::int as people
       from consents c join texts_out_blasts t on t.blast_id = $1 and t.number = c.person_id
       join blasts b on b.id = $1
      where c.at >= b.started_at and c.kind in ('left', 'carrier-blocked')
        and c.at >= t.accepted_at and c.at < t.accepted_at + interval '1 day'`,
    [blastId],
  )
  return rows[0]?.people ?? 0
}

export type Minute = { at: Date; delivered: number }

/** Texts delivered in each minute that had any, oldest first. */
export async function deliveredByMinute(db: Db, blastId: number): Promise<Minute[]> {
  const { rows } = await db.query<Minute>(
    `select date_trunc('minute', settled_at) as at, count(*)::int as delivered
       from texts_out_blasts where blast_id = $1 and status = 'delivered' and settled_at is not null
      group by 1 order by 1`,
    [blastId],
  )
  return rows
}

/** When the last text of a blast was handed to Twilio; null: none was. */
export async function lastSentAt(db: Db, blastId: number): Promise<Date | null> {
  const { rows } = await db.query<{ at: Date | null }>(
    'select max(accepted_at) as at from texts_out_blasts where blast_id = $1',
    [blastId],
  )
  return rows[0]?.at ?? null
}
