import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync } from 'node:fs'
import { open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Spool, Vault } from '../ports.js'

const SPOOLED = '.spool'
const DRAINING = '.draining'
const SETTLE_MS = 200

/** How much lies in a spool. */
export async function spoolBytes(dir: string): Promise<number> {
  const sizes = await Promise.all(
    (await readdir(dir)).map(async (name) => (await stat(join(dir, name))).size),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

/**
 * Texts that Postgres could not take, each sealed on a line of its own and fsynced before anybody is told it is safe. Files are
 * opened for each text, so that whoever drains may take a file away from whoever writes; what comes twice is one MessageSid.
 */
export function createFileSpool<T>(dir: string, vault: Pick<Vault, 'seal' | 'open'>): Spool<T> {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const own = join(dir, `${Date.now()}-${process.pid}-${randomBytes(4).toString('hex')}${SPOOLED}`)
  let appended = readdirSync(dir).length // a rough count: right when it says none
  let writing: Promise<void> = Promise.resolve()

  async function write(entry: T): Promise<void> {
    const file = await open(own, 'a', 0o600)
    try {
      await file.appendFile(`${vault.seal(JSON.stringify(entry)).toString('base64')}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
    appended++
  }

  async function drainFile(path: string, take: (entry: T) => Promise<void>): Promise<number> {
    let done = 0
    for (;;) {
      const lines = (await readFile(path, 'utf8')).split('\n').filter(Boolean)
      for (const line of lines.slice(done)) {
        await take(JSON.parse(vault.open(Buffer.from(line, 'base64'))) as T)
        done++
      }
      // A writer may have had the file open when it was taken away: look again before it goes.
      const { size } = await stat(path)
      await new Promise((resolve) => setTimeout(resolve, SETTLE_MS))
      if ((await stat(path)).size === size) break
    }
    await rm(path)
    return done
  }

  return {
    isEmpty: () => appended === 0,
    append(entry) {
      // One after the other: the order of receipt is the order in the file.
      const next = writing.then(() => write(entry))
      writing = next.catch(() => undefined)
      return next
    },
    async drain(take) {
      let drained = 0
      const names = (await readdir(dir))
        .filter((name) => name.endsWith(SPOOLED) || name.endsWith(DRAINING))
        .sort()
      const counted = appended
      for (const name of names) {
        const path = join(dir, name)
        const taken = name.endsWith(DRAINING) ? path : `${path}${DRAINING}`
        if (taken !== path) await rename(path, taken)
        drained += await drainFile(taken, take)
      }
      if (appended === counted && (await readdir(dir)).length === 0) appended = 0
      return drained
    },
    async probe() {
      const path = join(dir, `probe-${process.pid}`)
      const file = await open(path, 'w', 0o600)
      await file.close()
      await rm(path)
    },
  }
}
