import { segmentsOf } from '../compliance/segments.js'
import { STATE_CODES, isStateCode, type Congress } from '../congress/congress.js'
import { senatorValues } from '../conversation/senator-values.js'
import type { Action, Language } from '../conversation/action.js'
import { blastValues, renderAddition, renderWording, type Values } from '../conversation/render.js'
import type { BlastWording } from '../db/blasts.js'
import { BLAST_KINDS, WITH_INTRODUCTION, WITH_STOP_REMINDER, type Shape } from '../db/fan-out.js'

/** What of a person her text depends on. */
export type Recipient = {
  state: string | null
  zip: string | null
  language: string
  /** Which addition it has: decided when her row was written. */
  kind: string
}

export type BlastWriter = {
  /** Her text; null: it names her senators and she has none (any more). */
  body: (recipient: Recipient) => string | null
  /** What fan-out has to know of the words. */
  shape: Shape
  /** It names her senators: people without any are left out of the audience. */
  needsSenators: boolean
}

export type WriterContext = { action: Action; congress: Congress; shortCode: string }

const LONGEST_ZIP = '(ZIP)' // as long as a ZIP itself
const SENATOR_VARIABLE = /\{\{[ \t]*(?:state|sen[12]|phone[12]|last[12])[ \t]*\}\}/
const ZIP_VARIABLE = /\{\{[ \t]*zip[ \t]*\}\}/
// An instruction: "STOP to cancel", "Reply STOP.". In capitals, as all words to send back: "text: stop the attack", "responde alto y
// claro" and "Tell them to STOP union busting" tell nobody how to leave. Where we miss one, she reads it twice.
const TELLS_HOW_TO_STOP: Readonly<Record<Language, readonly RegExp[]>> = {
  en: [
    /\b(?:[Rr]eply|[Tt]e?xt)(?: with)?:? ["']?STOP["']?(?= *(?:$|[.,;:!?)=\n])| (?:to|if|any|at|and|or|when|for)\b)/,
    /\bSTOP["']?(?: to |: ?| ?= ?|2)(?:cancel|quit|opt|unsub|(?:end|leave|stop)(?! (?:the|our|their)\b))/,
  ],
  es: [
    /\b(?:[Rr]espond[ea]|[Ee]nv[ií][ae]|[Mm]and[ae]|[Ee]scrib[ae]|[Tt]extea)(?: con)?:? ["']?(?:ALTO|STOP)["']?(?= *(?:$|[.,;:!?)=\n])| (?:para|si|o|al|cuando)\b)/,
    /\b(?:ALTO|STOP)["']?(?: para |: ?| ?= ?)(?:cancelar|salir|parar|terminar|dejar|no )/,
  ],
}

/** Writes the texts of one blast. Texts that are alike are made once: only a wording that names each ZIP has more than some hundred. */
export function createBlastWriter(wording: BlastWording, context: WriterContext): BlastWriter {
  const { action, congress, shortCode } = context
  const languages = (['en', 'es'] as const).filter((language) => wording[language] !== undefined)
  const templates = languages.map((language) => wording[language] ?? '')
  const needsSenators = templates.some((template) => SENATOR_VARIABLE.test(template))
  const namesZip = templates.some((template) => ZIP_VARIABLE.test(template))
  const made = new Map<string, string | null>()

  function write(language: Language, state: string | null, zip: string | null, kind: string): string | null {
    const seat = state !== null && isStateCode(state) ? state : null
    if (needsSenators && seat === null) return null
    const values: Values = {
      ...blastValues(action, language, shortCode),
      ...(seat ? senatorValues(congress, seat, zip, language) : { zip: zip ?? LONGEST_ZIP }),
    }
    const tail = additionOf(action, language, kind, shortCode)
    return renderWording(wording[language] ?? wording.en, values, tail)
  }

  function body({ state, zip, language, kind }: Recipient): string | null {
    const spoken = languageOf(language, wording)
    const seat = needsSenators ? state : null
    const key = `${spoken} ${kind} ${seat ?? ''} ${namesZip ? (zip ?? '') : ''}`
    const known = made.get(key)
    if (known !== undefined) return known
    const text = write(spoken, state, zip, kind)
    if (made.size >= TEXTS_KEPT) made.clear()
    made.set(key, text)
    return text
  }

  return { body, needsSenators, shape: shapeOf(wording, languages, needsSenators, body) }
}

/** All that an action's file may put into a blast's texts, and how many of them a month it promises: for the approval. */
export function actionSays(action: Action, shortCode: string): string {
  const languages = ['en', 'es'] as const
  return JSON.stringify([
    action.alertsPerMonth,
    ...languages.map((language) => blastValues(action, language, shortCode)),
    ...languages.flatMap((language) =>
      BLAST_KINDS.map((kind) => additionOf(action, language, kind, shortCode) ?? null),
    ),
  ])
}

const TEXTS_KEPT = 5_000

/** A language the wording lacks speaks English. */
const languageOf = (language: string, wording: BlastWording): Language =>
  language === 'es' && wording.es !== undefined ? 'es' : 'en'

function additionOf(action: Action, language: Language, kind: string, shortCode: string): string | undefined {
  if (kind === WITH_INTRODUCTION) return renderAddition(action, language, 'introduction', { shortCode })
  if (kind === WITH_STOP_REMINDER) return renderAddition(action, language, 'stop_reminder', { shortCode })
  return undefined
}

/** What each text costs, said by its exceptions: nearly all are alike. */
function shapeOf(
  wording: BlastWording,
  languages: readonly Language[],
  needsSenators: boolean,
  body: BlastWriter['body'],
): Shape {
  const states: readonly (string | null)[] = needsSenators ? STATE_CODES : [null]
  const sizes = languages.flatMap((language) =>
    BLAST_KINDS.flatMap((kind) =>
      states.map((state) => ({
        ...{ state, language, kind },
        segments: segmentsOf(body({ state, zip: null, language, kind }) ?? ''),
      })),
    ),
  )
  const usualSegments = mostCommon(sizes.map(({ segments }) => segments))
  return {
    languages,
    usualSegments,
    byState: needsSenators,
    exceptions: sizes.filter(({ segments }) => segments !== usualSegments),
    tellsHowToStop: languages.every((language) =>
      TELLS_HOW_TO_STOP[language].some((instruction) => instruction.test(wording[language] ?? '')),
    ),
  }
}

function mostCommon(values: readonly number[]): number {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].reduce((most, each) => (each[1] > most[1] ? each : most), [1, 0])[0]
}
