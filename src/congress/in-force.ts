import { bundledTable } from './bundled.js'
import type { SenatorTable } from './congress.js'

/** A table as it lies in Postgres. */
export type StoredTable = SenatorTable & { readonly loadedAt: Date }

/**
 * The table to answer from: the one stored last by `senators update`, unless this version came with newer data since.
 * The time of loading decides, not the date of the file: who loads an old file means it.
 */
export function tableInForce(stored: StoredTable | null): SenatorTable {
  return stored !== null && stored.loadedAt.toISOString().slice(0, 10) >= bundledTable.asOf
    ? stored
    : bundledTable
}
