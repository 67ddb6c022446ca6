import { isOwnStatement } from './addressee.js'
import { asSheWrote } from './keywords.js'
import type { Clause } from './normalise.js'
import type { Judgement } from './verdict.js'
import { words } from './words.js'

/** What only we send her, and what she is on because of us. */
const OURS = words('texts texting messages msgs notifications alerts list subscription')
const LEAVING = words(`
  stop quit cease halt end cancel discontinue unsubscribe unsubscribed remove removed delete off dont not never no
  nolonger enough tired sick done without block blocked wont less hate annoying unwanted out`)
/** "dont stop", "never take me off": whoever denies a word of leaving stays. */
const DENIAL = words('dont never not wont cant didnt no')
const DENIED = words(
  'stop quit cease end cancel discontinue unsubscribe remove take delete off mind hate block leave get getting got receive receiving see',
)
/** Of other texts and other lists: a boss's, a voicemail's; or of ours that do not come. */
const OF_OTHERS = words(`
  boss bosss bosses manager managers supervisor company companys amazon amazons starbucks walmart hr management employer
  anti antiunion hate busters union senator senators office staffer he she they them her his workers people
  senador senadores jefe patron oficina mailbox voicemail vm full space accept driving drive while why how when stopped call calls calling called price
  check zone allowed taking accepting wine grocery shopping waiting accepted accepts overtime was start going coming through failed fail my miss missed`)
/** A word of leaving that needs no other, save where she leaves something else or only wonders. */
const UNSUBSCRIBE = words('unsubscribe unsubscribed unsubscribing')
const ELSEWHERE = words(
  'prime netflix youtube channel email emails newsletter dues what if should get got bezos fox news capitalism life society adulting accident accidentally mistake back',
)
const OF_OURS = words(`
  this these those it that you your yours all any anything everything the my our here future further afl aflcio union text texts texting
  messages alerts notifications list group program chat thread sms work action receiving getting`)
const STAYING = words('dont wont never not didnt')
const LEAVES = words('leave off out unsubscribe unsubscribed stop end cancel quit remove')
const REACH = 7

/** The net under the rules: her own words that hold our texts and a word of leaving close together, and nobody else. */
export function leavesOurTexts({ tokens, question }: Clause): Judgement | null {
  const unsubscribes = tokens.findIndex(({ word }) => UNSUBSCRIBE.has(word))
  // "the no rehire list"
  const hasList = tokens.some(({ word }) => word === 'list')
  let leaving = -1
  let ours = -1
  for (const [n, { word }] of tokens.entries()) {
    if (OF_OTHERS.has(word)) return null
    if (unsubscribes >= 0 && ELSEWHERE.has(word)) return null
    if (DENIAL.has(tokens[n - 1]?.word ?? '') && DENIED.has(word)) return null
    if (STAYING.has(word) && tokens.slice(n + 1, n + 5).some((next) => LEAVES.has(next.word))) return null
    if (LEAVING.has(word) && !(word === 'no' && hasList) && (leaving < 0 || ours < 0)) leaving = n
    if (OURS.has(word) && (ours < 0 || leaving < 0)) ours = n
  }
  if (unsubscribes >= 0) leaving = ours = unsubscribes
  const from = tokens[unsubscribes + 1]?.word === 'from' ? tokens[unsubscribes + 2]?.word : undefined
  if (leaving < 0 || ours < 0 || Math.abs(leaving - ours) > REACH) return null
  const at = Math.min(leaving, ours)
  if (!isOwnStatement(tokens, at)) return null
  // "I'm unsubscribing from WaPo": perhaps we have a name that we do not know
  const isElsewhere = unsubscribes >= 0 && from !== undefined && !OF_OURS.has(from)
  return {
    verdict: question || isElsewhere ? 'unclear' : 'leave',
    rule: 'leaving, of our texts',
    words: asSheWrote(tokens.slice(at, Math.max(leaving, ours) + 1)),
  }
}
