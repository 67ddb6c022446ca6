/** What her text says about a ZIP. near: digits that were meant for one and are none: 2861, 350201. */
export type SaidZip = { kind: 'zip'; zip: string } | { kind: 'several' } | { kind: 'near' } | { kind: 'none' }

// Five digits, or nine with a hyphen, that are no part of a longer number, an amount of money or a word.
const ZIP = /(?<![\p{L}\d$]|\d[.,])(\d{5})(?:-\d{4})?(?![\p{L}\d]|[.,]\d)/gu
// 35O20: a letter O where a zero was meant.
const LETTER_O = /\b(?=(?:o*\d){3})[\do]{5}\b/gi
const NEAR = /^(?:(?:my|the|is|its|zip|code|zipcode|mi|es|codigo|postal) )*(\d[\d ]{2,9})$/
const ABOUT_ZIP =
  /\b(zip|zipcode|code|codigo|postal|moved|move|live|living|vote|address|mude|vivo|voto|direccion)\b/
const SAYS_ZIP = /zip|postal/
const UNIONS =
  'afge|afscme|aft|apwu|atu|bctgm|cwa|iam|iamaw|iatse|ibew|ibt|ifpte|ila|ilwu|iuoe|iupat|liuna|nalc|nea|nnu|opeiu|seiu|' +
  'steelworkers|teamsters|twu|uaw|ufcw|umwa|unite here|usw|uswa'
// "CWA Local 14430", "USW 12775", "Local Union No. 12345", "seccional numero 12345": plain words.
const LOCAL_NUMBER = new RegExp(
  `\\b(?:local|lodge|chapter|district|council|branch|seccional|${UNIONS})(?: (?:union|no|num|number|numero|n)){0,2} (\\d{5})\\b`,
  'g',
)

/** A number in a longer text is a ZIP only where she was asked for one, or says that it is. */
const WORDS_AROUND_MAX = 6

/** Reads a ZIP. body: her words as she wrote them; plain: as plain words; asked: we have just asked for it. */
export function zipFromWords(body: string, plain: string, { asked }: { asked: boolean }): SaidZip {
  const spaced = body
    .normalize('NFKC')
    .replace(/zip(?=\d)/gi, 'zip ')
    .replace(LETTER_O, (digits) => digits.replace(/o/gi, '0'))
  const numbers = [...spaced.matchAll(ZIP)].map((match) => match[1] ?? '')
  const locals = new Set([...plain.matchAll(LOCAL_NUMBER)].map((match) => match[1]))
  const others = numbers.filter((number) => !locals.has(number))
  const found = new Set(others.length > 0 || !SAYS_ZIP.test(plain) ? others : numbers)
  const isLong = plain.split(' ').length > WORDS_AROUND_MAX + found.size
  if (found.size > 0 && isLong && !asked && !ABOUT_ZIP.test(plain)) return { kind: 'none' }
  const [zip] = found
  if (zip !== undefined) return found.size === 1 ? { kind: 'zip', zip } : { kind: 'several' }
  const apart = asked ? digitsOf(inFigures(plain)) : ''
  if (apart.length === ZIP_DIGITS) return { kind: 'zip', zip: apart }
  const digits = digitsOf(plain)
  return digits.length >= 3 ? { kind: 'near' } : { kind: 'none' }
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
