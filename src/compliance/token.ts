import type { Token } from './normalise.js'

/**
 * Whom a verb speaks to, read from the words before it:
 * us: "stop", "can you stop", "i want to stop", "i said stop", "how do i stop"; need: "i need to stop", "can i stop";
 * run-on: other words stand before it without punctuation, "who is this stop"; nobody: "we wont stop",
 * "the office said stop", "they need to stop".
 */
export type Addressee = 'us' | 'need' | 'run-on' | 'nobody'

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
