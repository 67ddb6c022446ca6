import { csvLines } from '../adapters/csv-out.js'
import { safeJson } from './screen.js'

type Row = readonly (string | number | null)[]

/** How a list that may be long is written, page by page: no more of it is held than a page. */
export type Listing = { head: string; page(rows: readonly Row[]): string; foot: string }

/** The same list for a spreadsheet or for a program. The first column is the phone. */
export function listing(columns: readonly string[], options: { json?: true }): Listing {
  return options.json ? jsonListing(columns) : csvListing(columns)
}

/** The phone is ours, + and eleven digits: no formula, so it stays as it is. */
function csvListing(columns: readonly string[]): Listing {
  return {
    head: csvLines([columns]),
    page: (rows) => rows.map(([phone, ...others]) => `${phone ?? ''},${csvLines([others])}`).join(''),
    foot: '',
  }
}

/** One array, a person a line. What is cut lacks its end, so nobody takes it for a whole one. */
function jsonListing(columns: readonly string[]): Listing {
  let before = '\n'
  const line = (row: Row) => {
    const one = before + safeJson(Object.fromEntries(columns.map((name, n) => [name, row[n] ?? null])))
    before = ',\n'
    return one
  }
  return { head: '[', page: (rows) => rows.map(line).join(''), foot: '\n]\n' }
}
