import type { Db } from './pool.js'

// A day ends at midnight in Hawaii: by then every sending window from the Atlantic to Honolulu has closed, so that no evening is
// split in two.
const TODAY = `(clock_timestamp() at time zone 'Pacific/Honolulu')::date`

/** Adds what one worker has sent, in its own row: no worker waits for another. Gives what all have sent today. */
export async function addSegmentsSent(db: Db, worker: string, segments: number): Promise<number> {
  if (segments > 0)
    await db.query({
      name: 'add-segments-sent',
      text: `insert into segments_spent (day, worker, segments) values (${TODAY}, $1, $2)
             on conflict (day, worker) do update set segments = segments_spent.segments + excluded.segments`,
      values: [worker, segments],
    })
  return segmentsSentToday(db)
}

/** The segments of all texts that were POSTed today and taken, or may have been: answers and blasts. */
export async function segmentsSentToday(db: Db): Promise<number> {
  const { rows } = await db.query<{ segments: number }>({
    name: 'segments-sent-today',
    text: `select coalesce(sum(segments), 0)::bigint as segments from segments_spent where day = ${TODAY}`,
  })
  return rows[0]?.segments ?? 0
}
