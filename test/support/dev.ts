import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { processMark, readOrNull } from '../../src/adapters/private-server.js'
import { removeWithPlace } from './data-dir.js'
import { freePort } from './free-port.js'

const ROOT = join(__dirname, '../..')
const LINGER_MS = 2_000 // a process that has been told to end is gone within this

export type Dev = {
  url: string
  /** What `scripts/textaction` needs to find it. */
  env: NodeJS.ProcessEnv
  /** What it has printed since its last start. */
  screen(): string
  /** Starts it, first or again, and waits until its screen is complete. */
  start(more?: Readonly<Record<string, string>>): Promise<void>
  /** The command lines of it and of all that it has started. */
  family(): string[]
  /** Sends a signal to those of its family whose command line holds this; how many they were, without children of theirs. */
  hit(words: string, signal?: NodeJS.Signals): number
  /** Its exit code, once it has ended by itself. */
  ended(): Promise<number | null>
  /** Ctrl-C, or another signal, which reaches its whole group of processes. left: those of its family that live on, as command lines. */
  interrupt(signal?: NodeJS.Signals): Promise<{ code: number | null; ms: number; left: string[] }>
  remove(): Promise<void>
}

/** The program that `npm start` runs, with a DATA_DIR and a port of its own; not started yet. */
export async function ownDev(): Promise<Dev> {
  const dataDir = mkdtempSync(join(tmpdir(), 'text-action-dev-'))
  chmodSync(dataDir, 0o711) // root's Postgres is another user's, who must get through
  const port = await freePort()
  const { PATH, HOME } = process.env
  const env = { PATH, HOME, DATA_DIR: dataDir, PORT: String(port) }
  let child: ReturnType<typeof spawn> | null = null
  let printed = ''

  async function start(more: Readonly<Record<string, string>> = {}): Promise<void> {
    printed = ''
    const started = spawn(process.execPath, ['dist/cli.js', 'dev'], {
      cwd: ROOT,
      env: { ...env, ...more },
      detached: true, // a group of its own, as in a terminal
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child = started
    await new Promise<void>((resolve, reject) => {
      const take = (chunk: Buffer) => {
        printed += chunk.toString()
        if (printed.includes('Ctrl-C stops everything.')) resolve()
      }
      started.stdout.on('data', take)
      started.stderr.on('data', take)
      started.once('close', () => {
        child = null
        reject(new Error(`dev ended at its start: ${printed}`))
      })
    })
  }

  async function interrupt(signal: NodeJS.Signals = 'SIGINT') {
    const running = child
    if (!running?.pid) throw new Error('dev does not run')
    const family = familyOf(running.pid)
    const closed = once(running, 'close') as Promise<[number | null]>
    const begun = performance.now()
    process.kill(-running.pid, signal)
    const [code] = await closed
    child = null
    const ms = performance.now() - begun
    for (const until = Date.now() + LINGER_MS; family.some(lives) && Date.now() < until;) await pause(20)
    return { code, ms, left: family.filter(lives).map(({ line }) => line) }
  }

  return {
    url: `http://127.0.0.1:${port}`,
    env,
    screen: () => printed,
    start,
    family: () => familyOf(child?.pid ?? 0).map(({ line }) => line),
    hit(words, signal = 'SIGKILL') {
      if (!child?.pid) throw new Error('dev does not run')
      const those = familyOf(child.pid).filter(({ line }) => line.includes(words))
      for (const { pid } of those) signalTo(pid, signal)
      // Postgres has forked a process that has not named itself yet.
      return those.filter(({ parent }) => !those.some(({ pid }) => pid === parent)).length
    },
    async ended() {
      if (!child) throw new Error('dev does not run')
      const [code] = (await once(child, 'close')) as [number | null]
      return code
    },
    interrupt,
    async remove() {
      if (child?.pid) {
        for (const { pid } of familyOf(child.pid)) signalTo(pid, 'SIGCONT') // a test that failed may have left one frozen
        await interrupt()
      }
      removeWithPlace(dataDir)
    },
  }
}

type Relative = { pid: number; parent: number; mark: string | null; line: string }

/** It may have ended since it was listed. */
function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

const lives = ({ pid, mark }: Relative) => mark !== null && processMark(pid) === mark

/** This process and all that it has started, and they; as Linux lists them. */
function familyOf(pid: number): Relative[] {
  const parents = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => {
        const stat = readOrNull(`/proc/${name}/stat`) ?? ''
        return [Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])]
      }),
  )
  const family = [pid]
  for (const member of family)
    for (const [child, parent] of parents) if (parent === member) family.push(child)
  return family.map((member) => ({
    pid: member,
    parent: parents.get(member) ?? 0,
    mark: processMark(member),
    line: (readOrNull(`/proc/${member}/cmdline`) ?? '').replaceAll('\0', ' ').trim(),
  }))
}
