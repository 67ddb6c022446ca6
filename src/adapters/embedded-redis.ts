import { realpathSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { OperatorError } from '../errors.js'
import { joinOrStart, silent, type Opening } from './private-keeper.js'
import * as own from './private-server.js'

const LOCK_WAIT_MS = 60_000
// A large append-only file takes a while to load.
const ANSWER_WAIT_MS = 30_000
// It has answered the program that keeps it: whoever comes later waits for no start.
const JOINED_WAIT_MS = 5_000
const OLDEST = 6.2

type Found = { pid: number; port: number; name: string; version: string }

/**
 * Redis (or Valkey) under dataDir, found again when it runs already. The program is the one on PATH, else the one that
 * set-up brought into dataDir. It asks for a password, as other users of the machine can reach its port.
 */
export async function openEmbeddedRedis(dataDir: string, opening: Opening = {}): Promise<own.PrivateServer> {
  const root = own.makeDataDir(dataDir)
  const dir = join(root, 'redis')
  const lock = join(root, 'redis.lock')
  const users = join(root, 'redis.users')
  return joinOrStart({ root, name: 'Redis', lock, lockWaitMs: LOCK_WAIT_MS }, opening, async (mayStart) => {
    mkdirSync(dir, { recursive: true, mode: 0o700 })
    const password = own.secretIn(join(root, 'redis.password'))
    const running = await findRunning(dir, password, mayStart ? ANSWER_WAIT_MS : JOINED_WAIT_MS)
    if (running === null && !mayStart) return null
    const server = running ?? (await start(root, dir, password))
    await refuseOld(server)
    const leave = own.enter(users)
    let mark = own.processMark(server.pid)
    return {
      url: urlOf(server.port, password),
      name: server.name,
      version: server.version,
      started: running === null,
      isGone: () => own.processMark(server.pid) !== mark || mark === null,
      startAgain: () =>
        own.withLock(lock, LOCK_WAIT_MS, async () => {
          const found = await findRunning(dir, password, ANSWER_WAIT_MS)
          server.pid = (found ?? (await start(root, dir, password, server.port))).pid
          mark = own.processMark(server.pid)
        }),
      stop: () =>
        own.withLock(lock, LOCK_WAIT_MS, async () => {
          const pid = leave() ? runningPid(dir) : null
          if (pid !== null) await end(pid)
        }),
    }
  })
}

const end = (pid: number) =>
  own.endProcess(pid, [
    { signal: 'SIGTERM', waitMs: 10_000 }, // it writes out its append-only file first
    { signal: 'SIGKILL', waitMs: 1_000 },
  ])

const configuration = (dir: string, port: number, password: string) => `bind 127.0.0.1
port ${port}
requirepass ${password}
dir "${dir}"
pidfile "${join(dir, 'redis.pid')}"
daemonize no
databases 64
appendonly yes
appendfsync everysec
save ""
maxmemory-policy noeviction
`

const portIn = (dir: string) =>
  Number(/^port (\d+)$/m.exec(own.readOrNull(join(dir, 'redis.conf')) ?? '')?.[1] ?? 0)

// Redis writes its port into its command line; a stranger that got the number since has another.
function runningPid(dir: string): number | null {
  const pid = Number(own.readOrNull(join(dir, 'redis.pid')))
  return own.processMark(pid) !== null && own.commandLine(pid).includes(`:${portIn(dir)}`) ? pid : null
}

async function findRunning(dir: string, password: string, waitMs: number): Promise<Found | null> {
  const port = portIn(dir)
  if (!port) return null
  for (const until = Date.now() + waitMs; Date.now() < until; await sleep(50)) {
    const found = await look(port, password, dir)
    // One that loads or hangs must not get a second one on the same files.
    if (found || runningPid(dir) === null) return found
  }
  throw silent('Redis', dir, runningPid(dir))
}

async function start(root: string, dir: string, password: string, at?: number): Promise<Found> {
  const logFile = join(root, 'redis.log')
  for (let attempt = 1; attempt <= 3; attempt++) {
    const port = at ?? (await own.freePort())
    const file = join(dir, 'redis.conf')
    writeFileSync(file, configuration(dir, port, password), { mode: 0o600 })
    const server = await launchFirst(
      ['redis-server', 'valkey-server', join(root, 'redis-server', 'bin', 'redis-server')],
      file,
      logFile,
    )
    for (
      const until = Date.now() + ANSWER_WAIT_MS;
      Date.now() < until && !server.hasExited();
      await sleep(5)
    ) {
      const found = await look(port, password, dir)
      if (found) return { ...found, pid: server.pid }
    }
    if (!server.hasExited()) await end(server.pid)
  }
  throw new OperatorError(
    `Redis does not start: ${own.lastWords(logFile)}. The whole story is in ${logFile}.`,
  )
}

async function launchFirst(commands: readonly string[], file: string, logFile: string) {
  for (const command of commands)
    try {
      return await own.launch({ command, args: [file], logFile })
    } catch (error) {
      if (own.codeOf(error) !== 'ENOENT')
        throw new OperatorError(
          `${command} does not start (${own.codeOf(error)}). Mend it, or set REDIS_URL.`,
        )
    }
  throw new OperatorError(
    'There is no Redis server here. Run: npm run setup. Or set REDIS_URL to a Redis of yours.',
  )
}

/** The server on this port, if it is ours: it takes our password and serves this directory. */
async function look(port: number, password: string, dir: string): Promise<Found | null> {
  const client = new Redis(urlOf(port, password), {
    lazyConnect: true,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    enableReadyCheck: false,
    connectTimeout: 2_000,
    commandTimeout: 2_000,
  })
  client.on('error', () => undefined) // comes back on the command itself
  try {
    await client.connect()
    const [, served] = (await client.config('GET', 'dir')) as [string, string]
    if (realpathSync(served) !== realpathSync(dir)) return null
    const info = await client.info('server')
    const said = (name: string) => new RegExp(`^${name}:(.*?)\r?$`, 'm').exec(info)?.[1]
    if ((await client.info('persistence')).includes('loading:1')) return null
    const valkey = said('valkey_version')
    return {
      pid: Number(said('process_id')),
      port,
      name: valkey ? 'Valkey' : 'Redis',
      version: valkey ?? said('redis_version') ?? '',
    }
  } catch {
    return null
  } finally {
    client.disconnect()
  }
}

async function refuseOld(server: Found): Promise<void> {
  if (server.name === 'Valkey' || Number.parseFloat(server.version) >= OLDEST) return
  await end(server.pid)
  throw new OperatorError(
    `redis-server is ${server.version}, and ${OLDEST} or newer is needed. Install a newer one, or set REDIS_URL.`,
  )
}

const urlOf = (port: number, password: string) => `redis://:${password}@127.0.0.1:${port}`
