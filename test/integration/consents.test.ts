import { freshDatabase, type FreshDatabase } from '../support/services.js'

let database: FreshDatabase
let ids = 0
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

/** One person's STOP on record. */
async function recorded(): Promise<number> {
  const { rows } = await database.pool.query<{ id: number }>(
    `with person as (insert into people (phone_hash, standing) values ($1, 'left') returning id)
     insert into consents (person_id, kind, via, words_sealed, message_sid, rule, recorded_by)
     select id, 'left', 'text', 'stop', 'SM1', 'STOP', 'lee' from person returning id`,
    [Buffer.from(`somebody ${++ids}`)],
  )
  return rows[0]?.id ?? 0
}

test.each([
  'words_sealed = null',
  `kind = 'joined'`,
  `at = now()`,
  `erased_at = now()`,
  `erased_at = now(), words_sealed = null`,
  `erased_at = now(), words_sealed = null, rule = null, message_sid = 'SM2'`,
  `erased_at = now(), words_sealed = null, rule = null, recorded_by = 'somebody else'`,
  `erased_at = now(), words_sealed = null, rule = null, kind = 'joined'`,
])('nobody rewrites what she agreed to: update %s', async (change) => {
  const id = await recorded()
  await expect(database.pool.query(`update consents set ${change} where id = $1`, [id])).rejects.toThrow(
    'consents are append-only: UPDATE refused',
  )
})

test('nobody deletes a record, or all of them', async () => {
  const id = await recorded()
  await expect(database.pool.query('delete from consents where id = $1', [id])).rejects.toThrow(
    'consents are append-only: DELETE refused',
  )
  await expect(database.pool.query('truncate consents cascade')).rejects.toThrow(
    'consents are append-only: TRUNCATE refused',
  )
})

test('the erasure she may ask for takes her words, once, and says so', async () => {
  const id = await recorded()
  const erase = `update consents set words_sealed = null, rule = null, erased_at = now() where id = $1`
  await database.pool.query(erase, [id])
  const { rows } = await database.pool.query(
    'select kind, via, words_sealed, message_sid, erased_at is not null as erased from consents where id = $1',
    [id],
  )
  expect(rows).toEqual([{ kind: 'left', via: 'text', words_sealed: null, message_sid: 'SM1', erased: true }])
  await expect(database.pool.query(erase, [id])).rejects.toThrow('UPDATE refused')
})
