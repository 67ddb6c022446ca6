import { z } from 'zod'
import {
  SWITCHBOARD,
  isStateCode,
  type Office,
  type Senator,
  type SenatorTable,
  type StateCode,
} from './congress.js'

// The public congress-legislators files: https://github.com/unitedstates/congress-legislators
// Fields we do not name are ignored; the last term is the current one.

const words = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .regex(/^[^\p{Cc}|]+$/u, 'has a character that no name has')
const day = z.iso.date()

const Legislator = z.object({
  id: z.object({ bioguide: z.string().regex(/^[A-Z]\d{6}$/) }),
  name: z.object({ first: words, last: words, official_full: words.optional() }),
  terms: z.array(z.object({ type: z.string() }).loose()).min(1),
})

const SenateTerm = z.object({
  state: z.custom<StateCode>((value) => typeof value === 'string' && isStateCode(value), 'is no state'),
  end: day,
  class: z.union([z.literal(1), z.literal(2), z.literal(3)]),
  party: words,
  caucus: words.optional(),
  state_rank: z.enum(['junior', 'senior']),
  phone: z.string().trim().min(1).nullish(),
  'end-type': z.string().optional(),
})

const Member = z.object({
  id: z.object({ bioguide: z.string() }),
  offices: z.array(
    z.object({
      city: z.string().optional(),
      state: z.string().optional(),
      zip: z.string().optional(),
      phone: z.string().optional(),
    }),
  ),
})

export type LegislatorFiles = {
  /** legislators-current.json */
  legislators: string
  /** legislators-district-offices.json; without it senators keep the offices they had. */
  offices?: string
  asOf: string
  source: string
  vacant?: readonly StateCode[]
}

export type ParsedTable =
  { kind: 'table'; table: SenatorTable } | { kind: 'unreadable'; faults: readonly string[] }

/** Reads the public files into a table of senators. checkTable judges afterwards whether it is whole. */
export function parseLegislators(files: LegislatorFiles, before: SenatorTable | null): ParsedTable {
  const faults: string[] = []
  const known = new Map(before?.senators.map((senator) => [senator.bioguide, senator]))
  const records = parseList(files.legislators, 'the legislators file', faults)
  const officesOf = files.offices === undefined ? null : parseOffices(files.offices, faults)
  const senators: Senator[] = []
  for (const [index, record] of records.entries()) {
    const legislator = Legislator.safeParse(record)
    if (!legislator.success) {
      faults.push(`record ${index + 1}: ${firstIssue(legislator.error)}`)
      continue
    }
    const { id, name, terms } = legislator.data
    const last = terms.at(-1)
    if (last?.type !== 'sen') continue
    const term = SenateTerm.safeParse(last)
    if (!term.success) {
      faults.push(`${id.bioguide} (${name.last}): ${firstIssue(term.error)}`)
      continue
    }
    const old = known.get(id.bioguide)
    // A newcomer's number may not be published for weeks; one that gets lost is a damaged file.
    if (!term.data.phone && old !== undefined && old.phone !== SWITCHBOARD)
      faults.push(`${id.bioguide} (${name.last}) has no phone, and had ${old.phone} before`)
    senators.push({
      bioguide: id.bioguide,
      name: (name.official_full ?? `${name.first} ${name.last}`).normalize('NFC'),
      first: name.first.normalize('NFC'),
      last: name.last.normalize('NFC'),
      state: term.data.state,
      party: term.data.party,
      ...(term.data.caucus !== undefined && { caucus: term.data.caucus }),
      class: term.data.class,
      rank: term.data.state_rank,
      phone: term.data.phone ?? SWITCHBOARD,
      termEnd: term.data.end,
      ...(term.data['end-type'] === 'special-election' && { special: true }),
      offices:
        officesOf === null ? (old?.offices ?? []) : officesIn(term.data.state, officesOf.get(id.bioguide)),
    })
  }
  if (faults.length === 0 && senators.length === 0) faults.push('the legislators file names no senator')
  if (officesOf !== null && senators.length > 0 && senators.every((senator) => senator.offices.length === 0))
    faults.push('the offices file has no office of any senator')
  if (faults.length > 0) return { kind: 'unreadable', faults }
  senators.sort((a, b) => order(a).localeCompare(order(b), 'en'))
  const vacant = files.vacant?.length ? { vacant: files.vacant } : {}
  return { kind: 'table', table: { asOf: files.asOf, source: files.source, senators, ...vacant } }
}

function order(senator: Senator): string {
  return `${senator.state} ${senator.rank === 'senior' ? 1 : 2} ${senator.last}`
}

function parseList(text: string, what: string, faults: string[]): readonly unknown[] {
  try {
    const parsed: unknown = JSON.parse(text.replace(/^\uFEFF/, ''))
    if (Array.isArray(parsed) && parsed.length > 0) return parsed
    faults.push(`${what} is not a list of records`)
  } catch {
    faults.push(`${what} is not JSON`)
  }
  return []
}

function parseOffices(
  text: string,
  faults: string[],
): ReadonlyMap<string, z.infer<typeof Member>['offices']> {
  const members = new Map<string, z.infer<typeof Member>['offices']>()
  for (const [index, record] of parseList(text, 'the offices file', faults).entries()) {
    const member = Member.safeParse(record)
    if (member.success) members.set(member.data.id.bioguide, member.data.offices)
    else faults.push(`offices, record ${index + 1}: ${firstIssue(member.error)}`)
  }
  return members
}

/** Only offices that can be called, in the senator's own state; two rooms on one line in one city count once. */
function officesIn(state: StateCode, listed: z.infer<typeof Member>['offices'] = []): readonly Office[] {
  const offices = new Map<string, Office>()
  for (const office of listed) {
    const zip = office.zip?.trim().slice(0, 5)
    const city = office.city?.trim().normalize('NFC')
    if (!zip || !city || !office.phone || office.state !== state) continue
    const key = `${city} ${office.phone}`
    if (!offices.has(key)) offices.set(key, { city, zip, phone: office.phone.trim() })
  }
  return [...offices.values()]
}

function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0]
  return issue ? `${issue.path.join('.')} ${issue.message}` : 'cannot be read'
}
