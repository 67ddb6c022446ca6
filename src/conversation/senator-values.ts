import { SWITCHBOARD, type Congress, type StateCode } from '../congress/congress.js'
import { placeOf, type Place } from '../congress/zip.js'
import type { Language } from './action.js'
import { stateName, zipOrBlank } from './phrases.js'

/** Her state, ZIP and both senators as texts name them. A seat may be vacant for some weeks: the switchboard knows more. */
export function senatorValues(
  congress: Congress,
  state: StateCode,
  zip: string | null,
  language: Language,
): Record<string, string> {
  const [first, second] = congress.senatorsOf(state)
  const vacant = {
    name: language === 'en' ? '(seat vacant)' : '(vacante)',
    last: '(vacant)',
    phone: SWITCHBOARD,
  }
  const a = first ?? vacant
  const b = second ?? vacant
  return {
    state: stateName(state, language),
    zip: zipOrBlank(zip !== null && !liesElsewhere(placeOf(zip), state) ? zip : null),
    ...{ sen1: a.name, phone1: a.phone, last1: a.last },
    ...{ sen2: b.name, phone2: b.phone, last2: b.last },
  }
}

/** A staffer would wonder at a ZIP of another state, and at a military address, which is in none. A mere guess gives way to her word. */
function liesElsewhere(place: Place, state: StateCode): boolean {
  switch (place.kind) {
    case 'state':
      return place.exact && place.state !== state
    case 'border':
      return !place.states.includes(state)
    case 'dc':
    case 'territory':
    case 'military':
      return true
    case 'unknown':
      return false
  }
}
