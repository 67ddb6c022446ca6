import { purge, takeDailyTurn } from '../../src/db/retention.js'
import { freshDatabase, type FreshDatabase } from '../support/services.js'

let database: FreshDatabase
beforeEach(async () => {
  database = await freshDatabase()
})
afterEach(() => database.drop())

const KEEP = { inboundBodyDays: 90, receiptDays: 30 }
const running = () => new AbortController().signal
const sql = (text: string, values: unknown[] = []) =>
  database.pool.query<Record<string, unknown>>(text, values)

async function somebody(): Promise<number> {
  const { rows } = await sql(
    "insert into people (phone_hash) values (decode(md5(random()::text), 'hex')) returning id",
  )
  return Number(rows[0]?.['id'])
}

/** A text of hers, so many days old. */
const texted = (person: number, days: number, isApplied = true) =>
  sql(
    `insert into texts_in (message_sid, person_id, received_at, body_sealed, verdict, applied_at)
     values (md5(random()::text), $1, now() - make_interval(days => $2), 'sealed', 'stay', case when $3 then now() end)`,
    [person, days, isApplied],
  )

const bodies = async () =>
  (await sql('select body_sealed is not null as kept from texts_in order by id')).rows.map(({ kept }) => kept)

test('words older than 90 days go, younger ones stay, and the second time there is nothing to do', async () => {
  const person = await somebody()
  for (const days of [120, 91, 89, 0]) await texted(person, days)
  expect(await purge(database.pool, KEEP, running())).toEqual({ bodies: 2, receipts: 0 })
  expect(await bodies()).toEqual([false, false, true, true])
  expect(await purge(database.pool, KEEP, running())).toEqual({ bodies: 0, receipts: 0 })
})

test('what has not been applied is not erased, however old', async () => {
  const person = await somebody()
  await texted(person, 200, false)
  await texted(person, 200)
  await purge(database.pool, KEEP, running())
  expect((await bodies())[0]).toBe(true)
})

test("one text that nobody can apply keeps nobody else's words here, and goes itself once it has been applied", async () => {
  const [stuck, other] = [await somebody(), await somebody()]
  await texted(other, 100)
  await texted(stuck, 100, false)
  await texted(other, 95)
  await texted(other, 89)
  expect(await purge(database.pool, KEEP, running())).toEqual({ bodies: 2, receipts: 0 })
  expect(await bodies()).toEqual([false, true, false, true])
  await sql('update texts_in set applied_at = now() where person_id = $1', [stuck])
  await purge(database.pool, KEEP, running())
  expect(await bodies()).toEqual([false, false, false, true])
})

test('receipts older than 30 days go; the texts they spoke of stay', async () => {
  for (const days of [31, 29])
    await sql(
      "insert into receipts (blast_id, number, message_sid, status, received_at) values (0, 1, 'SM1', 'sent', now() - make_interval(days => $1))",
      [days],
    )
  expect(await purge(database.pool, KEEP, running())).toEqual({ bodies: 0, receipts: 1 })
})

test('consents and the words on record with them are kept for ever', async () => {
  const person = await somebody()
  await sql(
    "insert into consents (person_id, kind, via, words_sealed, at) values ($1, 'joined', 'text', 'sealed', now() - interval '10 years')",
    [person],
  )
  await purge(database.pool, KEEP, running())
  expect((await sql('select words_sealed is not null as kept from consents')).rows).toEqual([{ kept: true }])
})

test('a long history is erased page by page, and goes on where it was stopped', async () => {
  const person = await somebody()
  await sql(
    `insert into texts_in (message_sid, person_id, received_at, body_sealed, verdict, applied_at)
     select 'SM' || n, $1, now() - interval '100 days', 'sealed', 'stay', now() from generate_series(1, 12000) n`,
    [person],
  )
  const stopped = new AbortController()
  stopped.abort()
  expect((await purge(database.pool, KEEP, stopped.signal)).bodies).toBe(0)
  expect((await purge(database.pool, KEEP, running())).bodies).toBe(12_000)
})

test('of several workers one gets the turn of the day', async () => {
  const turns = await Promise.all(Array.from({ length: 5 }, () => takeDailyTurn(database.pool)))
  expect(turns.filter(Boolean)).toHaveLength(1)
  expect(await takeDailyTurn(database.pool)).toBe(false)
  await sql("update deployment set value = (now() - interval '24 hours')::text where key = 'purged-at'")
  expect(await takeDailyTurn(database.pool)).toBe(true)
})
