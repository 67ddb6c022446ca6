import { randomBytes } from 'node:crypto'
import { spawn, spawnSync } from 'node:child_process'
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { basename, dirname, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { OperatorError } from '../errors.js'

/** A server of our own under DATA_DIR. */
export type PrivateServer = {
  url: string
  /** "Postgres", "Redis" or "Valkey" */
  name: string
  version: string
  /** false: it ran already, for another program on the same data. */
  started: boolean
  /** What a person should know about where it runs. */
  note?: string
  /** Its process has ended: somebody killed it, or it crashed. */
  isGone(): boolean
  /** Starts it again at the same address, on the same data. */
  startAgain(): Promise<void>
  /** Stops it, unless another program still uses it. */
  stop(): Promise<void>
}

/** Makes the data directory where it is missing and returns its real path. Root's servers run as somebody else, who must get through. */
export function makeDataDir(dataDir: string): string {
  const path = resolve(dataDir)
  try {
    mkdirSync(path, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 })
    return realpathSync(path)
  } catch (error) {
    throw new OperatorError(
      `DATA_DIR ${dataDir} cannot be made (${codeOf(error)}). Free its path, or set DATA_DIR to a folder you may write.`,
      2,
    )
  }
}

/** A port of 127.0.0.1 that nobody listens on just now. */
export function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const server = createServer()
    server.once('error', failed)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        typeof address === 'object' && address ? found(address.port) : failed(new Error('no port')),
      )
    })
  })
}

/** Names a process so that a later one with the same number is not taken for it. null: gone; a zombie is gone too. */
export function processMark(pid: number): string | null {
  if (!Number.isInteger(pid) || pid <= 0) return null
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (codeOf(error) !== 'EPERM') return null
  }
  if (!existsSync('/proc/self/stat')) return `${pid}`
  const stat = readOrNull(`/proc/${pid}/stat`)
  if (stat === null) return null
  // After the name, which may hold spaces and brackets: the state, and 19 fields on the start time.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields[0] === 'Z' || fields[0] === 'X' ? null : `${pid} ${fields[19] ?? ''}`
}

/** The command line of a running process; empty where it cannot be told. */
export function commandLine(pid: number): string {
  const cmdline = readOrNull(`/proc/${pid}/cmdline`)
  if (cmdline !== null) return cmdline.replaceAll('\0', ' ')
  return (
    spawnSync('ps', ['-o', 'command=', '-p', `${pid}`], { encoding: 'utf8', timeout: 5_000 }).stdout ?? ''
  )
}

export type Launch = { command: string; args: readonly string[]; logFile: string; uid?: number; gid?: number }

/** Starts a server that Ctrl-C does not reach: its group is its own, and we stop it last. */
export async function launch(server: Launch): Promise<{ pid: number; hasExited: () => boolean }> {
  const tooLong = existsSync(server.logFile) && statSync(server.logFile).size > 5_000_000
  const log = openSync(server.logFile, tooLong ? 'w' : 'a', 0o600)
  try {
    const child = spawn(server.command, server.args, {
      cwd: '/',
      detached: true,
      stdio: ['ignore', log, log],
      ...(server.uid !== undefined && {
        uid: server.uid,
        gid: server.gid ?? server.uid,
        env: { PATH: '/usr/bin:/bin' },
      }),
    })
    await new Promise<void>((spawned, failed) => {
      child.once('spawn', () => spawned())
      child.once('error', failed)
    })
    child.unref()
    return { pid: child.pid ?? 0, hasExited: () => child.exitCode !== null || child.signalCode !== null }
  } finally {
    closeSync(log)
  }
}

/** Sends each signal in turn until the process is gone, waiting for it as long as the table says. */
export async function endProcess(
  pid: number,
  steps: readonly { signal: NodeJS.Signals; waitMs: number }[],
): Promise<void> {
  const mark = processMark(pid)
  if (mark === null) return
  for (const { signal, waitMs } of steps) {
    try {
      process.kill(pid, signal)
    } catch (error) {
      if (codeOf(error) === 'ESRCH') return
      throw error
    }
    for (const until = Date.now() + waitMs; Date.now() < until; await sleep(10))
      if (processMark(pid) !== mark) return
  }
}

/** Does work that only one program at a time may do. A lock whose holder died is broken. */
export async function withLock<T>(file: string, waitMs: number, work: () => Promise<T>): Promise<T> {
  for (const until = Date.now() + waitMs; !tryLock(file); await sleep(50))
    if (Date.now() > until) {
      const holder = Number.parseInt(readOrNull(file) ?? '', 10)
      throw new OperatorError(
        `Process ${holder} has been busy with ${dirname(file)} for ${waitMs / 1_000} s. End it, or delete ${file}.`,
      )
    }
  try {
    return await work()
  } finally {
    rmSync(file, { force: true })
  }
}

function tryLock(file: string): boolean {
  try {
    writeFileSync(file, processMark(process.pid) ?? '', { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if (codeOf(error) !== 'EEXIST')
      throw new OperatorError(
        `${file} cannot be written (${codeOf(error)}). Set DATA_DIR to a folder you may write.`,
        2,
      )
  }
  const holder = readOrNull(file)
  const beingWritten =
    holder === '' && Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) < 5_000
  if (holder === null || beingWritten || processMark(Number.parseInt(holder, 10)) === holder) return false
  // Renamed, not removed: of two programs that find the dead lock, only one gets it, and a fresh one is put back.
  const dead = `${file}.${process.pid}`
  try {
    renameSync(file, dead)
    if (readOrNull(dead) === holder) rmSync(dead, { force: true })
    else renameSync(dead, file)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
  }
  return false
}

let entries = 0

/** Enters this process among those that use a server. The answer leaves again, and says whether nobody else is left. */
export function enter(usersDir: string): () => boolean {
  mkdirSync(usersDir, { recursive: true, mode: 0o700 })
  const mine = `${process.pid}-${++entries}`
  writeFileSync(join(usersDir, mine), processMark(process.pid) ?? '', { mode: 0o600 })
  return () => {
    rmSync(join(usersDir, mine), { force: true })
    for (const other of readdirSync(usersDir)) {
      const mark = readOrNull(join(usersDir, other))
      if (mark !== null && processMark(Number.parseInt(other, 10)) === mark) return false
      rmSync(join(usersDir, other), { force: true }) // it was killed and could not leave
    }
    return true
  }
}

/** The secret kept in a file only we may read; made when there is none. */
export function secretIn(file: string): string {
  const known = readOrNull(file)?.trim()
  if (known) return known
  const made = randomBytes(24).toString('hex')
  writeFileSync(file, `${made}\n`, { mode: 0o600 })
  return made
}

/** The last line of a log that says something. */
export function lastWords(logFile: string): string {
  const lines = (readOrNull(logFile) ?? '').trimEnd().split('\n')
  return (
    lines.findLast((line) => /FATAL|ERROR|error|can't|cannot|Could not/.test(line)) ??
    lines.at(-1) ??
    `see ${basename(logFile)}`
  )
}

/** The text of a file; null when it cannot be read. */
export function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}

/** ENOENT and its like; else the message. */
export function codeOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string')
    return error.code
  return error instanceof Error ? error.message : String(error)
}
