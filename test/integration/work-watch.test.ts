import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openRedis, type RedisClient } from '../../src/adapters/redis.js'
import type { Ground } from '../../src/app.js'
import { flushLog, startLog } from '../../src/observability/log.js'
import { registry } from '../../src/observability/metrics.js'
import { startWatch, type Watch } from '../../src/work-watch.js'
import { ownRedis, type OwnRedis } from '../support/own-redis.js'
import { ACTION } from '../support/play.js'
import { freshDatabase, type FreshDatabase } from '../support/services.js'

// What a worker sees of the things it stands on is told once, in the log and as a figure, and so is that it is over.

let database: FreshDatabase
let redis: OwnRedis
let quick: RedisClient
let watch: Watch
let dir: string
beforeEach(async () => {
  database = await freshDatabase()
  redis = await ownRedis()
  quick = openRedis([redis.url], 'quick')
  dir = mkdtempSync(join(tmpdir(), 'text-action-watch-'))
  startLog({ level: 'info', file: join(dir, 'log') })
})
afterEach(async () => {
  await watch.close()
  quick.disconnect()
  startLog({ level: 'silent' })
  await redis.remove()
  await database.drop()
  rmSync(dir, { recursive: true, force: true })
})

/** A watch of a worker whose clock is so many seconds ahead. */
function watching(aheadSeconds: number): void {
  const ground = {
    pool: database.pool,
    clock: { now: () => new Date(Date.now() + aheadSeconds * 1_000), monotonicMs: () => performance.now() },
    config: { stalledAfterSeconds: 60 },
    actions: () => [ACTION],
  }
  watch = startWatch(ground as unknown as Ground, {
    redis: quick,
    worker: 'w1',
    outage: () => null,
    allowsBlasts: () => false,
  })
}

/** Waits for the log to tell of a trouble, and gives its words. */
async function told(event: string, what: string): Promise<string> {
  for (const deadline = Date.now() + 15_000; ;) {
    await flushLog()
    const log = join(dir, 'log')
    const lines = existsSync(log) ? readFileSync(log, 'utf8').split('\n').filter(Boolean) : []
    const line = lines
      .map((text) => JSON.parse(text) as { event: string; what: string; why?: string })
      .find((entry) => entry.event === event && entry.what === what)
    if (line) return line.why ?? ''
    if (Date.now() > deadline) throw new Error(`not told of ${what}: ${lines.join('\n')}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

const figure = async (name: string) =>
  (await registry.metrics()).split('\n').find((line) => line.startsWith(name))

test('a clock that is off, and a Redis that fills up until it has more room', async () => {
  const used = Number(/used_memory:(\d+)/.exec(await redis.client.info('memory'))?.[1])
  await redis.client.config('SET', 'maxmemory', String(Math.round(used * 1.1)))
  watching(7_200)
  expect(await told('trouble.began', 'clock')).toBe(
    "this machine's clock is 7200.0 s ahead of the database's: keep both by NTP",
  )
  expect(await figure('textaction_clock_offset_seconds')).toMatch(/ -(7199\.9|7200)/)
  expect(await told('trouble.began', 'redis-memory')).toMatch(
    /^\d{2,3}% of Redis's memory is in use: raise maxmemory$/,
  )
  expect(await figure('textaction_trouble{what="redis-memory"}')).toMatch(/ 1$/)
  expect(await figure('textaction_trouble{what="blast-overdue"}')).toMatch(/ 0$/)
  await redis.client.config('SET', 'maxmemory', '0')
  await told('trouble.over', 'redis-memory')
  expect(await figure('textaction_trouble{what="redis-memory"}')).toMatch(/ 0$/)
}, 30_000)

test('a schedule that nobody keeps, and doubts that grow', async () => {
  watching(0)
  await new Promise((resolve) => setTimeout(resolve, 1_500)) // it has seen that there were none
  await database.pool.query(
    `insert into blasts (code, name, action, wording, created_by, state, first_at)
     values ('b1', 'vote', 'pro-act', '{"en":"call"}', 'lee', 'scheduled', now() - interval '2 minutes')`,
  )
  await database.pool.query(
    `insert into texts_out (blast_id, person_id, kind, status, claimed_at)
     select 0, n, 'senators', 'in_doubt', now() from generate_series(1, 12) n`,
  )
  expect(await told('trouble.began', 'blast-overdue')).toContain('1 scheduled and not started a minute after')
  expect(await told('trouble.began', 'doubts-grow')).toContain('12 texts in doubt, 0 ten minutes ago')
}, 30_000)
