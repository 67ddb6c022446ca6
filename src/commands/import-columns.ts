import type { CsvFile } from '../adapters/csv-in.js'
import { OperatorError } from '../errors.js'
import { consentKind, type ConsentKind } from '../inbound/import-consent.js'
import { printable } from './screen.js'

/** Where the cells we need stand in each row. consents: every column that speaks of consent. */
export type Columns = {
  phone: number
  zip: number
  language: number | null
  consents: readonly { at: number; heading: string; kind: ConsentKind }[]
}

const HEADINGS = {
  phone: [
    ...[
      'phone',
      'phone number',
      'mobile',
      'mobile phone',
      'mobile number',
      'cell',
      'cell phone',
      'cellphone',
    ],
    ...['cell number', 'telephone', 'celular', 'teléfono', 'telefono'],
  ],
  zip: ['zip', 'zip code', 'zipcode', 'postal code', 'postalcode', 'código postal', 'codigo postal'],
  language: ['language', 'lang', 'idioma'],
} as const

const ROWS_LOOKED_THROUGH = 10

/** Finds the columns by their headings. One that is missing, or stands there twice, is refused by its name. */
export async function findColumns(path: string, file: CsvFile): Promise<Columns> {
  const { columns } = file
  const [phone, zip, language] = (['phone', 'zip', 'language'] as const).map((name) =>
    indexesOf(name, columns),
  )
  for (const [name, found] of Object.entries({ phone, zip, language }))
    if (found && found.length > 1)
      throw new OperatorError(
        `${path} has ${found.length} columns for ${name}: ${found.map((at) => `${shown(columns[at])} (column ${at + 1})`).join(', ')}. Keep one; nothing was imported.`,
        2,
      )
  const [phoneAt, zipAt] = [phone?.[0], zip?.[0]]
  if (phoneAt === undefined || zipAt === undefined)
    throw new OperatorError(`${await whatIsThere(path, file)}; nothing was imported.`)
  const consents = columns.flatMap((heading, at) => {
    const kind = consentKind(plain(heading))
    return kind ? [{ at, heading: shown(heading), kind }] : []
  })
  return { phone: phoneAt, zip: zipAt, language: language?.[0] ?? null, consents }
}

function indexesOf(name: keyof typeof HEADINGS, columns: readonly string[]): number[] {
  const known: readonly string[] = HEADINGS[name]
  return columns.flatMap((column, at) => (known.includes(plain(column)) ? [at] : []))
}

/** "ZIP_Code" -> "zip code" */
const plain = (heading: string) =>
  heading
    .normalize('NFC')
    .toLowerCase()
    .replace(/[\s_.-]+/g, ' ')
    .trim()

/** What stands where the headings should. */
async function whatIsThere(path: string, file: CsvFile): Promise<string> {
  const { columns } = file
  if (columns.length === 0) return `${path} is empty. Its first line names the columns: phone,zip,language`
  if (columns.some((cell) => /^[\d\s().+-]+$/.test(cell) && cell.replace(/\D/g, '').length >= 5))
    return `${path} does not name its columns: its first line is a row already. Put the line phone,zip above it, its columns in that order`
  const line = await headingsBelow(file)
  if (line !== null)
    return `The first line of ${path} is a title; its columns are named on line ${line}. Delete what stands above that line`
  const missing = (['phone', 'zip'] as const)
    .filter((name) => indexesOf(name, columns).length === 0)
    .map((name) => `no column "${name}"`)
  return `${path} has ${missing.join(' and ')} (it has: ${columns.slice(0, 12).map(shown).join(', ')}). Rename the column`
}

/** The line of a row below that holds both headings, whatever parts its cells; null: there is none close by. */
async function headingsBelow({ rows }: CsvFile): Promise<number | null> {
  let looked = 0
  for await (const { line, cells } of rows) {
    const parts = cells.flatMap((cell) => cell.split(/[,;\t]/))
    if ((['phone', 'zip'] as const).every((name) => indexesOf(name, parts).length > 0)) return line
    if (++looked === ROWS_LOOKED_THROUGH) break
  }
  return null
}

const shown = (heading = '') =>
  printable(heading)
    .slice(0, 40)
    .replace(/\(?\d[\d\s().-]{5,}\d/g, '[number]')
