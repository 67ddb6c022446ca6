import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { open, readdir, readFile, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Spool, Taken, Vault } from '../ports.js'

const SPOOLED = '.spool'
/** Touched by its process every second. */
const ALIVE = '.alive'
/** Lines that nobody could read or take: kept, sealed as they are, for a person to look at. */
const ASIDE = 'set-aside'
const OTHERS_QUIET_MS = 3_000
// After a minute the row of a dead one in Postgres holds nobody any more.
const DEAD_KEPT_MS = 60_000
const SETTLE_MS = 200
const PROBE_BYTES = 4_096
const PROBED_EVERY_MS = 5_000

/** How much lies in a spool: what waits to be taken in, and what only a person can take away. */
export async function spoolBytes(dir: string): Promise<{ waiting: number; setAside: number }> {
  const size = (name: string) =>
    stat(join(dir, name)).then(
      (found) => found.size,
      () => 0, // not there, or drained between the two looks
    )
  const waiting = await Promise.all((await readdir(dir)).filter(isSpooled).map(size))
  return { waiting: waiting.reduce((sum, bytes) => sum + bytes, 0), setAside: await size(ASIDE) }
}

/**
 * Texts that Postgres could not take, each sealed on a line of its own and fsynced before anybody is told it is safe. Several
 * processes may share the folder: each writes files of its own, and takes those of another once that one has been quiet for a
 * while. What is handed over twice is one MessageSid.
 */
export function createFileSpool<T>(dir: string, vault: Pick<Vault, 'seal' | 'open'>): Spool<T> {
  makeFolder()
  const own = `${String(Date.now()).padStart(14, '0')}-${process.pid}-${randomBytes(4).toString('hex')}`
  let part = 0
  let noRoom: Error | null = null
  let empty = !readdirSync(dir).some(isSpooled)
  let writing: Promise<unknown> = Promise.resolve()
  let probing: Promise<void> = Promise.resolve()
  let probedAtMs = -Infinity
  /** The lines taken of files that cannot go yet. */
  const handedOver = new Map<string, Set<string>>()
  /** Files all of whose lines are handed over but that could not be removed, and how long they were then. */
  const unremovable = new Map<string, number>()
  /** Other processes that have been here and do not say any more that they live. */
  const dead = new Set<string>()
  const ownPath = () => join(dir, `${own}-${String(part).padStart(8, '0')}${SPOOLED}`)

  /** One after the other: the order of receipt is the order in the file. */
  function alone<R>(work: () => Promise<R>): Promise<R> {
    const next = writing.then(work)
    writing = next.catch(() => undefined)
    return next
  }

  function makeFolder(): void {
    mkdirSync(dir, { recursive: true, mode: 0o700 })
  }

  /** Somebody may have removed the folder since we made it. */
  async function openToAppend(path: string) {
    try {
      return await open(path, 'a', 0o600)
    } catch (error) {
      if (!isGone(error)) throw error
      makeFolder()
      await sync(dirname(dir))
      return open(path, 'a', 0o600)
    }
  }

  // The line begins with a break too: what a full disk or a crash left half-written before it cannot spoil it.
  async function writeLine(path: string, line: string): Promise<void> {
    const file = await openToAppend(path)
    try {
      await file.appendFile(`\n${line}\n`)
      await file.sync()
      const { nlink, size } = await file.stat()
      if (size === line.length + 2) await sync(dir) // a file that is new is not safe before its name is
      if (nlink > 0) return // else another process drained and removed it since it was opened
    } finally {
      await file.close()
    }
    await writeLine(path, line)
  }

  async function sync(path: string): Promise<void> {
    const folder = await open(path, 'r')
    await folder.sync().finally(() => folder.close())
  }

  /**
   * True: all of it is handed over, and it is gone if it can be. A line is known by what it is, not by its place: once another process has removed
   * the file, its writer may begin one of that name.
   */
  async function drainFile(
    path: string,
    isOwn: boolean,
    take: (entry: T) => Promise<Taken>,
  ): Promise<boolean> {
    const done = handedOver.get(path) ?? new Set([''])
    handedOver.set(path, done)
    for (;;) {
      const lines = (await readFile(path, 'utf8')).split('\n')
      let isAll = true
      for (const line of lines.filter((each) => !done.has(each))) {
        const entry = read(line)
        // A last line without its break was never finished: whoever sent it was never told that it is safe.
        const torn = entry === null && line === lines.at(-1)
        const taken = torn ? 'taken' : entry === null ? 'never' : await take(entry)
        if (taken === 'later' || (taken === 'never' && !(await setAside(line)))) isAll = false
        else done.add(line)
      }
      if (!isAll) return false
      if (!isOwn) await new Promise((resolve) => setTimeout(resolve, SETTLE_MS))
      const left = readFileSync(path)
      const isDone = left
        .toString()
        .split('\n')
        .every((line) => done.has(line))
      if (!isDone) continue
      unremovable.set(path, left.length)
      removeIfDone(path)
      return true
    }
  }

  /** True: there is nothing to be had from this file, though on a disk that is read-only it may stay. */
  function removeIfDone(path: string): boolean {
    if (unremovable.get(path) !== statSync(path, { throwIfNoEntry: false })?.size) return false
    try {
      rmSync(path, { force: true })
      unremovable.delete(path)
      handedOver.delete(path)
    } catch {
      // Tried again with every drain. Should the process end before: what is handed over twice is one MessageSid.
    }
    return true
  }

  /** A full disk still makes a file; only what is written to it shows. */
  async function writeAndRemove(): Promise<void> {
    const path = join(dir, `probe-${process.pid}-${randomBytes(4).toString('hex')}`)
    const file = await openToAppend(path)
    try {
      await file.writeFile(randomBytes(PROBE_BYTES))
      await file.sync()
    } finally {
      await file.close()
      await rm(path, { force: true })
    }
  }

  function read(line: string): T | null {
    try {
      return JSON.parse(vault.open(Buffer.from(line, 'base64'))) as T
    } catch {
      return null
    }
  }

  /** Files nobody writes to any more, oldest first; null once there are none, and from then on the spool is empty. */
  async function nextFiles(): Promise<string[] | null> {
    return alone(async () => {
      part++
      const names = await namesIn(dir)
      const waiting = names.filter((name) => isSpooled(name) && !removeIfDone(join(dir, name))).sort()
      if (waiting.length > 0) return waiting
      empty = true
      return null
    })
  }

  /** Where it cannot be, as on a full disk, the other texts are taken in first; then the drain rejects, and it is tried again. */
  async function setAside(line: string): Promise<boolean> {
    try {
      await alone(() => writeLine(join(dir, ASIDE), line))
      return true
    } catch (error) {
      noRoom = error as Error
      return false
    }
  }

  // A clock that has been set back since, or a file server's that is ahead, makes no file a fresh one.
  const quietMs = async (path: string) => Math.abs(Date.now() - (await stat(path)).mtimeMs)

  /**
   * Postgres cannot tell who is alive when it has been away itself. A file that is touched can, also of one that had nothing spooled:
   * nobody is to wait for a STOP of theirs.
   */
  async function lookForDead(): Promise<void> {
    for (const name of (await namesIn(dir)).filter((each) => each.endsWith(ALIVE))) {
      const process = name.slice(0, -ALIVE.length)
      const path = join(dir, name)
      const ms = await quietMs(path).catch(() => 0) // it has just left, in good order
      if (ms > OTHERS_QUIET_MS && process !== own) dead.add(process)
      else dead.delete(process)
      if (ms > DEAD_KEPT_MS) await rm(path, { force: true }).catch(() => undefined)
    }
  }

  return {
    name: own,
    isEmpty: () => empty,
    append(entry) {
      const line = vault.seal(JSON.stringify(entry)).toString('base64')
      return alone(async () => {
        const path = ownPath()
        const wasEmpty = empty
        empty = false
        try {
          await writeLine(path, line)
        } catch (error) {
          // Nothing was written that could come back: the next texts need not wait behind it.
          if (wasEmpty && !existsSync(path)) empty = true
          throw error
        }
      })
    },
    async drain(take) {
      noRoom = null
      for (let names = await nextFiles(); names !== null; names = await nextFiles()) {
        let drained = 0
        for (const name of names) {
          const path = join(dir, name)
          const isOwn = name.startsWith(own)
          try {
            if (!isOwn && (await quietMs(path)) <= OTHERS_QUIET_MS) continue
            if (!(await drainFile(path, isOwn, take))) continue
            drained++
            if (!isOwn) dead.add(writerOf(name))
          } catch (error) {
            if (!isGone(error)) throw error
            handedOver.delete(path) // drained by another process meanwhile
          }
        }
        if (drained > 0) continue
        empty = false // what is left is for later, or belongs to a process that is still writing
        const full = noRoom as Error | null // setAside may have met it
        if (full) throw full
        return []
      }
      await lookForDead()
      return [...dead]
    },
    async sayAlive() {
      try {
        const file = await openToAppend(join(dir, own + ALIVE))
        const now = new Date()
        await file.utimes(now, now).finally(() => file.close())
      } catch {
        // Who cannot write here can spool no STOP either; /readyz tells that.
      }
    },
    async leave() {
      await rm(join(dir, own + ALIVE), { force: true })
    },
    probe() {
      if (performance.now() - probedAtMs > PROBED_EVERY_MS) {
        probedAtMs = performance.now()
        probing = writeAndRemove()
      }
      return probing
    },
  }
}

const isSpooled = (name: string) => name.endsWith(SPOOLED)

const writerOf = (name: string) => name.slice(0, name.lastIndexOf('-'))

/** What lies in a folder; nothing where there is none, or where something else has taken its place. */
const namesIn = (dir: string): Promise<string[]> =>
  readdir(dir).catch((error: unknown) => {
    if (isGone(error)) return []
    throw error
  })

const isGone = (error: unknown) => ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')
