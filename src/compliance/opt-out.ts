import { keywordInFewWords } from './few-words.js'
import { find, index, repeated, type Rules } from './find.js'
import { answerToStop, asSheWrote, declines, keywordAlone } from './keywords.js'
import { ANGER_RULES } from './leave-anger.js'
import { CONSENT_RULES } from './leave-consent.js'
import { LIST_RULES } from './leave-list.js'
import { NUMBER_RULES } from './leave-number.js'
import { REFUSAL_RULES } from './leave-refusal.js'
import { SIGNUP_RULES } from './leave-signup.js'
import { SPANISH_RULES } from './leave-spanish.js'
import { SPANISH_PERSON_RULES } from './leave-spanish-person.js'
import { SPANISH_WISH_RULES } from './leave-spanish-wish.js'
import { STOP_RULES } from './leave-stop.js'
import { normalise, type Clause } from './normalise.js'
import { leavesOurTexts } from './of-our-texts.js'
import { leavesOurTextsInSpanish } from './of-our-texts-spanish.js'
import { joinTitles, resolve } from './references.js'
import { withoutCries } from './spanish-cries.js'
import { readAside } from './stay-rules.js'
import { SPANISH_UNCLEAR_RULES } from './unclear-spanish.js'
import { ENDING_RULES, GOING_RULES, NAMING_RULES, UNCLEAR_RULES } from './unclear-rules.js'
import type { Judgement, Verdict } from './verdict.js'

const LEAVES = index([
  ...STOP_RULES,
  ...LIST_RULES,
  ...REFUSAL_RULES,
  ...CONSENT_RULES,
  ...NUMBER_RULES,
  ...ANGER_RULES,
  ...SIGNUP_RULES,
])
const SPANISH_LEAVES = index([...SPANISH_RULES, ...SPANISH_PERSON_RULES, ...SPANISH_WISH_RULES])
const UNCLEARS = index(UNCLEAR_RULES)
const GOINGS = index(GOING_RULES)
const ENDINGS = index(ENDING_RULES)
const NAMINGS = index(NAMING_RULES)
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
  const all = joinTitles(normalise(text))
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
  const read = find(LEAVES, clauses, again, 'leave')
  if (read?.verdict === 'leave') return read
  const spanishRead = find(SPANISH_LEAVES, spanish, spanishAgain, 'leave')
  if (spanishRead?.verdict === 'leave') return spanishRead
  const net = caught(leavesOurTexts, clauses)
  const spanishNet = caught(leavesOurTextsInSpanish, spanish)
  return (
    net.leave ??
    spanishNet.leave ??
    takesLeave(clauses) ??
    read ??
    spanishRead ??
    find(UNCLEARS, clauses, again, 'unclear') ??
    find(SPANISH_UNCLEARS, spanish, spanishAgain, 'unclear') ??
    net.unclear ??
    spanishNet.unclear ??
    (aside === null
      ? keywordInFewWords(
          clauses,
          clauses.flatMap(({ tokens }) => tokens),
        )
      : null) ?? {
      verdict: 'stay',
      rule: aside ?? (clauses.length === 0 ? 'no words' : 'asks nothing of us'),
      words: '',
    }
  )
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

/** The first of each verdict that a net catches in her clauses. */
function caught(
  net: typeof leavesOurTexts,
  clauses: readonly Clause[],
): Readonly<Partial<Record<Verdict, Judgement>>> {
  const first: Partial<Record<Verdict, Judgement>> = {}
  for (const clause of clauses) {
    const judgement = clause.tokens.length < 2 ? null : net(clause)
    if (judgement) first[judgement.verdict] ??= judgement
  }
  return first
}

/** "I'm out, no more", "too many texts. I'm out": what is doubtful alone is clear together. */
function takesLeave(clauses: readonly Clause[]): Judgement | null {
  if (clauses.length < 2 || clauses.length > CLAUSES_MAX) return null
  const which = (rules: Rules) => clauses.findIndex((clause) => find(rules, [clause], [], 'leave'))
  const [goes, ends, doubts] = [which(GOINGS), which(ENDINGS), which(UNCLEARS)]
  const named = ends < 0 ? -1 : which(NAMINGS)
  const found = [goes, ends, doubts, named].filter((n) => n >= 0)
  if (new Set(found).size < 2) return null
  return {
    verdict: 'leave',
    rule: 'takes her leave',
    words: found.map((n) => asSheWrote(clauses[n]?.tokens ?? [])).join(' '),
  }
}

const CLAUSES_MAX = 20
