import type pg from 'pg'
import { addSegmentsSent } from '../db/spending.js'
import { spendingCeilingReached } from '../observability/events.js'

export type Spending = {
  /** Segments of a text that was POSTed and taken, or may have been. */
  add(segments: number): void
  /** Writes down what was added and looks at what all workers have sent. Called every second. */
  flush(): Promise<void>
  /** Whether a blast may still send today. Answers to people always may. */
  allowsBlasts(): boolean
  /** What is left of today; Infinity without a ceiling. */
  left(): number
}

/**
 * The ceiling on spending. Counted in memory and written every second, so that no text waits for it: workers together may
 * overshoot by what they send in about a second, and one that is killed takes at most its last second with it.
 */
export function createSpending(options: {
  pool: pg.Pool
  worker: string
  segmentsPerDay: number | null
}): Spending {
  const { pool, worker, segmentsPerDay } = options
  const ceiling = segmentsPerDay ?? Infinity
  // Until the first look nobody knows what has been sent today.
  let known = segmentsPerDay === null ? 0 : Infinity
  let unwritten = 0
  let told = false
  const left = () => Math.max(0, ceiling - known - unwritten)
  return {
    add(segments) {
      unwritten += segments
    },
    async flush() {
      const writing = unwritten
      if (writing === 0 && segmentsPerDay === null) return
      unwritten -= writing
      try {
        known = await addSegmentsSent(pool, worker, writing)
      } catch (error) {
        unwritten += writing
        throw error
      }
      if (left() > 0) told = false
      else if (!told) {
        told = true
        spendingCeilingReached({ segments: known, ceiling })
      }
    },
    allowsBlasts: () => left() > 0,
    left,
  }
}
