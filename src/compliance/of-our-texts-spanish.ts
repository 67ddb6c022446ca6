import { isOwnStatement } from './addressee.js'
import { asSheWrote } from './keywords.js'
import type { Clause } from './normalise.js'
import { DENIED, OURS, UNWILLING, WEARY } from './spanish-net-words.js'
import { SPANISH_NOUNS } from './spanish-verbs.js'
import type { Judgement } from './verdict.js'
import { words } from './words.js'

const NO = words('no ya nunca jamas tampoco ni')
const REACH = 7
const UNWILLING_REACH = 3

/** The net under the Spanish rules: her own words that hold our texts, and weariness or a refusal close by, and nobody else. */
export function leavesOurTextsInSpanish({ tokens, question }: Clause): Judgement | null {
  if (tokens.some(({ word }, n) => SPANISH_NOUNS.otros.has(word) || staysWith(tokens, n))) return null
  const ours = tokens.findIndex(({ word }) => OURS.has(word))
  if (ours < 0) return null
  const leaving = tokens.findIndex(
    ({ word }, n) =>
      n !== ours && Math.abs(n - ours) <= REACH && (isWeary(tokens, n) || isRefused(word, tokens, n)),
  )
  if (leaving < 0) return null
  const from = Math.min(leaving, ours)
  if (!isOwnStatement(tokens, from, true)) return null
  return {
    verdict: question ? 'unclear' : 'leave',
    rule: 'leaving, of our texts in Spanish',
    words: asSheWrote(tokens.slice(from, Math.max(leaving, ours) + 1)),
  }
}

/** "no me quiten", "no quiero salir" */
function staysWith(tokens: Clause['tokens'], at: number): boolean {
  return (
    DENIED.has(tokens[at]?.word ?? '') &&
    tokens.slice(Math.max(0, at - UNWILLING_REACH), at).some(({ word }) => NO.has(word) && word !== 'ya')
  )
}

/** "harta", not "no me molestan". */
function isWeary(tokens: Clause['tokens'], at: number): boolean {
  if (!WEARY.has(tokens[at]?.word ?? '')) return false
  return !tokens
    .slice(Math.max(0, at - UNWILLING_REACH), at)
    .some(({ word }) => NO.has(word) && word !== 'ya')
}

function isRefused(word: string, tokens: Clause['tokens'], at: number): boolean {
  return (
    word !== 'ya' &&
    NO.has(word) &&
    tokens.slice(at + 1, at + 1 + UNWILLING_REACH).some((next) => UNWILLING.has(next.word))
  )
}
