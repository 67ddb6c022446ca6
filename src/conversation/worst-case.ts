import { charactersOf, plainForm, segmentsOf } from '../compliance/segments.js'
import { BORDER_ZIPS } from '../congress/border-zips.js'
import { STATE_CODES, TERRITORY_NAMES, type Congress, type Territory } from '../congress/congress.js'
import type { Action, Language } from './action.js'
import { choices, delegateName, placeName, places, stateName, tally } from './phrases.js'
import { renderText, type Values } from './render.js'
import { TEXT_NAMES, type TextName } from './text-names.js'

/** How big one text gets, whoever it goes to. */
export type WorstCase = {
  language: Language
  text: TextName
  characters: number
  segments: number
  /** What they would be without characters outside GSM-7. */
  plain: { characters: number; segments: number }
  /** The state, territory or ZIP for which it is longest; null: it is the same for everybody. */
  longestFor: string | null
  body: string
}

type Sample = { of: string | null; vars: Values }

// More calls than any state will report, so that no tally is longer.
const LARGE_TALLY = 212_345
const ANY_ZIP = '35020'

/** Every text in every language of the action, at its longest: all states, offices, border ZIPs and a large tally. */
export function worstCases(action: Action, congress: Congress, shortCode: string): WorstCase[] {
  return action.languages.flatMap((language) => {
    const samples = samplesOf(congress, language)
    return TEXT_NAMES.map((text) => {
      const rendered = samples(text).map(({ of, vars }) => ({
        of,
        body: renderText(action, language, text, vars, { shortCode }),
      }))
      const longest = rendered.reduce((a, b) => (sizeOf(b.body) > sizeOf(a.body) ? b : a))
      const plain = plainForm(longest.body)
      return {
        language,
        text,
        characters: charactersOf(longest.body),
        segments: segmentsOf(longest.body),
        plain: { characters: charactersOf(plain), segments: segmentsOf(plain) },
        longestFor: longest.of,
        body: longest.body,
      }
    })
  })
}

function sizeOf(body: string): number {
  return segmentsOf(body) * 10_000 + charactersOf(body)
}

/** Leaves out whoever cannot be the longest: somebody else's values are each at least as long. */
function candidates(samples: readonly Sample[]): readonly Sample[] {
  const measured = samples
    .map((sample) => ({ sample, lengths: Object.values(sample.vars).map((value) => value.length) }))
    .sort((a, b) => total(b.lengths) - total(a.lengths))
  const kept: typeof measured = []
  for (const one of measured)
    if (!kept.some((other) => one.lengths.every((length, index) => length <= (other.lengths[index] ?? 0))))
      kept.push(one)
  return kept.map(({ sample }) => sample)
}

function total(lengths: readonly number[]): number {
  return lengths.reduce((sum, length) => sum + length, 0)
}

/** The values a text may be sent with, as the conversation fills them. */
function samplesOf(congress: Congress, language: Language): (text: TextName) => readonly Sample[] {
  const pairs = candidates(
    STATE_CODES.flatMap((code) => {
      const [first, second] = congress.senatorsOf(code)
      if (!first || !second) return []
      const vars = {
        state: stateName(code, language),
        zip: ANY_ZIP,
        sen1: first.name,
        phone1: first.phone,
        last1: first.last,
        sen2: second.name,
        phone2: second.phone,
        last2: second.last,
      }
      return [{ of: code, vars }]
    }),
  )
  const seats = candidates(
    congress.senators.map((senator) => ({
      of: senator.state,
      vars: {
        state: stateName(senator.state, language),
        tally: tally(LARGE_TALLY, language),
        sen: senator.name,
        last: senator.last,
        phone: senator.phone,
      },
    })),
  )
  const offices = candidates(
    congress.senators.flatMap((senator) =>
      senator.offices.map(({ city, phone }) => ({
        of: senator.state,
        vars: { last: senator.last, city, phone },
      })),
    ),
  )
  const borders = candidates(
    [...BORDER_ZIPS].map(([zip, states]) => ({
      of: zip,
      vars: { zip, places: places(states, language), choices: choices(states, language) },
    })),
  )
  const territories = (Object.keys(TERRITORY_NAMES) as Territory[]).map((code) => ({
    of: code,
    vars: { place: placeName(code, language), delegate: delegateName(code, language) },
  }))
  const table: Partial<Record<TextName, readonly Sample[]>> = {
    senators: pairs,
    senators_guess: pairs,
    which: pairs,
    thanks_next: seats,
    thanks_first: seats,
    thanks_done: seats,
    busy: offices,
    busy_again: seats,
    wrong: seats,
    border: borders,
    territory: territories,
    military: [{ of: null, vars: { zip: ANY_ZIP } }],
  }
  return (text) => {
    const samples = table[text]
    return samples && samples.length > 0 ? samples : [{ of: null, vars: {} }]
  }
}
