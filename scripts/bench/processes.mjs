// Other processes: pinned to a core where taskset exists, asked by messages, ended by their id.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const HERE = dirname(fileURLToPath(import.meta.url))
const CLI = join(HERE, '..', '..', 'dist', 'cli.js')
const START_MS = 20_000
const TICK_MS = 10 // /proc counts in hundredths of a second

/** The cores this process may use, by number; empty where nothing can be pinned. */
export function usableCores() {
  const said = spawnSync('taskset', ['-cp', String(process.pid)], { encoding: 'utf8' })
  const list = said.status === 0 ? said.stdout.split(':').at(-1).trim() : ''
  return list.split(',').flatMap((part) => {
    const [from, to = from] = part.split('-').map(Number)
    return part === '' ? [] : Array.from({ length: to - from + 1 }, (_, i) => from + i)
  })
}

// Load and fakes share the last core; what is measured has the machine to itself otherwise.
const cores = usableCores()
const loadCore = cores.length > 1 ? cores.at(-1) : null
export const pinning =
  loadCore === null
    ? `nothing pinned (${availableParallelism()} core, or no taskset)`
    : `load and fakes pinned to core ${loadCore}`

const command = (core, args) =>
  core === null ? [process.execPath, args] : ['taskset', ['-c', String(core), process.execPath, ...args]]

const running = new Set()

/** Ends whatever is still running, when the bench itself is broken off. */
export function killAll() {
  for (const child of running) child.kill('SIGKILL')
}

function begin(core, args, options) {
  const [file, all] = command(core, args)
  const child = spawn(file, all, options)
  running.add(child)
  const exited = once(child, 'exit').finally(() => running.delete(child))
  const end = async (signal = 'SIGTERM') => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal)
    await exited
  }
  return { child, exited, end, pid: child.pid }
}

/** A program of this folder. ask(order, values) resolves with its answer. pinned: on the core of load and fakes. */
export async function startHelper(file, { pinned = true, cwd } = {}) {
  const started = begin(pinned ? loadCore : null, [join(HERE, file)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    ...(cwd && { cwd }),
  })
  const { child, exited, end, pid } = started
  const waiting = new Map()
  let asked = 0
  child.on('message', ({ id, answer, fault }) => {
    const { resolve, reject } = waiting.get(id)
    waiting.delete(id)
    if (fault) reject(new Error(`${file}: ${fault}`))
    else resolve(answer)
  })
  void exited.then(([code, signal]) => {
    for (const { reject } of waiting.values()) reject(new Error(`${file} ended by ${signal ?? code}`))
  })
  const ask = (order, values = {}) =>
    new Promise((resolve, reject) => {
      const id = ++asked
      waiting.set(id, { resolve, reject })
      child.send({ id, order, values })
    })
  return { ask, end, pid, exited }
}

/** `textaction serve` or `work`, its log in a file; resolves once it has started. */
export async function startRole(role, env, { logFile }) {
  const log = openSync(logFile, 'a')
  const from = readFileSync(logFile).length
  const started = begin(null, [CLI, role], { env, stdio: ['ignore', log, log] })
  closeSync(log)
  const { child, end, pid, exited } = started
  for (const until = Date.now() + START_MS; ; await sleep(10)) {
    const said = readFileSync(logFile).subarray(from)
    if (said.includes(`"${role}.started"`)) return { end, pid, exited }
    if (child.exitCode === null && child.signalCode === null && Date.now() < until) continue
    await end('SIGKILL')
    throw new Error(`${role} did not start: ${said.toString().trim().split('\n').at(-1)}`)
  }
}

/** One command of the program; resolves with what it printed. */
export async function runCli(args, env) {
  const { child, exited } = begin(null, [CLI, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => (stdout += chunk))
  child.stderr.on('data', (chunk) => (stderr += chunk))
  const [code] = await exited
  if (code !== 0) throw new Error(`textaction ${args.slice(0, 2).join(' ')} failed: ${stderr.trim()}`)
  return stdout
}

/** Milliseconds of CPU that a process has used so far, with its children: those alive and those that have ended. */
export function cpuMs(pid) {
  const children = childrenOf(pid)
  return [pid, ...children].reduce((sum, one) => {
    const fields = statOf(one)
    const ended = one === pid ? Number(fields[15]) + Number(fields[16]) : 0
    return sum + (Number(fields[13]) + Number(fields[14]) + ended) * TICK_MS
  }, 0)
}

/** Resident memory of a process, in bytes. */
export function residentBytes(pid) {
  const line = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return Number(line?.[1] ?? NaN) * 1024
}

function childrenOf(pid) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((one) => Number(statOf(one)[3]) === pid)
}

// The name in parentheses may hold blanks. A process that has just ended has used nothing more.
function statOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/\(.*\)/s, 'x')
      .split(' ')
  } catch {
    return new Array(17).fill('0')
  }
}
