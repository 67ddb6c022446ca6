import type pg from 'pg'
import { transaction, type Db } from './pool.js'

export type Purged = { bodies: number; receipts: number }

const PAGE_ROWS = 5_000
const WATERMARK = 'purged-texts-in'
const LAST_PURGE = 'purged-at'
const SPENT_DAYS = 400

/**
 * Erases what people wrote and Twilio's receipts once they are older than the days given, in pages, so that nobody waits for
 * it. Consents, and the words on record with them, are kept. Run twice, the second time finds nothing. Stops between two pages
 * when it is asked to: the next run goes on from there.
 */
export async function purge(
  pool: pg.Pool,
  keep: { inboundBodyDays: number; receiptDays: number },
  signal: AbortSignal,
): Promise<Purged> {
  const purged: Purged = { bodies: 0, receipts: 0 }
  for (let more = true; more && !signal.aborted;) {
    const page = await purgeBodies(pool, keep.inboundBodyDays)
    purged.bodies += page.erased
    more = page.more
  }
  for (let rows = PAGE_ROWS; rows === PAGE_ROWS && !signal.aborted;) {
    rows = await purgeReceipts(pool, keep.receiptDays)
    purged.receipts += rows
  }
  await pool.query(`delete from segments_spent where day < current_date - ${SPENT_DAYS}`)
  return purged
}

/** Takes today's turn at purging: one worker of all gets it. */
export async function takeDailyTurn(db: Db): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into deployment (key, value) values ($1, now()::text)
     on conflict (key) do update set value = excluded.value where deployment.value::timestamptz < now() - interval '23 hours'`,
    [LAST_PURGE],
  )
  return rowCount === 1
}

/**
 * One page of texts, oldest first. A watermark says up to which text everything is erased, so that no index is needed and no
 * text is looked at twice. It stops before the first one that is too young or has not been applied.
 */
async function purgeBodies(pool: pg.Pool, days: number): Promise<{ erased: number; more: boolean }> {
  return transaction(pool, async (tx) => {
    await tx.query(`insert into deployment (key, value) values ($1, '0') on conflict (key) do nothing`, [
      WATERMARK,
    ])
    const { rows: marks } = await tx.query<{ value: string }>(
      `select value from deployment where key = $1 for update`,
      [WATERMARK],
    )
    const after = Number(marks[0]?.value ?? 0)
    const { rows } = await tx.query<{ id: number; old: boolean }>(
      `select id, applied_at is not null and received_at < now() - make_interval(days => $2) as old
         from texts_in where id > $1 order by id limit $3`,
      [after, days, PAGE_ROWS],
    )
    const firstKept = rows.findIndex(({ old }) => !old)
    const upTo = (firstKept === -1 ? rows.at(-1) : rows[firstKept - 1])?.id
    if (upTo === undefined) return { erased: 0, more: false }
    const { rowCount } = await tx.query(
      `update texts_in set body_sealed = null where id > $1 and id <= $2 and body_sealed is not null`,
      [after, upTo],
    )
    await tx.query(`update deployment set value = $2 where key = $1`, [WATERMARK, String(upTo)])
    return { erased: rowCount ?? 0, more: firstKept === -1 && rows.length === PAGE_ROWS }
  })
}

async function purgeReceipts(db: Db, days: number): Promise<number> {
  const { rowCount } = await db.query(
    `delete from receipts where id in (
       select id from receipts where received_at < now() - make_interval(days => $1) order by id limit $2)`,
    [days, PAGE_ROWS],
  )
  return rowCount ?? 0
}
