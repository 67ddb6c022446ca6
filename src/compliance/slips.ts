import type { Clause } from './normalise.js'
import { words } from './words.js'

const KEYWORD = words('stop unsubscribe cancel end quit')
const SENT = words(
  'hit hitting pressed press pressing tapped pushed typed type sent send said say texted text put replied mean meant',
)
const ACCIDENT = words('accident accidentally accidently accidental mistake mistakenly unintentionally')
const DENIAL = words('didnt wasnt dont not never')
const INTENT = words('mean meant trying intend intended')

const JOINING = words(
  'sign signed signup added add join joined subscribe subscribed enroll enrolled opted list registered',
)
const WHAT = words('to it that for any so')

/** "I hit stop by accident", "didn't mean stop": she takes a keyword back. "I was added by mistake I said stop" does not. */
export function isSlip({ tokens }: Clause): boolean {
  const said = tokens.map(({ word }) => word)
  const isSent = said.some((word, n) => KEYWORD.has(word) && SENT.has(said[n - 1] ?? ''))
  if (!isSent || said.some((word) => JOINING.has(word))) return false
  return said.some((word, n) => {
    const before = said[n - 1] ?? ''
    const next = said[n + 1] ?? 'it'
    // "that was no mistake", "I dont mean maybe"
    if (ACCIDENT.has(word)) return before !== 'no' && before !== 'not'
    return INTENT.has(word) && DENIAL.has(before) && (WHAT.has(next) || KEYWORD.has(next) || SENT.has(next))
  })
}
