import type pg from 'pg'
import { someBlastTextWaits } from '../db/blast-claim.js'
import { markPosting, nobodyFeeds, postingMarks, someReplyWaits } from '../db/posting.js'
import type { Outage } from '../db/serves.js'
import type { Clock, Lane, SmsGateway } from '../ports.js'

export type WatchdogContext = {
  pool: pg.Pool
  clock: Clock
  worker: string
  stalledMs: number
  /** Whether Redis takes writes: while it does not, a new start would help nobody. */
  redisTakesWrites(): Promise<boolean>
  /** What claims are held back by now. */
  outage(): Outage | null
  /** By what a blast's claim is judged beside that; null: no blast may send now, and that is right. */
  blastRules(): { alertsPerMonth: number } | null
  /** Called once. */
  onStalled(why: string): void
}

export type Watchdog = {
  /** The same gateway; each POST begun is a sign of life, and each that could not be. One that the fence kept back is none. */
  watched(lane: Lane, gateway: SmsGateway): SmsGateway
  /** One look, some times in stalledMs. */
  look(): Promise<void>
}

type Part = Lane | 'feeding'

const WORDS: Readonly<Record<Part, string>> = {
  replies: 'answers could go and none was sent',
  blasts: 'texts of a blast could go and none was sent',
  feeding: 'no worker has fed the blasts',
}

/** Says so when for stalledMs texts could have been claimed and no worker has begun a POST: this one had better start anew. */
export function createWatchdog(context: WatchdogContext): Watchdog {
  const { pool, clock, worker, stalledMs } = context
  const posted = new Set<Lane>()
  const seen = new Map<Part, { mark: number | null; sinceMs: number }>()
  let lastLookMs = -Infinity
  let isTold = false

  async function judge(part: Part, mark: number | null, waits: () => Promise<boolean>): Promise<void> {
    const nowMs = clock.monotonicMs()
    const before = seen.get(part)
    if (before?.mark !== mark || !(await waits())) {
      seen.set(part, { mark, sinceMs: nowMs })
    } else if (nowMs - before.sinceMs >= stalledMs && !isTold) {
      isTold = true
      context.onStalled(`for ${Math.round((nowMs - before.sinceMs) / 1_000)} s ${WORDS[part]}`)
    }
  }

  async function look(): Promise<void> {
    for (const lane of posted) await markPosting(pool, lane, worker)
    posted.clear()
    if (!(await context.redisTakesWrites())) return seen.clear()
    const marks = await postingMarks(pool)
    const [rules, outage] = [context.blastRules(), context.outage()]
    // Where answers wait for the rate they go before any blast, however long that lasts.
    const answerWaits = await someReplyWaits(pool, outage)
    const blastWaits = async () =>
      rules !== null && !answerWaits && (await someBlastTextWaits(pool, { ...rules, outage }))
    await judge('replies', marks.replies, () => Promise.resolve(answerWaits))
    await judge('blasts', marks.blasts, blastWaits)
    await judge('feeding', null, () => nobodyFeeds(pool))
  }

  return {
    watched: (lane, gateway) => ({
      ...gateway,
      async send(text, mayStart) {
        const outcome = await gateway.send(text, () => {
          const may = mayStart()
          if (may) posted.add(lane)
          return may
        })
        if (outcome) posted.add(lane) // or nobody was at the door
        return outcome
      },
    }),
    async look() {
      // Whoever slept herself has not seen what went on meanwhile.
      const nowMs = clock.monotonicMs()
      if (nowMs - lastLookMs > stalledMs / 2) seen.clear()
      lastLookMs = nowMs
      try {
        await look()
      } catch (error) {
        seen.clear() // Postgres is away: nothing can be claimed
        throw error
      }
    },
  }
}
