import { LIMITS } from '../limits.js'

/** What Twilio told us must not be lost to a short outage of Postgres; after the lease the text is in doubt anyway. */
export async function persistently(write: () => Promise<void>): Promise<void> {
  for (let waited = 0; ;) {
    try {
      return await write()
    } catch (error) {
      if (waited >= LIMITS.leaseMs) throw error
      const pause = Math.min(2_000, 100 + waited)
      await sleep(pause)
      waited += pause
    }
  }
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
