import { z } from 'zod'
import { nearest } from './nearest.js'
import type { Path } from './source-lines.js'
import { ADDITION_NAMES, TEXT_NAMES } from './text-names.js'

// A keyword that has a meaning of its own would swallow it: nobody could leave, or everybody would join.
const RESERVED = new Set(
  (
    'STOP STOPALL UNSUBSCRIBE CANCEL END QUIT REVOKE OPTOUT ALTO PARAR BAJA CANCELAR SALIR BASTA HELP INFO AYUDA ' +
    'START UNSTOP JOIN YES CALL LLAMAR SENATORS MOVED LESS MORE FORGET ESPANOL ENGLISH DONE BUSY FULL A B'
  ).split(' '),
)
const E_MAIL = /^[^\s@{}]+@[^\s@{}]+\.[a-z]{2,}$/i
const TOLL_FREE = /^(?:1-)?8(?:00|33|44|55|66|77|88)-\d{3}-\d{4}$/

const words = z.string('must be words: put them after | on the next line, or between "quotes"')
const text = words.trim().min(1, 'is empty')
const phrase = text.regex(/^[^{}\n]*$/, 'is one line without {{variables}}')
const keyword = phrase
  .transform((value) => value.toUpperCase())
  .refine(
    (value) => /^[A-Z][A-Z0-9]{1,19}$/.test(value),
    'must be one word of 2 to 20 letters and digits, like WORK',
  )
  .refine((value) => !RESERVED.has(value), 'has a meaning of its own already; take another word')

const wholeNumber = (from: number, to: number) => {
  const fault = `must be a whole number from ${from} to ${to}`
  return z.int(fault).min(from, fault).max(to, fault)
}

const languageWording = z.strictObject({
  frequency: phrase,
  ask: phrase,
  texts: z.record(z.enum(TEXT_NAMES), text),
  additions: z.record(z.enum(ADDITION_NAMES), text),
})

/** What an action file holds. */
export const ActionFile = z.strictObject({
  version: wholeNumber(1, 1_000_000),
  organization: phrase,
  program: phrase,
  keywords: z
    .array(keyword, 'must be a list, like [WORK]')
    .min(1, 'must name at least one word, like [WORK]'),
  bill: z.strictObject({ short: phrase, long: phrase }),
  contact: phrase.refine(
    (value) => E_MAIL.test(value) || TOLL_FREE.test(value),
    'must be an e-mail address or a toll-free number like 800-555-0100',
  ),
  alerts_a_month: wholeNumber(1, 60),
  languages: z.strictObject({ en: languageWording, es: languageWording.optional() }),
})

/** The faults of a file's shape, each where it stands, in words for people who do not code. */
export function shapeFaults(error: z.ZodError, file: unknown): { path: Path; message: string }[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({ path: [...path, key], message: unknownKey(key, path) }))
    const name = path.join('.') || 'the file'
    if (path.length > 0 && valueAt(file, path) === undefined) return [{ path, message: `${name} is missing` }]
    if (issue.code === 'invalid_type' && (issue.expected === 'object' || issue.expected === 'record'))
      return [{ path, message: `${name} must hold names and their words, one below the other` }]
    return [{ path, message: `${name} ${issue.message}` }]
  })
}

const KNOWN_KEYS: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(ActionFile.shape),
  bill: Object.keys(ActionFile.shape.bill.shape),
  languages: Object.keys(ActionFile.shape.languages.shape),
  texts: TEXT_NAMES,
  additions: ADDITION_NAMES,
}

function unknownKey(key: string, parent: Path): string {
  const known = KNOWN_KEYS[String(parent.at(-1) ?? '')] ?? Object.keys(languageWording.shape)
  const meant = nearest(key, known)
  return `${key} is not known here.${meant ? ` Did you mean ${meant}?` : ''}`
}

function valueAt(file: unknown, path: Path): unknown {
  let value = file
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Record<string | number, unknown>)[key]
  }
  return value
}
