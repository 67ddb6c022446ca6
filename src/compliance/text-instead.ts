import type { Clause } from './normalise.js'
import { NEGATION, words } from './words.js'

const INSTEAD = words('call email write phone')

/** "dont call me, text me": she wants texts. */
export function isTextInstead(clause: Clause, after: Clause | undefined): boolean {
  const [a, b = '', c, ...rest] = clause.tokens.map((token) => token.word)
  if (a !== 'dont') return false
  return (
    (INSTEAD.has(b) && ['text', 'message', 'email'].includes(after?.tokens[0]?.word ?? '')) ||
    (c === 'me' && b !== 'text' && isOtherWay(rest))
  )
}

const OTHER_WAY = /\b(?:use text|text me|text instead|ill (?:call|text) you)\b/
const NOR = new Set([...NEGATION, 'or', 'and', 'stop', 'quit'])

/** "dont message me on WhatsApp use text", "dont call me ill call you"; not "dont call me dont text me". */
const isOtherWay = (said: readonly string[]) =>
  OTHER_WAY.test(said.join(' ')) && !said.some((word) => NOR.has(word))
