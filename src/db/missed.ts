import type { Db } from './pool.js'

const COMPLETE_UNTIL = 'inbound-complete-until'

/**
 * Up to when every text that Twilio has from people is known to be here; now, where nobody has looked yet. Nobody can have looked at
 * what is still to come: a clock was wrong then, and a day is looked through again.
 */
export async function inboundCompleteUntil(db: Db): Promise<Date> {
  await db.query(
    `insert into deployment (key, value) values ($1, clock_timestamp()::text)
     on conflict (key) do update set value = (clock_timestamp() - interval '1 day')::text
      where deployment.value::timestamptz > clock_timestamp()`,
    [COMPLETE_UNTIL],
  )
  const { rows } = await db.query<{ until: Date }>(
    `select value::timestamptz as until from deployment where key = $1`,
    [COMPLETE_UNTIL],
  )
  return rows[0]?.until ?? new Date()
}

/** Moves that time forward, never back: several workers may have looked. */
export async function setInboundComplete(db: Db, until: Date): Promise<void> {
  await db.query(
    `update deployment set value = $2::timestamptz::text where key = $1 and value::timestamptz < $2::timestamptz`,
    [COMPLETE_UNTIL, until],
  )
}

/** Which of these MessageSids have been recorded. */
export async function recordedSids(db: Db, sids: readonly string[]): Promise<Set<string>> {
  const { rows } = await db.query<{ sid: string }>(
    `select message_sid as sid from texts_in where message_sid = any ($1)`,
    [sids],
  )
  return new Set(rows.map(({ sid }) => sid))
}
