import type pg from 'pg'
import { parsePhone } from '../compliance/phone.js'
import { databaseNow } from '../db/serves.js'
import { inboundCompleteUntil, recordedSids, setInboundComplete } from '../db/missed.js'
import { fault, missedTextsTaken, textUntakable } from '../observability/events.js'
import type { InboundList } from '../ports.js'
import type { InboundText } from './receive.js'
import type { Refusals } from './refusals.js'

// A webhook that is still being tried: Twilio gives it 15 s in all.
const ON_ITS_WAY_MS = 20_000
// Twilio's clock and ours may differ, and its list may lag.
const OVERLAP_MS = 120_000

export type MissedContext = {
  pool: pg.Pool
  list: InboundList
  receive: (text: InboundText) => Promise<void>
  now: () => Date
  refusals: Refusals
  timing?: { onItsWayMs: number; overlapMs: number }
}

/**
 * Takes in what people texted while no web part answered: Twilio's list since the last time all was here, less what is. Each
 * goes the way of every text, so that a STOP among them counts, and at the time at which she sent it. One that cannot be taken in
 * now is told of; hers after it wait with it for the next look, and only hers. One that is refused for what it holds, look after look,
 * is passed over in the end: the list would grow for ever, and a restore never settle. Harmless when run twice.
 */
export async function takeMissed(context: MissedContext): Promise<void> {
  const { pool, list, receive, refusals } = context
  const { onItsWayMs, overlapMs } = context.timing ?? { onItsWayMs: ON_ITS_WAY_MS, overlapMs: OVERLAP_MS }
  const since = new Date((await inboundCompleteUntil(pool)).getTime() - overlapMs)
  // By the earlier of two clocks: what one that is fast took for done would never be looked for again.
  const nowMs = Math.min(context.now().getTime(), (await databaseNow(pool)).getTime())
  const until = new Date(nowMs - onItsWayMs)
  if (until <= since) return
  const { texts, isWhole } = await list.since(since, async (page) => {
    const sids = page.map(({ sid }) => sid)
    const here = await recordedSids(pool, sids)
    return page.filter(({ sid, createdAt }) => createdAt <= until && !here.has(sid))
  })
  let taken = 0
  const waiting = new Set<string>()
  for (const text of texts) {
    const from = parsePhone(text.from)
    if ('fault' in from || refusals.isGivenUp(text.sid)) continue // who is no US number cannot be answered
    if (waiting.has(from.phone)) continue // hers stay in her order
    try {
      await receive({
        messageSid: text.sid,
        from: from.phone,
        body: text.body,
        mediaCount: Math.min(10, Math.max(0, text.mediaCount)),
        optOutType: null, // the list does not tell it; the words of a STOP do
        receivedAt: text.createdAt,
      })
      taken++
    } catch (error) {
      if (refusals.isLast(text.sid, error)) {
        textUntakable({ messageSid: text.sid }, error)
        continue
      }
      fault('missed', error, { messageSid: text.sid })
      waiting.add(from.phone)
      await pool.query('select 1') // while Postgres is away nobody's can be taken
    }
  }
  if (taken > 0 || !isWhole) missedTextsTaken({ taken, listed: texts.length, isWhole })
  if (isWhole && waiting.size === 0) await setInboundComplete(pool, until)
}
