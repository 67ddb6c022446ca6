import type { Clause } from './normalise.js'
import { words } from './words.js'

const KEYWORD = words('stop unsubscribe cancel end quit')
const SENT = words(
  'hit hitting pressed press pressing tapped pushed typed type sent send said say texted text put replied mean meant',
)
const ACCIDENT = words('accident accidentally accidently accidental mistake mistakenly unintentionally')
const DENIAL = words('didnt wasnt dont not never')
const INTENT = words('mean meant trying intend intended')

/** "I hit stop by accident", "didn't mean stop": she takes a keyword back. "I was added by mistake, stop" does not. */
export function isSlip({ tokens }: Clause): boolean {
  const said = tokens.map(({ word }) => word)
  const isSent = said.some((word, n) => KEYWORD.has(word) && SENT.has(said[n - 1] ?? ''))
  return (
    isSent &&
    said.some((word, n) => ACCIDENT.has(word) || (INTENT.has(word) && DENIAL.has(said[n - 1] ?? '')))
  )
}
