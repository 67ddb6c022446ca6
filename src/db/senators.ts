import type { Senator, SenatorTable, StateCode } from '../congress/congress.js'
import type { StoredTable } from '../congress/in-force.js'
import type { Db } from './pool.js'

/** The table stored last; null before the first update. Which one is in force: tableInForce. */
export async function currentTable(db: Db): Promise<StoredTable | null> {
  const { rows } = await db.query<{
    asOf: string
    source: string
    senators: Senator[]
    vacant: StateCode[]
    loadedAt: Date
  }>(
    `select as_of::text as "asOf", source, senators, vacant, loaded_at as "loadedAt"
       from senator_tables order by id desc limit 1`,
  )
  return rows[0] ?? null
}

/** Puts a checked table in force. Older ones stay: they tell what was given out when. */
export async function storeTable(db: Db, table: SenatorTable): Promise<void> {
  await db.query('insert into senator_tables (source, as_of, senators, vacant) values ($1, $2, $3, $4)', [
    table.source,
    table.asOf,
    JSON.stringify(table.senators),
    table.vacant ?? [],
  ])
}
