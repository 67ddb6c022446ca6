import type { Token } from './normalise.js'
import { CLAUSE_START, KNOWN_NAMES, NO_NAMES, TRAIL, TRAIL_ONLY, words } from './words.js'

/**
 * A rule's pattern in a line of plain words:
 * `a|b` one of these, `@list` one of a named list, `x?` may be missing, `~3` up to three other words,
 * `!a|b` the next word is none of these, `!3:a|b` none of the next three, `$` the clause ends (save for "now", "thanks" ...; also among
 * alternatives),
 * `!#` the next word is no figure, `;` it ends or a new thought begins, `@name` somebody's name, `^` it starts (save for "ok", "hi" ...).
 */
type Element =
  | { kind: 'word'; set: ReadonlySet<string>; optional: boolean; orEnd: boolean }
  | { kind: 'gap'; max: number }
  | { kind: 'not'; set: ReadonlySet<string>; reach: number }
  | { kind: 'name' }
  | { kind: 'no-figure' }
  | { kind: 'end' }
  | { kind: 'end-or-next' }

export type Pattern = {
  source: string
  atStart: boolean
  first: ReadonlySet<string>
  /** Where only certain words may come next, those: most patterns are ruled out by this alone. */
  second: ReadonlySet<string> | null
  rest: readonly Element[]
  /** A match holds a word of each of these. */
  needs: readonly ReadonlySet<string>[]
}

/** Compiles one line of the rule tables. */
export function compile(source: string, lists: Readonly<Record<string, ReadonlySet<string>>>): Pattern {
  const parts = source.split(' ').filter(Boolean)
  const atStart = parts[0] === '^'
  const elements = (atStart ? parts.slice(1) : parts).map((part) => element(part, source, lists))
  const [first, ...rest] = elements
  if (first?.kind !== 'word' || first.optional) throw new Error(`a pattern must begin with a word: ${source}`)
  const needs = rest.flatMap((each) =>
    each.kind === 'word' && !each.optional && !each.orEnd ? [each.set] : [],
  )
  return { source, atStart, first: first.set, second: nextWords(rest), rest, needs }
}

function nextWords([element, ...rest]: readonly Element[]): ReadonlySet<string> | null {
  if (element?.kind !== 'word' || element.orEnd) return null
  if (!element.optional) return element.set
  const after = nextWords(rest)
  return after && new Set([...element.set, ...after])
}

function element(
  part: string,
  source: string,
  lists: Readonly<Record<string, ReadonlySet<string>>>,
): Element {
  if (part === '$') return { kind: 'end' }
  if (part === '@name') return { kind: 'name' }
  if (part === '!#') return { kind: 'no-figure' }
  if (part === ';') return { kind: 'end-or-next' }
  if (part.startsWith('~')) return { kind: 'gap', max: Number(part.slice(1)) }
  const not = part.startsWith('!')
  const reach = /^!\d:/.test(part) ? Number(part[1]) : 1
  const optional = part.endsWith('?')
  const names = part.slice(not ? (reach > 1 ? 3 : 1) : 0, optional ? -1 : undefined).split('|')
  const set = new Set<string>()
  for (const name of names) {
    if (name === '$') continue
    const list = name.startsWith('@') ? lists[name.slice(1)] : words(name)
    if (!list) throw new Error(`unknown list ${name} in: ${source}`)
    for (const word of list) set.add(word)
  }
  return not ? { kind: 'not', set, reach } : { kind: 'word', set, optional, orEnd: names.includes('$') }
}

/** Where a match that begins at this token ends (exclusive), or -1. The token is one of pattern.first. Gaps are few and short: constant work. */
export function matchAt(pattern: Pattern, tokens: readonly Token[], at: number): number {
  if (pattern.second && !pattern.second.has(tokens[at + 1]?.word ?? '')) return -1
  return matchRest(pattern.rest, 0, tokens, at + 1)
}

function matchRest(rest: readonly Element[], n: number, tokens: readonly Token[], at: number): number {
  const element = rest[n]
  if (!element) return at
  const word = tokens[at]?.word
  switch (element.kind) {
    case 'word': {
      if (word !== undefined && element.set.has(word)) {
        const end = matchRest(rest, n + 1, tokens, at + 1)
        if (end >= 0) return end
      }
      return element.optional || (element.orEnd && endsAt(tokens, at))
        ? matchRest(rest, n + 1, tokens, at)
        : -1
    }
    case 'gap': {
      for (let skipped = 0; skipped <= element.max && at + skipped <= tokens.length; skipped++) {
        const end = matchRest(rest, n + 1, tokens, at + skipped)
        if (end >= 0) return end
      }
      return -1
    }
    case 'not':
      for (let ahead = 0; ahead < element.reach; ahead++)
        if (element.set.has(tokens[at + ahead]?.word ?? '')) return -1
      return matchRest(rest, n + 1, tokens, at)
    case 'name':
      return isName(tokens[at]) ? matchRest(rest, n + 1, tokens, at + 1) : -1
    case 'no-figure':
      return isFigures(word ?? '') ? -1 : matchRest(rest, n + 1, tokens, at)
    case 'end':
      return endsAt(tokens, at) ? matchRest(rest, n + 1, tokens, at) : -1
    case 'end-or-next':
      return endsAt(tokens, at) || beginsThought(tokens, afterTrail(tokens, at))
        ? matchRest(rest, n + 1, tokens, at)
        : -1
  }
}

/** "Maria", "DANA", and the commonest names in small letters. */
function isName(token: Token | undefined): boolean {
  if (!token) return false
  return (
    KNOWN_NAMES.has(token.word) ||
    (/^\p{Lu}/u.test(token.raw) && token.word.length > 2 && !NO_NAMES.has(token.word))
  )
}

/** A new clause without punctuation. "paren ya los abusos" goes on, "paren ya no quiero esto" begins anew. */
function beginsThought(tokens: readonly Token[], at: number): boolean {
  const word = tokens[at]?.word ?? ''
  return CLAUSE_START.has(word) && (word !== 'ya' || AFTER_YA.has(tokens[at + 1]?.word ?? ''))
}

const AFTER_YA = words(`
  no ni me nos te les le lo se que basta estuvo estoy estamos dije dijimos he quiero puedo paren pare dejen deje dejenme dejeme quiten
  quitenme saquenme borren stop alto fue estan es tengo cansan cansaron hartaron ya`)

const TRAIL_MAX = 6

/** Nothing follows but courtesy, oaths and figures. */
function endsAt(tokens: readonly Token[], at: number): boolean {
  for (let n = at; n < tokens.length; n++)
    if (n - at >= TRAIL_MAX || !(isTrail(tokens[n]) || joinsTrail(tokens, n))) return false
  return true
}

/** "now and forever", "please and thank you" */
function joinsTrail(tokens: readonly Token[], at: number): boolean {
  return tokens[at]?.word === 'and' && isTrail(tokens[at + 1])
}

/** "cross my name off honey im 88": the next thought may follow a courtesy. */
function afterTrail(tokens: readonly Token[], at: number): number {
  let n = at
  while (n - at < 2 && isTrail(tokens[n]) && !CLAUSE_START.has(tokens[n]?.word ?? '')) n++
  return n
}

function isTrail(token: Token | undefined): boolean {
  return token !== undefined && (TRAIL.has(token.word) || TRAIL_ONLY.has(token.word) || isFigures(token.word))
}

/** Only figures: a ZIP, an answer's number. */
export function isFigures(word: string): boolean {
  const code = word.charCodeAt(0)
  return code >= 0x30 && code <= 0x39 && !/[^0-9]/.test(word)
}
