import { existsSync, readFileSync, readSync } from 'node:fs'
import { isatty } from 'node:tty'
import { utf8Words } from '../adapters/action-files.js'
import type { Draft } from '../blast/compose.js'
import type { TimesTyped } from '../blast/schedule.js'
import { OperatorError } from '../errors.js'

/** What an organizer types for a blast: refused here, before anything is opened. */
export type PlanOptions = {
  name?: string
  body?: string
  bodyFile?: string
  action?: string
  audience?: string
  at?: string
  until?: string
  zone?: string
  perDay?: string
  as?: string
  json?: true
}

/** Alerts a person may get on one day: as many as --per-day takes. */
export const PER_DAY_MAX = 3

const NAME_CHARS_MAX = 80
const BODY_BYTES_MAX = 64 * 1024
const PIPE_LOOK_MS = 20

/** The times, for planTimes. */
export const typed = ({ at, until, zone }: PlanOptions): TimesTyped => ({ at, until, zone })

/** The name, on one line. */
export function readName(typed: string | undefined): string {
  const name = (typed ?? '').trim()
  if (name === '') throw new OperatorError('A blast needs a name to be found by. Add --name pro-act-vote.', 2)
  if (name.length > NAME_CHARS_MAX || /[\u0000-\u001f\u007f-\u009f]/.test(name))
    throw new OperatorError(`--name takes one line of ${NAME_CHARS_MAX} characters at most.`, 2)
  return name
}

/** How many alerts a person may get on its day. */
export function readPerDay(typed: string): number {
  if (/^[123]$/.test(typed)) return Number(typed)
  throw new OperatorError(
    '--per-day takes 1, 2 or 3: how many alerts a person may get on the day of this one.',
    2,
  )
}

/** The words, English first. vote.es.txt beside vote.txt is its Spanish. */
export function readDrafts({ body, bodyFile }: PlanOptions): Draft[] {
  if (body !== undefined && bodyFile !== undefined)
    throw new OperatorError('Give the words once: --body or --body-file, not both.', 2)
  if (body !== undefined) return [{ language: 'en', from: '--body', text: body }]
  if (bodyFile === undefined) return []
  if (bodyFile === '-') return readDrafts({ bodyFile: '/dev/stdin' })
  const spanish = bodyFile.replace(/(\.[^./\\]*)?$/, '.es$1')
  const drafts: Draft[] = [{ language: 'en', from: bodyFile, text: readWords(bodyFile) }]
  if (existsSync(spanish)) drafts.push({ language: 'es', from: spanish, text: readWords(spanish) })
  return drafts
}

/** All that is piped in, however late it comes. By its path a socket, as which one program hands its pipe to another, cannot be opened. */
function readPipe(): Buffer {
  const pieces: Buffer[] = []
  for (;;) {
    const piece = Buffer.alloc(BODY_BYTES_MAX)
    try {
      const length = readSync(0, piece)
      if (length === 0) return Buffer.concat(pieces)
      pieces.push(piece.subarray(0, length))
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EOF') return Buffer.concat(pieces)
      if (code !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PIPE_LOOK_MS)
    }
  }
}

function readWords(path: string): string {
  let bytes: Buffer
  if (path === '/dev/stdin' && isatty(0))
    throw new OperatorError(
      'No words are piped in. Write: textaction blast create ... --body-file - < vote.txt',
      2,
    )
  try {
    // By its path a socket, as which one program hands its pipe to another, cannot be opened.
    bytes = path === '/dev/stdin' ? readPipe() : readFileSync(path)
  } catch {
    throw new OperatorError(`Cannot read ${path}. Check its name, and that you may read it.`, 2)
  }
  if (bytes.length > BODY_BYTES_MAX) throw new OperatorError(`${path} is too large for a text.`, 2)
  return utf8Words(bytes, path)
}

/** What to tell of the words, where the Spanish came from first. */
export function spanishNotice(drafts: readonly Draft[], notices: readonly string[]): string[] {
  const spanish = drafts.find(({ language }) => language === 'es')
  return spanish ? [`Spanish from ${spanish.from}.`, ...notices] : [...notices]
}
