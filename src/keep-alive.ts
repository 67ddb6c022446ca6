import { log } from './observability/log.js'
import { repeat } from './repeat.js'

/** A process of ours that the rest stands on. */
export type Child = {
  name: string
  /** Where it says why it ended. */
  logFile: string
  isGone(): boolean
  startAgain(): Promise<void>
}

export type Keeping = {
  /** Resolves, with its reason, once one of them is beyond our help. */
  gaveUp: Promise<string>
  isAnyGone(): boolean
  close(): Promise<void>
}

const LOOK_EVERY_MS = 500
// What ends again so soon has a reason of its own, and no start mends that.
const SOON_MS = 60_000

/** Starts again, at its address and on its data, what somebody killed or what crashed: nobody else does under dev. */
export function keepAlive(children: readonly Child[], onStartedAgain: (name: string) => void): Keeping {
  let giveUp: (why: string) => void = () => undefined
  const gaveUp = new Promise<string>((resolve) => (giveUp = resolve))
  const watches = children.map((child) => {
    let lastMs = -Infinity
    let isLost = false
    const lose = (what: string) => {
      isLost = true
      giveUp(`${what}; ${child.logFile} says why`)
    }
    return repeat(LOOK_EVERY_MS, async () => {
      if (isLost || !child.isGone()) return
      if (performance.now() - lastMs < SOON_MS) return lose(`${child.name} has ended twice within a minute`)
      log().warn({ event: 'child.ended', child: child.name })
      try {
        await child.startAgain()
      } catch (error) {
        return lose(`${child.name} has ended and does not start again (${oneLine(error)})`)
      }
      lastMs = performance.now()
      onStartedAgain(child.name)
    })
  })
  return {
    gaveUp,
    isAnyGone: () => children.some((child) => child.isGone()),
    async close() {
      await Promise.all(watches.map((watch) => watch.stop()))
    },
  }
}

const oneLine = (error: unknown) =>
  (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ').replace(/\.$/, '')
