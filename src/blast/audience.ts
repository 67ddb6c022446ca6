import { nearest } from '../conversation/nearest.js'
import { LANGUAGES, type Language } from '../conversation/action.js'
import { STATE_CODES, TERRITORY_NAMES } from '../congress/congress.js'
import { OperatorError } from '../errors.js'

export type Comparison = '<' | '<=' | '>' | '>='

export type Term =
  | { kind: 'state'; states: readonly string[] }
  | { kind: 'zip'; prefixes: readonly string[] }
  /** By the calendar day on the person's own clock. */
  | { kind: 'joined'; comparison: Comparison; day: string }
  /** Has she told us of a call for this action? */
  | { kind: 'called'; action: string; negated: boolean }
  | { kind: 'language'; languages: readonly Language[] }

/** Who: every term must hold. limit: of those the ones who are here longest. */
export type Audience = { terms: readonly Term[]; limit: number | null }

/** What an expression may name that is not fixed. Without a list every well-formed name passes. */
export type Known = { actions?: readonly string[] }

const TERM_NAMES = ['state', 'zip', 'joined', 'called', '-called', 'language', 'limit'] as const
const ALLOWED = `Terms: ${TERM_NAMES.join(' ')}.`
const REGIONS: readonly string[] = [...STATE_CODES, 'DC', ...Object.keys(TERRITORY_NAMES)]

type Parsed = { term: Term } | { limit: number }

const READERS: Readonly<
  Record<(typeof TERM_NAMES)[number], (rest: string, word: string, known: Known) => Parsed>
> = {
  state: (rest, word) => ({
    term: { kind: 'state', states: listOf(rest, word, 'state:AL,WV').map((code) => stateOf(code, word)) },
  }),
  zip: (rest, word) => ({
    term: {
      kind: 'zip',
      prefixes: listOf(rest, word, 'zip:350,351').map((digits) => prefixOf(digits, word)),
    },
  }),
  joined: (rest, word) => ({ term: joinedOf(rest, word) }),
  called: (rest, word, known) => ({
    term: { kind: 'called', action: actionOf(rest, word, known), negated: false },
  }),
  '-called': (rest, word, known) => ({
    term: { kind: 'called', action: actionOf(rest, word, known), negated: true },
  }),
  language: (rest, word) => ({
    term: {
      kind: 'language',
      languages: listOf(rest, word, 'language:es').map((code) => languageOf(code, word)),
    },
  }),
  limit: (rest, word) => ({ limit: limitOf(rest, word) }),
}

/** Reads an audience expression. A wrong term is refused (exit 2), naming it and what is accepted. Empty: everybody. */
export function parseAudience(expression: string, known: Known = {}): Audience {
  const terms: Term[] = []
  let limit: number | null = null
  for (const word of expression.split(/\s+/).filter(Boolean)) {
    const parsed = readWord(word, known)
    if ('term' in parsed) terms.push(parsed.term)
    else limit = Math.min(limit ?? parsed.limit, parsed.limit)
  }
  return { terms, limit }
}

function readWord(word: string, known: Known): Parsed {
  const [, typed = '', rest = ''] = /^(-?[^:<>=]*)(.*)$/s.exec(word) ?? []
  const name = TERM_NAMES.find((term) => term === typed.toLowerCase())
  if (name) return READERS[name](rest, word, known)
  const meant = meantBy(typed, rest)
  throw refusal(
    `--audience has no term "${shown(word)}".${meant ? ` Did you mean ${shown(meant)}?` : ''} ${ALLOWED}`,
  )
}

/** What a word that is no term was most likely meant to be. */
function meantBy(typed: string, rest: string): string | null {
  if (rest === '' && REGIONS.includes(typed.toUpperCase())) return `state:${typed.toUpperCase()}`
  if (rest === '' && /^\d{1,5}$/.test(typed)) return `zip:${typed}`
  const negated = typed.startsWith('-')
  const name = nearest(negated ? typed.slice(1) : typed, negated ? ['called'] : TERM_NAMES)
  return name && `${negated ? '-' : ''}${name}${rest}`
}

/** ":AL,WV" -> ["AL", "WV"] */
function listOf(rest: string, word: string, example: string): string[] {
  const items = rest.slice(1).split(',')
  if (!rest.startsWith(':') || items.includes(''))
    throw refusal(`--audience: "${shown(word)}" is unfinished. Write it like ${example}, without spaces.`)
  return items
}

function stateOf(code: string, word: string): string {
  const state = code.toUpperCase()
  if (REGIONS.includes(state)) return state
  throw refusal(
    `--audience: "${shown(word)}" names no state. States are two letters, with commas between: state:AL,WV.`,
  )
}

function prefixOf(digits: string, word: string): string {
  if (/^\d{1,5}$/.test(digits)) return digits
  throw refusal(
    `--audience: "${shown(word)}" is no ZIP. Give its first 1 to 5 digits, with commas between: zip:350,351.`,
  )
}

function languageOf(code: string, word: string): Language {
  const language = LANGUAGES.find((one) => one === code.toLowerCase())
  if (language) return language
  throw refusal(`--audience: "${shown(word)}" names no language we write. Use language:en or language:es.`)
}

function limitOf(rest: string, word: string): number {
  if (/^:[1-9]\d{0,8}$/.test(rest)) return Number(rest.slice(1))
  throw refusal(`--audience: "${shown(word)}" is no number of people. Write it like limit:500.`)
}

function actionOf(rest: string, word: string, known: Known): string {
  const name = rest.slice(1)
  if (!rest.startsWith(':') || !/^[a-z0-9][a-z0-9-]*$/i.test(name))
    throw refusal(`--audience: "${shown(word)}" names no action. Write it like called:pro-act.`)
  // A misspelt action nobody has called for would let -called mean everybody.
  if (!known.actions || known.actions.includes(name)) return name
  const meant = nearest(name, known.actions)
  throw refusal(
    `--audience: "${shown(word)}" names no action. ${meant ? `Did you mean ${meant}?` : `There is: ${known.actions.join(', ')}.`}`,
  )
}

function joinedOf(rest: string, word: string): Term {
  const [, comparison, day] = /^(<=|>=|<|>)(\d{4}-\d{2}-\d{2})$/.exec(rest) ?? []
  if (comparison === undefined || day === undefined || !isDay(day))
    throw refusal(
      `--audience: "${shown(word)}" has no day. Write it like joined<2026-01-01 or joined>=2026-01-01 (also <= and >), without spaces.`,
    )
  return { kind: 'joined', comparison: comparison as Comparison, day }
}

function isDay(day: string): boolean {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number)
  const at = new Date(Date.UTC(year, month - 1, date))
  return year >= 1900 && at.getUTCMonth() === month - 1 && at.getUTCDate() === date
}

/** Typed words go back to the screen: no control characters, no phone number, not the whole of a pasted file. */
function shown(word: string): string {
  const plain = word
    .replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '?')
    .replace(/\d{9,}/g, '[number]')
  return plain.length > 60 ? `${plain.slice(0, 57)}...` : plain
}

function refusal(message: string): OperatorError {
  return new OperatorError(message, 2)
}

/** A condition on `people p`, its parameters numbered from the one asked for. */
export type Where = { sql: string; values: unknown[] }

/** Who may get a blast at all: live consent, a number, and one that works. The claim asks again. */
export const MAY_BE_TEXTED = `p.standing = 'joined' and p.phone_sealed is not null and p.unreachable is null`

/** The terms alone: neither consent nor limit. */
export function termsWhere(audience: Audience, firstParameter = 1): Where {
  const values: unknown[] = []
  const parameter = (value: unknown) => `$${firstParameter + values.push(value) - 1}`
  const conditions = audience.terms.map((term) => conditionOf(term, parameter))
  return { sql: conditions.join(' and ') || 'true', values }
}

/**
 * Everybody of the audience who may be texted. limit takes those with the lowest ids. A page by page reader that must not
 * top up for people who leave meanwhile counts by itself: MAY_BE_TEXTED and termsWhere, in the order of p.id.
 */
export function audienceWhere(audience: Audience, firstParameter = 1): Where {
  const { sql, values } = termsWhere(audience, firstParameter)
  const all = `${MAY_BE_TEXTED} and ${sql}`
  if (audience.limit === null) return { sql: all, values }
  const limit = `$${firstParameter + values.length}`
  const lowest = `select max(lowest.id) from (select p.id from people p where ${all} order by p.id limit ${limit}::bigint) lowest`
  return { sql: `${all} and p.id <= (${lowest})`, values: [...values, audience.limit] }
}

function conditionOf(term: Term, parameter: (value: unknown) => string): string {
  switch (term.kind) {
    case 'state':
      return `p.state = any (${parameter(term.states)}::text[])`
    case 'zip':
      return `p.zip like any (${parameter(term.prefixes.map((prefix) => `${prefix}%`))}::text[])`
    case 'joined':
      return `(p.joined_at at time zone p.zone)::date ${term.comparison} ${parameter(term.day)}::date`
    case 'called':
      return `${term.negated ? 'not ' : ''}exists (select from outcomes o where o.person_id = p.id and o.action = ${parameter(term.action)}::text)`
    case 'language':
      return `p.language = any (${parameter(term.languages)}::text[])`
  }
}
