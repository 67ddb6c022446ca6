import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { startSimulator, type Simulator } from '../../src/simulator/server.js'
import type { PhoneText } from '../../src/simulator/phone-view.js'
import { freePort } from './free-port.js'
import { freshDatabase, freshRedis, type FreshDatabase, type FreshRedis } from './services.js'

const CLI = join(__dirname, '../../dist/cli.js')
const ACCOUNT_SID = `AC${'0'.repeat(29)}e2e`
const PATIENCE_MS = 20_000

export type Role = {
  process: ChildProcess
  /** Where a web process listens; null: a worker. */
  port: number | null
  log: string[]
  kill(signal: NodeJS.Signals): Promise<void>
}

export type Bot = {
  simulator: Simulator
  database: FreshDatabase
  redis: FreshRedis
  env: Record<string, string>
  webUrl: string
  /** Starts one more process, with more in its environment and on its command line where given. */
  start(
    role: 'serve' | 'work',
    more?: Readonly<Record<string, string>>,
    flags?: readonly string[],
  ): Promise<Role>
  roles: Role[]
  /** Texts as this phone and waits until everything it caused has happened; returns what came back. */
  say(
    phone: string,
    body: string,
    more?: { media?: number; optOutType?: 'STOP' | 'START' | 'HELP' | null },
  ): Promise<PhoneText[]>
  /** Brings people in by `people import`. */
  importPeople(csv: string, isInvited?: boolean): Promise<void>
  /** Waits until no text waits to be applied and no answer waits to be sent. */
  settled(): Promise<void>
  /** Runs the CLI, with more in its environment where given; resolves with what it printed. */
  run(
    args: readonly string[],
    input?: string,
    more?: Readonly<Record<string, string>>,
  ): Promise<{ code: number; stdout: string; stderr: string }>
  stop(): Promise<void>
}

export type BotOptions = {
  env?: Record<string, string>
  roles?: readonly ('serve' | 'work')[]
  simulator?: object
  redisUrl?: string
  /** The way to the database, where it is not the direct one. */
  databaseUrl?: (direct: string) => string
  /** The address that Twilio calls, where a balancer stands in front. */
  publicUrl?: string
}

/** The built program as real processes on a database and a Redis of its own, with a simulator as its Twilio. */
export async function startBot(options: BotOptions = {}): Promise<Bot> {
  const [database, redis, port] = await Promise.all([freshDatabase(), freshRedis(), freePort()])
  const authToken = randomBytes(16).toString('hex')
  const webUrl = `http://127.0.0.1:${port}`
  const simulator = await startSimulator({
    botUrl: options.publicUrl ?? webUrl,
    accountSid: ACCOUNT_SID,
    authToken,
    sentMs: 5,
    deliveredMs: 5,
    ...options.simulator,
  })
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '',
    PORT: String(port),
    PUBLIC_URL: options.publicUrl ?? webUrl,
    DATABASE_URL: options.databaseUrl?.(database.url) ?? database.url,
    REDIS_URL: options.redisUrl ?? redis.url,
    TWILIO_ACCOUNT_SID: ACCOUNT_SID,
    TWILIO_AUTH_TOKEN: authToken,
    TWILIO_API_URL: simulator.url,
    PHONE_KEY: randomBytes(32).toString('base64'),
    SEND_WINDOW: '00:00-24:00',
    ...options.env,
  }
  const roles: Role[] = []

  async function start(
    role: 'serve' | 'work',
    more: Readonly<Record<string, string>> = {},
    flags: readonly string[] = [],
  ): Promise<Role> {
    const child = spawn(process.execPath, [CLI, role, ...flags], {
      env: { ...env, ...more },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const log: string[] = []
    const exited = once(child, 'exit')
    const started = new Promise<void>((resolve, reject) => {
      const take = (chunk: Buffer) => {
        log.push(...chunk.toString().split('\n').filter(Boolean))
        if (log.some((line) => line.includes(`"${role}.started"`))) resolve()
      }
      child.stdout.on('data', take)
      child.stderr.on('data', take)
      void exited.then(() => reject(new Error(`${role} ended at its start: ${log.join('\n')}`)))
    })
    await started
    const running: Role = {
      process: child,
      port: role === 'serve' ? Number(more['PORT'] ?? env.PORT) : null,
      log,
      async kill(signal) {
        roles.splice(roles.indexOf(running), 1)
        child.kill(signal)
        await exited
      },
    }
    roles.push(running)
    return running
  }

  async function settled(): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS
    for (let quiet = 0; quiet < 2;) {
      const { rows } = await database.pool.query<{ open: number }>(
        `select (select count(*) from texts_in where applied_at is null)
              + (select count(*) from texts_out where blast_id = 0 and status in ('pending', 'claimed') and not_before <= now()) as open`,
      )
      quiet = rows[0]?.open === 0 ? quiet + 1 : 0
      if (Date.now() > deadline)
        throw new Error(`${rows[0]?.open} texts are still open after ${PATIENCE_MS} ms`)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }

  const say: Bot['say'] = async (phone, body, { media = 0, optOutType = null } = {}) => {
    const before = simulator.thread(phone).length
    await simulator.send({ from: phone, body, media, ...(optOutType && { optOutType }) })
    await settled()
    return simulator
      .thread(phone)
      .slice(before)
      .filter((text) => text.by === 'app')
  }

  async function run(
    args: readonly string[],
    input = '',
    more: Readonly<Record<string, string>> = {},
  ): Promise<{ code: number; stdout: string; stderr: string }> {
    const child = spawn(process.execPath, [CLI, ...args], { env: { ...env, ...more }, stdio: 'pipe' })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    child.stdin.end(input)
    const [code] = (await once(child, 'close')) as [number]
    return { code, stdout, stderr }
  }

  async function importPeople(csv: string, isInvited = false): Promise<void> {
    const file = join(mkdtempSync(join(tmpdir(), 'text-action-import-')), 'people.csv')
    writeFileSync(file, csv)
    const { code, stderr } = await run([
      'people',
      'import',
      file,
      '--consent',
      'A test list',
      ...(isInvited ? ['--invite'] : []),
    ])
    rmSync(dirname(file), { recursive: true })
    if (code !== 0) throw new Error(`people import failed: ${stderr}`)
  }

  const stop = async () => {
    await Promise.all([...roles].map((role) => role.kill('SIGTERM')))
    await simulator.stop()
    await Promise.all([database.drop(), redis.drop()])
  }
  try {
    for (const role of options.roles ?? (['serve', 'work'] as const)) await start(role)
  } catch (error) {
    await stop() // nothing of a bot that did not start may keep the test run alive
    throw error
  }
  return {
    simulator,
    database,
    redis,
    env,
    webUrl,
    start,
    roles,
    say,
    importPeople,
    settled,
    run,
    stop,
  }
}
