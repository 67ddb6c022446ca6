import type { Clause } from './normalise.js'
import { words } from './words.js'

const HAS_TO = words('has needs must gotta got needs to')
const END = words('stop end')
const RALLY = words(`
  worker workers boss bosses union unions senate senator senators congress act bill vote pass greed billionaires
  amazon starbucks walmart strike pension pensions wages dying solidarity people families`)

/** "This has to stop. Workers are dying": of a wrong, where the rest of the text shows which. */
export function isCry(clause: Clause, all: readonly Clause[]): boolean {
  const said = clause.tokens.map(({ word }) => word)
  return (
    said[0] === 'this' &&
    END.has(said.findLast((word) => word !== 'now') ?? '') &&
    said.slice(1, -1).every((word) => HAS_TO.has(word) || END.has(word)) &&
    all.some((other) => other !== clause && other.tokens.some(({ word }) => RALLY.has(word)))
  )
}
