import type pg from 'pg'
import { judge } from '../compliance/opt-out.js'
import { forgetLostServes, removeDead, removeServe, reportServe } from '../db/serves.js'
import { textSpooled, textUnspoolable } from '../observability/events.js'
import { LIMITS } from '../limits.js'
import type { Spool, Taken } from '../ports.js'
import type { HeardText, InboundText } from './receive.js'
import { createRefusals } from './refusals.js'

/** A text as it lies in the spool: JSON knows no dates. */
export type SpooledText = Omit<InboundText, 'receivedAt'> & { receivedAt: string }

const LOST_AFTER_MS = 600_000
const SAID_EVERY_MS = 1_000
// Where the texts of so many cannot be taken in, it is not theirs.
const WAITING_MAX = 5

export type Spooling = {
  /** Takes a text into Postgres, or safely to disk while that cannot be done. Rejects only when neither can. */
  take(text: HeardText): Promise<void>
  /** One turn, every second: drains what is spooled and tells the workers whether anything is. */
  turn(): Promise<void>
  close(): Promise<void>
}

/** Nothing is lost while Postgres is away: texts go to the spool and come back in order. */
export function createSpooling(options: {
  /** The spool's own name: whoever brings in what a killed process left knows by it which that was. */
  id: string
  /** Told to the other web processes of this deployment. */
  publicUrl?: string
  pool: pg.Pool
  spool: Spool<SpooledText>
  receive: (text: InboundText) => Promise<void>
  takeMs?: number
}): Spooling {
  const { id, publicUrl, pool, spool, receive, takeMs = LIMITS.takeMs } = options
  let inTouchSince = Date.now()
  const refusals = createRefusals()
  // Of the database's clock, by which her STOP is dated: this machine's may be hours away.
  let aheadMs = 0

  /** waiting: whose text could not be taken in this turn, and why. The others go on; hers wait, in her order. */
  async function drainOne(entry: SpooledText, waiting: Map<string, unknown>): Promise<Taken> {
    if (waiting.has(entry.from)) return 'later'
    try {
      await receive({ ...entry, receivedAt: new Date(entry.receivedAt) })
      return 'taken'
    } catch (error) {
      // What Postgres will never take must not keep all others waiting for ever.
      if (refusals.isLast(entry.messageSid, error)) {
        textUnspoolable({ messageSid: entry.messageSid }, error)
        return 'never'
      }
      await pool.query('select 1') // while Postgres is away nobody's can be taken
      waiting.set(entry.from, error)
      if (waiting.size === WAITING_MAX) throw error
      return 'later'
    }
  }

  /**
   * One after the other, each with what is true when its turn comes: an older word cannot undo a newer one. One that hangs, on a
   * connection that is dead, keeps the next waiting for a second and no longer.
   */
  let reporting: Promise<unknown> = Promise.resolve()
  function report(): Promise<void> {
    const said = reporting.then(async () => {
      const now = await reportServe(pool, id, spool.isEmpty(), publicUrl)
      aheadMs = Date.now() - now.getTime()
    })
    reporting = inTime(said, SAID_EVERY_MS).catch(() => undefined)
    return said
  }

  /**
   * Also what a process that was killed left in this folder. However long it takes: who says nothing meanwhile would count as dead, and
   * answers go past the spool of the dead.
   */
  async function drain(): Promise<readonly string[]> {
    if (!spool.isEmpty()) await report() // until it is done nobody is to be texted
    const saying = setInterval(() => void report().catch(() => undefined), SAID_EVERY_MS)
    const waiting = new Map<string, unknown>()
    const dead = await spool.drain((entry) => drainOne(entry, waiting)).finally(() => clearInterval(saying))
    for (const error of waiting.values()) throw error
    return dead
  }

  /**
   * A STOP in the spool holds the workers back only once they know of it. It is answered when it has been taken in after all, or
   * when no claim from before they knew can start a POST any more. Where they cannot be told, Postgres is away and they cannot
   * claim, or this process alone is cut off, and they have known since it fell silent.
   */
  async function held(): Promise<void> {
    const since = Date.now()
    const knownAt = await inTime(report(), LIMITS.stopWaitMs).then(Date.now, () => since + LIMITS.silentMs)
    const deadline = knownAt + LIMITS.stopWaitMs
    while (!spool.isEmpty() && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 25))
  }

  return {
    async take(text) {
      // While older texts wait in the spool, newer ones queue up behind them: a STOP must not overtake a WORK.
      if (spool.isEmpty()) {
        try {
          // Two web processes may differ: her START through one must not be older than her STOP through the other.
          return await inTime(receive({ ...text, receivedAt: null }), takeMs)
        } catch (error) {
          textSpooled({ messageSid: text.messageSid }, error)
        }
      }
      const receivedAt = new Date(text.receivedAt.getTime() - aheadMs).toISOString()
      await spool.append({ ...text, receivedAt })
      if (text.optOutType === 'STOP' || judge(text.body).verdict === 'leave') await held()
    },
    async turn() {
      try {
        await pool.query('select 1')
        const dead = await drain()
        await report()
        await removeDead(pool, dead)
        if (Date.now() - inTouchSince > LOST_AFTER_MS) await forgetLostServes(pool, LOST_AFTER_MS)
      } catch (error) {
        inTouchSince = Date.now()
        throw error
      }
    },
    async close() {
      if (!spool.isEmpty()) return
      await removeServe(pool, id)
      await spool.leave()
    },
  }
}

/** Gives up waiting, not the work: where both come to an end, the MessageSid makes one text of it. */
async function inTime(work: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`Postgres gave no answer in ${ms} ms`)), ms)
  })
  await Promise.race([work, late]).finally(() => clearTimeout(timer))
}
