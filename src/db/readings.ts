import type { Db } from './pool.js'

export type Reading = {
  who: string
  what: 'replies' | 'story' | 'consents' | 'export' | 'answer'
  count: number
}

/** Puts on record who opened what is sealed. Returns the record's id. */
export async function recordReading(db: Db, reading: Reading): Promise<number> {
  const { rows } = await db.query<{ id: number }>(
    'insert into readings (who, what, count) values ($1, $2, $3) returning id',
    [reading.who, reading.what, reading.count],
  )
  const [row] = rows
  if (!row) throw new Error('the reading is not on record')
  return row.id
}

/** So many more were opened in this reading. */
export async function growReading(db: Db, id: number, more: number): Promise<void> {
  await db.query('update readings set count = count + $2 where id = $1', [id, more])
}
