import { isStateCode } from '../congress/congress.js'
import { stateFromWords } from '../congress/state-words.js'
import { LIMITS } from '../limits.js'
import { withoutLocals, withoutReferences } from './reference-numbers.js'
import { allAmong, phrases, plainWords } from './words.js'

/** What her text says about a ZIP. near: digits that were meant for one and are none: 2861, 350201. */
export type SaidZip = { kind: 'zip'; zip: string } | { kind: 'several' } | { kind: 'near' } | { kind: 'none' }

// Five digits, or nine with a hyphen, that are no part of a longer number, an amount of money or a word.
const ZIP = /(?<![\p{L}\d$]|\d[.,])(\d{5})(?:-\d{4})?(?![\p{L}\d]|[.,]\d)/gu
// 35O20: a letter O where a zero was meant.
const LETTER_O = /\b(?=(?:o*\d){3})[\do]{5}\b/gi
const NEAR = /^(?:(?:my|the|is|its|zip|code|zipcode|mi|es|codigo|postal) )*(\d[\d ]{2,9})$/
const SAYS_ZIP = /\b(?:zip|zips|zipcode|zipcodes|postal)\b/
const SAYS_WHERE = new RegExp(
  '\\b(?:moved?|moving|relocat(?:ed|ing)|lives?|living|resid(?:e|ing)|address|mude|mudamos|mudado|mudo|vivo|vivimos|viviendo|direccion|domicilio|' +
    '(?:i|we)(?: now)? vote (?:in|at|from)|where i vote|voto en|registered(?: to vote)? (?:in|at)|' +
    '(?:wrong|not my|isnt my|arent my|no es mi|no son mis) (?:states?|senators?|place|town|city|estado|senador(?:a|es|as)?))\\b',
)
const LIVE_PERSON = /\blive (?:person|human|voice|one|staff|staffer|operator|agent|aide|answer)\b/g
/** The Capitol's own: where her call went, rarely where she votes. */
const CAPITOL = /^205/
// What may stand beside a ZIP that says nothing else.
const COURTESY = phrases(
  'please|pls|plz|thanks|thank|you|thx|ty|ok|okay|yes|yeah|yep|sure|hi|hello|hey|sorry|oops|no|nope|now|actually|again|here|heres|its|it|is|this|thats|' +
    'that|my|mine|the|a|new|old|one|correct|right|real|current|zip|zips|zipcode|postal|i|im|am|we|were|in|at|from|meant|mean|said|should|be|try|use|' +
    'instead|typo|just|call|change|update|make|set|to|want|need|for|and|or|senators|numbers|send|me|get|who|are|home|area|' +
    'por|favor|porfa|gracias|hola|si|perdon|disculpa|es|el|la|mi|nuevo|este|ahora|aqui|en|estoy|soy|del|de|y|o|cambiar|cambia|a|al|quiero|senadores|numeros|para',
)

/** Reads a ZIP. body: her words as she wrote them; asked: we have just asked for it, or do not know her place yet. */
export function zipFromWords(body: string, { asked }: { asked: boolean }): SaidZip {
  const bare = withoutReferences(readable(body))
  const free = withoutLocals(bare)
  const text = zipsIn(free).size > 0 || !SAYS_ZIP.test(plainWords(bare)) ? free : bare
  const isAlone = allAmong(plainWords(text.replace(ZIP, ' ')).split(' '), COURTESY, NOTHING)
  // Her report may name the Capitol's ZIP, and what she was told to say: "left vm at 20510, #48213".
  const found = isAlone ? zipsIn(text) : zipsIn(text.replace(HASHED, ' '), CAPITOL)
  if (found.size > 0 && !isAlone && !asked && !tellsHerPlace(text)) return { kind: 'none' }
  const [zip] = found
  if (zip !== undefined) return found.size === 1 ? { kind: 'zip', zip } : { kind: 'several' }
  const plain = plainWords(readable(body))
  const apart = asked ? digitsOf(inFigures(plain)) : ''
  if (apart.length === ZIP_DIGITS) return { kind: 'zip', zip: apart }
  const digits = digitsOf(plain)
  return digits.length >= 3 ? { kind: 'near' } : { kind: 'none' }
}

/** Her plain words without what only looks like news of her calls: a ZIP, a bill's or a reference number. */
export function wordsWithoutNumbers(body: string): string {
  return plainWords(withoutLocals(withoutReferences(readable(body))).replace(ZIP, ' '))
}

const NOTHING: ReadonlySet<string> = new Set([''])
const HASHED = /#\s?\d{5}/g

function readable(body: string): string {
  return body
    .slice(0, LIMITS.inboundCharsMax)
    .normalize('NFKD')
    .replace(/[\p{M}'’‘`´]/gu, '')
    .replace(/zip(?=\d)/gi, 'zip ')
    .replace(LETTER_O, (digits) => digits.replace(/o/gi, '0'))
}

function zipsIn(text: string, but?: RegExp): ReadonlySet<string> {
  const zips = [...text.matchAll(ZIP)].map((match) => match[1] ?? '')
  return new Set(zips.filter((zip) => !but?.test(zip)))
}

/** Whether she says that it is a ZIP, or where she lives; a state beside it says so too. */
function tellsHerPlace(text: string): boolean {
  const plain = plainWords(text).replace(LIVE_PERSON, '')
  return SAYS_ZIP.test(plain) || SAYS_WHERE.test(plain) || hasStateBeside(text)
}

/** "Columbus, OH 43004", "43004 Ohio". */
function hasStateBeside(text: string): boolean {
  const isShort = plainWords(text).split(' ').length <= ADDRESS_WORDS_MAX
  return [...text.matchAll(ZIP)].some(({ index, 0: zip }) => {
    const before: string[] = text.slice(0, index).match(/\p{L}+/gu) ?? []
    const behind: string[] = text.slice(index + zip.length).match(/\p{L}+/gu) ?? []
    const beside = [before.slice(-1), before.slice(-2), behind.slice(0, 1), behind.slice(0, 2)]
    return beside.some((words) => isState(words.join(' '), isShort))
  })
}

/** "birmingham al 35020" and no longer: in a sentence small letters are a word. */
const ADDRESS_WORDS_MAX = 4
const WORD_CODES = phrases('in|or|me|ok|hi')

function isState(said: string, isShort: boolean): boolean {
  if (said.length > 2) return stateFromWords(said, { asked: false }) !== null
  return isStateCode(said) || (isShort && !WORD_CODES.has(said) && isStateCode(said.toUpperCase()))
}

const ZIP_DIGITS = 5

/** The digits of a text that holds nothing else: "my zip is 350 20". */
function digitsOf(plain: string): string {
  return NEAR.exec(plain)?.[1]?.replaceAll(' ', '') ?? ''
}

const SPOKEN = [
  ['zero', 'oh', 'o', 'cero'],
  ['one', 'uno'],
  ['two', 'dos'],
  ['three', 'tres'],
  ['four', 'cuatro'],
  ['five', 'cinco'],
  ['six', 'seis'],
  ['seven', 'siete'],
  ['eight', 'ocho'],
  ['nine', 'nueve'],
]

/** "three five oh two oh", as a phone may take it down. */
function inFigures(plain: string): string {
  const figure = (word: string) => SPOKEN.findIndex((words) => words.includes(word))
  return plain.replace(/[a-z]+/g, (word) => (figure(word) < 0 ? word : String(figure(word))))
}
