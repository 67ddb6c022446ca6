import { charactersOf, foldToGsm7, nonGsm7, plainForm, segmentsOf } from '../compliance/segments.js'
import { STATE_CODES } from '../congress/congress.js'
import { languageWord } from '../conversation/check-action.js'
import type { Action, Language } from '../conversation/action.js'
import { checkWording } from '../conversation/render.js'
import type { BlastWording } from '../db/blasts.js'
import { PLAIN, WITH_INTRODUCTION, WITH_STOP_REMINDER } from '../db/fan-out.js'
import { OperatorError } from '../errors.js'
import { createBlastWriter, type BlastWriter, type WriterContext } from './wording.js'
import { plural } from '../conversation/plural.js'

/** Twilio takes no longer text. */
const CHARACTERS_MAX = 1_600
const SIGNATURE = '{{program}}: '

/** Words in one language and where they come from: "vote.txt", or "--body". */
export type Draft = { language: Language; from: string; text: string }

/** A wording fit to be sent, and what was done to it, in words for the organizer. */
export type Composed = { wording: BlastWording; notices: string[] }

/** Checks, folds and signs the words of a blast. The first fault is refused with its line and column (exit 2). */
export function composeWording(drafts: readonly Draft[], context: WriterContext): Composed {
  const notices: string[] = []
  const wording: Partial<Record<Language, string>> = {}
  for (const draft of drafts) {
    const typed = draft.text
      .replace(/^\uFEFF/, '')
      .replace(/\r\n?/g, '\n')
      .normalize('NFC')
      .trimEnd()
    refuseFaults(draft, typed)
    const { text, changed } = foldToGsm7(typed)
    const signed = withSignature(text.trim(), context.action)
    if (changed.length > 0) notices.push(foldedNotice(draft.from, typed, text))
    if (signed !== text.trim())
      notices.push(`${draft.from} does not say who writes: "${SIGNATURE}" now stands in front.`)
    wording[draft.language] = signed
  }
  const whole: BlastWording = { en: wording.en ?? '', ...(wording.es !== undefined && { es: wording.es }) }
  const writer = createBlastWriter(whole, context)
  for (const draft of drafts) {
    const longest = longestText(writer, draft.language)
    if (charactersOf(longest) > CHARACTERS_MAX)
      throw new OperatorError(
        `${draft.from} makes ${plural(charactersOf(longest), 'character')} at its longest; a text has ${CHARACTERS_MAX.toLocaleString('en-US')} at most. Take out ${plural(charactersOf(longest) - CHARACTERS_MAX, 'character')}.`,
        2,
      )
    notices.push(...strayNotices(draft.from, longest))
  }
  return { wording: whole, notices }
}

function refuseFaults({ from, language }: Draft, text: string): void {
  if (text.trim() === '')
    throw new OperatorError(
      `${from} is empty. Write the ${languageWord(language)} words of the text into it.`,
      2,
    )
  const control = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/.exec(text)
  if (control && control[0] !== '\t')
    throw new OperatorError(
      `${from} ${placeOf(text, control.index)} has a control character. Save it as plain UTF-8 text.`,
      2,
    )
  const [fault] = checkWording(text)
  if (fault)
    throw new OperatorError(
      `${from} ${placeOf(text, fault.index)}: ${fault.message}${/[.?]$/.test(fault.message) ? '' : '.'} See: textaction blast create --help`,
      2,
    )
}

/** "line 2, column 14", both counted from 1. */
function placeOf(text: string, index: number): string {
  const before = text.slice(0, index).split('\n')
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`
}

/** Every text is signed: one that names neither program nor organization gets the program's name in front. */
function withSignature(text: string, action: Action): string {
  const names = /\{\{[ \t]*(?:program|org)[ \t]*\}\}/.test(text)
  const lower = text.toLowerCase()
  const isSigned = names || [action.program, action.org].some((name) => lower.includes(name.toLowerCase()))
  return isSigned ? text : `${SIGNATURE}${text}`
}

const COUNTS = ['No', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine', 'Ten']
const KINDS_OF_STRAY: readonly [RegExp, string, string][] = [
  [/[‘’‚‛′‹›`´ʼ“”„‟″«»]/gu, 'curly quote', 'made straight'],
  [/[‐‑‒–—―−]/gu, 'long dash', 'made a hyphen'],
]

/** "Two curly quotes made straight: 2 segments, not 4." Sizes are those of the wording as written. */
function foldedNotice(from: string, typed: string, folded: string): string {
  const known = KINDS_OF_STRAY.map(([pattern, noun, done]) => ({
    count: typed.match(pattern)?.length ?? 0,
    noun,
    done,
  })).filter(({ count }) => count > 0)
  const others =
    nonGsm7(typed).length - nonGsm7(folded).length - known.reduce((sum, { count }) => sum + count, 0)
  if (others > 0) known.push({ count: others, noun: 'odd character', done: 'made plain' })
  const words = known
    .map(
      ({ count, noun, done }) =>
        `${(COUNTS[count] ?? String(count)).toLowerCase()} ${noun}${count === 1 ? '' : 's'} ${done}`,
    )
    .join(', ')
  const [before, after] = [segmentsOf(typed), segmentsOf(folded)]
  const price = before > after ? `: ${plural(after, 'segment')}, not ${before}` : ''
  return `In ${from} ${words}${price}.`
}

/** What is left outside GSM-7 is the organizer's to decide: its price is named. */
function strayNotices(from: string, longest: string): string[] {
  const strays = [...new Set(nonGsm7(longest).map(({ character }) => character))]
  if (strays.length === 0) return []
  const [now, plain] = [segmentsOf(longest), segmentsOf(plainForm(longest))]
  const named = strays.slice(0, 5).map((character) => `"${character}"`)
  const price =
    now > plain
      ? `make${strays.length === 1 ? 's' : ''} ${plural(plain, 'segment')} ${now}`
      : 'leaves 70 characters to a segment, not 160'
  return [
    `${from}: ${named.join(' ')}${strays.length > 5 ? ' and more' : ''} ${price}. Another word would be cheaper.`,
  ]
}

/** Her text at its longest, whoever she is: every state, with the longest addition. */
function longestText(writer: BlastWriter, language: Language): string {
  const states = writer.needsSenators ? STATE_CODES : [null]
  let longest = ''
  for (const state of states)
    for (const kind of [PLAIN, WITH_INTRODUCTION, WITH_STOP_REMINDER]) {
      const text = writer.body({ state, zip: null, language, kind }) ?? ''
      if (charactersOf(text) > charactersOf(longest)) longest = text
    }
  return longest
}
