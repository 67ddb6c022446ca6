import { addressee, isHers, isOwnStatement } from './addressee.js'
import { calledOn, isOfWork } from './called-on.js'
import { asSheWrote } from './keywords.js'
import { lonelyStopMayFollow } from './lonely-stop.js'
import type { Clause } from './normalise.js'
import { compile, matchAt, type Pattern } from './pattern.js'
import { LISTS, type Rule, type Stance } from './rule.js'
import { SPANISH_LISTS } from './spanish-verbs.js'
import { isBegged } from './token.js'
import type { Judgement, Verdict } from './verdict.js'
import { LEAD } from './words.js'

const ALL_LISTS = { ...LISTS, ...SPANISH_LISTS }

type Indexed = { rule: Rule; pattern: Pattern }

/** Rules by the word that a match begins with. */
export type Rules = ReadonlyMap<string, readonly Indexed[]>

const NEVER: readonly boolean[] = []

/** Which clauses say the same words as one before: they say the same. */
export function repeated(clauses: readonly Clause[]): readonly boolean[] {
  if (clauses.length < 2) return NEVER
  const seen = new Set<string>()
  return clauses.map(({ tokens, polite, question }) => {
    if (tokens.length < 2) return false
    let said = `${polite} ${question}`
    for (const { word } of tokens) said += ` ${word}`
    const known = seen.has(said)
    seen.add(said)
    return known
  })
}

/** The first match of a table in her clauses. */
export function find(
  rules: Rules,
  clauses: readonly Clause[],
  again: readonly boolean[],
  verdict: Verdict,
): Judgement | null {
  let doubt: Judgement | null = null
  for (const [n, clause] of clauses.entries()) {
    const { tokens } = clause
    if (again[n] === true || !tokens.some(({ word }) => rules.has(word))) continue
    // "slow, stop, and reverse": one word in the midst of a sentence asks nothing
    if (
      tokens.length === 1 &&
      !clause.polite &&
      (criesOn(clauses[n + 1]) ||
        (clause.joint === 'soft' && (clauses[n - 1]?.joint === 'soft' || goesOn(clauses[n + 1]))))
    )
      continue
    const start = leadEnd(tokens)
    const candidates = tokens.length > REPETITIVE_MIN ? possible(rules, tokens) : rules
    for (let at = 0; at < tokens.length; at++) {
      const begins = at <= start || isBegged(tokens[at])
      for (const { rule, pattern } of candidates.get(tokens[at]?.word ?? '') ?? NONE) {
        if (pattern.atStart && !begins) continue
        const end = matchAt(pattern, tokens, at)
        if (end < 0 || !stands(rule, clause, at)) continue
        const called = BARE.has(rule.stance) ? calledOn(tokens, at) : null
        if (called === 'others' || (rule.name === 'stop texting me' && isOfWork(tokens, at))) continue
        const judgement = {
          verdict: rule.stance === 'bare' && clause.laughing ? ('unclear' as const) : verdict,
          rule: rule.name,
          words: asSheWrote(tokens.slice(at, end)),
        }
        if (called !== 'somebody') return judgement
        doubt ??= { ...judgement, verdict: 'unclear' } // another clause may be plain
      }
    }
  }
  return doubt
}

/** "stop, wait", "stop, look and listen": a word among friends. */
function goesOn(next: Clause | undefined): boolean {
  return ['wait', 'look', 'listen', 'think', 'collaborate', 'hold', 'espera'].includes(
    next?.tokens[0]?.word ?? '',
  )
}

/** "Stop! In the name of love", "Stop! Think of the workers!": an exclamation, and what it is about. */
function criesOn(next: Clause | undefined): boolean {
  const [head = '', second = ''] = next?.tokens.map(({ word }) => word) ?? []
  if (head === 'drop' && second === '') return true
  return (
    ['thief', 'hammer', 'collaborate', 'breathe', 'oops'].includes(head) ||
    ['in the', 'think of', 'think about'].includes(`${head} ${second}`)
  )
}

const BARE = new Set<Stance>(['bare', 'begged'])
const NONE: readonly Indexed[] = []
const REPETITIVE_MIN = 60
const REPETITIVE_WORDS_MAX = 30

/** Where a few words are said over and over, the rules that those words can fulfil: so that no text is slow to read. */
function possible(rules: Rules, tokens: Clause['tokens']): Rules {
  const said = [...new Set(tokens.map((token) => token.word))]
  if (said.length > REPETITIVE_WORDS_MAX) return rules
  const canMatch = ({ pattern }: Indexed) =>
    pattern.needs.every((words) => said.some((word) => words.has(word)))
  return new Map(said.map((word) => [word, (rules.get(word) ?? []).filter(canMatch)]))
}

function stands(rule: Rule, { tokens, question, polite }: Clause, at: number): boolean {
  const asked = () => addressee(tokens, at, rule.spanish)
  switch (rule.stance) {
    case 'anywhere':
      return true
    case 'claim':
      return !question && !ASKS.has(tokens[0]?.word ?? '') && isOwnStatement(tokens, at, rule.spanish)
    case 'mine':
      return isHers(tokens, at, rule.spanish)
    case 'statement':
      return isOwnStatement(tokens, at, rule.spanish)
    case 'plea':
      return asked() !== 'nobody'
    case 'request':
      return ['us', 'run-on'].includes(asked())
    case 'begged':
      return (
        (isBegged(tokens[at]) || (polite && (at === 0 || tokens[at]?.word === 'and'))) && asked() !== 'nobody'
      )
    case 'bare':
      return asked() === 'us' || (asked() === 'run-on' && lonelyStopMayFollow(tokens, at))
  }
}

/** "will this number text me again" */
const ASKS = new Set(['will', 'does', 'did', 'is', 'are'])

/** Where the clause begins after "ok", "hi", "sorry". */
function leadEnd(tokens: Clause['tokens']): number {
  let at = 0
  while (at < tokens.length - 1 && LEAD.has(tokens[at]?.word ?? '')) at++
  return at
}

/** Makes a table ready to be searched. */
export function index(rules: readonly Rule[]): Rules {
  const byWord = new Map<string, Indexed[]>()
  for (const rule of rules)
    for (const source of rule.patterns) {
      const pattern = compile(source, rule.spanish ? ALL_LISTS : LISTS)
      for (const word of pattern.first) byWord.set(word, [...(byWord.get(word) ?? []), { rule, pattern }])
    }
  return byWord
}
