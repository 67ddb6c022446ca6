import { setTimeout as sleep } from 'node:timers/promises'
import { openRedis, type RedisClient } from '../../src/adapters/redis.js'
import { createRedisPacing } from '../../src/adapters/redis-pacing.js'
import type { Lane, Pacing } from '../../src/ports.js'
import { freshRedis, type FreshRedis } from '../support/services.js'

let redis: FreshRedis
let workers: RedisClient[]
beforeEach(async () => {
  redis = await freshRedis()
  workers = [1, 2, 3].map(() => openRedis([redis.url], 'queue'))
})
afterEach(async () => {
  for (const worker of workers) worker.disconnect()
  await redis.drop()
})

/** One pacing for each worker; together they have the one sender's rate. */
const pacings = (segmentsPerSecond: number, sender = '235246') =>
  workers.map((worker) => createRedisPacing(worker, sender, segmentsPerSecond))

const only = (segmentsPerSecond: number, sender?: string): Pacing =>
  pacings(segmentsPerSecond, sender)[0] as Pacing

/** How many of so many texts, asked for at once, may go at once. */
async function granted(pacing: Pacing, lane: Lane, texts: number, segments = 1): Promise<number> {
  const waits = await Promise.all(Array.from({ length: texts }, () => pacing.take(lane, segments)))
  return waits.filter((ms) => ms === 0).length
}

test('three workers that send without a pause never exceed the rate together, and nearly reach it', async () => {
  const RATE = 200
  const begun = performance.now()
  const until = begun + 2_000
  let segments = 0
  const send = async (pacing: Pacing, cost: number, lane: Lane) => {
    while (performance.now() < until) {
      const waitMs = await pacing.take(lane, cost)
      if (waitMs === 0) segments += cost
      else await sleep(waitMs)
    }
  }
  await Promise.all(
    pacings(RATE).flatMap((pacing) => [
      send(pacing, 1, 'replies'),
      send(pacing, 2, 'blasts'),
      send(pacing, 3, 'blasts'),
    ]),
  )
  const seconds = (performance.now() - begun) / 1_000
  expect(segments).toBeLessThanOrEqual(RATE * (seconds + 0.05) + 3)
  expect(segments).toBeGreaterThan(RATE * seconds * 0.5) // a busy machine is late to ask, never early
})

test('a text of three segments costs three times as much as one', async () => {
  const pacing = only(2)
  expect(await pacing.take('replies', 3)).toBe(0)
  const waitMs = await pacing.take('replies', 1)
  expect(waitMs).toBeGreaterThan(1_000)
  expect(waitMs).toBeLessThanOrEqual(1_500)
})

test('behind a blast at full rate an answer still finds room at once', async () => {
  const pacing = only(100)
  const blast = await granted(pacing, 'blasts', 50)
  expect(blast).toBeGreaterThanOrEqual(3)
  expect(blast).toBeLessThan(10)
  expect(await granted(pacing, 'blasts', 20)).toBeLessThan(20) // a moment's worth may have come up meanwhile
  expect(await granted(pacing, 'replies', 2)).toBe(2)
})

test('at a rate too low for a share of its own, the waiting answer goes before the next blast text', async () => {
  const pacing = only(5)
  expect(await pacing.take('blasts', 1)).toBe(0)
  const waitMs = await pacing.take('replies', 1)
  expect(waitMs).toBeGreaterThan(0)
  await sleep(waitMs)
  expect(await pacing.take('blasts', 1)).toBeGreaterThan(0)
  expect(await pacing.take('replies', 1)).toBe(0)
})

test('an answer whose worker died while it waited does not hold the blast up for good', async () => {
  const pacing = only(20)
  await pacing.take('blasts', 1)
  const waitMs = await pacing.take('replies', 1)
  expect(waitMs).toBeGreaterThan(0)
  await sleep(waitMs + 250)
  expect(await pacing.take('blasts', 1)).toBe(0)
})

test('a silence saves up no burst', async () => {
  const pacing = only(100)
  expect(await granted(pacing, 'replies', 1)).toBe(1)
  await sleep(500)
  expect(await granted(pacing, 'replies', 60)).toBeLessThan(15)
})

test('two senders do not share a rate', async () => {
  expect(await only(1).take('replies', 1)).toBe(0)
  expect(await only(1).take('replies', 1)).toBeGreaterThan(0)
  expect(await only(1, '+12055550100').take('replies', 1)).toBe(0)
})

test('a Redis that forgot everything: at most one burst more, then the rate again', async () => {
  const pacing = only(2)
  await pacing.take('replies', 1)
  await workers[0]?.flushdb()
  expect(await pacing.take('replies', 1)).toBe(0)
  expect(await pacing.take('replies', 1)).toBeGreaterThan(0)
})

test("the clock of Redis's machine is set back by an hour: her answer waits a second or so, not the hour", async () => {
  const pacing = only(100)
  await pacing.take('replies', 1)
  const [seconds = 0] = (await workers[0]?.time()) ?? []
  await workers[0]?.set('{pacing:235246}:due', `${Number(seconds) + 3_600}000000`, 'PX', 3_601_000)
  expect(await pacing.take('replies', 1)).toBe(0)
  expect(await granted(pacing, 'replies', 60)).toBeLessThan(15)
})

test('an alert after a long one waits for all of it, at the slowest rate too', async () => {
  const pacing = only(1)
  expect(await pacing.take('replies', 24)).toBe(0) // 1,600 characters, one of them no GSM-7
  expect(await pacing.take('blasts', 1)).toBeGreaterThan(22_000)
})
