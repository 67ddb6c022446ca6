import type { BlastState } from './blasts.js'
import type { Db } from './pool.js'

/** Where a text can be, in the order of its life. */
export const TEXT_STATES = [
  ...(['pending', 'claimed', 'accepted', 'sent', 'delivered', 'undelivered', 'failed'] as const),
  ...(['opted_out', 'capped', 'expired', 'cancelled', 'in_doubt', 'not_sent'] as const),
] as const

export type TextState = (typeof TEXT_STATES)[number]

export type Counts = Record<TextState, number>

export type BlastCounts = {
  state: BlastState
  pausedWhy: string | null
  /** The frozen audience; 0 before the start. */
  audience: number
  /** Every state, exclusive; their sum is the audience. */
  counts: Counts
  /** Segments of the texts that Twilio has had. */
  segmentsSent: number
  /** Undelivered and failed, by Twilio's code; null: none was given. */
  failures: { code: number | null; count: number }[]
  /** The clock by which all this was true. */
  at: Date
}

type Row = {
  state: BlastState
  pausedWhy: string | null
  people: number
  fannedOut: number
  at: Date
  tally: { status: TextState; code: number | null; count: number; segments: number }[]
}

/** States of a text that Twilio has had. */
export const POSTED = [
  'accepted',
  'sent',
  'delivered',
  'undelivered',
  'failed',
] as const satisfies readonly TextState[]

/**
 * Where everybody of a blast's audience is, in one statement and so at one moment: the counts add up to the audience whatever
 * is under way. Who has no text yet is pending. Of a cancelled blast nothing more goes: pending is cancelled.
 */
export async function countBlast(db: Db, id: number): Promise<BlastCounts | null> {
  const { rows } = await db.query<Row>({
    name: 'count-blast',
    text: `
      select b.state, b.paused_why as "pausedWhy", b.people, b.fanned_out as "fannedOut", judged_now() as at,
             coalesce((select json_agg(t) from (
               select status, error_code as code, count(*) as count, sum(segments) as segments
                 from texts_out_blasts where blast_id = $1 group by status, error_code) t), '[]') as tally
        from blasts b where b.id = $1`,
    values: [id],
  })
  const [row] = rows
  if (!row) return null
  const counts = Object.fromEntries(TEXT_STATES.map((state) => [state, 0])) as Counts
  const failures = new Map<number | null, number>()
  let segmentsSent = 0
  for (const { status, code, count, segments } of row.tally) {
    counts[status] += count
    if (POSTED.some((posted) => posted === status)) segmentsSent += segments
    if (status === 'undelivered' || status === 'failed') failures.set(code, (failures.get(code) ?? 0) + count)
  }
  counts.pending += row.people - row.fannedOut
  if (row.state === 'cancelled') {
    counts.cancelled += counts.pending
    counts.pending = 0
  }
  return {
    state: row.state,
    pausedWhy: row.pausedWhy,
    audience: row.people,
    counts,
    segmentsSent,
    failures: [...failures].map(([code, count]) => ({ code, count })).sort((a, b) => b.count - a.count),
    at: row.at,
  }
}

/** How many texts of these blasts a worker is about to POST, or has just POSTed without having written it down. */
export async function openClaims(db: Db, ids: readonly number[]): Promise<number> {
  const { rows } = await db.query<{ claims: number }>(
    `select count(*)::int as claims from texts_out_blasts where blast_id = any ($1::bigint[]) and status = 'claimed'`,
    [ids],
  )
  return rows[0]?.claims ?? 0
}
