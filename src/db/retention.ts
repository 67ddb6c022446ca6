import type pg from 'pg'
import { markForgotten } from './forgetting.js'
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
  for (let after: number | null = 0; after !== null && !signal.aborted;) {
    const page: PurgedPage = await purgeBodies(pool, keep.inboundBodyDays, after)
    purged.bodies += page.erased
    after = page.upTo
  }
  for (let rows = PAGE_ROWS; rows === PAGE_ROWS && !signal.aborted;) {
    rows = await purgeReceipts(pool, keep.receiptDays)
    purged.receipts += rows
  }
  await markForgotten(pool)
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

/** upTo: where the next page begins; null: there is none. */
type PurgedPage = { erased: number; upTo: number | null }

/**
 * One page of texts, oldest first, up to the first one that is too young. A watermark says up to which text everything is erased, so
 * that no index is needed and no text is looked at twice. It stays before one that has not been applied, which keeps its words;
 * what is behind that one goes all the same.
 */
async function purgeBodies(pool: pg.Pool, days: number, after: number): Promise<PurgedPage> {
  return transaction(pool, async (tx) => {
    await tx.query(`insert into deployment (key, value) values ($1, '0') on conflict (key) do nothing`, [
      WATERMARK,
    ])
    const { rows: marks } = await tx.query<{ value: string }>(
      `select value from deployment where key = $1 for update`,
      [WATERMARK],
    )
    const mark = Number(marks[0]?.value ?? 0)
    const from = Math.max(after, mark)
    const { rows } = await tx.query<{ id: number; old: boolean; applied: boolean }>(
      `select id, received_at < now() - make_interval(days => $2) as old, applied_at is not null as applied
         from texts_in where id > $1 order by id limit $3`,
      [from, days, PAGE_ROWS],
    )
    const upTo = lastBefore(rows, ({ old }) => !old)
    if (upTo === undefined) return { erased: 0, upTo: null }
    const { rowCount } = await tx.query(
      `update texts_in set body_sealed = null where id > $1 and id <= $2 and applied_at is not null and body_sealed is not null`,
      [from, upTo],
    )
    const whole = lastBefore(rows, ({ old, applied }) => !old || !applied)
    if (from === mark && whole !== undefined)
      await tx.query(`update deployment set value = $2 where key = $1`, [WATERMARK, String(whole)])
    return { erased: rowCount ?? 0, upTo: rows.length === PAGE_ROWS && rows.at(-1)?.old ? upTo : null }
  })
}

/** The id of the last row before the first one that is so. */
function lastBefore<Row extends { id: number }>(
  rows: readonly Row[],
  isSo: (row: Row) => boolean,
): number | undefined {
  const first = rows.findIndex(isSo)
  return (first === -1 ? rows.at(-1) : rows[first - 1])?.id
}

async function purgeReceipts(db: Db, days: number): Promise<number> {
  const { rowCount } = await db.query(
    `delete from receipts where id in (
       select id from receipts where received_at < now() - make_interval(days => $1) order by id limit $2)`,
    [days, PAGE_ROWS],
  )
  return rowCount ?? 0
}
