import type { Token } from './normalise.js'

/** How far back a word's subject is looked for. */
export const LOOK_BACK_MAX = 8

export function wordAt(tokens: readonly Token[], at: number): string {
  return tokens[at]?.word ?? ''
}

/** A "please" right before it: a request begins here, whatever stands before. */
export function isBegged(token: Token | undefined): boolean {
  return (
    token !== undefined &&
    token.raw.length > token.word.length &&
    /^(please|pls|plz|plse|porfa)\b/i.test(token.raw)
  )
}
