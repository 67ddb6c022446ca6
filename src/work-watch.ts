import { redisMemoryShare } from './adapters/redis-look.js'
import type { RedisClient } from './adapters/redis.js'
import type { Ground, Running } from './app.js'
import { readStanding } from './db/posting.js'
import { databaseNow, type Outage } from './db/serves.js'
import { troublesSeen, workStalled } from './observability/events.js'
import { metrics } from './observability/metrics.js'
import { troublesOf } from './observability/troubles.js'
import { createWatchdog, type Watchdog } from './outbound/watchdog.js'
import { repeat } from './repeat.js'

export type Watch = Running & {
  watched: Watchdog['watched']
  /** Resolves with the reason once this worker had better start anew. */
  stalled: Promise<string>
}

const STANDING_EVERY_MS = 10_000
const COMPARED_MS = 600_000

/** Watches one worker process and what it stands on. */
export function startWatch(
  ground: Ground,
  parts: {
    redis: RedisClient
    worker: string
    /** What claims are held back by now. */
    outage: () => Outage | null
    /** false: no blast may send now, and that is right. */
    allowsBlasts: () => boolean
  },
): Watch {
  const { pool, clock, config } = ground
  const { redis, worker } = parts
  const alertsPerMonth = Math.min(...ground.actions().map((action) => action.alertsPerMonth))
  const stalledMs = config.stalledAfterSeconds * 1_000
  let stall: (why: string) => void
  const stalled = new Promise<string>((resolve) => (stall = resolve))
  const watchdog = createWatchdog({
    ...{ pool, clock, worker, stalledMs },
    redisTakesWrites: () =>
      redis.set(`watch:${worker}`, '1', 'PX', stalledMs).then(
        () => true,
        () => false,
      ),
    outage: parts.outage,
    blastRules: () => (parts.allowsBlasts() ? { alertsPerMonth } : null),
    onStalled: (why) => {
      workStalled({ why })
      stall(why)
    },
  })
  const looks = repeat(Math.min(STANDING_EVERY_MS, stalledMs / 6), () => watchdog.look())

  let doubts: { atMs: number; count: number }[] = []
  const standing = repeat(
    STANDING_EVERY_MS,
    async () => {
      const nowMs = clock.monotonicMs()
      const askedMs = clock.now().getTime()
      const database = await databaseNow(pool)
      const clockSeconds = (database.getTime() - (askedMs + clock.now().getTime()) / 2) / 1_000
      const { blastsOverdue, inDoubt } = await readStanding(pool)
      doubts = [...doubts.filter(({ atMs }) => nowMs - atMs < COMPARED_MS), { atMs: nowMs, count: inDoubt }]
      const redisShare = await redisMemoryShare(redis).catch(() => null)
      metrics.clockOffsetSeconds.set(clockSeconds)
      metrics.redisMemoryRatio.set(redisShare ?? NaN)
      troublesSeen(
        troublesOf({
          ...{ blastsOverdue, inDoubt, clockSeconds, redisShare },
          inDoubtBefore: doubts[0]?.count ?? inDoubt,
        }),
      )
    },
    1_000,
  )
  return {
    watched: (lane, gateway) => watchdog.watched(lane, gateway),
    stalled,
    async close() {
      await Promise.all([looks.stop(), standing.stop()])
    },
  }
}
