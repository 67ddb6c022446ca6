import { stripVTControlCharacters } from 'node:util'
import picocolors from 'picocolors'
import type { Cli } from './cli-types.js'

export type Stream = 'stdout' | 'stderr'

/** Whether this stream gets colour: a TTY, no NO_COLOR, not a dumb terminal. Judged per stream. */
function hasColour(cli: Cli, stream: Stream): boolean {
  return Boolean(cli[stream].isTTY) && !cli.env['NO_COLOR'] && cli.env['TERM'] !== 'dumb'
}

/** Colours for a stream: identity functions where it has none. */
export function colours(cli: Cli, stream: Stream = 'stdout') {
  return picocolors.createColors(hasColour(cli, stream))
}

/** Whether block characters and accents can be shown. */
export function hasUnicode(cli: Cli): boolean {
  const locale = cli.env['LC_ALL'] || cli.env['LC_CTYPE'] || cli.env['LANG'] || ''
  return /utf-?8/i.test(locale) || cli.env['TERM_PROGRAM'] === 'Apple_Terminal'
}

/** Columns to use: 80 by design, up to 120 where there is room. */
export function columns(cli: Cli): number {
  return Math.min(120, cli.stdout.columns ?? 80)
}

/** Below so many columns a table's row becomes a line of words. */
export const TABLE_COLUMNS_MIN = 60
const HANGING = 4

/** Breaks what a terminal is too narrow for at spaces, further lines under the first; where nobody looks on nothing changes. */
export function fitted(cli: Cli, screen: string): string {
  const width = cli.stdout.isTTY ? (cli.stdout.columns ?? 80) : Infinity
  return screen
    .split('\n')
    .flatMap((line) => (visible(line) <= width ? [line] : broken(line, width)))
    .join('\n')
}

function broken(line: string, width: number): string[] {
  const indent = /^ */.exec(line)?.[0].length ?? 0
  const text = width < TABLE_COLUMNS_MIN ? line.replace(/(\S) {2,}/g, '$1  ') : line
  const lines: string[] = []
  let now = ''
  for (const word of text.slice(indent).split(' ')) {
    const margin = ' '.repeat(lines.length === 0 ? indent : Math.min(indent + HANGING, width >> 1))
    if (now === '') now = margin + word
    else if (visible(now) + 1 + visible(word) <= width) now += ` ${word}`
    else {
      lines.push(now.trimEnd())
      now = word === '' ? '' : ' '.repeat(Math.min(indent + HANGING, width >> 1)) + word
    }
  }
  return [...lines, now.trimEnd()]
}

const visible = (line: string) => stripVTControlCharacters(line).length

/** 122458 -> "122,458" */
export function number(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}

/** 2449.16 -> "$2,449.16" */
export function dollars(value: number): string {
  return `$${value.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`
}

/** 0.977, 1 -> "97.7%" */
export function percent(part: number, whole: number): string {
  return whole === 0 ? '0.0%' : `${((100 * part) / whole).toFixed(1)}%`
}

export type CheckLine = { level: 'ok' | 'warn' | 'fail' | 'note'; label: string; text: string; mend?: string }

/** "  ok    Postgres     16.9, 2 ms", the mend on a line of its own below. */
export function checkLine(cli: Cli, line: CheckLine, labelWidth = 12): string {
  const c = colours(cli)
  const word = { ok: c.green('ok  '), warn: c.yellow('warn'), fail: c.red('FAIL'), note: c.dim('note') }[
    line.level
  ]
  const first = `  ${word}  ${line.label.padEnd(labelWidth)} ${line.text}`
  return line.mend ? `${first}\n          ${c.cyan(line.mend)}` : first
}

/** Writes one JSON document and nothing else. */
export function printJson(cli: Cli, value: unknown): void {
  cli.stdout.write(`${safeJson(value, cli.stdout.isTTY ? 2 : 0)}\n`)
}

/** JSON in which what a terminal would obey is escaped: it may be a person's words. */
export function safeJson(value: unknown, indent = 0): string {
  // JSON itself escapes what is below a space; its own line breaks and indentation stay.
  return JSON.stringify(value, null, indent).replace(COMMANDING, (one) =>
    one < ' ' ? one : `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** Makes text from outside safe to show on a terminal: control characters become spaces. */
export function printable(text: string): string {
  return text.replace(COMMANDING, ' ')
}

// Control characters, and those that turn the direction of writing around.
const COMMANDING = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g
