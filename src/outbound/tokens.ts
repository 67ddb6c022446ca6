import type { Clock, Pacing } from '../ports.js'

export type Tokens = {
  /** 0: these segments may be claimed now; else ask again after so many ms. Rejects while Redis is away. */
  take(segments: number): Promise<number>
  /** What a claim took more than it used (or less: then the next one pays). */
  settle(segments: number): void
}

const KEPT_MS = 1_000

/**
 * The blast lane's tokens in one process. A claim is paid for before anybody knows how many texts it finds; the difference stands
 * over to the next claim for a second, so that none is lost and none is spent twice.
 */
export function createTokens(pacing: Pacing, clock: Clock): Tokens {
  let credit = 0
  let creditUntilMs = 0
  return {
    async take(segments) {
      if (credit > 0 && clock.monotonicMs() > creditUntilMs) credit = 0
      const used = Math.min(credit, segments)
      const missing = segments - used
      credit -= used
      if (missing <= 0) return 0
      try {
        const waitMs = await pacing.take('blasts', missing)
        if (waitMs > 0) credit += used
        return waitMs
      } catch (error) {
        credit += used
        throw error
      }
    },
    settle(segments) {
      credit += segments
      creditUntilMs = clock.monotonicMs() + KEPT_MS
    },
  }
}
