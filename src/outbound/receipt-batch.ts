import { createBatches } from '../db/batches.js'
import type { IncomingReceipt } from './receipt.js'

const GATHER_MS = 5
const BATCH_MAX = 500

/**
 * Takes receipts a few milliseconds' worth at a time. A receipt is answered when it is safe, as before. Receipts of one text keep
 * their order.
 */
export function createReceiptBatches(
  takeAll: (receipts: readonly IncomingReceipt[]) => Promise<void>,
): (receipt: IncomingReceipt) => Promise<unknown> {
  const batches = createBatches<IncomingReceipt, true>({
    keyOf: ({ ref }) => `${ref.blastId}-${ref.number}`,
    gatherMs: GATHER_MS,
    max: BATCH_MAX,
    takeAll: async (receipts) => {
      await takeAll(receipts)
      return receipts.map(() => true)
    },
    takeAlone: async (receipt) => {
      await takeAll([receipt])
      return true
    },
  })
  return batches.take
}
