import type { TextName } from './text-names.js'

/** Every text knows these: they come from the action file and the sender. */
export const COMMON_VARIABLES = [
  'program',
  'org',
  'bill',
  'bill_long',
  'ask',
  'ask_en',
  'frequency',
  'contact',
  'keyword',
  'short_code',
  'switchboard',
] as const

const SENATORS = ['state', 'zip', 'sen1', 'phone1', 'sen2', 'phone2', 'last1', 'last2'] as const

/** What a text knows besides. Whoever sends it must give every one of these: the wording may use any. */
export const TEXT_VARIABLES = {
  welcome: [],
  already: [],
  senators: SENATORS,
  senators_guess: SENATORS,
  border: ['zip', 'places', 'choices'],
  dc: [],
  territory: ['place', 'delegate'],
  military: ['zip'],
  zip_first: [],
  zip_two: [],
  zip_photo: [],
  zip_third: [],
  which: ['last1', 'last2'],
  thanks_next: ['tally', 'state', 'sen', 'phone'],
  thanks_first: ['state', 'sen', 'phone'],
  thanks_done: ['tally', 'state'],
  busy: ['last', 'city', 'phone'],
  busy_again: ['last', 'phone'],
  wrong: ['last'],
  help: [],
  stop: [],
  start: [],
  stranger: [],
  did_you_mean: [],
  unclear: [],
  forget_ask: [],
  forget_done: [],
  nudge: [],
  invite: [],
  less: [],
  more: [],
  language: [],
  ack: [],
} as const satisfies Record<TextName, readonly string[]>

/** What the wording of a blast may use: the action's own words and the person's two senators. */
export const BLAST_VARIABLES = [
  'program',
  'org',
  'bill',
  'bill_long',
  'ask',
  'ask_en',
  'keyword',
  'short_code',
  ...SENATORS,
] as const

/** The variables a text of the action file may use. */
export function variablesOf(name: TextName): readonly string[] {
  return [...COMMON_VARIABLES, ...TEXT_VARIABLES[name]]
}

/** Every variable there is anywhere: tells a slip of the pen from a variable in the wrong text. */
export const ALL_VARIABLES: readonly string[] = [
  ...new Set([...COMMON_VARIABLES, ...Object.values(TEXT_VARIABLES).flat()]),
]
