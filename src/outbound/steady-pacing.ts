import type { Clock, Pacing } from '../ports.js'

// While Redis is away each worker alone may still answer people, at a tenth of the rate: ten workers together stay below it.
const SHARE = 10

/** Pacing that still grants answers a small share while the shared one is out of reach. Blasts get its rejection, and wait. */
export function steadyPacing(shared: Pacing, segmentsPerSecond: number, clock: Clock): Pacing {
  const segmentMs = (1_000 * SHARE) / segmentsPerSecond
  let dueMs = 0
  return {
    async take(lane, segments) {
      try {
        return await shared.take(lane, segments)
      } catch (error) {
        if (lane !== 'replies') throw error
        const now = clock.monotonicMs()
        if (dueMs > now) return Math.ceil(dueMs - now)
        dueMs = now + segments * segmentMs
        return 0
      }
    },
  }
}
