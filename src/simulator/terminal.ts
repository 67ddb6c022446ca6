import { FATE_ROWS } from './fates.js'

/** What a phone in the terminal needs of it. */
export type Terminal = {
  stdin: NodeJS.ReadableStream
  stdout: NodeJS.WritableStream
  stderr: NodeJS.WritableStream
  /** Aborted by Ctrl-C. */
  signal: AbortSignal
  dim: (words: string) => string
  red: (words: string) => string
  /** One line of a text as lines that fit, broken at spaces. */
  wrap: (line: string) => readonly string[]
}

/**
 * done: every text reached the app. refused: one did not. unanswered: nothing shows that the last one was ever looked at.
 * gone: the simulator ended meanwhile. interrupted: she pressed Ctrl-C.
 */
export type Ending = 'done' | 'refused' | 'unanswered' | 'gone' | 'interrupted'

/** The fates of phones, one a line. */
export function fateLines(indent = ''): string {
  return FATE_ROWS.map(
    ([digits, name, says]) => `${indent}${digits.padEnd(10)} ${name.padEnd(18)} ${says}`,
  ).join('\n')
}
