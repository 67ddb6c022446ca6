import type pg from 'pg'
import { clearBlocks } from '../db/people.js'
import { takeReceipt } from '../db/receipts.js'
import { doubtSettled, firstReceipt, receiptTaken, receiptUnknown } from '../observability/events.js'
import type { TextRef } from '../ports.js'
import { applyConsequence } from './consequences.js'
import { overwritable, statusFromTwilio } from './status.js'

export type IncomingReceipt = { ref: TextRef; messageSid: string; status: string; errorCode: number | null }

/** Takes one of Twilio's receipts: the text moves forward, and an error code does for the person what it asks for. */
export async function takeIncomingReceipt(pool: pg.Pool, receipt: IncomingReceipt): Promise<void> {
  const status = statusFromTwilio(receipt.status)
  if (!status) return receiptUnknown(`status ${receipt.status.slice(0, 20).replace(/\W/g, '')}`)
  const effect = await takeReceipt(pool, {
    ...receipt,
    twilioStatus: receipt.status,
    status,
    overwritable: overwritable(status),
  })
  if (!effect) return receiptUnknown('no such text')
  receiptTaken({ ref: receipt.ref, status, errorCode: receipt.errorCode })
  if (effect.lagMs !== null) firstReceipt({ lagMs: effect.lagMs })
  if (effect.before === 'in_doubt' && effect.after !== 'in_doubt')
    doubtSettled({ ref: receipt.ref, how: 'receipt' })
  const moved = effect.before !== effect.after
  if (moved && effect.after === 'delivered') await clearBlocks(pool, effect.personId)
  if (moved && receipt.errorCode !== null) await applyConsequence(pool, effect.personId, receipt.errorCode)
}
