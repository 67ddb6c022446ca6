import { LIMITS } from '../limits.js'

/** What Twilio told us must not be lost to a short outage of Postgres; after the lease the text is in doubt anyway. */
export async function persistently(write: () => Promise<void>): Promise<void> {
  const begun = performance.now()
  for (;;) {
    try {
      return await write()
    } catch (error) {
      const tried = performance.now() - begun // a try that hangs counts as well
      if (tried >= LIMITS.leaseMs) throw error
      await sleep(Math.min(2_000, 100 + tried))
    }
  }
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
