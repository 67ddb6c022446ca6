import { IANAZone } from 'luxon'
import { isOpen } from '../../src/compliance/quiet-hours.js'
import { BORDER_ZIPS } from '../../src/congress/border-zips.js'
import { STATE_CODES, TERRITORY_NAMES } from '../../src/congress/congress.js'
import { zoneName } from '../../src/commands/stamps.js'
import { zoneOfZip } from '../../src/congress/zip.js'
import { STRICTEST, zonesFor } from '../../src/congress/zones.js'

const both = (zone: string, otherZone = zone) => ({ zone, otherZone })

const REGIONS = [...STATE_CODES, 'DC', ...Object.keys(TERRITORY_NAMES)]
const ELSEWHERE = [
  ...[
    ['15213', 'PA'],
    ['60601', 'IL'],
    ['79901', 'TX'],
    ['83522', 'ID'],
    ['86004', 'AZ'],
    ['89883', 'NV'],
  ],
  ...[
    ['99546', 'AK'],
    ['96813', 'HI'],
    ['96910', 'GU'],
    ['00901', 'PR'],
    ['36867', 'AL'],
  ],
] as [string, string][]
const HOURS = ['2026-01-14', '2026-07-15'].flatMap((day) =>
  Array.from({ length: 24 }, (_, hour) => new Date(`${day}T${String(hour).padStart(2, '0')}:30:00Z`)),
)
const known = new Map<string, boolean[]>()

/** In which of those hours a text may leave to her, from nine to eight. */
function openHours(place: { zip: string | null; state: string | null }): boolean[] {
  const zones = zonesFor(place)
  const pair = `${zones.zone} ${zones.otherZone}`
  const hours = known.get(pair) ?? HOURS.map((at) => isOpen(at, zones, { from: 9 * 60, to: 20 * 60 }))
  known.set(pair, hours)
  return hours
}

describe('the zones in which it must be daytime', () => {
  test.each([
    ['a person in Bessemer keeps Central time', '35020', 'AL', both('America/Chicago')],
    ['a person in Phoenix keeps no summer time', '85016', 'AZ', both('America/Phoenix')],
    ['a person of the Navajo Nation does', '86515', 'AZ', both('America/Denver')],
    ['a person in El Paso keeps Mountain time', '79901', 'TX', both('America/Denver')],
    ['a person in Pensacola keeps Central time', '32501', 'FL', both('America/Chicago')],
    ['a person in San Juan never changes the clock', '00901', 'PR', both('America/Puerto_Rico')],
    ['a person in Guam is a day ahead', '96910', 'GU', both('Pacific/Guam')],
    ['a person in Adak is behind Anchorage', '99546', 'AK', both('America/Adak')],
    ['only the ZIP is known', '35020', null, both('America/Chicago')],
    ['a border ZIP before she said which state', '42223', null, both('America/Chicago')],
    ['a border ZIP in another zone than her state', '42223', 'TN', both('America/Chicago')],
    [
      'Phenix City, Alabama keeps Georgia time by habit',
      '36867',
      'AL',
      both('America/New_York', 'America/Chicago'),
    ],
    ['a table errs about Mesquite, Nevada', '89024', 'NV', both('America/Phoenix', 'America/Los_Angeles')],
    [
      'a student in Alabama who votes in California',
      '35020',
      'CA',
      both('America/Chicago', 'America/Los_Angeles'),
    ],
    ['a ZIP known by its prefix only', '33201', 'FL', both('America/New_York', 'America/Chicago')],
    ['a state with one zone, no ZIP', null, 'OH', both('America/New_York')],
    ['a state with two zones, no ZIP', null, 'TN', both('America/Chicago', 'America/New_York')],
    ['DC', null, 'DC', both('America/New_York')],
    ["West Wendover, on its neighbours' clock", '89883', 'NV', both('America/Los_Angeles', 'America/Denver')],
    ['a table errs about Chattanooga', '37419', 'TN', both('America/Chicago', 'America/New_York')],
    ['a table errs about Flagstaff', '86004', 'AZ', both('America/Phoenix', 'America/Denver')],
    ['a table errs about Cottonwood, Idaho', '83522', 'ID', both('America/Denver', 'America/Los_Angeles')],
    [
      "Smiths Station by Phenix City keeps Georgia's time too",
      '36874',
      'AL',
      both('America/New_York', 'America/Chicago'),
    ],
    ['nothing is known', null, null, STRICTEST],
    ['a ZIP that does not exist', '00000', null, STRICTEST],
    ['a state that does not exist', null, 'XX', STRICTEST],
    ['a sailor, wherever she is', '09501', 'OH', STRICTEST],
    ['a sailor who votes in Hawaii', '96601', 'HI', both('America/New_York', 'Pacific/Honolulu')],
    ['a sailor who votes in San Juan', '09501', 'PR', both('America/Los_Angeles', 'America/Puerto_Rico')],
    [
      'she lives in Pittsburgh and votes in Hawaii',
      '15213',
      'HI',
      both('America/New_York', 'Pacific/Honolulu'),
    ],
    [
      'she lives in Chicago and votes in Florida, nobody knows in which part',
      '60601',
      'FL',
      both('America/Chicago', 'America/New_York'),
    ],
    [
      'she lives in West Wendover and votes in New York: the two ends of three',
      '89883',
      'NY',
      both('America/Los_Angeles', 'America/New_York'),
    ],
    [
      'a ZIP known by its prefix only, and a vote elsewhere',
      '33201',
      'CA',
      both('America/New_York', 'America/Los_Angeles'),
    ],
  ])('%s', (_, zip, state, zones) => {
    expect(zonesFor({ zip, state })).toEqual(zones)
  })

  test('every state, territory and border ZIP has zones that exist', () => {
    const places = [
      ...[...STATE_CODES, 'DC', ...Object.keys(TERRITORY_NAMES)].map((state) => ({ zip: null, state })),
      ...[...BORDER_ZIPS.keys()].map((zip) => ({ zip, state: null })),
    ]
    for (const place of places)
      for (const zone of Object.values(zonesFor(place))) expect(IANAZone.isValidZone(zone)).toBe(true)
  })

  test('a person in a border ZIP is never texted by a clock that is not hers', () => {
    for (const [zip, states] of BORDER_ZIPS)
      for (const state of states) expect(Object.values(zonesFor({ zip, state }))).toContain(zoneOfZip(zip))
  })

  test('whoever votes elsewhere is texted only when it is day by her ZIP and by the state she votes in', () => {
    for (const [zip, home] of ELSEWHERE)
      for (const state of REGIONS.filter((region) => region !== home)) {
        const [here, there] = [openHours({ zip, state: null }), openHours({ zip: null, state })]
        const both = here.map((isOpenHere, hour) => isOpenHere && there[hour])
        expect([zip, state, openHours({ zip, state })]).toEqual([zip, state, both])
      }
  })

  test('whatever five digits she sends, both zones exist', () => {
    for (let zip = 0; zip < 100_000; zip += 101)
      for (const zone of Object.values(zonesFor({ zip: String(zip).padStart(5, '0'), state: null })))
        expect(IANAZone.isValidZone(zone)).toBe(true)
  })
})

test('a clock is called as it is called at that moment, not as it was in 1970', () => {
  const at = new Date('2026-11-25T15:00:00Z')
  expect(zoneName('America/Menominee', at)).toBe('Central') // ZIP 49801
  expect(zoneName('America/Chicago', at)).toBe('Central')
  expect(zoneName('America/Menominee', new Date(0))).toBe('Eastern')
})
