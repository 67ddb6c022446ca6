import type { Db } from './pool.js'

/** A web process says that it is there, at which address Twilio calls it, and whether its spool is empty. */
export async function reportServe(
  db: Db,
  id: string,
  spoolEmpty: boolean,
  publicUrl: string | null = null,
): Promise<void> {
  await db.query({
    name: 'report-serve',
    text: `insert into serves (id, seen_at, drained_at, public_url)
           values ($1, clock_timestamp(), case when $2 then clock_timestamp() end, $3)
           on conflict (id) do update set seen_at = clock_timestamp(), public_url = excluded.public_url,
             drained_at = case when $2 then clock_timestamp() else serves.drained_at end`,
    values: [id, spoolEmpty, publicUrl],
  })
}

/** A web process that stopped in good order, its spool drained, holds nothing back. */
export async function removeServe(db: Db, id: string): Promise<void> {
  await db.query('delete from serves where id = $1', [id])
}

/** Forgets web processes not seen for long: whoever asks has itself been in touch with Postgres all that time. */
export async function forgetLostServes(db: Db, olderThanMs: number): Promise<void> {
  await db.query(`delete from serves where seen_at < clock_timestamp() - $1 * interval '1 millisecond'`, [
    olderThanMs,
  ])
}

/** The database's own time. */
export async function databaseNow(db: Db): Promise<Date> {
  const { rows } = await db.query<{ now: Date }>('select clock_timestamp() as now')
  return rows[0]?.now ?? new Date(NaN)
}
