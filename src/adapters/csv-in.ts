import { open } from 'node:fs/promises'
import { Readable } from 'node:stream'
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
const NAMED_SEPARATOR = /^"?sep=([,;\t|])"?$/i
// An .xlsx, which is a zip file, and an .xls.
const WORKBOOKS = [Buffer.from('504b0304', 'hex'), Buffer.from('d0cf11e0', 'hex')]
const CHUNK_BYTES = 256 * 1024
// A quote that is never closed would swallow the rest of the file.
const ROW_BYTES_MAX = 64 * 1024

/**
 * Opens a CSV file as spreadsheets write them: comma, semicolon or tab, with or without a byte order mark, quoted or not, its
 * separator named on a first line (sep=;) or not. stdin: what /dev/stdin stands for, a pipe or not.
 */
export async function openCsv(path: string, stdin: Source): Promise<CsvFile> {
  const { source, bytes, close } = path === '/dev/stdin' ? piped(stdin) : await opened(path)
  const begun = await begin(source).catch(async (error: unknown) => {
    await close()
    throw cannotRead(path, error)
  })
  const read = { lines: 0 }
  const parser = parse({
    bom: true,
    delimiter: delimiterOf(begun.firstLine),
    relax_quotes: true,
    relax_column_count: true,
    max_record_size: ROW_BYTES_MAX,
    // A broken row ends the stream, and the rows still waiting in it are lost: what has been read is counted here.
    on_record: (cells: string[]) => {
      read.lines += linesOf(cells)
      return cells
    },
  })
  const whole = Readable.from(begun.whole, { objectMode: false })
  whole.on('error', (error) => parser.destroy(error))
  const closeAll = async () => {
    whole.destroy()
    parser.destroy()
    await close()
  }
  try {
    if (WORKBOOKS.some((magic) => begun.head.subarray(0, magic.length).equals(magic)))
      throw new OperatorError(
        `${path} is a workbook. In the spreadsheet save it as CSV, then import that file; nothing was imported.`,
        2,
      )
    const rows = numbered(path, whole.pipe(parser), read)
    if (NAMED_SEPARATOR.test(begun.firstLine)) await rows.next()
    const header = await rows.next()
    return {
      columns: header.done ? [] : header.value.cells.map((cell) => cell.trim()),
      rows,
      progress: () => ({ bytesRead: source.bytesRead, bytes }),
      close: closeAll,
    }
  } catch (error) {
    await closeAll()
    throw error
  }
}

type Source = Readable & { readonly bytesRead: number }

type Opened = { source: Source; bytes: number; close: () => Promise<unknown> }

// A socket, as which one program hands its pipe to another, cannot be opened by its path.
function piped(stdin: Source): Opened {
  return { source: stdin, bytes: 0, close: () => Promise.resolve(stdin.destroy()) }
}

async function opened(path: string): Promise<Opened> {
  const file = await open(path).catch((error: unknown) => {
    throw cannotRead(path, error)
  })
  const stat = await file.stat()
  const source = file.createReadStream({ highWaterMark: CHUNK_BYTES, autoClose: false })
  return {
    source,
    bytes: stat.isFile() ? stat.size : 0,
    close: async () => {
      source.destroy()
      await file.close()
    },
  }
}

/** Reads up to the end of the first line, to tell what it is; whole gives it back in front of the rest. */
async function begin(
  source: Source,
): Promise<{ head: Buffer; firstLine: string; whole: AsyncIterable<Buffer> }> {
  const chunks = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  let head = Buffer.alloc(0)
  while (head.length < SNIFFED_BYTES && !head.includes('\n')) {
    const next = await chunks.next()
    if (next.done) break
    head = Buffer.concat([head, next.value])
  }
  async function* whole() {
    if (head.length > 0) yield head
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value
  }
  const bytes = head.subarray(0, SNIFFED_BYTES)
  const text = bytes[0] === 0xff && bytes[1] === 0xfe ? bytes.toString('utf16le') : bytes.toString('utf8')
  return { head, firstLine: text.replace(/^\ufeff/, '').split(/[\r\n]/, 1)[0] ?? '', whole: whole() }
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

/** The one it names, else the one that parts it into most cells. */
function delimiterOf(firstLine: string): string {
  const named = NAMED_SEPARATOR.exec(firstLine)?.[1]
  if (named !== undefined) return named
  const bare = firstLine.replace(/"[^"]*"/g, '')
  const cells = (delimiter: string) => bare.split(delimiter).length
  return [',', ';', '\t'].reduce((best, one) => (cells(one) > cells(best) ? one : best))
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
