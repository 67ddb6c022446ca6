import { systemClock } from '../../src/adapters/system-clock.js'
import { createBreaker } from '../../src/blast/break.js'
import { turnCanary } from '../../src/blast/canary.js'
import { resume } from '../../src/blast/control.js'
import { judgeAnew } from '../../src/db/blast-states.js'
import { blastById } from '../../src/db/blasts.js'
import { leave } from '../../src/db/leaving.js'
import { createBlastRecorder, type BlastRecorder } from '../../src/outbound/record-blast.js'
import type { SendOutcome } from '../../src/ports.js'
import { failingOnce } from '../support/failing-once.js'
import { freshDatabase, type FreshDatabase } from '../support/services.js'

// A brake that a person has let go must hold again.

let database: FreshDatabase
let id: number
let people: number[]
beforeEach(async () => {
  database = await freshDatabase()
  const { rows } = await database.pool.query<{ id: number }>(
    `insert into blasts (code, name, action, wording, created_by, state, opens, closes, approval, started_at)
     values ('vote1', 'vote', 'pro-act', '{"en":"call"}', 'lee', 'running', '00:00', '24:00', 'x', now()) returning id`,
  )
  id = rows[0]?.id ?? 0
  const joined = await database.pool.query<{ id: number }>(
    `insert into people (phone_hash, phone_sealed, standing) select int4send(n), 'x', 'joined' from generate_series(1, 1000) n returning id`,
  )
  people = joined.rows.map((person) => person.id)
  await judgeAnew(database.pool, id)
})
afterEach(() => database.drop())

const blast = async () => (await blastById(database.pool, id)) ?? Promise.reject(new Error('it is gone'))
async function goOn(): Promise<void> {
  await resume(database.pool, await blast(), 'dana')
  expect(await blast()).toMatchObject({ state: 'running' })
}
async function isPaused(): Promise<void> {
  for (const until = Date.now() + 5_000; (await blast()).state !== 'paused' && Date.now() < until;)
    await new Promise((resolve) => setTimeout(resolve, 20))
  expect(await blast()).toMatchObject({ state: 'paused' })
}

test('twenty refusals in a row pause it, and twenty more after a person let it go on', async () => {
  const recorder = createBlastRecorder({ pool: database.pool, clock: systemClock })
  const refuse = (times: number) => {
    for (let n = 0; n < times; n++)
      recorder.posted(
        { ref: { blastId: id, number: n + 1 }, attempt: 1 } as Parameters<typeof recorder.posted>[0],
        { kind: 'refused', code: 21612 },
      )
  }
  refuse(20)
  await isPaused()
  await goOn()
  refuse(20)
  await isPaused()
  await recorder.flushed()
})

test('while Twilio answers 500 to everybody not all of the audience is in doubt by the end: after twenty in a row the others wait, longer each time', async () => {
  let nowMs = 0
  const clock = { now: () => new Date(), monotonicMs: () => nowMs }
  const recorder = createBlastRecorder({ pool: database.pool, clock })
  const told = (times: number, outcome: SendOutcome) => {
    for (let n = 0; n < times; n++)
      recorder.posted(
        { ref: { blastId: id, number: n + 1 }, attempt: 1 } as Parameters<typeof recorder.posted>[0],
        outcome,
      )
  }
  const waits = () => {
    const ms = recorder.pausedMs()
    nowMs += ms
    return ms
  }
  told(19, { kind: 'unsure', why: 'http 500' })
  expect(waits()).toBe(0)
  told(64, { kind: 'unsure', why: 'http 500' })
  const first = waits()
  expect(first).toBeGreaterThan(0)
  told(64, { kind: 'unsure', why: 'http 500' })
  told(64, { kind: 'unsure', why: 'http 500' })
  expect(waits()).toBeGreaterThan(first * 0.99)
  told(1, { kind: 'accepted', sid: 'SM1' })
  told(19, { kind: 'unsure', why: 'http 500' })
  expect(waits()).toBe(0)
  await recorder.flushed()
})

test('too many who leave pause it, and so do those of the people texted after a person let it go on', async () => {
  let nowMs = 0
  const breaker = createBreaker({
    pool: database.pool,
    clock: { now: () => new Date(), monotonicMs: () => (nowMs += 2_000) },
  })
  const text = (from: number, to: number) =>
    database.pool.query(
      `insert into texts_out (blast_id, number, person_id, kind, status, accepted_at)
       select $1, p, p, 'blast', 'accepted', clock_timestamp() from unnest($2::bigint[]) p`,
      [id, people.slice(from, to)],
    )
  const leaving = async (from: number, to: number) => {
    for (const personId of people.slice(from, to))
      await leave(database.pool, { personId, kind: 'left', via: 'text', textId: null })
  }
  await text(0, 800)
  await leaving(0, 30)
  expect(await breaker.trips(await blast())).toBe(true)
  await goOn()
  await text(800, 1_000)
  await leaving(800, 820)
  expect(await breaker.trips(await blast())).toBe(true)
})

test('the first hour is that of three people in Guam: the canary waits for the others, and nobody else goes before it', async () => {
  await database.pool.query(
    `insert into texts_out (blast_id, number, person_id, kind, not_before)
     select $1, p, p, 'blast', case when n <= 3 then now() else now() + interval '14 hours' end
       from unnest($2::bigint[]) with ordinality as u (p, n)`,
    [id, people],
  )
  await database.pool.query(
    `update blasts set people = 1000, fanned_out = 1000, canary = 'waiting' where id = $1`,
    [id],
  )
  const turn = async () => turnCanary(database.pool, await blast())
  const early = async () => {
    const { rows } = await database.pool.query<{ early: number }>(
      'select count(*)::int as early from texts_out_blasts where early',
    )
    return rows[0]?.early
  }
  expect(await turn()).toBe(false)
  expect([await turn(), await early()]).toEqual([true, 3])
  await database.pool.query(`update texts_out set status = 'delivered' where early`)
  expect([await turn(), await early()]).toEqual([null, 3])
  expect(await blast()).toMatchObject({ canary: 'sending' })
  await database.pool.query('update texts_out set not_before = now()')
  expect([await turn(), await early()]).toEqual([true, 200])
  await database.pool.query(`update texts_out set status = 'delivered' where early`)
  for (const next of ['watched', 'passed']) {
    await turn()
    expect(await blast()).toMatchObject({ canary: next })
  }
})

test('at night the texts of a canary that are too late by now are settled, and the blast does not wait for the morning', async () => {
  await database.pool.query(
    `insert into texts_out (blast_id, number, person_id, kind, not_before, expires_at)
     select $1, p, p, 'blast', now() - interval '3 hours', now() - interval '1 hour' from unnest($2::bigint[]) p`,
    [id, people],
  )
  await database.pool.query(
    `update blasts set people = 1000, fanned_out = 1000, canary = 'waiting', opens = '09:00', closes = '09:00' where id = $1`,
    [id],
  )
  expect(await turnCanary(database.pool, await blast())).toBe(false)
  expect(await blast()).toMatchObject({ canary: 'sending' })
})

test('a text that is too long pauses its own blast, not another whose text came back in the same moment', async () => {
  const { rows } = await database.pool.query<{ id: number }>(
    `insert into blasts (code, name, action, wording, created_by, state, opens, closes, approval, started_at)
     values ('rally1', 'rally', 'pro-act', '{"en":"come"}', 'lee', 'running', '00:00', '24:00', 'x', now()) returning id`,
  )
  const other = rows[0]?.id ?? 0
  const recorder = createBlastRecorder({ pool: database.pool, clock: systemClock })
  recorder.posted(claimOf(id, 1), { kind: 'refused', code: 21617 })
  recorder.posted(claimOf(other, 2), { kind: 'not-sent', why: '429', retryAfterMs: 1_000 })
  await recorder.flushed()
  expect(await blast()).toMatchObject({ state: 'paused', pausedWhy: 'the text was too long (21617)' })
  expect(await blastById(database.pool, other)).toMatchObject({ state: 'running' })
})

test.each([
  [20404, 'does not know our account'],
  [404, 'Twilio is not what answers: look at TWILIO_API_URL'],
  [401, 'is not what answers'],
  [63038, 'cap of the day'],
])(
  'an account out of order (%i) costs nobody her text: it waits, all is paused, and the reason is told',
  async (code, words) => {
    const her = people[0] ?? 0
    await textClaimed(her)
    const recorder = createBlastRecorder({ pool: database.pool, clock: systemClock })
    recorder.posted(claimOf(id, her), { kind: 'refused', code })
    await recorder.flushed()
    const { rows } = await database.pool.query('select status from texts_out')
    expect(rows).toEqual([{ status: 'pending' }])
    expect(await blast()).toMatchObject({
      state: 'paused',
      pausedWhy: expect.stringContaining(words) as string,
    })
  },
)

test('whom the carrier says has left is taken out, though Postgres fails just after the outcome of her text was written', async () => {
  const her = people[0] ?? 0
  await textClaimed(her)
  const recorder = createBlastRecorder({ pool: failingOnce(database.pool, 'connect'), clock: systemClock })
  recorder.posted(claimOf(id, her), { kind: 'refused', code: 21610 })
  await recorder.flushed()
  const { rows } = await database.pool.query('select standing from people where id = $1', [her])
  expect(rows).toEqual([{ standing: 'left' }])
})

const claimOf = (blastId: number, number: number) =>
  ({ ref: { blastId, number }, attempt: 1, now: new Date() }) as Parameters<BlastRecorder['posted']>[0]

const textClaimed = (person: number) =>
  database.pool.query(
    `insert into texts_out (blast_id, number, person_id, kind, status, attempts, claimed_at)
     values ($1, $2, $2, 'blast', 'claimed', 1, now())`,
    [id, person],
  )
