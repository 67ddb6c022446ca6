import type { Clause, Token } from './normalise.js'
import { words } from './words.js'

const BEFORE_BOILERPLATE = words('reply text send respond txt responde manda')
const AFTER_BOILERPLATE = words('cancel end quit unsubscribe leave opt stop cancelar salir')

/** "Reply STOP to cancel" inside a longer text is copied from us. */
export function withoutFinePrint(clause: Clause): Clause {
  const { tokens } = clause
  const out: Token[] = []
  for (let n = 0; n < tokens.length; n++) {
    const word = tokens[n]?.word ?? ''
    const copied =
      ((word === 'stop' && tokens[n + 1]?.word === 'to') ||
        (word === 'alto' && tokens[n + 1]?.word === 'para')) &&
      AFTER_BOILERPLATE.has(tokens[n + 2]?.word ?? '')
    const token = tokens[n]
    if (copied) {
      if (BEFORE_BOILERPLATE.has(out.at(-1)?.word ?? '')) out.pop()
      n += 2
    } else if (token) out.push(token)
  }
  return out.length === tokens.length || out.length === 0 ? clause : { ...clause, tokens: out }
}
