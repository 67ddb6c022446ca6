import type { Db } from './pool.js'

export type Reading = {
  who: string
  what: 'replies' | 'story' | 'consents' | 'export' | 'answer'
  count: number
}

/** Puts on record who opened what is sealed. */
export async function recordReading(db: Db, reading: Reading): Promise<void> {
  await db.query('insert into readings (who, what, count) values ($1, $2, $3)', [
    reading.who,
    reading.what,
    reading.count,
  ])
}
