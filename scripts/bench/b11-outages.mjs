import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { Redis } from 'ioredis'
import { startHelper } from './processes.mjs'
import { median, significant } from './statistics.mjs'

const GIVE_UP_MS = 30_000

/** Seconds from the moment a store answers again to the first text that goes out; people text all the while. */
export const outages = {
  id: 'B11',
  what: 'seconds from Redis or Postgres back up to the first text',
  goal: 2,
  lower: true,
  async run(ground) {
    const phones = await startHelper('phones.mjs')
    const { url } = await phones.ask('listen')
    const deployment = await ground.deploy({ env: { TWILIO_API_URL: url } })
    const raw = []
    const awayMs = ground.quick ? 2_000 : 4_000
    try {
      await deployment.start('serve')
      await deployment.start('work')
      let run = 0
      for (const store of ['redis', 'postgres']) {
        const taken = []
        for (let round = 0; round < ground.rounds; round++) {
          const talking = talk(phones, deployment, ++run, awayMs)
          await sleep(500)
          taken.push(significant(await interrupted(ground, store, phones, awayMs), 3))
          await talking
        }
        raw.push({ [store]: taken })
      }
    } finally {
      await phones.end()
      await deployment.close()
    }
    return { ratio: Math.max(...raw.map((one) => median(Object.values(one)[0]))), raw }
  },
}

// Ten a second for as long as an outage takes and a little more. Answers may come late: this is about the first one.
function talk(phones, { port, signing }, run, awayMs) {
  const count = (awayMs / 1_000 + 3) * 10
  return phones.ask('text', { port, signing, perSecond: 10, count, first: run * count, body: 'HELP', run })
}

async function interrupted(ground, store, phones, awayMs) {
  const server = STORES[store](ground)
  process.kill(server.pid, 'SIGKILL')
  await sleep(awayMs)
  const child = spawn(server.command, server.args, { ...server.options, detached: true, stdio: 'ignore' })
  child.unref()
  ground.pids[store] = child.pid
  while (!(await server.answers())) await sleep(5)
  const moment = Date.now()
  for (const until = moment + GIVE_UP_MS; Date.now() < until; await sleep(10)) {
    const first = await phones.ask('firstAfter', { moment })
    if (first !== null) return (first - moment) / 1_000
  }
  throw new Error(`no text went out within ${GIVE_UP_MS / 1_000} s after ${store} was back`)
}

const answersTo = (attempt) =>
  attempt.then(
    () => true,
    () => false,
  )

const STORES = {
  redis: ({ dir, pids, redis }) => ({
    pid: pids.redis,
    command: readFileSync(`/proc/${pids.redis}/cmdline`, 'latin1').split('\0')[0].split(' ')[0],
    args: [join(dir, 'redis', 'redis.conf')],
    options: {},
    answers: () => {
      const client = new Redis(redis.url, {
        lazyConnect: true,
        retryStrategy: () => null,
        maxRetriesPerRequest: 0,
      })
      client.on('error', () => undefined)
      return answersTo(client.connect().then(() => client.ping())).finally(() => client.disconnect())
    },
  }),
  postgres: ({ pids, postgres }) => {
    const [command, ...args] = readFileSync(`/proc/${pids.postgres}/cmdline`, 'latin1')
      .split('\0')
      .slice(0, -1)
    const [uid, gid] = ['Uid', 'Gid'].map((name) =>
      Number(
        new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pids.postgres}/status`, 'utf8'))[1],
      ),
    )
    return {
      pid: pids.postgres,
      command,
      args,
      options: { cwd: '/', uid, gid, env: { PATH: '/usr/bin:/bin' } },
      answers: () => {
        const client = new pg.Client({ connectionString: postgres.url })
        client.on('error', () => undefined)
        return answersTo(client.connect().then(() => client.query('select 1'))).finally(() =>
          client.end().catch(() => undefined),
        )
      },
    }
  },
}
