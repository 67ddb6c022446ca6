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

// West Wendover and Jackpot, Nevada keep the mountain clock, by law or by habit; about the others the table of ZIPs errs. Found by
// holding every ZIP in use against the borders of the zones (49 CFR part 71; in Arizona the Navajo Nation's), 2026-11-27. Daytime on
// both of their state's clocks.
const ZIPS_OF_BOTH_CLOCKS: ReadonlySet<string> = new Set(
  (
    '89825 89883 37337 37419 37854 40140 42603 42716 47532 47660 49807 57532 57601 58535 58568 58838 69165 79847 83522 ' +
    '86004 86016 86028 86040 86502'
  ).split(' '),
)

// Around Phenix City, Alabama clocks show Georgia's time by habit. The table knows it of the ZIPs beside these two. 2026-11-27
const GEORGIAS_TIME: ReadonlySet<string> = new Set(['36869', '36874'])

/**
 * The two zones in which it must be daytime before a blast may leave. One and the same where we are sure: by her ZIP first.
 * A ZIP whose zone no part of its state keeps (a habit, or a table errs) is paired with the state's; who votes in a state
 * where her ZIP is not gets the two ends of both places' clocks. A military ZIP says nothing of where she is, nor does the
 * state she votes in: the strictest pair, or a stricter one.
 */
export function zonesFor({ zip, state }: { zip: string | null; state: string | null }): Zones {
  const ofState = clocksOf(state === null ? [] : [state])
  if (zip === null) return endsOf(ofState)
  const regions: readonly string[] = regionsOf(zip)
  if (state !== null && regions.includes(state)) return endsOf(clocksOfZip(zip, ofState))
  return endsOf([...clocksOfZip(zip, clocksOf(regions)), ...ofState])
}

function clocksOf(regions: readonly string[]): string[] {
  return regions.flatMap((region) => (isRegion(region) ? [...ZONES_OF[region]] : []))
}

/** around: the clocks of the state the ZIP lies in. */
function clocksOfZip(zip: string, around: readonly string[]): readonly string[] {
  if (placeOf(zip).kind === 'military') return [EASTERN, PACIFIC]
  const zone = GEORGIAS_TIME.has(zip) ? EASTERN : zoneOfZip(zip)
  if (zone === null || ZIPS_OF_BOTH_CLOCKS.has(zip)) return around
  return around.length === 0 || around.some((other) => apart(zone, other) === 0)
    ? [zone]
    : [zone, furthest(zone, around)]
}

/** The two that are furthest apart: while it is day in both, it is day in those between. */
function endsOf(zones: readonly string[]): Zones {
  const [first] = zones
  if (first === undefined) return STRICTEST
  let ends = { zone: first, otherZone: first }
  for (const zone of zones) {
    const otherZone = furthest(zone, zones)
    if (apart(zone, otherZone) > apart(ends.zone, ends.otherZone)) ends = { zone, otherZone }
  }
  return ends
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

/**
 * How far two zones' clocks are apart, winter and summer added, so that a zone without summer time differs too. Clocks go round:
 * Guam's, 20 hours ahead of Hawaii's, shows 4 hours less.
 */
function apart(a: string, b: string): number {
  return SEASONS.reduce((sum, at) => {
    const minutes = Math.abs(offset(a, at) - offset(b, at))
    return sum + Math.min(minutes, DAY_MINUTES - minutes)
  }, 0)
}

const DAY_MINUTES = 24 * 60
const SEASONS = [Date.UTC(2026, 0, 15), Date.UTC(2026, 6, 15)] as const

function offset(zone: string, at: number): number {
  return IANAZone.create(zone).offset(at)
}

function isRegion(code: string): code is Region {
  return Object.hasOwn(ZONES_OF, code)
}
