// What the steps of set-up share. Node built-ins only: nothing is installed yet.
import { spawn } from 'node:child_process'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const workDir = join(root, '.data')
export const logFile = join(workDir, 'setup.log')

/** A failure the person at the terminal can mend: one sentence that says what to do. */
export class SetupFailure extends Error {}

// Root's Postgres runs as another user, who must get through.
export function makeDir(dir) {
  mkdirSync(dir, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 })
}

/** Runs a command within a time limit. Never throws: { code, out, why }, why = ENOENT, "timed out", or ''. */
export function run(command, args, { limitSeconds = 600, env = {}, cwd = root } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let out = ''
    let ended = false
    const end = (code, why) => {
      if (ended) return
      ended = true
      clearTimeout(timer)
      log(`$ ${command} ${args.join(' ')}\n${out}\n[${why || `exit ${code}`}]\n`)
      resolve({ code, out, why })
    }
    const timer = setTimeout(() => {
      child.kill('SIGTERM')
      setTimeout(() => child.kill('SIGKILL'), 2_000).unref()
      child.stdout.destroy()
      child.stderr.destroy()
      end(null, 'timed out')
    }, limitSeconds * 1_000)
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (out += chunk))
    child.on('error', (error) => end(null, error.code ?? error.message))
    child.on('close', (code) => end(code, ''))
  })
}

function log(text) {
  try {
    appendFileSync(logFile, text)
  } catch {
    // A log that cannot be written must not stop what it tells of.
  }
}

/** The last lines of an output that say something went wrong, for a message of one line. */
export function lastFault(out) {
  const lines = out
    .split('\n')
    .filter((line) => !line.includes('A complete log of this run'))
    .filter((line) => /\berr(or)?\b|^E:|failed|fatal/i.test(line))
  return (lines.at(-1) ?? out.trim().split('\n').at(-1) ?? '').trim().slice(0, 200)
}

export const offline = (out) =>
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|Could not resolve|Temporary failure|Could not connect|Unable to connect|Failed to fetch/.test(
    out,
  )

/** Does work that only one set-up of this clone may do at a time. The lock of one that was killed is broken. */
export async function withLock(work, onWait) {
  try {
    makeDir(workDir)
  } catch (error) {
    throw cannotWrite(workDir, error)
  }
  const file = join(workDir, 'setup.lock')
  for (
    const until = Date.now() + 20 * 60_000;
    !tryLock(file);
    await new Promise((go) => setTimeout(go, 200))
  ) {
    onWait(Number.parseInt(read(file), 10))
    if (Date.now() > until)
      throw new SetupFailure(`Another set-up has held ${file} for 20 minutes. End it, or delete that file.`)
  }
  try {
    writeFileSync(logFile, '')
    return await work()
  } finally {
    rmSync(file, { force: true })
  }
}

export const cannotWrite = (path, error) =>
  new SetupFailure(`${path} cannot be written (${error.code}). Run this as the user who owns the clone.`)

function tryLock(file) {
  try {
    writeFileSync(file, mark(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw cannotWrite(file, error)
  }
  const holder = read(file)
  const beingWritten =
    holder === '' && Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) < 5_000
  if (beingWritten || mark(Number.parseInt(holder, 10)) === holder) return false
  // Renamed, not removed: of two that find the dead lock only one gets it, and a fresh one is put back.
  const dead = `${file}.${process.pid}`
  try {
    renameSync(file, dead)
    if (read(dead) === holder) rmSync(dead, { force: true })
    else renameSync(dead, file)
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
  return false
}

// The start time tells a process from a later one with its number.
function mark(pid) {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (error.code !== 'EPERM') return 'gone'
  }
  const stat = read(`/proc/${pid}/stat`)
  return `${pid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''}`.trim()
}

export function read(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/** Is one of these commands on PATH? */
export function onPath(...names) {
  const dirs = (process.env.PATH ?? '').split(':').filter(Boolean)
  return names.some((name) => dirs.some((dir) => existsSync(join(dir, name))))
}
