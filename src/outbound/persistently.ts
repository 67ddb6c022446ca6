import { LIMITS } from '../limits.js'

// By Node's, pg's and Postgres's own words: nothing has reached it, or it has taken leave.
const OUT_OF_REACH = /^(ECONN|EHOST|ENET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|08|53|57P)/
const CUT_OFF = /^(Connection terminated|timeout exceeded when trying to connect)|not queryable$/
const OUTAGE_MS = 600_000

/**
 * What Twilio told us must not be lost to an outage of Postgres: it is kept in mind for ten minutes of one. What Postgres, there,
 * does not take is tried until the lease ends; the text is in doubt then.
 */
export async function persistently(write: () => Promise<void>): Promise<void> {
  const begun = performance.now()
  let thereSince = begun
  for (;;) {
    try {
      return await write()
    } catch (error) {
      const now = performance.now() // a try that hangs counts as well
      if (isOutOfReach(error) && now - begun < OUTAGE_MS) thereSince = now
      else if (now - thereSince >= LIMITS.leaseMs || now - begun >= OUTAGE_MS) throw error
      await sleep(Math.min(2_000, 100 + now - begun))
    }
  }
}

function isOutOfReach(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown }
  return OUT_OF_REACH.test(String(code)) || CUT_OFF.test(String(message))
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
