import type { IncomingReceipt } from './receipt.js'

const GATHER_MS = 5
const BATCH_MAX = 500

type Waiting = { receipt: IncomingReceipt; resolve: () => void; reject: (error: unknown) => void }

/**
 * Takes receipts a few milliseconds' worth at a time: one commit for all of them instead of one each. A receipt is answered
 * when it is safe, as before. Receipts of one text keep their order: the next one waits for the batch after.
 */
export function createReceiptBatches(
  takeAll: (receipts: readonly IncomingReceipt[]) => Promise<void>,
): (receipt: IncomingReceipt) => Promise<void> {
  let waiting: Waiting[] = []
  let running = false

  async function run(): Promise<void> {
    running = true
    while (waiting.length > 0) {
      await new Promise((resolve) => setTimeout(resolve, GATHER_MS))
      await take(nextBatch())
    }
    running = false
  }

  function nextBatch(): Waiting[] {
    const batch = new Map<string, Waiting>()
    const later: Waiting[] = []
    for (const one of waiting) {
      const text = `${one.receipt.ref.blastId}-${one.receipt.ref.number}`
      if (batch.has(text) || batch.size >= BATCH_MAX) later.push(one)
      else batch.set(text, one)
    }
    waiting = later
    return [...batch.values()]
  }

  async function take(batch: readonly Waiting[]): Promise<void> {
    try {
      await takeAll(batch.map(({ receipt }) => receipt))
      for (const { resolve } of batch) resolve()
    } catch (error) {
      if (batch.length > 1 && isOfOne(error)) for (const one of batch) await take([one])
      else for (const { reject } of batch) reject(error)
    }
  }

  return (receipt) =>
    new Promise((resolve, reject) => {
      waiting.push({ receipt, resolve, reject })
      if (!running) void run()
    })
}

/** Whether Postgres refused it for what one of them holds, or for a lock: one by one the others go in. */
const isOfOne = (error: unknown): boolean =>
  /^(22|23|40)...$/.test(String((error as { code?: unknown }).code))
