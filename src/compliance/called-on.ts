import type { Token } from './normalise.js'
import { LISTS } from './rule.js'
import { isBegged, wordAt } from './token.js'
import { AUXILIARY, KNOWN_NAMES, LEAD, NO_NAMES, words, YOU } from './words.js'

/**
 * Who is called on right before tokens[at], where "stop" stands with nothing behind it: 'others', a senator or a boss ("Senator Britt
 * please stop", "Amazon you need to stop"); 'somebody' of a name that may be anybody's ("Fetterman please stop"); null: nobody.
 */
export function calledOn(tokens: readonly Token[], at: number): 'others' | 'somebody' | null {
  let end = at
  while (end > 0 && (AUXILIARY.has(wordAt(tokens, end - 1)) || wordAt(tokens, end - 1) === 'to')) end--
  const isNeed = end < at && YOU.has(wordAt(tokens, end - 1))
  if (isNeed) end--
  else if (end < at || !(isBegged(tokens[at]) || LISTS.it.has(wordAt(tokens, at + 1)))) return null
  let begin = 0
  while (begin < end && (LEAD.has(wordAt(tokens, begin)) || BEGGING.has(wordAt(tokens, begin)))) begin++
  const names = tokens.slice(begin, end)
  if (names.length === 0 || names.length > NAMES_MAX) return null
  // "hey boss please stop": what anybody is called
  if (!isNeed && names.every(({ word }) => SLANG.has(word))) return 'somebody'
  if (names.some(({ word }) => TITLES.has(word) || LISTS.powers.has(word))) return 'others'
  const isName = ({ word, raw }: Token) =>
    /^\p{Lu}/u.test(raw) &&
    !KNOWN_NAMES.has(word) &&
    !NO_NAMES.has(word) &&
    !NOBODY.has(word) &&
    !NO_NAME_ENDS.test(word)
  return names.length <= 2 && names.every(isName) && !tokens[at]?.shout ? 'somebody' : null
}

const NAMES_MAX = 4
const SLANG = words('boss jefe patron coach chief')
const NO_NAME_ENDS = /(?:ing|ings|ed)$/
const NOBODY = words('attention dear bot robot whoever stranger friend team work')
const BEGGING = words('i beg you im begging')
/** What somebody is called who is not us. */
export const TITLES = words(`
  senator sen senators mr mrs ms president coach boss ceo ceos rep congressman congresswoman congress governor mayor gop
  senador senadora senadores presidente patron jefe`)

/** "stop harassing my coworkers", "stop bugging us about quotas": of those who work, not of her phone. */
export function isOfWork(tokens: readonly Token[], at: number): boolean {
  if (!PESTERING.has(wordAt(tokens, at + 1))) return false
  const [object = '', next = '', ...rest] = tokens.slice(at + 2, at + 2 + REACH).map(({ word }) => word)
  const isWork = (word: string) => AT_WORK.has(word) || TITLES.has(word)
  if (object === 'us') return TITLES.has(next) || (JOINTS.has(next) && rest.some(isWork))
  return object !== 'me' && object !== 'this' && [object, next].some(isWork)
}

const REACH = 6
const JOINTS = words('at on about for over while when because during')
const PESTERING = words(
  'harassing bothering bugging annoying pestering hounding badgering stalking disturbing worrying contacting pressuring',
)
const AT_WORK = words(`
  coworkers coworker workers worker picket pins quotas quota productivity bosses manager managers shift pregnant nurses teachers drivers
  organizers members decert wearing strikers stewards steward`)
