import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { OperatorError } from '../errors.js'
import { makeDataDir, processMark, readOrNull, withLock } from './private-server.js'

/** How a server of our own is opened. */
export type Opening = {
  /** By the program that keeps the servers of these data alive. While it lives it alone starts them. */
  isKeeper?: boolean
}

const AWAITED_MS = 5_000

const fileIn = (root: string) => join(root, 'keeper')

/** From now on this process alone starts the servers under dataDir. The answer gives that up. */
export function becomeKeeper(dataDir: string): () => void {
  const file = fileIn(makeDataDir(dataDir))
  const mine = processMark(process.pid) ?? ''
  writeFileSync(file, mine, { mode: 0o600 })
  return () => {
    if (readOrNull(file) === mine) rmSync(file, { force: true })
  }
}

function anotherKeeps(root: string): boolean {
  const mark = readOrNull(fileIn(root))
  const pid = Number.parseInt(mark ?? '', 10)
  return mark !== null && pid !== process.pid && processMark(pid) === mark
}

/**
 * Opens a server under its lock. Where another program keeps the servers alive, ours is not started: beside the one that it has
 * lost, a second one would answer us and nobody else. `open` gives null where there is none to join; the keeper brings it back.
 */
export async function joinOrStart<T>(
  server: { root: string; name: string; lock: string; lockWaitMs: number },
  { isKeeper = false }: Opening,
  open: (mayStart: boolean) => Promise<T | null>,
): Promise<T> {
  for (const until = Date.now() + AWAITED_MS; ; await sleep(100)) {
    const opened = await withLock(server.lock, server.lockWaitMs, () =>
      open(isKeeper || !anotherKeeps(server.root)),
    )
    if (opened !== null) return opened
    if (Date.now() > until)
      throw new OperatorError(
        `${server.name} of the Text Action that runs on ${server.root} is away. npm start brings it back within seconds: try again. If it stays away, end npm start with Ctrl-C, and run it anew.`,
      )
  }
}

/** A server of ours that runs and stays silent. */
export const silent = (name: string, dir: string, pid: number | null): OperatorError =>
  new OperatorError(
    `${name} in ${dir} runs but does not answer. End it: kill -9 ${pid ?? ''}. A running npm start then brings it back, else start again.`,
  )
