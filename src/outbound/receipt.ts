import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { clearBlocks } from '../db/people.js'
import { takeReceipts, type Receipt, type ReceiptEffect } from '../db/receipts.js'
import { doubtSettled, fault, firstReceipt, receiptTaken, receiptUnknown } from '../observability/events.js'
import type { TextRef } from '../ports.js'
import { applyConsequence } from './consequences.js'
import { overwritable, statusFromTwilio, TEXT_STATUSES } from './status.js'

export type IncomingReceipt = { ref: TextRef; messageSid: string; status: string; errorCode: number | null }

const OVERWRITABLE = Object.fromEntries(TEXT_STATUSES.map((status) => [status, overwritable(status)]))

/** Takes one of Twilio's receipts: the text moves forward, and an error code does for the person what it asks for. */
export const takeIncomingReceipt = (pool: pg.Pool, receipt: IncomingReceipt): Promise<void> =>
  takeIncomingReceipts(pool, [receipt])

/** The same for several, each of another text: they are safe together or not at all. */
export async function takeIncomingReceipts(
  pool: pg.Pool,
  incoming: readonly IncomingReceipt[],
): Promise<void> {
  const known = incoming.flatMap((receipt) => readReceipt(receipt) ?? [])
  if (known.length === 0) return
  const effects = await takeReceipts(pool, known, OVERWRITABLE)
  const taken = known.flatMap((receipt, i) => {
    const effect = effects[i]
    if (!effect) receiptUnknown('no such text')
    return effect ? [{ receipt, effect }] : []
  })
  for (const one of taken) tell(one)
  const moved = taken.filter(({ effect }) => effect.before !== effect.after)
  const reached = moved.filter(({ effect }) => effect.after === 'delivered')
  if (reached.length > 0)
    await clearBlocks(
      pool,
      reached.map(({ effect }) => effect.personId),
    )
  await Promise.race([consequences(pool, moved), sleep(CONSEQUENCES_AWAITED_MS, undefined, { ref: false })])
}

// Somebody whose row is locked must not keep the receipts of all others, by which a blast is judged. The code is on record by now.
const CONSEQUENCES_AWAITED_MS = 1_000

async function consequences(pool: pg.Pool, moved: readonly Taken[]): Promise<void> {
  for (const { receipt, effect } of moved)
    if (receipt.errorCode !== null)
      await applyConsequence(pool, effect.personId, receipt.errorCode, effect.claimedAt).catch(
        (error: unknown) => fault('consequence', error),
      )
}

type Taken = { receipt: Receipt; effect: ReceiptEffect }

function readReceipt(incoming: IncomingReceipt): Receipt | null {
  const status = statusFromTwilio(incoming.status)
  if (status) return { ...incoming, twilioStatus: incoming.status, status }
  receiptUnknown(`status ${incoming.status.slice(0, 20).replace(/\W/g, '')}`)
  return null
}

function tell({ receipt, effect }: Taken): void {
  receiptTaken({ ref: receipt.ref, status: receipt.status, errorCode: receipt.errorCode })
  if (effect.lagMs !== null) firstReceipt({ lagMs: effect.lagMs })
  if (effect.before === 'in_doubt' && effect.after !== 'in_doubt')
    doubtSettled({ ref: receipt.ref, how: 'receipt' })
}
