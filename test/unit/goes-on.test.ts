import { goesOn, neverOpen } from '../../src/blast/goes-on.js'
import { zonesFor } from '../../src/congress/zones.js'

const window = { from: 9 * 60, to: 20 * 60 }
const waits = (zone: string, notBefore = '2026-11-27T00:00:00Z') => ({
  ...{ zone, otherZone: zone, notBefore: new Date(notBefore) },
})
const at = (iso: string) => new Date(iso)

test('in the evening a blast goes on with the first morning of those who wait', () => {
  const night = at('2026-11-28T04:00:00Z') // Friday, 23:00 in New York
  expect(goesOn([waits('America/Denver'), waits('America/Chicago')], night, window)).toEqual({
    at: at('2026-11-28T15:00:00Z'),
    zone: 'America/Chicago',
  })
})

test('on a Sunday it is noon', () => {
  expect(goesOn([waits('America/New_York')], at('2026-11-29T12:00:00Z'), window)?.at).toEqual(
    at('2026-11-29T17:00:00Z'),
  )
})

test('whose time is yet to come is waited for within hours too', () => {
  const due = waits('America/Denver', '2026-12-01T17:00:00Z')
  expect(goesOn([due], at('2026-12-01T16:00:00Z'), window)).toEqual({
    at: at('2026-12-01T17:00:00Z'),
    zone: 'America/Denver',
  })
})

test('while somebody may get it, or nobody waits, nothing is waited for', () => {
  const noon = at('2026-12-01T17:00:00Z')
  expect(goesOn([waits('America/New_York'), waits('Pacific/Honolulu')], noon, window)).toBeNull()
  expect(goesOn([], noon, window)).toBeNull()
})

test('whose two clocks share no hour of the window never gets it; by the usual one everybody in the country does', () => {
  const now = at('2026-12-01T17:00:00Z')
  const lives = (zip: string, state: string) => ({ ...zonesFor({ zip, state }), notBefore: now })
  const soldier = lives('96266', 'GU') // in Korea, by her ZIP anywhere
  const student = lives('15213', 'HI') // in Pittsburgh
  const neighbour = lives('15213', 'OH')
  const never = (from: number, to: number) =>
    neverOpen([soldier, student, neighbour], now, { from: from * 60, to: to * 60 })
  expect(never(9, 17)).toEqual([soldier])
  expect(never(14, 18)).toEqual([soldier, student])
  expect(never(9, 20)).toEqual([])
})
