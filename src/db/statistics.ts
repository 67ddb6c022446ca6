import type { Db } from './pool.js'

const MANY = 1_000
const PATIENCE_MS = 10_000

/**
 * Takes statistics after so many rows were written at once. Connections keep plans from when the table was small, which read all of
 * it; new statistics make them plan anew, and autovacuum comes by only once a minute.
 */
export async function analyzeAfter(
  db: Db,
  table: 'people' | 'texts_out_blasts',
  rows: number,
): Promise<void> {
  if (rows < MANY) return
  const statement = { text: `analyze ${table}`, query_timeout: PATIENCE_MS }
  await db.query(statement)
}
