import { LineCounter, parseDocument, visit, type Document } from 'yaml'
import { missingLegalParts, persuasions } from '../compliance/legal-parts.js'
import { nonGsm7 } from '../compliance/segments.js'
import { OperatorError } from '../errors.js'
import { ActionFile, shapeFaults } from './action-shape.js'
import { sourceLines, type Path, type SourceLines } from './source-lines.js'
import { templateFaults } from './template.js'
import { TEXT_NAMES, type AdditionName, type TextName } from './text-names.js'
import { COMMON_VARIABLES, variablesOf } from './variables.js'

export const LANGUAGES = ['en', 'es'] as const

export type Language = (typeof LANGUAGES)[number]

export type Wording = {
  frequency: string
  ask: string
  texts: Record<TextName, string>
  additions: Record<AdditionName, string>
}

/** What we ask for, and every word we say about it. */
export type Action = {
  /** The file's name without .yaml. */
  name: string
  version: number
  org: string
  program: string
  /** Upper case. The first is the one we advertise. */
  keywords: string[]
  bill: { short: string; long: string }
  contact: string
  alertsPerMonth: number
  /** The languages the file has. */
  languages: readonly Language[]
  /** A language the file lacks speaks English. */
  wording: Record<Language, Wording>
}

/** see: the command that shows what would be right. */
export type Fault = { line: number; message: string; see?: string }

/** A character outside GSM-7 in the file's words: it more than doubles what the text costs. */
export type StrayCharacter = { line: number; path: Path; character: string; word: string }

export type Inspection = {
  /** None where the file's shape is broken. With faults it is fit for looking at only: what is no variable was cut out. */
  action: Action | null
  faults: Fault[]
  strays: StrayCharacter[]
  /** The line where something stands in the file, like ['contact']; 1 where that cannot be told. */
  lineOf: (path: Path) => number
}

/** The action a file holds, or one OperatorError (exit 2) that names every fault with its line. */
export function parseAction(yaml: string, fileName: string): Action {
  const { action, faults } = inspectAction(yaml, fileName)
  if (action && faults.length === 0) return action
  throw new OperatorError(faults.map((fault) => faultLine(fileName, fault)).join('\n'), 2)
}

/** "actions/pro-act.yaml line 41: {{senater}} is no variable. ..." */
function faultLine(fileName: string, fault: Fault): string {
  const see = fault.see ? ` See: ${fault.see}` : ''
  return `${fileName} line ${fault.line}: ${fault.message}${/[.?]$/.test(fault.message) ? '' : '.'}${see}`
}

/** Everything there is to say about a file, valid or not. */
export function inspectAction(source: string, fileName: string): Inspection {
  // Some editors write ñ as n and a mark of its own: one character in the file, two strays in a text.
  const yaml = source.normalize('NFC')
  const counter = new LineCounter()
  const document = parseDocument(yaml, { lineCounter: counter, prettyErrors: false })
  const lines = sourceLines(document, yaml, counter)
  const name = fileName.replace(/^.*[\\/]/, '').replace(/\.ya?ml$/, '')
  const broken = unreadable(document, counter)
  if (broken.length > 0) return { action: null, faults: broken, strays: [], lineOf: lines.lineOf }

  const faults: Fault[] = wordingFaults(lines, name)
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name))
    faults.push({
      line: 1,
      message: `the file's name may have small letters, digits and hyphens only, like pro-act.yaml`,
    })
  const file: unknown = document.toJS()
  const read = ActionFile.safeParse(file)
  if (!read.success) {
    faults.push(
      ...shapeFaults(read.error, file).map(({ path, message }) => ({ line: lines.lineOf(path), message })),
    )
    return { action: null, faults: inOrder(faults), strays: strayCharacters(lines), lineOf: lines.lineOf }
  }
  const action = toAction(name, read.data)
  faults.push(...promiseFaults(action, lines))
  return {
    action: faults.length === 0 ? action : withoutBrokenPieces(action),
    faults: inOrder(faults),
    strays: strayCharacters(lines),
    lineOf: lines.lineOf,
  }
}

function toAction(name: string, file: ReturnType<typeof ActionFile.parse>): Action {
  const { en, es } = file.languages
  return {
    name,
    version: file.version,
    org: file.organization,
    program: file.program,
    keywords: file.keywords,
    bill: file.bill,
    contact: file.contact,
    alertsPerMonth: file.alerts_a_month,
    languages: es ? LANGUAGES : ['en'],
    wording: { en, es: es ?? en },
  }
}

/** The variables a piece of the file may use; null: it is not one of the texts. */
function variablesAt(path: Path): readonly string[] | null {
  const [top, , kind, name] = path
  if (top !== 'languages' || path.length !== 4) return null
  const text = TEXT_NAMES.find((known) => known === name)
  if (kind === 'texts') return text ? variablesOf(text) : null
  return kind === 'additions' ? COMMON_VARIABLES : null
}

function wordingFaults(lines: SourceLines, actionName: string): Fault[] {
  return lines.texts().flatMap(({ path, node }) => {
    const variables = variablesAt(path)
    if (!variables) return []
    return templateFaults(node.value.trim(), variables).map((fault) => ({
      line: lines.lineWithin(path, fault.index, fault.piece),
      message: fault.message,
      see: `textaction action show ${actionName}`,
    }))
  })
}

function promiseFaults(action: Action, lines: SourceLines): Fault[] {
  return action.languages.flatMap((language) => {
    const wording = action.wording[language]
    const lacking = missingLegalParts(wording, language).map((part) => ({
      line: lines.lineOf(['languages', language, part.in, part.name]),
      message: `${part.name} lacks ${part.what}; law or carrier rules ask for it`,
    }))
    lacking.push(
      ...persuasions(wording.texts.stop).map((words) => ({
        line: lines.lineOf(['languages', language, 'texts', 'stop']),
        message: `stop names ${words}; whoever leaves is not asked for anything more`,
      })),
    )
    if (new RegExp(`\\b${action.alertsPerMonth}\\b`).test(wording.frequency)) return lacking
    const message = `frequency does not name the ${action.alertsPerMonth} of alerts_a_month; they make one promise`
    return [...lacking, { line: lines.lineOf(['languages', language, 'frequency']), message }]
  })
}

function strayCharacters(lines: SourceLines): StrayCharacter[] {
  return lines.texts().flatMap(({ path, node }) => {
    const text = node.value.trim()
    return nonGsm7(text).map(({ character, index }) => ({
      line: lines.lineWithin(path, index, character),
      path,
      character,
      word: wordAround(text, index, character),
    }))
  })
}

function wordAround(text: string, index: number, character: string): string {
  const before = /[\p{L}\p{N}]*$/u.exec(text.slice(0, index))?.[0] ?? ''
  const after = /^[\p{L}\p{N}]*/u.exec(text.slice(index + character.length))?.[0] ?? ''
  return /\p{L}/u.test(character) ? `${before}${character}${after}` : ''
}

function withoutBrokenPieces(action: Action): Action {
  const mend = (words: string, variables: readonly string[]) =>
    templateFaults(words, variables).reduceRight(
      (text, { index, piece }) => text.slice(0, index) + text.slice(index + piece.length),
      words,
    )
  const mendAll = <Name extends string>(
    texts: Record<Name, string>,
    variables: (name: Name) => readonly string[],
  ) =>
    Object.fromEntries(
      Object.entries<string>(texts).map(([name, words]) => [name, mend(words, variables(name as Name))]),
    ) as Record<Name, string>
  const mendWording = (wording: Wording): Wording => ({
    ...wording,
    texts: mendAll(wording.texts, variablesOf),
    additions: mendAll(wording.additions, () => COMMON_VARIABLES),
  })
  return { ...action, wording: { en: mendWording(action.wording.en), es: mendWording(action.wording.es) } }
}

function unreadable(document: Document, counter: LineCounter): Fault[] {
  const faults = [...document.errors, ...document.warnings].map((error) => ({
    line: counter.linePos(error.pos[0]).line,
    message: inWords(error.code, error.message),
  }))
  visit(document, {
    Alias: (_, alias) => {
      faults.push({
        line: counter.linePos(alias.range?.[0] ?? 0).line,
        message: 'words that begin with * need "quotes"',
      })
    },
  })
  return inOrder(faults)
}

/** The parser's own words suppose that the reader knows YAML. */
function inWords(code: string, message: string): string {
  if (code === 'DUPLICATE_KEY') return 'this name stands twice; each may stand once'
  if (code === 'TAB_AS_INDENT') return 'a tab stands before the words; use spaces'
  return `not readable here (${message.split('\n')[0] ?? code}). Does the line start under its neighbours, and stand a text after |?`
}

function inOrder(faults: readonly Fault[]): Fault[] {
  return [...faults].sort((a, b) => a.line - b.line)
}
