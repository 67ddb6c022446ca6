/** What an operator should hear of while the workers run. Pure: facts in, words out. */

export const TROUBLES = ['blast-overdue', 'doubts-grow', 'redis-memory', 'clock'] as const
export type Trouble = (typeof TROUBLES)[number]

export type WorkFacts = {
  blastsOverdue: number
  inDoubt: number
  /** As it was ten minutes ago. */
  inDoubtBefore: number
  /** Seconds by which the database's clock is ahead of ours. */
  clockSeconds: number
  /** Used of maxmemory, 0 to 1; null: Redis did not say. */
  redisShare: number | null
}

const DOUBTS_GROWN_MIN = 10
export const REDIS_SHARE_MAX = 0.7
export const CLOCK_SECONDS_MAX = 2

/** Each trouble there is, with what to do. */
export function troublesOf(facts: WorkFacts): Partial<Record<Trouble, string>> {
  const { blastsOverdue, inDoubt, inDoubtBefore, clockSeconds, redisShare } = facts
  return {
    ...(blastsOverdue > 0 && {
      'blast-overdue': `${blastsOverdue} scheduled and not started a minute after their time: textaction doctor`,
    }),
    ...(inDoubt - inDoubtBefore >= DOUBTS_GROWN_MIN && {
      'doubts-grow': `${inDoubt} texts in doubt, ${inDoubtBefore} ten minutes ago: does Twilio answer, do its receipts reach PUBLIC_URL?`,
    }),
    ...(redisShare !== null &&
      redisShare > REDIS_SHARE_MAX && {
        'redis-memory': `${Math.round(redisShare * 100)}% of Redis's memory is in use: raise maxmemory`,
      }),
    ...(Math.abs(clockSeconds) > CLOCK_SECONDS_MAX && {
      clock: `this machine's clock is ${Math.abs(clockSeconds).toFixed(1)} s ${clockSeconds > 0 ? 'behind' : 'ahead of'} the database's: keep both by NTP`,
    }),
  }
}
