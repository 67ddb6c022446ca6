import { IANAZone } from 'luxon'
import type { Region } from './congress.js'
import { placeOf, zoneOfZip } from './zip.js'

export type Zones = { zone: string; otherZone: string }

const EASTERN = 'America/New_York'
const CENTRAL = 'America/Chicago'
const MOUNTAIN = 'America/Denver'
const PACIFIC = 'America/Los_Angeles'

/** A text leaves only while both zones are within hours, so the ends of the mainland are the strictest pair. */
export const STRICTEST: Readonly<Zones> = { zone: EASTERN, otherZone: PACIFIC }

/** The zone of each place, or the two ends of one that has several. */
const ZONES_OF: Readonly<Record<Region, readonly [string] | readonly [string, string]>> = {
  AL: [CENTRAL],
  AK: ['America/Anchorage', 'America/Adak'],
  AZ: ['America/Phoenix', MOUNTAIN], // the Navajo Nation keeps summer time
  AR: [CENTRAL],
  CA: [PACIFIC],
  CO: [MOUNTAIN],
  CT: [EASTERN],
  DE: [EASTERN],
  FL: [EASTERN, CENTRAL],
  GA: [EASTERN],
  HI: ['Pacific/Honolulu'],
  ID: [MOUNTAIN, PACIFIC],
  IL: [CENTRAL],
  IN: [EASTERN, CENTRAL],
  IA: [CENTRAL],
  KS: [CENTRAL, MOUNTAIN],
  KY: [EASTERN, CENTRAL],
  LA: [CENTRAL],
  ME: [EASTERN],
  MD: [EASTERN],
  MA: [EASTERN],
  MI: [EASTERN, CENTRAL],
  MN: [CENTRAL],
  MS: [CENTRAL],
  MO: [CENTRAL],
  MT: [MOUNTAIN],
  NE: [CENTRAL, MOUNTAIN],
  NV: [PACIFIC, MOUNTAIN], // West Wendover and Jackpot
  NH: [EASTERN],
  NJ: [EASTERN],
  NM: [MOUNTAIN],
  NY: [EASTERN],
  NC: [EASTERN],
  ND: [CENTRAL, MOUNTAIN],
  OH: [EASTERN],
  OK: [CENTRAL],
  OR: [PACIFIC, MOUNTAIN],
  PA: [EASTERN],
  RI: [EASTERN],
  SC: [EASTERN],
  SD: [CENTRAL, MOUNTAIN],
  TN: [CENTRAL, EASTERN],
  TX: [CENTRAL, MOUNTAIN],
  UT: [MOUNTAIN],
  VT: [EASTERN],
  VA: [EASTERN],
  WA: [PACIFIC],
  WV: [EASTERN],
  WI: [CENTRAL],
  WY: [MOUNTAIN],
  DC: [EASTERN],
  PR: ['America/Puerto_Rico'],
  VI: ['America/St_Thomas'],
  GU: ['Pacific/Guam'],
  AS: ['Pacific/Pago_Pago'],
  MP: ['Pacific/Saipan'],
}

// On the mountain clock by law or by habit, whatever the table says: daytime on both of their state's clocks.
const ZIPS_OF_BOTH_CLOCKS: ReadonlySet<string> = new Set(['89825', '89883']) // Jackpot and West Wendover, Nevada

/**
 * The two zones in which it must be daytime before a blast may leave. One and the same where we are sure. By her ZIP
 * first; a ZIP whose zone no part of her state keeps (she votes elsewhere, or a table errs) is paired with the state's.
 * A military ZIP says nothing of where she is, nor does the state she votes in: the strictest pair, or a stricter one.
 */
export function zonesFor(place: { zip: string | null; state: string | null }): Zones {
  const ofZip = place.zip === null || ZIPS_OF_BOTH_CLOCKS.has(place.zip) ? null : zoneOfZip(place.zip)
  const states = place.state ? [place.state] : place.zip ? regionsOf(place.zip) : []
  const ofState = states.flatMap((state) => (isRegion(state) ? [...ZONES_OF[state]] : []))
  if (place.zip !== null && placeOf(place.zip).kind === 'military')
    return endsOf([EASTERN, PACIFIC, ...ofState])
  if (ofZip === null) return endsOf(ofState)
  if (ofState.length === 0 || ofState.some((zone) => isSameTime(zone, ofZip)))
    return { zone: ofZip, otherZone: ofZip }
  return { zone: ofZip, otherZone: furthest(ofZip, ofState) }
}

function endsOf(zones: readonly string[]): Zones {
  const [zone] = zones
  return zone === undefined ? STRICTEST : { zone, otherZone: furthest(zone, zones) }
}

function regionsOf(zip: string): readonly Region[] {
  const place = placeOf(zip)
  switch (place.kind) {
    case 'state':
      return [place.state]
    case 'border':
      return place.states
    case 'dc':
      return ['DC']
    case 'territory':
      return [place.place]
    case 'military':
    case 'unknown':
      return []
  }
}

function furthest(from: string, zones: readonly string[]): string {
  return zones.reduce((best, zone) => (apart(from, zone) > apart(from, best) ? zone : best))
}

/** How far two zones' clocks are apart, winter and summer added, so that a zone without summer time differs too. */
function apart(a: string, b: string): number {
  return SEASONS.reduce((sum, at) => sum + Math.abs(offset(a, at) - offset(b, at)), 0)
}

function isSameTime(a: string, b: string): boolean {
  return apart(a, b) === 0
}

const SEASONS = [Date.UTC(2026, 0, 15), Date.UTC(2026, 6, 15)] as const

function offset(zone: string, at: number): number {
  return IANAZone.create(zone).offset(at)
}

function isRegion(code: string): code is Region {
  return Object.hasOwn(ZONES_OF, code)
}
