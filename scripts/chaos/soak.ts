import { performance } from 'node:perf_hooks'
import { sleep } from './fault.js'
import type { Ground } from './ground.js'
import type { Result } from './matrix.js'
import { judge } from './oracle.js'
import { randomFrom } from './random.js'
import { openWorld, type World } from './world.js'

type Drawn = { name: string; does(world: World, random: () => number): Promise<void> }

const pick = <T>(list: readonly T[], random: () => number) => list[Math.floor(random() * list.length)]

const DRAWN: readonly Drawn[] = [
  {
    name: 'worker killed',
    async does(world, random) {
      await pick(world.only('work'), random)?.end('SIGKILL')
      await world.start('work')
    },
  },
  {
    name: 'web killed',
    async does(world, random) {
      await pick(world.only('serve'), random)?.end('SIGKILL')
      await world.start('serve')
    },
  },
  {
    name: 'worker asleep',
    async does(world, random) {
      const role = pick(world.only('work'), random)
      role?.signal('SIGSTOP')
      await sleep(500 + random() * 5_000)
      role?.signal('SIGCONT')
    },
  },
  { name: 'Redis flushed', does: async (world) => void (await world.ground.redis.client.flushall()) },
  {
    name: 'Redis killed',
    async does(world, random) {
      await world.ground.redis.kill('SIGKILL')
      await sleep(random() * 9_000)
      await world.ground.redis.start()
    },
  },
  {
    name: 'Postgres unreachable',
    async does(world, random) {
      await world.ground.postgres.road.refuse()
      await sleep(random() * 6_000)
      await world.ground.postgres.road.listen()
    },
  },
  { name: 'connections reset', does: (world) => Promise.resolve(void world.ground.postgres.road.reset()) },
  {
    name: '500s and 429s',
    async does(world, random) {
      const share = random() * 0.5
      world.front.decide(() =>
        random() < share
          ? (pick(['429', '500', 'taken-500', 'taken-reset'] as const, random) ?? 'pass')
          : 'pass',
      )
      await sleep(random() * 4_000)
      world.front.decide(() => 'pass')
    },
  },
  {
    name: 'Twilio away',
    async does(world, random) {
      await world.twilioRoad.refuse()
      await sleep(random() * 5_000)
      await world.twilioRoad.listen()
    },
  },
]

/** As a supervisor does: whoever ended by itself is started anew. Returns what each said last, until told to stop. */
function supervised(world: World): { stop(): Promise<string[]> } {
  const ended: string[] = []
  let isOver = false
  const watching = (async () => {
    while (!isOver) {
      for (const role of world.roles.filter((each) => each.isGone())) {
        await role.end('SIGKILL')
        ended.push(`${role.name}: ${role.log.at(-1)?.slice(0, 300)}`)
        await world.start(role.name).catch((error: unknown) => ended.push(String(error)))
      }
      await sleep(250)
    }
    return ended
  })()
  return {
    stop() {
      isOver = true
      return watching
    },
  }
}

// Under these faults a blast goes at half its rate or less: so it lasts about as long as they do. There are so many made-up phones and no more.
const PEOPLE_MAX = 30_000
const RATE_MAX = 60

/** Faults at random under a blast and inbound texts, for so many minutes; then the oracle. */
export async function soak(ground: Ground, seed: number, minutes: number): Promise<Result> {
  const begun = performance.now()
  const random = randomFrom(seed)
  const rate = Math.max(1, Math.min(RATE_MAX, Math.floor(PEOPLE_MAX / (30 * minutes))))
  const world = await openWorld(ground, false, { works: 3, rate, simulator: { keep: 1_000_000 } })
  const why: string[] = []
  const drawn: Record<string, number> = {}
  const supervisor = supervised(world)
  try {
    const people = await world.join(Math.ceil(rate * 30 * minutes))
    const blast = await world.blast('soak')
    const until = Date.now() + minutes * 60_000
    const texting = (async () => {
      const words = ['WORK', 'HELP', 'STOP', '35020', 'A', 'START', 'hello', '1']
      while (Date.now() < until) {
        await world.text(pick(people, random)?.phone ?? '', pick(words, random) ?? '')
        await sleep(random() * 300)
      }
    })()
    while (Date.now() < until) {
      const fault = pick(DRAWN, random)
      if (!fault) continue
      drawn[fault.name] = (drawn[fault.name] ?? 0) + 1
      await fault.does(world, random)
      await sleep(1_000 + random() * 4_000)
    }
    await texting
    world.faultOver()
    await world.blastIs(blast, 'done', minutes * 60_000 + 300_000)
  } catch (error) {
    why.push(error instanceof Error ? error.message : String(error))
  }
  await world.idle(180_000).catch((error: Error) => why.push(`I6 ${error.message}`))
  for (const said of await supervisor.stop()) console.log(`          started anew, ${said}`)
  why.push(...(await judge(world)).map(({ breaks, what }) => `${breaks} ${what}`))
  await world.close()
  const faults = Object.entries(drawn).map(([name, count]) => `${count} x ${name}`)
  return {
    fault: {
      id: 0,
      name: `soak of ${minutes} min, seed ${seed}`,
      inject: '',
      holds: '',
      run: () => Promise.resolve(),
    },
    outcome: why.length > 0 ? 'broken' : 'ok',
    why,
    figures: { ...world.figures, faults: faults.join(', ') },
    seconds: (performance.now() - begun) / 1_000,
  }
}
