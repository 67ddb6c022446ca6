import { foldToGsm7 } from '../compliance/segments.js'
import { SWITCHBOARD } from '../congress/congress.js'
import type { Action, Language } from './action.js'
import { fill, templateFaults, type WordingFault } from './template.js'
import type { AdditionName, TextName } from './text-names.js'
import { BLAST_VARIABLES } from './variables.js'

export type Values = Readonly<Record<string, string>>

export type RenderOptions = {
  shortCode: string
  /** After a fault of ours kept her waiting: one sentence says so, right after who writes. */
  apology?: boolean
}

const SIGNATURE = /^\{\{[ \t]*(?:org|program)[ \t]*\}\}: */

/** One text of the action file with its values filled in. Names lose the accents GSM-7 lacks: Luján -> Lujan. */
export function renderText(
  action: Action,
  language: Language,
  name: TextName,
  vars: Values,
  options: RenderOptions,
): string {
  const { texts, additions } = action.wording[language]
  // The one confirmation of STOP says nothing else, by rule; not even sorry.
  const apologize = options.apology === true && name !== 'stop'
  const template = apologize ? withApology(texts[name], additions.apology) : texts[name]
  return fill(template, { ...folded(vars), ...commonValues(action, language, options.shortCode) })
}

/** A sentence that goes into another text: the tail of a blast, or the apology. */
export function renderAddition(
  action: Action,
  language: Language,
  name: AdditionName,
  options: { shortCode: string },
): string {
  return fill(action.wording[language].additions[name], commonValues(action, language, options.shortCode))
}

/** What every text of this action knows in this language, whoever it goes to. */
function commonValues(action: Action, language: Language, shortCode: string): Values {
  const { frequency, ask } = action.wording[language]
  return {
    program: action.program,
    org: action.org,
    bill: action.bill.short,
    bill_long: action.bill.long,
    ask,
    ask_en: action.wording.en.ask,
    frequency,
    contact: action.contact,
    keyword: action.keywords[0] ?? '',
    short_code: shortCode,
    switchboard: SWITCHBOARD,
  }
}

/** What a blast's wording knows of the action in this language. */
export function blastValues(action: Action, language: Language, shortCode: string): Values {
  return commonValues(action, language, shortCode)
}

/** Every fault of wording that comes from outside the action file, a blast's: no tags, no filters, known variables only. */
export function checkWording(template: string): WordingFault[] {
  return templateFaults(template, BLAST_VARIABLES)
}

/** Fills wording that checkWording passed. A tail (see renderAddition) follows after a space. */
export function renderWording(template: string, vars: Values, tail?: string): string {
  const text = fill(template, folded(vars))
  return tail === undefined ? text : `${text} ${tail}`
}

function withApology(template: string, apology: string): string {
  const signature = SIGNATURE.exec(template)?.[0] ?? ''
  return `${signature}${apology} ${template.slice(signature.length)}`
}

function folded(vars: Values): Values {
  return Object.fromEntries(
    Object.entries(vars).map(([name, value]) => [name, foldToGsm7(value, { accents: true }).text]),
  )
}
