import type { Token } from './normalise.js'
import { isFigures } from './pattern.js'
import { LISTS } from './rule.js'
import { isBegged, wordAt } from './token.js'
import { BEFORE_LAST_STOP, FIRST, INVERTED, NEGATION, OTHERS, SAYING, words } from './words.js'

/** May a lone "stop" after this word end a text without punctuation? "who is this stop", not "the next stop". */
export function lonelyStopMayFollow(tokens: readonly Token[], at: number): boolean {
  const before = wordAt(tokens, at - 1)
  if (BEFORE_LAST_STOP.has(before) || isFigures(before)) return true
  if (SAYING.has(before) || NEGATION.has(before) || OTHERS.has(before) || DETERMINERS.has(before))
    return false
  const shouted = tokens[at]?.shout === true && !tokens.slice(0, at).some((token) => token.shout)
  const begged = isBegged(tokens[at]) && !/^\p{Lu}/u.test(tokens[at - 1]?.raw ?? '')
  // "im disabled stop", "not in the mood stop"
  const refused = STATING.has(wordAt(tokens, 0)) && !STOPS_ON_A_ROAD.has(before) && !isAwaited(tokens, at)
  return shouted || begged || refused || isRunOn(tokens, at)
}

/** "yall relentless stop": her last word after others of her own, nobody and nothing among them that "stop" could belong to. */
function isRunOn(tokens: readonly Token[], at: number): boolean {
  return (
    at >= 2 &&
    at === tokens.length - 1 &&
    !/^\p{Lu}/u.test(tokens[at - 1]?.raw ?? '') &&
    !PLURAL.test(wordAt(tokens, at - 1)) &&
    !tokens.slice(Math.max(0, at - 3), at).some(({ word }) => STOPS_BELONG_TO.some((list) => list.has(word)))
  )
}

/** "we wont rest until layoffs stop" */
function isAwaited(tokens: readonly Token[], at: number): boolean {
  return tokens.slice(Math.max(0, at - 3), Math.max(0, at - 1)).some(({ word }) => UNTIL.has(word))
}

const STATING = new Set([...FIRST, ...NEGATION])
/** "im at the truck stop", "dont you dare stop" */
const STOPS_ON_A_ROAD = words(`
  dare truck pit rest full whistle train subway metro trolley fuel gas food bathroom coffee lunch rail wawa each every
  another at traffic campaign tour street st ave avenue road rd station tram ferry route school short hard quick dead
  complete sudden up down means un to girl boy`)

const DETERMINERS = words(
  'a an the this that next last first bus my your our one full non to and or union el la un',
)

/** "we fight so layoffs stop" */
const PLURAL = /[^sui]s$/
const UNTIL = words('until before after once while so because hope hoping pray praying wish see watch')

/** Whatever a "stop" at the end may belong to: somebody, a road, words told again. */
export const STOPS_BELONG_TO = [
  DETERMINERS,
  OTHERS,
  NEGATION,
  SAYING,
  STOPS_ON_A_ROAD,
  INVERTED,
  UNTIL,
  LISTS.powers,
]
