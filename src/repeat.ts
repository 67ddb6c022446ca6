import { fault } from './observability/events.js'

/** Runs work every so many ms, the first time after firstMs, never twice at once; an error is told and the next turn comes. stop() waits for a running turn. */
export function repeat(
  everyMs: number,
  work: () => Promise<void>,
  firstMs = everyMs,
): { stop(): Promise<void> } {
  let stopped = false
  let running: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout
  const turn = () => {
    running = work()
      .catch((error: unknown) => fault('repeat', error))
      .finally(() => {
        if (!stopped) timer = setTimeout(turn, everyMs)
      })
  }
  timer = setTimeout(turn, firstMs)
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}
