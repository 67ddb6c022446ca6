import { LIMITS } from '../limits.js'
import type { Db } from './pool.js'

const ms = (value: number) => `interval '${value} milliseconds'`

/** Of Postgres, as one worker saw it. from: when it was last in touch; until: when it was again. */
export type Outage = { from: Date; until: Date }

/** A web process `s` that was alive when an outage began and has not said since that all is drained. */
export const silentSince = ({ from, until }: { from: string; until: string }) =>
  `(s.drained_at < ${until}::timestamptz and s.seen_at > ${from}::timestamptz - interval '1 minute')`

/**
 * A web process `s` whose spool may hold a STOP: it has said so, or Postgres has just come back and it has not yet said that all is
 * drained. One that stays silent for a minute after that is not alive, nor is one that had been silent for a minute before.
 */
export const mayHoldAStop = (
  from: string,
  until: string,
) => `(s.drained_at is null or s.drained_at < s.seen_at - interval '1 second' or ${silentSince({ from, until })}
  or (s.drained_at < pg_postmaster_start_time() and pg_postmaster_start_time() between clock_timestamp() - interval '1 minute' and clock_timestamp()))`

/**
 * A web process `s` that has just fallen silent: cut off from Postgres it takes texts to its spool and cannot say so. What nobody
 * asked for waits until it speaks again, or for a minute: it is not alive then.
 */
const FALLEN_SILENT = `(s.seen_at < clock_timestamp() - ${ms(LIMITS.silentMs)}
  and s.seen_at > clock_timestamp() - interval '1 minute')`

/** Who keeps back what nobody asked for. */
export const keepsUnaskedBack = (from: string, until: string) =>
  `(${mayHoldAStop(from, until)} or ${FALLEN_SILENT})`

/**
 * A web process says that it is there, at which address Twilio calls it, and whether its spool is empty. While it is not, no claim
 * goes through: from the moment this is on record. Returns the database's time.
 */
export async function reportServe(
  db: Db,
  id: string,
  spoolEmpty: boolean,
  publicUrl: string | null = null,
): Promise<Date> {
  const { rows } = await db.query<{ now: Date }>({
    name: 'report-serve',
    text: `insert into serves (id, seen_at, drained_at, public_url)
           values ($1, clock_timestamp(), case when $2 then clock_timestamp() end, $3)
           on conflict (id) do update set seen_at = clock_timestamp(), public_url = excluded.public_url,
             drained_at = excluded.drained_at
           returning seen_at as now`,
    values: [id, spoolEmpty, publicUrl],
  })
  return rows[0]?.now ?? new Date(NaN)
}

/** A web process that stopped in good order, its spool drained, holds nothing back. */
export async function removeServe(db: Db, id: string): Promise<void> {
  await db.query('delete from serves where id = $1', [id])
}

// The disk has told that they are dead. One of the version before, which leaves no sign of life there, says here every second that it lives.
const SILENT = `interval '3 seconds'`

/** Forgets these web processes, which are dead and whose spools are brought in. */
export async function removeDead(db: Db, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await db.query(`delete from serves where id = any ($1) and seen_at < clock_timestamp() - ${SILENT}`, [ids])
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
