import type pg from 'pg'
import {
  boundSids,
  expireClaims,
  recordNotSent,
  takeDoubtsDue,
  unpoll,
  type TextInDoubt,
} from '../db/in-doubt.js'
import { LIMITS } from '../limits.js'
import { claimsExpired, doubtSettled, fault } from '../observability/events.js'
import type { ListedText, SmsGateway, Vault } from '../ports.js'
import { takeIncomingReceipt } from './receipt.js'
import { recordAccepted } from '../db/texts-out.js'

export type DoubtContext = {
  pool: pg.Pool
  gateway: SmsGateway
  vault: Vault
  timing?: { leaseMs: number; firstPollMs: number; pollMs: number }
  /** The words of a blast's text to one person; null where they cannot be made again. */
  blastBody?: (doubt: TextInDoubt) => Promise<string | null>
}

const TIMING = { leaseMs: LIMITS.leaseMs, firstPollMs: LIMITS.doubtFirstPollMs, pollMs: LIMITS.doubtPollMs }
// Missing so many times, it never arrived.
const LOOKS = 2

/** Puts expired claims in doubt and settles what is in doubt by Twilio's list: found = bound, missing twice = not sent. */
export async function settleDoubts(context: DoubtContext): Promise<void> {
  const { pool, timing = TIMING } = context
  await putInDoubt(context)
  const due = await takeDoubtsDue(pool, timing, 50)
  // Each look may take Twilio ten seconds, and her next answer waits for this one.
  const isBlasts = ({ ref }: TextInDoubt) => Number(ref.blastId !== 0)
  for (const doubt of due.sort((a, b) => isBlasts(a) - isBlasts(b))) {
    try {
      await settle(context, doubt)
    } catch (error) {
      await unpoll(pool, doubt.ref)
      fault('in-doubt', error, { blastId: doubt.ref.blastId, number: doubt.ref.number })
    }
  }
}

/** Puts expired claims in doubt: a killed worker's. While they are not, her later answers wait behind them. */
export async function putInDoubt({
  pool,
  timing = TIMING,
}: Pick<DoubtContext, 'pool' | 'timing'>): Promise<void> {
  const expired = await expireClaims(pool, timing.leaseMs)
  if (expired > 0) claimsExpired({ count: expired })
}

async function settle(context: DoubtContext, doubt: TextInDoubt): Promise<void> {
  const { pool, gateway, vault } = context
  // FORGET's last confirmation is not repeated, and her number has waited for nothing.
  if (doubt.kind === 'forget_done') return recordNotSent(pool, doubt.ref, false)
  const body = doubt.bodySealed ? vault.open(doubt.bodySealed) : ((await context.blastBody?.(doubt)) ?? null)
  // The claim is timed by the database's clock, the list by Twilio's. What is already known as another text is passed over anyway.
  const since = new Date(doubt.claimedAt.getTime() - LIMITS.clockSlackMs)
  const listed = doubt.phoneSealed ? await gateway.listTo(vault.open(doubt.phoneSealed), since) : []
  const found = await firstUnbound(pool, doubt, listed, body)
  if (found) {
    await recordAccepted(pool, doubt.ref, found.sid)
    await takeIncomingReceipt(pool, {
      ref: doubt.ref,
      messageSid: found.sid,
      status: found.status,
      errorCode: found.errorCode,
    })
    return doubtSettled({ ref: doubt.ref, how: 'list' })
  }
  if (doubt.polls < LOOKS) return
  // An answer is sent once more: two at most may reach her. A blast's text is never sent again by itself. The looks at the list
  // are counted on when it is in doubt for the second time; its claims tell nothing, since many end before a byte is sent.
  const again =
    doubt.ref.blastId === 0 &&
    doubt.polls === LOOKS &&
    (doubt.expiresAt === null || doubt.expiresAt > new Date())
  await recordNotSent(pool, doubt.ref, again)
  doubtSettled({ ref: doubt.ref, how: 'not_sent' })
}

/** The oldest listed text with these words, else the oldest that it may be, that is not already another text of hers. */
async function firstUnbound(
  pool: pg.Pool,
  doubt: TextInDoubt,
  listed: readonly ListedText[],
  body: string | null,
): Promise<ListedText | undefined> {
  const same = listed.filter((text) => isAbout(doubt, text, body))
  const bound = await boundSids(
    pool,
    doubt.personId,
    same.map((text) => text.sid),
  )
  const free = same.filter((text) => !bound.has(text.sid))
  return free.filter((text) => text.body === body).at(-1) ?? free.at(-1)
}

const WITHIN_MS = 15_000

/**
 * Its words are the same; or, for a blast's text whose words cannot be made again (she moved, the senators changed), it was made
 * at that very time. By now every other text of that time is bound.
 */
function isAbout(doubt: TextInDoubt, text: ListedText, body: string | null): boolean {
  if (text.body === body) return true
  const afterMs = text.createdAt.getTime() - doubt.claimedAt.getTime()
  return doubt.ref.blastId !== 0 && Math.abs(afterMs) < WITHIN_MS
}
