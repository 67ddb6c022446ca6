import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { blastIs, joinPeople, scheduleBlast } from '../support/blasts.js'
import { startBot, type Bot, type Role } from '../support/bot.js'
import { freePort } from '../support/free-port.js'

// A worker that could send and does not is worse than none: it must not look alive. The wake-up calls are held back here, as they
// were by the versions of BullMQ that never woke up after an outage of Redis.

let bot: Bot
let redis: Redis
afterEach(async () => {
  redis.disconnect()
  await bot.stop()
})

async function start(roles: ('serve' | 'work')[], more: Record<string, string> = {}): Promise<void> {
  bot = await startBot({ roles, env: { STALLED_AFTER_SECONDS: '3', ...more } })
  redis = new Redis(bot.redis.url, { maxRetriesPerRequest: null })
}

const queue = (name: 'replies' | 'blasts') => new Queue(name, { connection: redis, prefix: `{${name}}` })
const worker = () => bot.roles.find(({ port }) => port === null) as Role

/** Waits for a worker to end by itself; gives its exit code and its reason. */
async function ended(role: Role): Promise<{ code: number | null; why: string | undefined; last: string }> {
  if (role.process.exitCode === null) await once(role.process, 'exit')
  bot.roles.splice(bot.roles.indexOf(role), 1)
  const stalled = role.log.find((line) => line.includes('"work.stalled"'))
  return {
    code: role.process.exitCode,
    why: stalled && (JSON.parse(stalled) as { why: string }).why,
    last: role.log.find((line) => line.startsWith('error:')) ?? '',
  }
}

test('answers could go and none does: the worker says so and exits 1, and the next one answers her, once', async () => {
  // With one slot nothing is sent but through the queue.
  await start(['serve', 'work'], { SEND_CONCURRENCY: '1' })
  await queue('replies').pause()
  await bot.simulator.send({ from: '+12055550100', body: 'WORK' })
  const { code, why, last } = await ended(worker())
  expect({ code, why }).toEqual({
    code: 1,
    why: expect.stringMatching(/^for [3-9] s answers could go and none was sent$/) as string,
  })
  expect(last).toBe(`error: This worker has stopped, to be started anew: ${why}.`)
  await queue('replies').resume()
  await bot.start('work')
  await bot.settled()
  expect(bot.simulator.thread('+12055550100').filter(({ by }) => by === 'app')).toHaveLength(1)
}, 60_000)

test('texts of a blast could go and none does: the same', async () => {
  await start(['work'])
  await queue('blasts').pause()
  await joinPeople(bot, 5)
  const blast = await scheduleBlast(bot.database.pool)
  expect(await ended(worker())).toMatchObject({
    code: 1,
    why: expect.stringContaining('texts of a blast could go and none was sent') as string,
  })
  await queue('blasts').resume()
  await bot.start('work')
  await blastIs(bot.database.pool, blast.id, 'done')
  expect(bot.simulator.journal.read().filter(({ kind }) => kind === 'post')).toHaveLength(5)
}, 60_000)

test('a worker that has nothing to do, or may not send, stays', async () => {
  await start(['work'])
  const role = worker()
  await joinPeople(bot, 5)
  const blast = await scheduleBlast(bot.database.pool)
  // A web process whose spool may hold a STOP: no blast is claimed, and that is right.
  await bot.database.pool.query(
    `insert into serves (id, seen_at) values ('s', clock_timestamp() + interval '1 hour')`,
  )
  await blastIs(bot.database.pool, blast.id, 'running')
  await new Promise((resolve) => setTimeout(resolve, 9_000))
  expect(role.process.exitCode).toBeNull()
  await bot.database.pool.query('delete from serves')
  await blastIs(bot.database.pool, blast.id, 'done')
}, 60_000)

test('under dev the workers are started anew, and the screen says so', async () => {
  await start([])
  const dir = mkdtempSync(join(tmpdir(), 'text-action-dev-'))
  const { PATH, HOME, DATABASE_URL, REDIS_URL } = bot.env
  const dev = spawn(process.execPath, [join(__dirname, '../../dist/cli.js'), 'dev'], {
    env: {
      ...{ PATH, HOME, DATABASE_URL, REDIS_URL, DATA_DIR: dir, STALLED_AFTER_SECONDS: '3' },
      SEND_CONCURRENCY: '1', // nothing is sent but through the queue
      PORT: String(await freePort()),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    let screen = ''
    const says = async (words: string) => {
      while (!screen.includes(words)) screen += String((await once(dev.stdout, 'data'))[0])
    }
    await says('Ctrl-C')
    await queue('replies').pause()
    await bot.database.pool.query(
      `with p as (insert into people (phone_hash, phone_sealed, standing) values ('h', 's', 'joined') returning id)
       insert into texts_out (person_id, kind, body_sealed) select id, 'senators', 's' from p`,
    )
    await says('answers could go and none was sent; they have been started anew')
    dev.kill('SIGTERM')
    await says('Stopped in')
  } finally {
    dev.kill('SIGKILL')
    rmSync(dir, { recursive: true, force: true })
  }
}, 60_000)
