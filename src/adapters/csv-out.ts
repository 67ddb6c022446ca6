import { closeSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { stringify } from 'csv-stringify/sync'
import { OperatorError } from '../errors.js'

const WRITE_ROWS = 500

/** Rows as CSV lines. What a spreadsheet would take for a formula gets an apostrophe in front. */
export function csvLines(rows: readonly (readonly (string | number | null)[])[]): string {
  return stringify(
    rows.map((row) => [...row]),
    { escape_formulas: true },
  )
}

export type CsvWriter = {
  write(row: readonly string[]): void
  /** Puts the file in its place; null when nothing was written. */
  finish(): string | null
  /** Leaves no file. */
  abandon(): void
}

/**
 * A CSV file that only its owner may read. Written beside its place and moved there when whole: an older file of that name,
 * whatever its permissions, is replaced and never half overwritten. Without rows there is no file.
 */
export function writeCsv(path: string, columns: readonly string[]): CsvWriter {
  const unfinished = `${path}.${process.pid}.part`
  let file: number | null = null
  let waiting: (readonly string[])[] = []
  const flush = () => {
    try {
      file ??= openSync(unfinished, 'wx', 0o600)
      writeFileSync(file, csvLines(waiting))
      waiting = []
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? 'it failed'
      throw new OperatorError(
        `Cannot write ${path} (${code}). Copy the list to a folder you may write to, and run it there.`,
      )
    }
  }
  return {
    write(row) {
      if (file === null && waiting.length === 0) waiting.push(columns)
      waiting.push(row)
      if (waiting.length >= WRITE_ROWS) flush()
    },
    finish() {
      if (waiting.length > 0) flush()
      if (file === null) return null
      closeSync(file)
      renameSync(unfinished, path)
      return path
    },
    abandon() {
      if (file === null) return
      closeSync(file)
      rmSync(unfinished, { force: true })
    },
  }
}
