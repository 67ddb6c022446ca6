import type pg from 'pg'
import { databaseNow, type Outage } from '../db/serves.js'
import type { Clock } from '../ports.js'

export type Outages = {
  /** One look at Postgres, some times a second. */
  look(): Promise<void>
  /** The outage of Postgres seen a short while ago; null: none. It holds claims back until every spool is drained. */
  last(): Outage | null
}

const HELD_MS = 60_000

/** Postgres out of reach: a STOP may have gone into a spool. Texts wait until every web process has drained its own since. */
export function createOutages({ pool, clock }: { pool: pg.Pool; clock: Clock }): Outages {
  let isAway = false
  let inTouch = new Date(0)
  let seen: { outage: Outage; heldUntilMs: number } | null = null
  const last = () => (seen && clock.monotonicMs() < seen.heldUntilMs ? seen.outage : null)
  return {
    last,
    async look() {
      try {
        const until = await databaseNow(pool)
        // One right after another: who has been silent since the first may have had no time between them to drain its spool.
        const from = last()?.from ?? inTouch
        if (isAway) seen = { outage: { from, until }, heldUntilMs: clock.monotonicMs() + HELD_MS }
        isAway = false
        inTouch = until
      } catch {
        isAway = true // told by everything else that needs it
      }
    },
  }
}
