import { sweepReplies } from '../../src/outbound/sweep.js'
import { freshDatabase, type FreshDatabase } from '../support/services.js'

let database: FreshDatabase
beforeEach(async () => {
  database = await freshDatabase()
})
afterEach(() => database.drop())

/** So many people with an answer that has been due for so many seconds. */
async function answersDue(count: number, seconds: number): Promise<void> {
  await database.pool.query(
    `with added as (
       insert into people (phone_hash, phone_sealed, standing) select int4send(n), 'x', 'joined' from generate_series(1, $1::int) n returning id)
     insert into texts_out (blast_id, person_id, kind, body_sealed, segments, created_at, not_before)
     select 0, id, 'help', 'x', 1, now() - $2 * interval '1 s', now() - $2 * interval '1 s' from added`,
    [count, seconds],
  )
}

async function swept(): Promise<{ called: number; sent: number }> {
  const seen = { called: 0, sent: 0 }
  await sweepReplies({
    ...{ pool: database.pool, outage: () => null, hasRedis: () => true },
    announce: (replies) => (seen.called += replies.length),
    begin: (replies) => (seen.sent += replies.length),
    send: () => Promise.reject(new Error('it does not wait for the rate')),
  })
  return seen
}

test('a Redis that hangs takes no call, a killed worker keeps one in hand for a minute: her answer goes all the same', async () => {
  await answersDue(3, 6)
  expect(await swept()).toEqual({ called: 3, sent: 3 })
})

test('who has waited for a second or two is called; the oldest go from here, and not all of them at once', async () => {
  await answersDue(3, 2)
  expect(await swept()).toEqual({ called: 3, sent: 0 })
})

test('of hundreds who wait for the rate not all go from here at once', async () => {
  await answersDue(150, 60)
  expect(await swept()).toEqual({ called: 150, sent: 20 })
})
