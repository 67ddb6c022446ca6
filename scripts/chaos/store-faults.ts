import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { lasting, must, sleep, type Fault } from './fault.js'
import { lacksSmallDisk } from './small-disk.js'
import type { World } from './world.js'

async function underWay(world: World, seconds: number): Promise<{ id: number; phones: string[] }> {
  const people = await world.join(lasting(world, seconds))
  const id = await world.blast()
  await world.untilSent(id, Math.min(50, world.rate / 4))
  return { id, phones: people.map(({ phone }) => phone) }
}

/** Texts from people every so often while something is down; answers that took too long, or were none. */
async function texting(world: World, phones: readonly string[], ms: number, every = 200) {
  const answers: { status: number | null; ms: number }[] = []
  const words = ['HELP', 'WORK', 'STOP', '35020', 'HELP']
  for (let i = 0, until = Date.now() + ms; Date.now() < until; i++) {
    answers.push(await world.text(phones.at(-1 - i) ?? '', words[i % words.length] ?? 'HELP'))
    await sleep(every)
  }
  const slowest = Math.max(...answers.map((answer) => answer.ms))
  world.figures['texts'] = answers.length
  world.figures['slowest webhook'] = `${Math.round(slowest)} ms`
  return { refused: answers.filter(({ status }) => status !== 200).length, slowest }
}

export const STORE_FAULTS: readonly Fault[] = [
  {
    id: 9,
    name: 'Redis killed, away 15 s, back',
    inject: 'kill -9; start after 15 s (8 s in tests)',
    holds: 'webhooks answer 200 meanwhile; blasts go on within 10 s',
    inTests: true,
    async run(world) {
      const { id, phones } = await underWay(world, 4)
      await world.ground.redis.kill('SIGKILL')
      const { refused } = await texting(world, phones, world.seconds(15, 8))
      must(refused === 0, `${refused} texts were not answered with 200`)
      await world.ground.redis.start()
      world.faultOver()
      await world.blastIs(id, 'done')
    },
  },
  {
    id: 10,
    name: 'Redis flushed in mid-blast',
    inject: 'FLUSHALL, five times',
    holds: 'everything goes on by itself',
    inTests: true,
    async run(world) {
      const { id } = await underWay(world, 4)
      for (let i = 0; i < 5; i++) {
        await world.ground.redis.client.flushall()
        await sleep(400)
      }
      world.faultOver()
      await world.blastIs(id, 'done')
    },
  },
  {
    id: 11,
    name: 'the tail of Redis lost',
    inject: 'kill -9, 20,000 bytes off its append-only file, start',
    holds: 'as 10',
    async run(world) {
      const { id } = await underWay(world, 4)
      await world.ground.redis.cutTail(20_000)
      await world.ground.redis.start()
      world.faultOver()
      await world.blastIs(id, 'done')
    },
  },
  {
    id: 12,
    name: 'Redis sleeps',
    inject: 'SIGSTOP for 30 s',
    holds: 'webhooks answer 200 in a second; blasts pause and go on',
    async run(world) {
      const { id, phones } = await underWay(world, 4)
      const pid = await world.ground.redis.pid()
      process.kill(pid, 'SIGSTOP')
      const { refused, slowest } = await texting(world, phones, world.seconds(30, 5)).finally(() =>
        process.kill(pid, 'SIGCONT'),
      )
      world.faultOver()
      must(refused === 0, `${refused} texts were not answered with 200`)
      must(slowest < 3_500, `a webhook took ${Math.round(slowest)} ms`)
      await world.blastIs(id, 'done')
    },
  },
  {
    id: 13,
    name: 'Redis full',
    inject: 'maxmemory 1 MB for 10 s',
    holds: 'webhooks answer 200; it goes on when there is room',
    async run(world) {
      const { id, phones } = await underWay(world, 4)
      const { client } = world.ground.redis
      await client.config('SET', 'maxmemory', '1mb')
      const { refused } = await texting(world, phones, world.seconds(10, 4)).finally(() =>
        client.config('SET', 'maxmemory', '0'),
      )
      world.faultOver()
      must(refused === 0, `${refused} texts were not answered with 200`)
      await world.blastIs(id, 'done')
    },
  },
  {
    id: 14,
    name: 'another, empty Redis at the same address',
    inject: 'kill -9, its files removed, start',
    holds: 'as 10',
    async run(world) {
      const { id } = await underWay(world, 4)
      const dir = await world.ground.redis.dir()
      await world.ground.redis.kill('SIGKILL')
      rmSync(join(dir, 'appendonlydir'), { recursive: true, force: true })
      await world.ground.redis.start()
      world.faultOver()
      await world.blastIs(id, 'done')
    },
  },
  {
    id: 15,
    name: 'Postgres crashed, up after 20 s',
    inject: 'immediate shutdown in mid-blast, texts coming in; start after 20 s (6 s in tests)',
    holds: 'texts are answered 200 from the spool and taken in afterwards; a STOP among them holds',
    inTests: true,
    async run(world) {
      const { id, phones } = await underWay(world, 5)
      await world.ground.postgres.crash()
      const { refused } = await texting(world, phones, world.seconds(20, 6))
      await world.ground.postgres.start()
      await world.pool.end().catch(() => undefined)
      world.reopen()
      world.faultOver()
      must(refused === 0, `${refused} texts were not answered with 200`)
      await world.blastIs(id, 'done', 150_000)
    },
  },
  {
    id: 16,
    name: 'one backend of Postgres killed',
    inject: 'kill -9 of a backend: Postgres ends all the others and recovers',
    holds: 'as 15',
    async run(world) {
      const { id, phones } = await underWay(world, 4)
      const { rows } = await world.pool.query<{ pid: number }>(
        `select pid from pg_stat_activity where application_name = 'textaction work' limit 1`,
      )
      process.kill(rows[0]?.pid ?? 0, 'SIGKILL')
      const { refused } = await texting(world, phones, 3_000)
      world.faultOver()
      must(refused === 0, `${refused} texts were not answered with 200`)
      await world.blastIs(id, 'done', 150_000)
    },
  },
  {
    id: 17,
    name: 'connections to Postgres ended again and again',
    inject: 'pg_terminate_backend of every connection, each second for 10 s',
    holds: 'no row lost; a commit whose answer is lost is looked up, not assumed',
    async run(world) {
      const { id, phones } = await underWay(world, 8)
      for (let i = 0; i < world.seconds(10, 3) / 1_000; i++) {
        await world.pool.query(
          `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'textaction %' and datname = current_database()`,
        )
        await texting(world, phones.slice(0, phones.length - i * 5), 900, 100)
      }
      world.faultOver()
      await world.blastIs(id, 'done', 120_000)
    },
  },
  {
    id: 18,
    name: 'connections cut after COMMIT was sent',
    inject: 'a proxy passes COMMIT on and resets the connection before the answer, 20 times',
    holds: 'the commit is not taken for undone, nor done twice',
    async run(world) {
      const { id, phones } = await underWay(world, 4)
      let cuts = 0
      world.ground.postgres.road.cutWhen(
        (chunk) => cuts < 20 && /commit\0/i.test(chunk.toString('latin1')) && ++cuts > 0,
      )
      await texting(world, phones, 5_000, 50)
      world.ground.postgres.road.cutWhen(null)
      world.figures['cuts'] = cuts
      world.faultOver()
      await world.blastIs(id, 'done')
    },
  },
  {
    id: 19,
    name: 'the disk of Postgres full',
    inject: 'its tables on a tmpfs of 48 MB, filled up for 15 s',
    holds: 'texts are answered 200 from the spool and taken in when there is room; the blast goes on',
    world: { diskMegabytes: 48, rate: 200 },
    lacks: lacksSmallDisk,
    async run(world) {
      const { id, phones } = await underWay(world, 8)
      world.disk?.fill()
      const { refused } = await texting(world, phones, world.seconds(15, 12), 20).finally(() =>
        world.disk?.free(),
      )
      world.faultOver()
      const spooled = world
        .only('serve')
        .flatMap(({ log }) => log.filter((line) => line.includes('"text.spooled"')))
      world.figures['spooled'] = spooled.length
      must(refused === 0, `${refused} texts were not answered with 200`)
      must(spooled.length > 0, 'the disk was never full')
      await world.blastIs(id, 'done', 120_000)
    },
  },
  {
    id: 20,
    name: 'rows of people locked by somebody else',
    inject: 'a transaction holds 50 people of the blast for 8 s',
    holds: 'all others go on; these follow',
    async run(world) {
      const people = await world.join(lasting(world, 3))
      const other = await world.pool.connect()
      await other.query('begin')
      const locked = people.slice(0, 50).map((one) => one.id)
      await other.query('select from people where id = any ($1) for update', [locked])
      const id = await world.blast()
      await world.untilSent(id, people.length - 50, 20_000)
      await wait(world.seconds(8, 2))
      await other.query('rollback')
      other.release()
      world.faultOver()
      await world.blastIs(id, 'done')
    },
  },
  {
    id: 21,
    name: 'no connection of Postgres left',
    inject: 'strangers hold every one of them for 10 s',
    holds: 'no crash loop; texts are spooled or taken, and all is done afterwards',
    async run(world) {
      const { id, phones } = await underWay(world, 4)
      const before = world.roles.length
      await world.pool.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'textaction %' and datname = current_database()`,
      )
      const strangers: pg.Client[] = []
      for (let i = 0; i < 400; i++) {
        const client = new pg.Client({ connectionString: world.ground.postgres.directUrl(world.database) })
        client.on('error', () => undefined)
        try {
          await client.connect()
          strangers.push(client)
        } catch {
          await sleep(20)
        }
      }
      const { refused } = await texting(world, phones, world.seconds(6, 3))
      await Promise.all(strangers.map((client) => client.end()))
      world.faultOver()
      world.figures['strangers'] = strangers.length
      must(refused === 0, `${refused} texts were not answered with 200`)
      must(world.roles.filter((role) => !role.isGone()).length === before, 'a process ended')
      await world.blastIs(id, 'done', 120_000)
    },
  },
  {
    id: 34,
    name: 'the spool cannot be written',
    inject: 'Postgres is away, and a file lies where the spool was',
    holds: '503, so that Twilio tries again, and readyz is red; nothing was acknowledged that is lost',
    async run(world) {
      const [person] = await world.join(1)
      const phone = person?.phone ?? ''
      const spool = join(world.env['DATA_DIR'] ?? '', 'spool')
      await world.ground.postgres.road.refuse()
      renameSync(spool, `${spool}.away`)
      writeFileSync(spool, '')
      const answer = await world.text(phone, 'HELP')
      const ready = await fetch(`${world.env['PUBLIC_URL']}/readyz`).then((response) => response.status)
      rmSync(spool)
      mkdirSync(spool, { mode: 0o700 })
      await world.ground.postgres.road.listen()
      world.faultOver()
      must(answer.status === 503, `the webhook answered ${answer.status}`)
      must(ready === 503, `readyz answered ${ready}`)
      must((await world.text(phone, 'HELP')).status === 200, 'it does not come back')
    },
  },
]
