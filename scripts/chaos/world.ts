import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { createTwilioGateway } from '../../src/adapters/twilio-gateway.js'
import { createVault } from '../../src/adapters/vault.js'
import { openPool } from '../../src/db/pool.js'
import { settleDoubts } from '../../src/outbound/in-doubt.js'
import { startSimulator, type Simulator } from '../../src/simulator/server.js'
import type { SimulatorOptions } from '../../src/simulator/options.js'
import { minuteOfDay } from '../../src/blast/approval.js'
import { judgedNow } from '../../src/db/blasts.js'
import { scheduleBlast } from '../../test/support/blasts.js'
import { freePort } from '../../test/support/free-port.js'
import type { Ground } from './ground.js'
import { openSmallDisk, type SmallDisk } from './small-disk.js'
import { openTcpProxy, type TcpProxy } from './tcp-proxy.js'
import { openTwilioFront, type TwilioFront } from './twilio-front.js'

export type Role = {
  name: 'serve' | 'work'
  port: number
  pid: number
  log: string[]
  signal(signal: NodeJS.Signals): void
  /** Milliseconds until it was gone. */
  end(signal: NodeJS.Signals): Promise<number>
  isGone(): boolean
}

export type Person = { phone: string; id: number }

/** What a fault is done to: the whole program as processes on a database of its own, and a Twilio that keeps a journal. */
export type World = {
  ground: Ground
  pool: pg.Pool
  database: string
  simulator: Simulator
  front: TwilioFront
  /** From the bot to its Twilio. */
  twilioRoad: TcpProxy
  /** Where the row has one. */
  disk: SmallDisk | null
  /** From Twilio to the web processes. */
  webRoad: TcpProxy
  env: Record<string, string>
  roles: Role[]
  rate: number
  seconds: (full: number, quick: number) => number
  isQuick: boolean
  start(name: Role['name'], how?: { env?: Record<string, string>; wrap?: readonly string[] }): Promise<Role>
  only(name: Role['name']): Role[]
  /** People with live consent whose phones are +1 NPA 555 and one of these endings. */
  join(count: number, endings?: readonly string[], zone?: string): Promise<Person[]>
  blast(name?: string): Promise<number>
  blastIs(id: number, state: string, patienceMs?: number): Promise<void>
  sent(id: number): Promise<number>
  /** Waits until so many texts of the blast have left Postgres's pending. */
  untilSent(id: number, count: number, patienceMs?: number): Promise<void>
  text(phone: string, body: string): Promise<{ status: number | null; ms: number }>
  /** Our own connections, after Postgres was away. */
  reopen(): void
  /** From here on it is measured how long recovery takes. */
  faultOver(): void
  /** Everything that can happen has happened; doubts are settled with shorter waits than the program's own. */
  idle(patienceMs?: number): Promise<void>
  figures: Record<string, number | string>
  close(): Promise<void>
}

const CLI = resolve('dist/cli.js')
const ACCOUNT = `AC${'c'.repeat(32)}`
const WORDING = 'AFL-CIO: call your senators today about the PRO Act. Reply STOP to cancel.'
// Longer than any POST that is not held up by the fault itself.
const HURRIED = { leaseMs: 3_000, firstPollMs: 500, pollMs: 1_000 }

export type WorldOptions = {
  serves?: number
  works?: number
  rate?: number
  concurrency?: number
  env?: Record<string, string>
  simulator?: Partial<SimulatorOptions>
  /** The tables on a file system of their own, of so many megabytes. */
  diskMegabytes?: number
}

let worlds = 0

/** Opens a world for one row. Whoever opened it closes it. */
export async function openWorld(
  ground: Ground,
  isQuick: boolean,
  options: WorldOptions = {},
): Promise<World> {
  const { serves = 2, works = 2, rate = 500, concurrency = 32 } = options
  const database = `chaos_${process.pid}_${++worlds}`
  const disk = options.diskMegabytes ? await openSmallDisk(ground, options.diskMegabytes) : null
  await ground.postgres.onServer(
    `create database ${database} template ${ground.template}${disk ? ` tablespace ${disk.tablespace}` : ''}`,
  )
  await ground.redis.client.flushall()
  let pool = openPool(ground.postgres.directUrl(database), { max: 4 })
  const token = randomBytes(16).toString('hex')
  const webRoad = await openTcpProxy(1)
  const webUrl = `http://127.0.0.1:${webRoad.port}`
  const simulator = await startSimulator({
    botUrl: webUrl,
    webhookUrl: `${webUrl}/webhooks/twilio/message#rc=2&rp=5xx,ct,rt`,
    accountSid: ACCOUNT,
    authToken: token,
    sentMs: 20,
    deliveredMs: 20,
    ...options.simulator,
  })
  const front = await openTwilioFront(new URL(simulator.url))
  const twilioRoad = await openTcpProxy(front.port)
  const dataDir = mkdtempSync(join(ground.dir, 'data-'))
  const key = randomBytes(32).toString('base64')
  const vault = createVault(key)
  const env: Record<string, string> = {
    PATH: process.env['PATH'] ?? '',
    PUBLIC_URL: webUrl,
    DATABASE_URL: ground.postgres.url(database),
    DATA_DIR: dataDir,
    REDIS_URL: ground.redis.url,
    TWILIO_ACCOUNT_SID: ACCOUNT,
    TWILIO_AUTH_TOKEN: token,
    TWILIO_API_URL: `http://127.0.0.1:${twilioRoad.port}`,
    PHONE_KEY: key,
    SEND_WINDOW: '00:00-24:00',
    SEGMENTS_PER_SECOND: String(rate),
    SEND_CONCURRENCY: String(concurrency),
    CANARY: 'off',
    ...options.env,
  }
  const roles: Role[] = []
  const figures: Record<string, number | string> = {}
  let endedAt = 0
  let postsAtEnd = 0

  async function start(
    name: Role['name'],
    how: { env?: Record<string, string>; wrap?: readonly string[] } = {},
  ): Promise<Role> {
    const port = await freePort()
    const [command = process.execPath, ...args] = [...(how.wrap ?? []), process.execPath, CLI, name]
    const child = spawn(command, args, {
      env: { ...env, ...how.env, PORT: String(port) },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const role = watched(name, child, roles, port)
    await startedOrGone(role, child)
    roles.push(role)
    // Not at those that are gone: a port of theirs may be anybody's by now.
    if (name === 'serve') webRoad.aimAt(...world.only('serve').map((each) => each.port))
    return role
  }

  const counts = async (id: number) => {
    const { rows } = await pool.query<{ status: string; n: number }>(
      'select status, count(*) as n from texts_out where blast_id = $1 group by 1',
      [id],
    )
    return Object.fromEntries(rows.map((row) => [row.status, row.n]))
  }
  const sent = async (id: number) => {
    const all = await counts(id)
    return Object.entries(all).reduce((sum, [status, n]) => sum + (status === 'pending' ? 0 : n), 0)
  }

  async function until(what: string, patienceMs: number, holds: () => Promise<boolean>): Promise<void> {
    for (const deadline = Date.now() + patienceMs; !(await holds()); await sleep(50))
      if (Date.now() > deadline) throw new Error(`${what} did not come within ${patienceMs / 1_000} s`)
  }

  const hurried = createTwilioGateway({
    twilio: {
      accountSid: ACCOUNT,
      authTokens: [token],
      sender: '235246',
      messagingServiceSid: null,
      apiUrl: simulator.url,
    },
    publicUrl: webUrl,
    mac: vault.mac,
    connections: 4,
  })

  const world: World = {
    ground,
    get pool() {
      return pool
    },
    database,
    disk,
    simulator,
    front,
    twilioRoad,
    webRoad,
    env,
    roles,
    rate,
    isQuick,
    seconds: (full, quick) => (isQuick ? quick : full) * 1_000,
    start,
    only: (name) => roles.filter((role) => role.name === name && !role.isGone()),
    async join(count, endings = ordinary(), zone = 'America/Chicago') {
      const { rows: known } = await pool.query<{ n: number }>('select count(*) as n from people')
      const phones = phonesFrom(known[0]?.n ?? 0, count, endings)
      const { rows } = await pool.query<{ id: number }>(
        `insert into people (phone_hash, phone_sealed, standing, zip, state, zone, other_zone, joined_at, stop_shown_at)
         select h, s, 'joined', '35020', 'AL', $3, $3, now(), now() from unnest($1::bytea[], $2::bytea[]) as p (h, s) returning id`,
        [phones.map((phone) => vault.hash(phone)), phones.map((phone) => vault.seal(phone)), zone],
      )
      return rows.map(({ id }, i) => ({ id, phone: phones[i] ?? '' }))
    },
    async blast(name = 'vote') {
      const [from = 0, to = 0] = (env['SEND_WINDOW'] ?? '00:00-24:00').split('-').map(minuteOfDay)
      const plan = { name, wording: { en: WORDING }, firstAt: await judgedNow(pool) }
      return (await scheduleBlast(pool, plan, { from, to })).id
    },
    blastIs: (id, state, patienceMs = 60_000) =>
      until(`blast ${id} ${state}`, patienceMs, async () => {
        const { rows } = await pool.query('select from blasts where id = $1 and state = $2', [id, state])
        return rows.length > 0
      }),
    sent,
    untilSent: (id, count, patienceMs = 30_000) =>
      until(`${count} texts`, patienceMs, async () => (await sent(id)) >= count),
    async text(phone, body) {
      const begun = performance.now()
      const { answer } = await simulator.send({ from: phone, body })
      return { status: answer.status, ms: performance.now() - begun }
    },
    reopen() {
      pool = openPool(ground.postgres.directUrl(database), { max: 4 })
    },
    faultOver() {
      endedAt = Date.now()
      postsAtEnd = front.posts.length
    },
    async idle(patienceMs = 60_000) {
      const words = simulator.journal
        .read()
        .find((entry) => entry.kind === 'post' && entry.body.includes('PRO Act'))
      const context = {
        pool,
        gateway: hurried,
        vault,
        timing: HURRIED,
        blastBody: () => Promise.resolve(words?.kind === 'post' ? words.body : WORDING),
      }
      const spool = join(env['DATA_DIR'] ?? '', 'spool')
      const isSpooled = () => readdirSync(spool).some((name) => name.endsWith('.spool'))
      let quiet = 0
      await until('quiet', patienceMs, async () => {
        await settleDoubts(context)
        const { rows } = await pool.query<{ open: number }>(OPEN)
        quiet = rows[0]?.open === 0 && !isSpooled() ? quiet + 1 : 0
        return quiet > 3
      }).catch(async (error: Error) => {
        const { rows } = await pool.query<{ open: string }>(`select (${OPEN_PARTS})::text as open`)
        throw new Error(`${error.message}: ${rows[0]?.open}`)
      })
      if (endedAt > 0) {
        const first = front.posts.slice(postsAtEnd).find((post) => post.at >= endedAt)
        figures['recovered'] = first ? `${((first.at - endedAt) / 1_000).toFixed(1)} s` : 'no more'
      }
    },
    figures,
    async close() {
      front.release('drop')
      await Promise.all(
        roles.filter((role) => !role.isGone()).map((role) => (role.signal('SIGCONT'), role.end('SIGKILL'))),
      )
      await hurried.close()
      await twilioRoad.close()
      await front.close()
      await simulator.stop()
      await webRoad.close()
      await pool.end()
      await ground.postgres.onServer(`drop database if exists ${database} with (force)`)
      await disk?.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
  try {
    for (let i = 0; i < serves; i++) await start('serve')
    for (let i = 0; i < works; i++) await start('work')
  } catch (error) {
    await world.close()
    throw error
  }
  return world
}

const OPEN_PARTS = `select json_build_object(
  'unapplied', (select count(*) from texts_in where applied_at is null),
  'open', (select count(*) from texts_out where status in ('pending', 'claimed', 'in_doubt') and not_before < now() + interval '1 hour'),
  'blasts', (select count(*) from blasts where state in ('scheduled', 'running')),
  'fan-out', (select coalesce(sum(people - fanned_out), 0) from blasts where state = 'running'))`
const OPEN = `select (select count(*) from texts_in where applied_at is null)
  + (select count(*) from texts_out t left join blasts b on b.id = t.blast_id
      where status in ('pending', 'claimed', 'in_doubt') and not_before < now() + interval '1 hour'
        and (b.state is null or b.state not in ('paused', 'cancelled') or status <> 'pending'))
  + (select count(*) from blasts where state in ('scheduled', 'running')) as open`

function watched(name: Role['name'], child: ChildProcess, roles: Role[], port: number): Role {
  const log: string[] = []
  const exited = once(child, 'exit')
  const take = (chunk: Buffer) => void log.push(...chunk.toString().split('\n').filter(Boolean))
  child.stdout?.on('data', take)
  child.stderr?.on('data', take)
  const role: Role = {
    name,
    port,
    pid: child.pid ?? 0,
    log,
    signal: (signal) => void child.kill(signal),
    isGone: () => child.exitCode !== null || child.signalCode !== null,
    async end(signal) {
      const begun = Date.now()
      if (roles.includes(role)) roles.splice(roles.indexOf(role), 1)
      if (!role.isGone()) child.kill(signal)
      await exited
      return Date.now() - begun
    },
  }
  return role
}

async function startedOrGone(role: Role, child: ChildProcess): Promise<void> {
  for (const deadline = Date.now() + 30_000; ; await sleep(10)) {
    if (role.log.some((line) => line.includes(`"${role.name}.started"`))) return
    if (role.isGone()) throw new Error(`${role.name} ended at its start: ${role.log.slice(-3).join(' ')}`)
    if (Date.now() > deadline) {
      child.kill('SIGKILL')
      throw new Error(`${role.name} did not start in 30 s`)
    }
  }
}

// Area codes nobody has are taken for American; 0100 to 0149 are the phones at which every text arrives.
function* areaCodes() {
  for (let area = 200; area < 990; area++) if (area % 100 !== 11 && !CANADIAN.has(area)) yield area
}
const CANADIAN = new Set(
  '204 226 236 242 246 249 250 257 263 264 268 273 284 289 306 343 345 354 365 367 368 369 382 387 403 416 418 428 431 437 438 441 450 460 468 473 474 500 506 514 519 548 579 581 584 587 600 604 613 622 633 639 647 649 658 664 672 683 700 705 709 721 742 753 758 767 778 780 782 784 800 807 809 819 825 829 833 844 849 855 866 867 868 869 873 876 877 879 888 900 902 905 942'
    .split(' ')
    .map(Number),
)
const ordinary = () => Array.from({ length: 50 }, (_, i) => String(100 + i).padStart(4, '0'))

function phonesFrom(skip: number, count: number, endings: readonly string[]): string[] {
  const phones: string[] = []
  const areas = [...areaCodes()]
  for (let n = skip; phones.length < count; n++) {
    const area = areas[Math.floor(n / endings.length) % areas.length]
    phones.push(`+1${area}555${endings[n % endings.length]}`)
  }
  return phones
}
