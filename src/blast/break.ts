import type pg from 'pg'
import { lastWords, leftAfterText, textedSince } from '../db/blast-breaker.js'
import { pauseAllBlasts, pauseBlast } from '../db/blast-states.js'
import type { BlastRow } from '../db/blasts.js'
import { blastPaused } from '../observability/events.js'
import type { Clock } from '../ports.js'
import { judgeBlast, LEFT_SHARE_MAX, OUTCOMES_LOOKED_AT } from './breaker.js'

export type Breaker = {
  /** Looks at a running blast about once a second. True: it has just been paused. */
  trips(blast: BlastRow): Promise<boolean>
}

const EVERY_MS = 1_000

/** Pauses a blast that goes wrong, and says why. Only a person lets it go on. */
export function createBreaker({ pool, clock }: { pool: pg.Pool; clock: Clock }): Breaker {
  const looks = new Map<number, { atMs: number; texted: number; since: number }>()

  /** People texted so far. Counting them takes long: only when the last count no longer settles it. */
  async function texted(blast: BlastRow, left: number, known: number): Promise<number> {
    return left <= known * LEFT_SHARE_MAX ? known : textedSince(pool, blast.id, blast.judgedAt)
  }

  return {
    async trips(blast) {
      const since = blast.judgedAt?.getTime() ?? 0
      const before = looks.get(blast.id)
      // What was counted before a person said "go on" settles nothing after it.
      const last = before?.since === since ? before : { atMs: -Infinity, texted: 0 }
      if (clock.monotonicMs() - last.atMs < EVERY_MS) return false
      const [outcomes, left] = await Promise.all([
        lastWords(pool, blast.id, blast.judgedReceipt, OUTCOMES_LOOKED_AT),
        leftAfterText(pool, blast.id, blast.judgedConsent),
      ])
      const people = await texted(blast, left, last.texted)
      looks.set(blast.id, { atMs: clock.monotonicMs(), texted: people, since })
      const trip = judgeBlast({ outcomes, left, texted: people })
      if (!trip) return false
      const paused = trip.everyBlast
        ? await pauseAllBlasts(pool, 'Text Action', trip.why)
        : (await pauseBlast(pool, blast.id, 'Text Action', trip.why))
          ? [blast.id]
          : []
      for (const blastId of paused) blastPaused({ blastId, why: trip.why })
      return paused.includes(blast.id)
    },
  }
}
