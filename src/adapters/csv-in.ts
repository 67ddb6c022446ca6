import { open } from 'node:fs/promises'
import { parse, CsvError } from 'csv-parse'
import { OperatorError } from '../errors.js'

/** line: where the row begins, counted from 1 with the header. */
export type CsvRow = { line: number; cells: string[] }

export type CsvFile = {
  columns: string[]
  rows: AsyncIterable<CsvRow>
  /** How far it has been read, and how long it is: 0 for a pipe. */
  progress(): { bytesRead: number; bytes: number }
  close(): Promise<void>
}

const SNIFFED_BYTES = 4_096
const CHUNK_BYTES = 256 * 1024
// A quote that is never closed would swallow the rest of the file.
const ROW_BYTES_MAX = 64 * 1024

/** Opens a CSV file as spreadsheets write them: comma, semicolon or tab, with or without a byte order mark, quoted or not. */
export async function openCsv(path: string): Promise<CsvFile> {
  const file = await open(path).catch((error: unknown) => {
    throw cannotRead(path, error)
  })
  try {
    const stat = await file.stat()
    if (stat.isDirectory()) throw new OperatorError(`${path} is a folder. Name the CSV file in it.`, 2)
    const delimiter = stat.isFile() ? delimiterOf(await head(file)) : ','
    const source = file.createReadStream({
      highWaterMark: CHUNK_BYTES,
      autoClose: false,
      ...(stat.isFile() && { start: 0 }),
    })
    const read = { lines: 0 }
    const parser = parse({
      bom: true,
      delimiter,
      relax_quotes: true,
      relax_column_count: true,
      max_record_size: ROW_BYTES_MAX,
      // A broken row ends the stream, and the rows still waiting in it are lost: what has been read is counted here.
      on_record: (cells: string[]) => {
        read.lines += linesOf(cells)
        return cells
      },
    })
    source.on('error', (error) => parser.destroy(error))
    const rows = numbered(path, source.pipe(parser), read)
    const header = await rows.next()
    return {
      columns: header.done ? [] : header.value.cells.map((cell) => cell.trim()),
      rows,
      progress: () => ({ bytesRead: source.bytesRead, bytes: stat.isFile() ? stat.size : 0 }),
      close: async () => {
        source.destroy()
        parser.destroy()
        await file.close()
      },
    }
  } catch (error) {
    await file.close()
    throw error
  }
}

/** Between quotes a row may go on over several lines. */
function linesOf(cells: readonly string[]): number {
  let lines = 1
  for (const cell of cells)
    for (let at = cell.indexOf('\n'); at !== -1; at = cell.indexOf('\n', at + 1)) lines += 1
  return lines
}

/** Rows with the line each begins on; blank ones are passed over. read: how far the file has been read by then. */
async function* numbered(
  path: string,
  records: AsyncIterable<string[]>,
  read: { readonly lines: number },
): AsyncGenerator<CsvRow, void, undefined> {
  let line = 1
  try {
    for await (const cells of records) {
      const row = { line, cells }
      line += linesOf(cells)
      if (cells.some((cell) => cell !== '')) yield row
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw cannotRead(path, error)
    const what =
      error.code === 'CSV_QUOTE_NOT_CLOSED' || error.code === 'CSV_MAX_RECORD_SIZE'
        ? 'has a quote that is never closed'
        : 'cannot be read as CSV'
    throw new OperatorError(
      `${path} line ${(read.lines + 1).toLocaleString('en-US')} ${what}. Mend that line and run it again.`,
    )
  }
}

async function head(file: Awaited<ReturnType<typeof open>>): Promise<string> {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(SNIFFED_BYTES), 0, SNIFFED_BYTES, 0)
  const bytes = buffer.subarray(0, bytesRead)
  const text = bytes[0] === 0xff && bytes[1] === 0xfe ? bytes.toString('utf16le') : bytes.toString('utf8')
  return text.split(/[\r\n]/, 1)[0] ?? ''
}

function delimiterOf(header: string): string {
  return [',', ';', '\t'].find((one) => header.includes(one)) ?? ','
}

function cannotRead(path: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOENT')
    return new OperatorError(`There is no file ${path}. Check its name and the folder you are in.`, 2)
  if (code === 'EACCES' || code === 'EPERM')
    return new OperatorError(
      `${path} may not be read by you. Change its permissions, or run this as its owner.`,
    )
  if (code === 'EISDIR') return new OperatorError(`${path} is a folder. Name the CSV file in it.`, 2)
  return error
}
