import type pg from 'pg'
import { forgetLostServes, removeServe, reportServe } from '../db/serves.js'
import { textSpooled, textUnspoolable } from '../observability/events.js'
import type { Spool } from '../ports.js'
import type { InboundText } from './receive.js'

/** A text as it lies in the spool: JSON knows no dates. */
export type SpooledText = Omit<InboundText, 'receivedAt'> & { receivedAt: string }

const LOST_AFTER_MS = 600_000
const TRIES_MAX = 10

export type Spooling = {
  /** Takes a text into Postgres, or safely to disk while that cannot be done. Rejects only when neither can. */
  take(text: InboundText): Promise<void>
  /** One turn, every second: drains what is spooled and tells the workers whether anything is. */
  turn(): Promise<void>
  close(): Promise<void>
}

/** Nothing is lost while Postgres is away: texts go to the spool and come back in order. */
export function createSpooling(options: {
  id: string
  /** Told to the other web processes of this deployment. */
  publicUrl?: string
  pool: pg.Pool
  spool: Spool<SpooledText>
  receive: (text: InboundText) => Promise<void>
}): Spooling {
  const { id, publicUrl, pool, spool, receive } = options
  let inTouchSince = Date.now()
  const tries = new Map<string, number>()

  async function drainOne(entry: SpooledText): Promise<void> {
    try {
      await receive({ ...entry, receivedAt: new Date(entry.receivedAt) })
    } catch (error) {
      // Postgres answers, and yet this text cannot be taken: it must not keep all others waiting for ever.
      await pool.query('select 1')
      const tried = (tries.get(entry.messageSid) ?? 0) + 1
      tries.set(entry.messageSid, tried)
      if (tried < TRIES_MAX) throw error
      textUnspoolable({ messageSid: entry.messageSid }, error)
    }
  }

  return {
    async take(text) {
      // While older texts wait in the spool, newer ones queue up behind them: a STOP must not overtake a WORK.
      if (spool.isEmpty()) {
        try {
          return await receive(text)
        } catch (error) {
          textSpooled({ messageSid: text.messageSid }, error)
        }
      }
      await spool.append({ ...text, receivedAt: text.receivedAt.toISOString() })
    },
    async turn() {
      try {
        await pool.query('select 1')
        if (!spool.isEmpty()) await spool.drain(drainOne)
        await reportServe(pool, id, spool.isEmpty(), publicUrl)
        if (Date.now() - inTouchSince > LOST_AFTER_MS) await forgetLostServes(pool, LOST_AFTER_MS)
      } catch (error) {
        inTouchSince = Date.now()
        throw error
      }
    },
    async close() {
      if (spool.isEmpty()) await removeServe(pool, id)
    },
  }
}
