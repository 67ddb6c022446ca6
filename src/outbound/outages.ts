import type pg from 'pg'
import { databaseNow, type Outage } from '../db/serves.js'
import { LIMITS } from '../limits.js'
import type { Clock } from '../ports.js'

export type Outages = {
  /** One look at Postgres, some times a second. */
  look(): Promise<void>
  /** The outage of Postgres seen a short while ago, or now; null: none. It holds claims back until every spool is drained. */
  last(): Outage | null
}

const HELD_MS = 60_000
// The web processes say within seconds of its end that they are there. Longer would be silence after every start beside one that died.
const NEW_HELD_MS = 10_000
const NOT_YET = new Date('9999-01-01T00:00:00Z')

/**
 * Postgres out of reach: a STOP may have gone into a spool. Texts wait until every web process has drained its own since. One that is
 * silent is out of reach well before a text of hers goes to the spool for that, though another connection may still work.
 */
export function createOutages({
  pool,
  clock,
  silentMs = LIMITS.takeMs / 2,
  isNew = false,
}: {
  pool: pg.Pool
  clock: Clock
  silentMs?: number
  /** It has just been started, and Postgres may have come back just now: its first look is the end of an outage, for all it knows. */
  isNew?: boolean
}): Outages {
  let isAway = isNew
  let heldMs = isNew ? NEW_HELD_MS : HELD_MS
  let inTouch = new Date(0)
  let seen: { outage: Outage; heldUntilMs: number } | null = null

  // One right after another: who has been silent since the first may have had no time between them to drain its spool.
  const from = () => recent()?.from ?? inTouch
  const recent = () => (seen && clock.monotonicMs() < seen.heldUntilMs ? seen.outage : null)

  return {
    last: () => (isAway ? { from: from(), until: NOT_YET } : recent()),
    async look() {
      let timer: NodeJS.Timeout | undefined
      const silence = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(() => reject(new Error(`Postgres gave no answer in ${silentMs} ms`)), silentMs)
      })
      try {
        const until = await Promise.race([databaseNow(pool), silence])
        if (isAway) seen = { outage: { from: from(), until }, heldUntilMs: clock.monotonicMs() + heldMs }
        isAway = false
        heldMs = HELD_MS
        inTouch = until
      } catch {
        isAway = true // told by everything else that needs it
        heldMs = HELD_MS
      } finally {
        clearTimeout(timer)
      }
    },
  }
}
