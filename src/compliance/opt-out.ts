import { addressee, isHers, isOwnStatement, lonelyStopMayFollow } from './addressee.js'
import { answerToStop, asSheWrote, declines, keywordAlone } from './keywords.js'
import { ANGER_RULES } from './leave-anger.js'
import { CONSENT_RULES } from './leave-consent.js'
import { LIST_RULES } from './leave-list.js'
import { NUMBER_RULES } from './leave-number.js'
import { REFUSAL_RULES } from './leave-refusal.js'
import { SPANISH_RULES } from './leave-spanish.js'
import { SPANISH_PERSON_RULES } from './leave-spanish-person.js'
import { SPANISH_WISH_RULES } from './leave-spanish-wish.js'
import { STOP_RULES } from './leave-stop.js'
import { normalise, type Clause } from './normalise.js'
import { leavesOurTexts } from './of-our-texts.js'
import { leavesOurTextsInSpanish } from './of-our-texts-spanish.js'
import { compile, matchAt, type Pattern } from './pattern.js'
import { resolve } from './references.js'
import { LISTS, type Rule } from './rule.js'
import { withoutCries } from './spanish-cries.js'
import { SPANISH_LISTS } from './spanish-verbs.js'
import { isBegged } from './token.js'
import { readAside } from './stay-rules.js'
import { SPANISH_UNCLEAR_RULES } from './unclear-spanish.js'
import { UNCLEAR_RULES } from './unclear-rules.js'
import type { Judgement, Verdict } from './verdict.js'
import { LEAD } from './words.js'

const ALL_LISTS = { ...LISTS, ...SPANISH_LISTS }

type Indexed = { rule: Rule; pattern: Pattern }

const LEAVES = index([
  ...STOP_RULES,
  ...LIST_RULES,
  ...REFUSAL_RULES,
  ...CONSENT_RULES,
  ...NUMBER_RULES,
  ...ANGER_RULES,
])
const SPANISH_LEAVES = index([...SPANISH_RULES, ...SPANISH_PERSON_RULES, ...SPANISH_WISH_RULES])
const UNCLEARS = index(UNCLEAR_RULES)
const SPANISH_UNCLEARS = index(SPANISH_UNCLEAR_RULES)

/** What we know beside the text. Both languages are always read: people mix them. */
export type Context = {
  /** What we asked her last. Only after "should we stop?" do yes and no mean something here. */
  asked?: string
}

/**
 * Judges whether a text asks us to stop. Any wording that a reasonable person would read so is a leave
 * (47 CFR 64.1200(a)(10)); a rallying cry, a report or talk about others is not. Total and linear.
 */
export function judge(text: string, context: Context = {}): Judgement {
  const { open, held } = judgeEach(text)
  return context.asked === 'stop' ? held : open
}

/** Both judgements at once, for whoever learns only later whether we had asked her "should we stop?" (held) or not (open). */
export function judgeEach(text: string): { open: Judgement; held: Judgement } {
  const all = normalise(text)
  const { clauses: said, aside } = readAside(all, text)
  const read = resolve(said)
  const clauses = LAUGHING.test(text) ? read.map((clause) => ({ ...clause, laughing: true })) : read
  const tokens = clauses.flatMap((clause) => clause.tokens)
  const keyword = keywordAlone(clauses, tokens)
  const open = keyword ?? declines(tokens) ?? judgeClauses(clauses, aside)
  // "stop?" and "lol stop" leave us in doubt once, not after we have asked.
  const settled = keyword ? { ...keyword, verdict: 'leave' as const } : open
  return { open, held: answerToStop(tokens) ?? settled }
}

/** "stop it 😂": laughed or smiled at. */
const LAUGHING = /[😂🤣😆😹🥹🥰😍😘☺😊💕]/u

function judgeClauses(clauses: readonly Clause[], aside: string | null): Judgement {
  const spanish = withoutCries(clauses.map(asSpanish))
  const again = repeated(clauses)
  const spanishAgain = repeated(spanish)
  return (
    find(LEAVES, clauses, again, 'leave') ??
    find(SPANISH_LEAVES, spanish, spanishAgain, 'leave') ??
    caught(leavesOurTexts, clauses, 'leave') ??
    caught(leavesOurTextsInSpanish, spanish, 'leave') ??
    find(UNCLEARS, clauses, again, 'unclear') ??
    find(SPANISH_UNCLEARS, spanish, spanishAgain, 'unclear') ??
    caught(leavesOurTexts, clauses, 'unclear') ??
    caught(leavesOurTextsInSpanish, spanish, 'unclear') ?? {
      verdict: 'stay',
      rule: aside ?? (clauses.length === 0 ? 'no words' : 'asks nothing of us'),
      words: '',
    }
  )
}

/** Which clauses say the same words as one before: they say the same. */
function repeated(clauses: readonly Clause[]): readonly boolean[] {
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

/** The clause as Spanish rules read it: "kitenme" is quitenme. */
function asSpanish(clause: Clause): Clause {
  if (clause.tokens.every(({ word, spanish }) => word === spanish && word !== 'deuna')) return clause
  const tokens = clause.tokens.flatMap((token) =>
    token.word === 'deuna'
      ? [
          { ...token, word: 'de' },
          { ...token, word: 'una', raw: '' },
        ]
      : token.word === token.spanish
        ? [token]
        : [{ ...token, word: token.spanish }],
  )
  return { ...clause, tokens }
}

function caught(net: typeof leavesOurTexts, clauses: readonly Clause[], verdict: Verdict): Judgement | null {
  for (const clause of clauses) {
    if (clause.tokens.length < 2) continue
    const judgement = net(clause)
    if (judgement?.verdict === verdict) return judgement
  }
  return null
}

function find(
  rules: ReadonlyMap<string, readonly Indexed[]>,
  clauses: readonly Clause[],
  again: readonly boolean[],
  verdict: Verdict,
): Judgement | null {
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
        return {
          verdict: rule.stance === 'bare' && clause.laughing ? 'unclear' : verdict,
          rule: rule.name,
          words: asSheWrote(tokens.slice(at, end)),
        }
      }
    }
  }
  return null
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
  return ['think', 'thief', 'hammer'].includes(head) || (head === 'in' && second === 'the')
}

const NONE: readonly Indexed[] = []
const REPETITIVE_MIN = 60
const REPETITIVE_WORDS_MAX = 30

/** Where a few words are said over and over, the rules that those words can fulfil: so that no text is slow to read. */
function possible(
  rules: ReadonlyMap<string, readonly Indexed[]>,
  tokens: Clause['tokens'],
): ReadonlyMap<string, readonly Indexed[]> {
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
      return !question && isOwnStatement(tokens, at, rule.spanish)
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

/** Where the clause begins after "ok", "hi", "sorry". */
function leadEnd(tokens: Clause['tokens']): number {
  let at = 0
  while (at < tokens.length - 1 && LEAD.has(tokens[at]?.word ?? '')) at++
  return at
}

function index(rules: readonly Rule[]): ReadonlyMap<string, readonly Indexed[]> {
  const byWord = new Map<string, Indexed[]>()
  for (const rule of rules)
    for (const source of rule.patterns) {
      const pattern = compile(source, rule.spanish ? ALL_LISTS : LISTS)
      for (const word of pattern.first) byWord.set(word, [...(byWord.get(word) ?? []), { rule, pattern }])
    }
  return byWord
}
