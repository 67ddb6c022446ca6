import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { lasting, must, sleep, type Fault } from './fault.js'
import type { World } from './world.js'

const has = (program: string) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0
const lacks = (program: string) => () => (has(program) ? null : `${program} is not here`)

/** Where Debian has it, installed or unpacked by set-up. */
function libfaketime(): string | null {
  const libraries = ['/', resolve(process.env['DATA_DIR'] || '.data', 'faketime')].map((root) =>
    join(root, 'usr/lib'),
  )
  const files = libraries
    .filter((dir) => existsSync(dir))
    .flatMap((dir) => readdirSync(dir).map((machine) => join(dir, machine, 'faketime/libfaketime.so.1')))
  return files.find((file) => existsSync(file)) ?? null
}

async function blastUnderWay(world: World, seconds: number): Promise<number> {
  await world.join(lasting(world, seconds))
  const id = await world.blast()
  await world.untilSent(id, Math.min(50, world.rate / 4))
  return id
}

export const PROCESS_FAULTS: readonly Fault[] = [
  {
    id: 1,
    name: 'worker killed between claim and POST',
    inject: 'Twilio does not read the POSTs; kill -9 of every worker',
    holds: 'the texts held up become in doubt, then not sent; none goes twice',
    async run(world) {
      world.front.decide((nth) => (nth >= 100 ? 'held' : 'pass'))
      await world.join(lasting(world, 2))
      const id = await world.blast()
      while (world.front.waiting() === 0) await sleep(10)
      await Promise.all(world.only('work').map((role) => role.end('SIGKILL')))
      world.front.release('drop')
      world.front.decide(() => 'pass')
      await world.start('work')
      world.faultOver()
      await world.blastIs(id, 'done', 120_000)
    },
  },
  {
    id: 2,
    name: 'worker killed after Twilio took a text',
    inject: 'Twilio answers 300 ms late; kill -9 before it does',
    holds: 'receipts bind the texts to their MessageSids; none is sent again',
    inTests: true,
    async run(world) {
      await killedBeforeRecord(world)
    },
  },
  {
    id: 3,
    name: 'as 2, and no receipt ever comes',
    inject: 'Twilio answers 300 ms late; kill -9 before it does; no receipts',
    holds: "Twilio's list binds the texts; none is sent again, none is given up",
    inTests: true,
    world: { simulator: { receipts: false } },
    async run(world) {
      const people = await killedBeforeRecord(world)
      await world.idle(90_000)
      const { rows } = await world.pool.query<{ n: number }>(
        `select count(*) as n from texts_out where status = 'not_sent'`,
      )
      // What the killed worker had claimed and not POSTed never went; all else Twilio has.
      const had = new Set(
        world.simulator.journal.read().flatMap((one) => (one.kind === 'post' && one.sid ? [one.to] : [])),
      )
      const givenUp = (rows[0]?.n ?? 0) - (people - had.size)
      must(givenUp === 0, `${givenUp} texts that Twilio has were given up`)
    },
  },
  {
    id: 4,
    name: 'a worker of four killed every 2 s',
    inject: 'kill -9 and a new one, for 60 s, under a blast and inbound texts',
    holds: 'not more in doubt than kills x concurrency',
    world: { works: 4, rate: 100 },
    async run(world) {
      const people = await world.join(lasting(world, world.seconds(60, 8) / 1_000))
      const id = await world.blast()
      let kills = 0
      for (const until = Date.now() + world.seconds(60, 8); Date.now() < until; await sleep(2_000)) {
        const [victim] = world.only('work')
        await victim?.end('SIGKILL')
        kills++
        await world.start('work')
        await world.text(people[kills]?.phone ?? '', kills % 3 ? 'HELP' : 'STOP')
      }
      const { rows } = await world.pool.query<{ n: number }>(
        `select count(*) as n from texts_out where status in ('in_doubt', 'claimed')`,
      )
      world.figures['kills'] = kills
      world.faultOver()
      await world.blastIs(id, 'done', 180_000)
      must((rows[0]?.n ?? 0) <= kills * 32, `${rows[0]?.n} in doubt after ${kills} kills`)
    },
  },
  {
    id: 5,
    name: 'a worker that sleeps',
    inject: 'SIGSTOP for 40 s (6 s in tests) in mid-blast, then SIGCONT',
    holds: 'no other worker POSTs what it holds, and it drops what is past the fence',
    inTests: true,
    async run(world) {
      const id = await blastUnderWay(world, 3)
      const [sleeper] = world.only('work')
      sleeper?.signal('SIGSTOP')
      await sleep(world.seconds(40, 6))
      sleeper?.signal('SIGCONT')
      world.faultOver()
      await world.blastIs(id, 'done', 120_000)
    },
  },
  {
    id: 6,
    name: 'a deploy in mid-blast',
    inject: 'SIGTERM to every worker, then new ones',
    holds: 'POSTs under way finish, gone in 30 s, nothing in doubt',
    async run(world) {
      const id = await blastUnderWay(world, 4)
      const gone = await Promise.all(world.only('work').map((role) => role.end('SIGTERM')))
      const { rows } = await world.pool.query<{ n: number }>(
        `select count(*) as n from texts_out where status in ('in_doubt', 'claimed')`,
      )
      world.figures['gone in'] = `${(Math.max(...gone) / 1_000).toFixed(1)} s`
      must(Math.max(...gone) < 30_000, `it took ${Math.max(...gone)} ms to stop`)
      must(rows[0]?.n === 0, `${rows[0]?.n} texts were left in doubt by an orderly stop`)
      await world.start('work')
      world.faultOver()
      await world.blastIs(id, 'done')
    },
  },
  {
    id: 7,
    name: 'many feeders at once',
    inject: 'four workers start at the moment a blast is due',
    holds: 'one fan-out',
    world: { works: 0 },
    async run(world) {
      await world.join(lasting(world, 3))
      const id = await world.blast()
      await Promise.all(Array.from({ length: 4 }, () => world.start('work')))
      world.faultOver()
      await world.blastIs(id, 'done')
    },
  },
  {
    id: 8,
    name: 'the feeder killed in mid fan-out',
    inject: 'kill -9 of every worker as soon as the first page of 25,000 people is written',
    holds: 'it goes on from the page, and the count is exact',
    world: { rate: 2_000, concurrency: 64 },
    async run(world) {
      const people = 25_000
      await world.join(people)
      const id = await world.blast()
      for (;;) {
        const { rows } = await world.pool.query<{ n: number }>(
          'select fanned_out as n from blasts where id = $1',
          [id],
        )
        if ((rows[0]?.n ?? 0) > 0) break
        await sleep(5)
      }
      await Promise.all(world.only('work').map((role) => role.end('SIGKILL')))
      const { rows } = await world.pool.query<{ n: number }>(
        'select fanned_out as n from blasts where id = $1',
        [id],
      )
      world.figures['fanned out at kill'] = rows[0]?.n ?? 0
      for (let i = 0; i < 2; i++) await world.start('work')
      world.faultOver()
      await world.blastIs(id, 'done', 180_000)
    },
  },
  {
    id: 31,
    name: 'a worker whose clock is wrong',
    inject:
      'libfaketime: a worker two hours ahead, one two hours behind, one whose clock leaps; a blast not yet due, then a closed window',
    holds: 'nothing leaves before its time; once it may, everything does',
    world: { works: 0 },
    lacks: () => (libfaketime() === null ? 'libfaketime is not here' : null),
    async run(world) {
      const LD_PRELOAD = libfaketime() ?? ''
      // By the database it is between 13:00 and 14:00 with her; by the fast worker's clock her window is open.
      await world.join(200, undefined, await zoneWhereItIs(world, 13))
      const id = await world.blast()
      await world.pool.query(
        `update blasts set first_at = now() + interval '1 hour', opens = '14:00', closes = '16:30' where id = $1`,
        [id],
      )
      for (const FAKETIME of ['+2h', '-2h', '+0 x5'])
        await world.start('work', { env: { LD_PRELOAD, FAKETIME, FAKETIME_DONT_FAKE_MONOTONIC: '1' } })
      await sleep(3_000)
      must((await world.sent(id)) === 0, 'a text left an hour early')
      await world.pool.query(`update blasts set first_at = now() where id = $1`, [id])
      await world.blastIs(id, 'running')
      await sleep(3_000)
      must((await world.sent(id)) === 0, 'a text left while her window was closed')
      await world.pool.query(`update blasts set opens = '12:00' where id = $1`, [id])
      world.faultOver()
      await world.blastIs(id, 'done')
    },
  },
  {
    id: 32,
    name: 'the edge of the window, by the database alone',
    inject: 'judged_now() moved through a day: two zones, window 09:00-20:00',
    holds: 'nothing leaves outside the window of anybody; in it, each person once',
    world: { env: { SEND_WINDOW: '09:00-20:00' } },
    async run(world) {
      await world.join(100, undefined, 'America/New_York')
      await world.join(100, undefined, 'Pacific/Honolulu')
      const at = (utc: string) =>
        world.pool.query(
          `create or replace function judged_now() returns timestamptz language sql stable parallel safe as $$ select '${utc}'::timestamptz $$`,
        )
      await at('2026-03-08 12:30+00') // the Sunday on which clocks go forward: 08:30 in New York, and Sundays begin at noon
      const id = await world.blast()
      await sleep(3_000)
      must((await world.sent(id)) === 0, 'a text left before the window')
      await at('2026-03-08 16:01+00') // 12:01 daylight time; it would be 11:01 by the winter's clock
      await world.untilSent(id, 100)
      await sleep(1_000)
      must((await world.sent(id)) === 100, 'a text left for a zone whose window is closed')
      await at('2026-03-08 23:00+00') // 13:00 in Honolulu
      world.faultOver()
      await world.blastIs(id, 'done')
    },
  },
  {
    id: 35,
    name: 'a worker without file descriptors or memory',
    inject: 'ulimit -n 40; then prlimit of its memory',
    holds: 'it ends or works, and what it leaves is done by the next one',
    world: { works: 0 },
    lacks: lacks('prlimit'),
    async run(world) {
      await world.join(lasting(world, 3))
      const id = await world.blast()
      const starved = await world.start('work', { wrap: ['prlimit', '--nofile=40:40'] }).catch(() => null)
      await sleep(4_000)
      await starved?.end('SIGKILL')
      const small = await world.start('work').catch(() => null)
      if (small) spawnSync('prlimit', [`--pid=${small.pid}`, '--as=700000000:700000000'])
      await sleep(3_000)
      await small?.end('SIGKILL')
      await world.start('work')
      world.faultOver()
      await world.blastIs(id, 'done', 120_000)
    },
  },
]

/** A zone in which the database's clock now stands between this hour and the next. */
async function zoneWhereItIs(world: World, hour: number): Promise<string> {
  const { rows } = await world.pool.query<{ utc: number }>(
    `select extract(hour from now() at time zone 'UTC')::int as utc`,
  )
  const ahead = ((hour - (rows[0]?.utc ?? 0) + 36) % 24) - 12
  return `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}` // its signs are the wrong way round
}

/** Returns how many people are in the blast. */
async function killedBeforeRecord(world: World): Promise<number> {
  world.front.decide((nth) => (nth >= 100 ? 'taken-slow' : 'pass'))
  const people = await world.join(lasting(world, 2))
  const id = await world.blast()
  while (world.front.posts.filter(({ fate }) => fate === 'taken-slow').length < 8) await sleep(5)
  await sleep(100) // Twilio has them, and has not answered
  await Promise.all(world.only('work').map((role) => role.end('SIGKILL')))
  world.front.decide(() => 'pass')
  await world.start('work')
  world.faultOver()
  await world.blastIs(id, 'done', 120_000)
  return people.length
}
