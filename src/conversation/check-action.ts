import { charactersOf, foldToGsm7 } from '../compliance/segments.js'
import type { Congress } from '../congress/congress.js'
import { inspectAction, type Action, type Fault, type Language, type StrayCharacter } from './action.js'
import { ADDITION_NAMES, TEXT_NAMES, type TextName } from './text-names.js'
import { worstCases, type WorstCase } from './worst-case.js'
import { plural } from './plural.js'

export type Warning = { line: number; message: string; mend: string }

/** All that `action check` has to say about one file. */
export type ActionReport = {
  file: string
  action: Action | null
  valid: boolean
  faults: Fault[]
  warnings: Warning[]
  sizes: WorstCase[]
  /** Sentences and texts together, in one language. */
  textCount: number
}

const LANGUAGE_WORDS = { en: 'English', es: 'Spanish' } as const
const FOLD = 'write another word, or fold it: textaction action check --fold'

// What she gets in one go stays readable, and stays at the price that was reckoned with.
const SEGMENTS_MEANT: Partial<Record<TextName, number>> = { senators: 3, senators_guess: 3, stop: 1 }
const SEGMENTS_MEANT_ELSE = 2

/** The language's name in English, for screens. */
export function languageWord(language: Language): string {
  return LANGUAGE_WORDS[language]
}

/** Reads an action file as a lawyer, an accountant and a proof-reader would. */
export function checkAction(file: string, yaml: string, congress: Congress, shortCode: string): ActionReport {
  const { action, faults, strays, lineOf } = inspectAction(yaml, file)
  const sizes = action ? worstCases(action, congress, shortCode) : []
  const warnings = [
    ...strayWarnings(strays, sizes),
    ...sizeWarnings(sizes, lineOf),
    ...(action && /@(?:[^@]*\.)?example\.(?:org|com|net)$/i.test(action.contact)
      ? [
          {
            line: lineOf(['contact']),
            message: `the contact is still ${action.contact}, where nobody answers`,
            mend: 'put in an e-mail address or a toll-free number where a person does',
          },
        ]
      : []),
  ]
  return {
    file,
    action,
    valid: action !== null && faults.length === 0,
    faults,
    warnings: warnings.sort((a, b) => a.line - b.line),
    sizes,
    textCount: TEXT_NAMES.length + ADDITION_NAMES.length,
  }
}

function strayWarnings(strays: readonly StrayCharacter[], sizes: readonly WorstCase[]): Warning[] {
  const seen = new Set<string>()
  return strays.flatMap((stray) => {
    const { line, character, word, path } = stray
    const once = `${line} ${character} ${word}`
    if (seen.has(once)) return []
    seen.add(once)
    const what = `the "${character}"${word ? ` of "${word}"` : ''}`
    const folds = foldToGsm7(character, { accents: true }).text !== character
    const mend = folds ? FOLD : 'no plain form is known; take it out'
    return [{ line, message: `${whereabouts(path)}: ${what} ${price(path, sizes)}`, mend }]
  })
}

/** "senators, Spanish" for a text; else the way to it: "program". */
function whereabouts(path: StrayCharacter['path']): string {
  const [top, language, kind, name] = path
  if (top !== 'languages') return path.join(' ')
  return `${name ?? kind}, ${languageWord(language as Language)}`
}

function price(path: StrayCharacter['path'], sizes: readonly WorstCase[]): string {
  const [top, language, kind, name] = path
  const size = sizes.find((each) => each.language === language && each.text === name)
  if (top !== 'languages' || kind !== 'texts' || !size) return 'doubles the price of each text it goes into'
  return size.segments > size.plain.segments
    ? `makes ${plural(size.plain.segments, 'segment')} ${size.segments}`
    : 'leaves 70 characters to a segment, not 160'
}

function sizeWarnings(sizes: readonly WorstCase[], lineOf: (path: (string | number)[]) => number): Warning[] {
  return sizes.flatMap(({ language, text, plain, longestFor }) => {
    const meant = SEGMENTS_MEANT[text] ?? SEGMENTS_MEANT_ELSE
    if (plain.segments <= meant) return []
    const at = longestFor === null ? '' : ` for ${longestFor}`
    const room = meant === 1 ? 160 : meant * 153
    const message = `${text}, ${languageWord(language)}: takes ${plural(plain.segments, 'segment')}${at}; ${meant} ${meant === 1 ? 'is' : 'are'} meant`
    const mend = `take out ${plural(plain.characters - room, 'character')}`
    return [{ line: lineOf(['languages', language, 'texts', text]), message, mend }]
  })
}

/** What each sentence that is put into other texts adds to them, with the space before it. */
export function additionSizes(action: Action): { language: Language; name: string; characters: number }[] {
  return action.languages.flatMap((language) =>
    ADDITION_NAMES.map((name) => {
      const words = action.wording[language].additions[name]
      return { language, name, characters: charactersOf(words) + 1 }
    }),
  )
}
