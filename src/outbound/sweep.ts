import type pg from 'pg'
import type { Outage } from '../db/serves.js'
import { dueReplies } from '../db/texts-out.js'
import type { WaitingReply } from '../ports.js'

export type ReplySweep = {
  pool: pg.Pool
  outage: () => Outage | null
  /** Whether calls can be made, as far as we know. */
  hasRedis: () => boolean
  announce: (replies: readonly WaitingReply[]) => void
  /** Sends them from here where there is room, without waiting for them. */
  begin: (replies: readonly WaitingReply[]) => void
  send: (reply: WaitingReply) => Promise<unknown>
}

const DUE_AFTER_MS = 1_000
const OVERDUE_AFTER_MS = 5_000
const AT_ONCE = 20

/**
 * One look, every second, at the answers that are due: those whose call was lost are called again, or sent from here. So are the oldest
 * that no call helps: Redis hangs and takes none, or a worker was killed with theirs in hand, which nobody knows for up to a minute.
 */
export async function sweepReplies(context: ReplySweep): Promise<void> {
  const { pool, outage, hasRedis, announce, begin, send } = context
  const due = await dueReplies(pool, DUE_AFTER_MS, 200, outage())
  if (due.length === 0) return
  if (!hasRedis()) return void (await Promise.all(due.slice(0, AT_ONCE).map(send)))
  announce(due)
  begin(await dueReplies(pool, OVERDUE_AFTER_MS, AT_ONCE, outage()))
}
