import type pg from 'pg'
import { addToBatch, mergePeople, type Arrival, type ImportBatch, type Merged } from '../db/import.js'
import { analyzeAfter } from '../db/statistics.js'
import { LIMITS } from '../limits.js'
import { fault, peopleImported } from '../observability/events.js'
import type { Vault } from '../ports.js'
import { createRowReader, type ImportCells } from './import-row.js'
import { createNumberSet } from './number-set.js'

const DOUBLE = 'phone stands in this file already; only its first row counts'

export type ImportContext = { pool: pg.Pool; vault: Vault }

export type ImportRow = ImportCells & { line: number }

export type ImportOrder<Row extends ImportRow> = {
  rows: AsyncIterable<Row> | Iterable<Row>
  as: Arrival['as']
  /** What they agreed to, where and when. */
  consent: string
  recordedBy: string
  onRejected: (row: Row, reason: string) => void
  onProgress?: (tally: ImportTally) => void
  /** Ends the import between two rows; what is in stays in. */
  signal?: AbortSignal
}

export type ImportTally = {
  rows: number
  added: number
  /** Here already: unchanged. */
  here: number
  /** Left or forgotten: stay out. */
  left: number
  rejected: number
  stopped: boolean
}

/**
 * Brings a list of people in: row by row in constant memory, batch by batch in transactions of their own. Cut short and run
 * again, it goes on where it was; run twice, it changes nothing the second time.
 */
export async function importPeople<Row extends ImportRow>(
  context: ImportContext,
  order: ImportOrder<Row>,
): Promise<ImportTally> {
  const { pool, vault } = context
  const tally: ImportTally = { rows: 0, added: 0, here: 0, left: 0, rejected: 0, stopped: false }
  const arrival = { as: order.as, consentSealed: vault.seal(order.consent), recordedBy: order.recordedBy }
  const readRow = createRowReader()
  const numbers = createNumberSet()
  const merges = createMerges(
    (batch) => mergePeople(pool, batch, arrival),
    (merged) => {
      tally.added += merged.added
      tally.here += merged.here
      tally.left += merged.left
      order.onProgress?.(tally)
    },
  )

  let batch: ImportBatch = { size: 0, lines: '' }
  try {
    for await (const row of order.rows) {
      if (order.signal?.aborted) {
        tally.stopped = true
        break
      }
      tally.rows += 1
      // Where all of a batch's rows are rejected, nothing is merged that could tell how far it is.
      if (tally.rows % LIMITS.importBatchRows === 0) order.onProgress?.(tally)
      const read = readRow(row)
      const fault = 'fault' in read ? read.fault : numbers.add(read.person.phone) ? null : DOUBLE
      if ('fault' in read || fault !== null) {
        if ('fault' in read && read.refused !== undefined) numbers.add(read.refused)
        tally.rejected += 1
        order.onRejected(row, fault ?? DOUBLE)
        continue
      }
      const { phone, ...place } = read.person
      addToBatch(batch, { phoneHash: vault.hash(phone), phoneSealed: vault.seal(phone), ...place })
      if (batch.size === LIMITS.importBatchRows) {
        await merges.start(batch)
        batch = { size: 0, lines: '' }
      }
    }
  } catch (cause) {
    await merges.settled() // whoever tells of it can say what is in
    order.onProgress?.(tally)
    throw cause
  }
  if (batch.size > 0) await merges.start(batch)
  await merges.settled()
  // All of them are in, whatever becomes of this.
  await analyzeAfter(pool, 'people', tally.added).catch((error: unknown) => fault('import', error))
  peopleImported({ ...tally, as: order.as })
  return tally
}

/**
 * Two at once: while one batch waits for its commit the other is worked on. A failure ends the import at the next batch, once
 * nothing is under way any more.
 */
function createMerges(merge: (batch: ImportBatch) => Promise<Merged>, onMerged: (merged: Merged) => void) {
  const underWay = new Set<Promise<void>>()
  let failure: { cause: unknown } | null = null
  const settled = async () => {
    await Promise.all(underWay)
    if (failure) throw failure.cause
  }
  return {
    settled,
    async start(batch: ImportBatch): Promise<void> {
      while (underWay.size >= LIMITS.importMergesAtOnce) await Promise.race(underWay)
      if (failure) await settled()
      const one: Promise<void> = merge(batch)
        .then(onMerged, (cause: unknown) => {
          failure ??= { cause }
        })
        .finally(() => underWay.delete(one))
      underWay.add(one)
    },
  }
}
