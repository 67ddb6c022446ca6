import { nobodysPhone, parsePhone } from '../compliance/phone.js'
import { placeOf, type Place } from '../congress/zip.js'
import { zonesFor } from '../congress/zones.js'
import type { Language } from '../conversation/action.js'
import { consentFault, type ConsentCell } from './import-consent.js'

/** A row's cells, as they stand in the file. said: what it says of consent, where the file has a column for that. */
export type ImportCells = { phone: string; zip: string; language: string; said?: readonly ConsentCell[] }

export type ReadRow = {
  phone: string
  zip: string
  state: string | null
  zone: string
  otherZone: string
  language: Language
}

/**
 * A row's person, or what is wrong with the row: in words for the organizer, without the number. refused: whose row says that she wants
 * no texts; no other row of the file brings her in.
 */
export type RowReader = (cells: ImportCells) => { person: ReadRow } | { fault: string; refused?: string }

type Placed = { state: string | null; zone: string; otherZone: string } | { fault: string }

const LANGUAGE_WORDS: Readonly<Record<string, Language>> = {
  '': 'en',
  en: 'en',
  eng: 'en',
  english: 'en',
  inglés: 'en',
  ingles: 'en',
  es: 'es',
  spa: 'es',
  spanish: 'es',
  español: 'es',
  espanol: 'es',
}

/** Reads the rows of one file; remembers the ZIPs it has placed. */
export function createRowReader(): RowReader {
  const placed = new Map<string, Placed>()
  return (cells) => {
    const phone = readPhone(cells.phone)
    for (const said of cells.said ?? []) {
      const fault = consentFault({ ...said, cell: cellText(said.cell) })
      if (fault !== null) return 'fault' in phone ? { fault } : { fault, refused: phone.phone }
    }
    if ('fault' in phone) return phone
    const zip = readZip(cells.zip)
    if ('fault' in zip) return zip
    let place = placed.get(zip.zip)
    if (!place) placed.set(zip.zip, (place = placeFor(zip.zip)))
    if ('fault' in place) return place
    const language = LANGUAGE_WORDS[cellText(cells.language).toLowerCase()]
    if (!language) return { fault: 'language is neither en nor es' }
    return { person: { phone: phone.phone, zip: zip.zip, ...place, language } }
  }
}

function readPhone(cell: string): { phone: string } | { fault: string } {
  const text = cellText(cell)
  if (/^\d(\.\d+)?e\+?\d+$/i.test(text))
    return { fault: 'phone was cut short by a spreadsheet; make its column text' }
  const read = parsePhone(text.replace(/^(\+?1?\d{10})\.0+$/, '$1'))
  const nobodys = 'phone' in read ? nobodysPhone(read.phone) : null
  return nobodys === null ? read : { fault: nobodys }
}

function readZip(cell: string): { zip: string } | { fault: string } {
  const text = cellText(cell).replace(/\.0+$/, '')
  const [, five] = /^(\d{5})(?:[-\s]?(?:\d{4})?)?$/.exec(text) ?? []
  if (five !== undefined) return { zip: five }
  if (text === '') return { fault: 'zip is empty' }
  if (/^\d{3,4}$/.test(text))
    return { fault: `zip has ${text.length} digits; perhaps a spreadsheet cut the leading 0` }
  return {
    fault: /^\d+$/.test(text)
      ? `zip has ${text.length} digits; a ZIP has 5`
      : 'zip is no ZIP; a ZIP has 5 digits',
  }
}

function placeFor(zip: string): Placed {
  const place = placeOf(zip)
  if (place.kind === 'unknown') return { fault: 'zip is not one in use in the US' }
  const state = stateOf(place)
  return { state, ...zonesFor({ zip, state }) }
}

/** A border or military ZIP does not tell where she votes: she is asked when she texts. */
function stateOf(place: Exclude<Place, { kind: 'unknown' }>): string | null {
  switch (place.kind) {
    case 'state':
      return place.state
    case 'dc':
      return 'DC'
    case 'territory':
      return place.place
    case 'border':
    case 'military':
      return null
  }
}

/** Our own CSV, like a spreadsheet's, puts an apostrophe before what could be taken for a formula. */
function cellText(cell: string): string {
  const text = cell.trim()
  return text.startsWith("'") ? text.slice(1).trimStart() : text
}
