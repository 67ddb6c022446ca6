import { STATE_NAMES, type Region, type StateCode } from '../congress/congress.js'
import type { Language } from './action.js'

// Said in Spanish only where Spanish speakers in the US do so. Oregon and Hawaii would need an accent that GSM-7 lacks.
const SPANISH_STATE_NAMES: Partial<Record<StateCode, string>> = {
  LA: 'Luisiana',
  NJ: 'Nueva Jersey',
  NM: 'Nuevo México',
  NY: 'Nueva York',
  NC: 'Carolina del Norte',
  ND: 'Dakota del Norte',
  PA: 'Pensilvania',
  SC: 'Carolina del Sur',
  SD: 'Dakota del Sur',
  WV: 'Virginia Occidental',
}

// English opens a sentence with the name, Spanish has it after "en".
const PLACE_NAMES: Record<Exclude<Region, StateCode>, Record<Language, string>> = {
  DC: { en: 'Washington, DC', es: 'Washington, DC' },
  PR: { en: 'Puerto Rico', es: 'Puerto Rico' },
  VI: { en: 'The U.S. Virgin Islands', es: 'las Islas Vírgenes de EE.UU.' },
  GU: { en: 'Guam', es: 'Guam' },
  AS: { en: 'American Samoa', es: 'Samoa Americana' },
  MP: { en: 'The Northern Mariana Islands', es: 'las Islas Marianas del Norte' },
}

/** KY -> Kentucky; WV -> Virginia Occidental. */
export function stateName(code: StateCode, language: Language): string {
  return (language === 'es' ? SPANISH_STATE_NAMES[code] : undefined) ?? STATE_NAMES[code]
}

/** A state, DC or a territory, as {{place}} and {{state}} say it. */
export function placeName(code: Region, language: Language): string {
  return isPlace(code) ? PLACE_NAMES[code][language] : stateName(code, language)
}

/** Whom a place without senators sends to Congress: fits "your ..." and "tu ...". */
export function delegateName(code: Exclude<Region, StateCode>, language: Language): string {
  if (language === 'es') return 'representante'
  return code === 'PR' ? 'resident commissioner' : 'delegate'
}

/** Kentucky and Tennessee; Kentucky y Tennessee; Montana, South Dakota and Wyoming. */
export function places(states: readonly StateCode[], language: Language): string {
  const names = states.map((state) => stateName(state, language))
  const last = names.at(-1) ?? ''
  if (names.length < 2) return last
  const and = language === 'en' ? 'and' : startsWithI(last) ? 'e' : 'y'
  return `${names.slice(0, -1).join(', ')} ${and} ${last}`
}

/** "1 for KY, 2 for TN"; "1 Kentucky, 2 Tennessee". */
export function choices(states: readonly StateCode[], language: Language): string {
  return states
    .map((state, index) =>
      language === 'en' ? `${index + 1} for ${state}` : `${index + 1} ${stateName(state, 'es')}`,
    )
    .join(', ')
}

/** 1st, 2nd, 3rd, 11th, 212th, 212,345th. */
export function ordinal(n: number): string {
  const tens = n % 100
  const ending = tens >= 11 && tens <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th')
  return `${withCommas(n)}${ending}`
}

/** How many calls, as {{tally}} says it: 212th; 212. */
export function tally(n: number, language: Language): string {
  return language === 'en' ? ordinal(n) : withCommas(n)
}

/** Her ZIP as the script says it; where we know only her state she reads her own out: (ZIP). */
export function zipOrBlank(zip: string | null): string {
  return zip ?? '(ZIP)'
}

function isPlace(code: Region): code is Exclude<Region, StateCode> {
  return Object.hasOwn(PLACE_NAMES, code)
}

/** Spanish says "e" for "and" before the sound of i: Idaho, Illinois, Indiana, Iowa. */
function startsWithI(name: string): boolean {
  return /^i/i.test(name)
}

function withCommas(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ',')
}
