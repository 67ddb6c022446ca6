import { LIMITS } from '../limits.js'

/** Her text as plain words: small letters and digits, no accents, no marks, full-width forms made usual, one space between. */
export function plainWords(body: string): string {
  return body
    .slice(0, LIMITS.inboundCharsMax)
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}'’‘`´]/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

/** Words in a list of phrases, for the tables: "a|b c" -> a set of "a" and "b c". */
export function phrases(list: string): ReadonlySet<string> {
  return new Set(list.split('|').map((phrase) => phrase.trim()))
}

/** True when every one of the words stands in one of the sets. */
export function allAmong(words: readonly string[], ...sets: readonly ReadonlySet<string>[]): boolean {
  return words.every((word) => sets.some((set) => set.has(word)))
}

/** The words without the first place where the phrase stands, or null where it does not. */
export function without(words: readonly string[], phrase: string): readonly string[] | null {
  const wanted = phrase.split(' ')
  for (let at = 0; at + wanted.length <= words.length; at += 1)
    if (wanted.every((word, index) => words[at + index] === word))
      return [...words.slice(0, at), ...words.slice(at + wanted.length)]
  return null
}

/** One letter missing, added or wrong, or two neighbours swapped: WROK, WORKK, WRK. Not the word itself. */
export function isOneEditFrom(word: string, target: string): boolean {
  if (word === target || Math.abs(word.length - target.length) > 1) return false
  let same = 0
  while (same < word.length && same < target.length && word[same] === target[same]) same += 1
  const rest = word.slice(same)
  const wanted = target.slice(same)
  const isSwapped = rest[0] === wanted[1] && rest[1] === wanted[0] && rest.slice(2) === wanted.slice(2)
  return (
    rest.slice(1) === wanted || // one too many
    rest === wanted.slice(1) || // one missing
    rest.slice(1) === wanted.slice(1) || // one wrong
    (rest.length > 1 && isSwapped)
  )
}

/** What Spanish speakers send for WORK. It joins nobody: we ask for the word itself. */
const SPANISH_KEYWORD = 'trabajo'

/** One letter off a keyword, or WORK in Spanish. */
export function isNearKeyword(plain: string, keywords: readonly string[]): boolean {
  if (plain === SPANISH_KEYWORD || isOneEditFrom(plain, SPANISH_KEYWORD)) return true
  return keywords.some((keyword) => keyword.length >= 4 && isOneEditFrom(plain, keyword.toLowerCase()))
}
