import { createSpending } from '../../src/outbound/spending.js'
import { freshDatabase, type FreshDatabase } from '../support/services.js'

let database: FreshDatabase
beforeEach(async () => {
  database = await freshDatabase()
})
afterEach(() => database.drop())

const worker = (name: string, segmentsPerDay: number | null) =>
  createSpending({ pool: database.pool, worker: name, segmentsPerDay })

test('two workers share one ceiling: what one sends, the other may not', async () => {
  const [a, b] = [worker('a', 100), worker('b', 100)]
  await Promise.all([a.flush(), b.flush()])
  a.add(60)
  await a.flush()
  await b.flush()
  expect(b.left()).toBe(40)
  b.add(40)
  expect(b.allowsBlasts()).toBe(false) // at once, before anything is written
  await b.flush()
  await a.flush()
  expect([a.allowsBlasts(), a.left()]).toEqual([false, 0])
})

test('until the first look at what was sent today no blast goes', async () => {
  const spending = worker('a', 100)
  expect(spending.allowsBlasts()).toBe(false)
  await spending.flush()
  expect(spending.allowsBlasts()).toBe(true)
})

test('a worker that is started again goes on from what was sent', async () => {
  const before = worker('a', 100)
  before.add(70)
  await before.flush()
  const after = worker('b', 100)
  await after.flush()
  expect(after.left()).toBe(30)
})

test('yesterday does not count', async () => {
  await database.pool.query(
    "insert into segments_spent values ((clock_timestamp() at time zone 'Pacific/Honolulu')::date - 1, 'a', 100)",
  )
  const spending = worker('a', 100)
  await spending.flush()
  expect(spending.left()).toBe(100)
})

test('without a ceiling blasts always go, and what is sent is counted all the same', async () => {
  const spending = worker('a', null)
  spending.add(1_000_000)
  expect([spending.allowsBlasts(), spending.left()]).toEqual([true, Infinity])
  await spending.flush()
  const { rows } = await database.pool.query<{ segments: number }>('select segments from segments_spent')
  expect(rows).toEqual([{ segments: 1_000_000 }])
})

test('what could not be written is not forgotten', async () => {
  const spending = worker('a', 100)
  await spending.flush()
  spending.add(30)
  await database.pool.query('alter table segments_spent rename to away')
  await expect(spending.flush()).rejects.toThrow()
  await database.pool.query('alter table away rename to segments_spent')
  expect(spending.left()).toBe(70)
  await spending.flush()
  expect(spending.left()).toBe(70)
})
