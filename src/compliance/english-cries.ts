import type { Clause } from './normalise.js'
import { LISTS } from './rule.js'
import { words } from './words.js'

const HAS_TO = words('has needs must gotta got needs to')
const END = words('stop end')
const RALLY = words(`
  worker workers boss bosses union unions senate senator senators congress act bill vote pass greed billionaires
  amazon starbucks walmart strike pension pensions wages dying solidarity people families`)

const HERS = words('i im ive id me my mine')

/** "This has to stop. Workers are dying": of a wrong, where the rest of the text shows which. "This has to stop. I'm not a union member" may be of us. */
export function isCry(clause: Clause, all: readonly Clause[]): boolean {
  const said = clause.tokens.map(({ word }) => word)
  return (
    said[0] === 'this' &&
    END.has(said.findLast((word) => word !== 'now') ?? '') &&
    said.slice(1, -1).every((word) => HAS_TO.has(word) || END.has(word)) &&
    all.some((other) => other !== clause && other.tokens.some(({ word }) => RALLY.has(word))) &&
    !all.some(({ tokens }) => tokens.some(({ word }) => HERS.has(word) || LISTS.texts.has(word)))
  )
}
