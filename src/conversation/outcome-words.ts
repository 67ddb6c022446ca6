import { WAYS, type Way } from './outcome-ways.js'
import type { Outcome } from './types.js'
import { allAmong, isOneEditFrom, phrases, plainWords, without } from './words.js'

/** What she says of her calls. office: 0 or 1, the senator she named or whose letter she gave; both: one word for both. */
export type SaidOutcome = { outcome: Outcome; office: number | null; both: boolean }

const DIGITS: ReadonlyMap<string, Outcome> = new Map(
  (
    [
      ['reached', ['1', 'one', 'uno']],
      ['voicemail', ['2', 'two', 'dos']],
      ['busy', ['3', 'three', 'tres']],
      ['wrong', ['4', 'four', 'cuatro']],
    ] as const
  ).flatMap(([outcome, words]) => words.map((word) => [word, outcome] as const)),
)

const SMALL = phrases(
  'the|it|its|was|is|were|a|an|have|has|just|got|get|to|at|on|of|for|from|her|his|their|they|my|me|so|and|but|then|' +
    'sen|senator|senators|office|offices|line|lines|phone|today|again|still|already|now|all|first|finally|ok|yes|hi|sorry|great|cool|' +
    'thanks|thank|you|please|pls|in|s|with|w|right|away|too|la|el|los|las|lo|un|una|de|del|en|al|su|ya|me|hoy|fue|es|era|esta|estaba|y|con|gracias|si',
)

/** The longest first. */
const BOTH = phrases(
  'both of them|both offices|both senators|both|a los dos|a ambos|los dos|las dos|ambos|ambas',
)

/** Reads how a call went, or null. lastNames: those of her senators, in the order of the letters A and B. */
export function outcomeFromWords(plain: string, lastNames: readonly string[]): SaidOutcome | null {
  const glued = /^([1-4])\s?([ab])$|^([ab])\s?([1-4])$/.exec(plain)
  if (glued) {
    const outcome = DIGITS.get(glued[1] ?? glued[4] ?? '')
    return outcome ? { outcome, office: (glued[2] ?? glued[3]) === 'b' ? 1 : 0, both: false } : null
  }
  // "busy both times" is of one office
  const all = plain
    .replace(/\bboth times\b/, 'twice')
    .replace(THEIR_VOTE, '')
    .split(' ')
  if (all.length > WORDS_MAX) return null
  const named = withoutSenator(all, lastNames)
  const both = [...BOTH].map((phrase) => without(named.words, phrase)).find((rest) => rest !== null) ?? null
  const { words, letter } = withoutLetter(both ?? named.words)
  const outcome = readOutcome(words)
  return outcome && { outcome, office: named.office ?? letter, both: both !== null }
}

/** What they told her of the vote: "spoke to an aide, she will vote no". */
const THEIR_VOTE =
  / (?:(?:and|but|who|said|says|that) )*(?:(?:he|she|they|hes|shes|theyre|shell|hell|theyll)(?: will| would| is| are)?) (?:vote|voting) (?:yes|no|for it|against it)$/

/** The letter of an office, where she says nothing else. */
export function letterOf(plain: string): number | null {
  const letter = LETTER.exec(plain)?.[1]
  return letter === undefined ? null : letter === 'a' ? 0 : 1
}

/** Reads which of her senators she means: A, B, or a last name; null where she names none or both. */
export function officeFromWords(plain: string, lastNames: readonly string[]): number | null {
  const letter = letterOf(plain)
  if (letter !== null) return letter
  const place = PLACE.exec(plain)
  if (place) return place[1] ? 0 : 1
  return withoutSenator(plain.split(' '), lastNames).office
}

const LETTER =
  /^(?:office |option |letter |oficina |opcion |the |it was |its |that was |for |es |fue |era )?([ab])(?: please| thanks| thank you| por favor| gracias)?$/
const PLACE = /^(?:the |el |la )?(?:(first|1st|primer[oa]?)|second|2nd|segund[oa])(?: one| office| senator)?$/

/** Longer than any report: the rest of the words would not be small. */
const WORDS_MAX = 16

function readOutcome(words: readonly string[]): Outcome | null {
  const start = words[0] === 'option' || words[0] === 'number' || words[0] === 'opcion' ? 1 : 0
  const digit = DIGITS.get(words[start] ?? '')
  const rest = digit ? words.slice(start + 1) : words
  if (digit && allAmong(rest, SMALL)) return digit
  const told = withoutDetails(rest)
  const said = WAYS.find((way) => [...way.core].some((core) => isAbout(told, core, way)))?.outcome ?? null
  return digit && digit !== said ? null : said
}

const MEASURES = phrases('times|x|minutes|mins|min|hours|hour|rings')
const NOISE = phrases('lol|haha|actually|really|literally|finally|named')

/** Without "3" of "3 times" and "named Kyle": how long, how often and who it was matter to nobody. */
function withoutDetails(words: readonly string[]): readonly string[] {
  return words.filter(
    (word, n) =>
      !NOISE.has(word) &&
      words[n - 1] !== 'named' &&
      !(/^\d{1,2}$|^(?:two|three|four|five|ten)$/.test(word) && MEASURES.has(words[n + 1] ?? '')),
  )
}

function isAbout(words: readonly string[], core: string, { also, notAfter, beside }: Way): boolean {
  const rest = without(words, core)
  if (rest === null || (also && !words.some((word) => also.has(word)))) return false
  const at = words.indexOf(core.split(' ')[0] ?? '')
  const [before = '', last = ''] = at < 2 ? ['', words[at - 1]] : words.slice(at - 2, at)
  if (notAfter?.has(last) || notAfter?.has(`${before} ${last}`)) return false
  // "I got a busy signal" and "I couldn't get through" are about the line, "I was busy" is about her.
  const isHers = rest[0] === 'i' && !core.includes(' ') && !OF_THE_LINE.has(rest[1] ?? '')
  return allAmong(rest[0] === 'i' && !isHers ? rest.slice(1) : rest, SMALL, beside)
}

const OF_THE_LINE = phrases('got|get|tried|called|keep|kept')

function withoutSenator(
  words: readonly string[],
  lastNames: readonly string[],
): { words: readonly string[]; office: number | null } {
  const found = lastNames.map((name) => nameIn(words, plainWords(name)))
  const [first, second] = found
  if (first && second) return { words, office: null }
  const office = first ? 0 : second ? 1 : null
  return { words: first ?? second ?? words, office }
}

/** The words without her name: whole, its last part (Masto), or a long one with a slip (Tubervile). */
function nameIn(words: readonly string[], name: string): readonly string[] | null {
  const whole = without(words, name)
  if (whole) return whole
  const last = name.split(' ').at(-1) ?? name
  const isIt = (word: string) =>
    word === last || word === `${last}s` || (last.length >= 6 && isOneEditFrom(word, last))
  return words.some(isIt) ? words.filter((word) => !isIt(word)) : null
}

/** A letter at the end, or right after a digit: "voicemail b", "1 a thanks". The a of "left a vm" is no letter. */
function withoutLetter(words: readonly string[]): { words: readonly string[]; letter: number | null } {
  // "a voicemail" is one voicemail
  if (words[0] === 'b' && words.length > 1) return { words: words.slice(1), letter: 1 }
  const at = DIGITS.has(words[0] ?? '') && /^[ab]$/.test(words[1] ?? '') ? 1 : words.length - 1
  const letter = words[at]
  if (at < 1 || (letter !== 'a' && letter !== 'b')) return { words, letter: null }
  return { words: [...words.slice(0, at), ...words.slice(at + 1)], letter: letter === 'a' ? 0 : 1 }
}
