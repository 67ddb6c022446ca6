import { hasPassed, planTimes } from '../../src/blast/schedule.js'
import { OperatorError } from '../../src/errors.js'

const zones = ['America/New_York', 'America/Chicago', 'America/Denver'].map((zone) => ({
  zone,
  otherZone: zone,
}))
const now = new Date('2026-11-24T15:00:00Z') // Tuesday, 10:00 in New York
const context = { now, window: { from: 9 * 60, to: 20 * 60 }, zones }
const plan = (at?: string, zone?: string, until?: string, more = {}) =>
  planTimes({ at, until, zone }, { ...context, ...more })

function refusal(...args: Parameters<typeof plan>): string {
  try {
    plan(...args)
  } catch (error) {
    if (error instanceof OperatorError) return error.message
    throw error
  }
  return 'accepted'
}

test("a time without a zone is each person's own, and the first instant is that of the easternmost", () => {
  expect(plan('2026-12-01 10:00')).toMatchObject({
    ...{ zone: 'local', startsAt: null, startsLocal: '2026-12-01T10:00:00' },
    firstAt: new Date('2026-12-01T15:00:00Z'),
  })
})

test('whose two zones differ waits for the later one', () => {
  const pair = [{ zone: 'America/New_York', otherZone: 'America/Los_Angeles' }]
  expect(plan('2026-12-01 12:00', undefined, undefined, { zones: pair }).firstAt).toEqual(
    new Date('2026-12-01T20:00:00Z'),
  )
})

test.each([
  ['2026-12-01 10:00', 'America/Chicago', '2026-12-01T16:00:00.000Z'],
  ['2026-12-01T10:00-05:00', undefined, '2026-12-01T15:00:00.000Z'],
  ['2026-12-01T15:00Z', undefined, '2026-12-01T15:00:00.000Z'],
  ['+15m', undefined, '2026-11-24T15:15:00.000Z'],
  ['+2h', undefined, '2026-11-24T17:00:00.000Z'],
  ['+1d', undefined, '2026-11-25T15:00:00.000Z'],
])('%s in %s is one instant', (at, zone, instant) => {
  expect(plan(at, zone).startsAt?.toISOString()).toBe(instant)
})

test('now is as soon as it is agreed to', () => {
  expect(plan('now')).toMatchObject({ startsAt: null, startsLocal: null, firstAt: null })
})

test('the clocks change in between: ten is ten on the wall', () => {
  const summer = { now: new Date('2026-10-30T15:00:00Z') }
  expect(plan('2026-10-31 12:00', undefined, undefined, summer).firstAt).toEqual(
    new Date('2026-10-31T16:00:00Z'),
  )
  expect(plan('2026-11-02 12:00', undefined, undefined, summer).firstAt).toEqual(
    new Date('2026-11-02T17:00:00Z'),
  )
})

test('an hour that the clocks skip moves forward', () => {
  const spring = { now: new Date('2027-03-13T15:00:00Z'), window: { from: 0, to: 24 * 60 } }
  expect(plan('2027-03-14 02:30', 'America/New_York', undefined, spring).startsAt).toEqual(
    new Date('2027-03-14T07:30:00Z'),
  )
})

test('a time at night is refused with half an hour before the close and the next opening', () => {
  expect(refusal('2026-12-01 21:30')).toBe(
    '--at 21:30 is outside 09:00-20:00, when texts may leave. Nearest: --at "2026-12-01 19:30" or --at "2026-12-02 09:00".',
  )
})

test.each([
  ['2026-12-02 05:00', '--at "2026-12-02 09:00" or --at "2026-12-01 19:30"'],
  ['2026-11-29 10:00', '--at "2026-11-29 12:00" or --at "2026-11-28 19:30"'],
  ['2026-11-29 23:30', '--at "2026-11-29 19:30" or --at "2026-11-30 09:00"'],
  ['2026-11-25 01:00', '--at "2026-11-24 19:30" or --at "2026-11-25 09:00"'],
])('%s is refused with the times around it, the nearer one first', (at, nearest) => {
  expect(refusal(at)).toContain(` Nearest: ${nearest}.`)
  expect(refusal(at, 'America/New_York')).toContain(` Nearest: ${nearest}.`)
})

test('what is over already is no time to go', () => {
  const night = { now: new Date('2026-11-25T03:00:00Z') } // 22:00 in New York
  expect(refusal('2026-11-24 23:00', undefined, undefined, night)).toMatch(
    / Nearest: --at "2026-11-25 09:00"\.$/,
  )
})

test('a time that the clocks skip is told as it was typed', () => {
  const spring = { now: new Date('2027-03-12T15:00:00Z') }
  for (const zone of [undefined, 'America/New_York'])
    expect(refusal('2027-03-14 02:30', zone, undefined, spring)).toBe(
      '--at 02:30 is outside 09:00-20:00, when texts may leave (Sundays from 12:00). Nearest: --at "2027-03-13 19:30" or --at "2027-03-14 12:00".',
    )
})

test('on a Sunday texts leave from noon', () => {
  expect(refusal('2026-11-29 10:00')).toContain('(Sundays from 12:00)')
  expect(refusal('2026-11-29 10:00')).toContain('--at "2026-11-29 12:00"')
  expect(refusal('2026-11-29 12:00')).toBe('accepted')
})

test('what is past is refused with the next moment that is not', () => {
  expect(refusal('2026-11-23 10:00')).toMatch(
    /^--at 2026-11-23 10:00 is past. Nearest: --at "2026-11-24 1\d:\d\d"/,
  )
  // Past in the east alone: in the west it is yet to come.
  expect(refusal('2026-11-24 09:00')).toBe('accepted')
})

test('without a window every hour will do', () => {
  expect(refusal('2026-12-01 03:00', undefined, undefined, { window: { from: 0, to: 1440 } })).toBe(
    'accepted',
  )
})

test.each([
  ['10:00', '--at "10:00" has no day.'],
  ['2026-12-01', '--at "2026-12-01" has no time of day.'],
  ['2026-02-30 10:00', '--at "2026-02-30 10:00" is no time.'],
  ['2026-12-01 25:00', 'is no time.'],
  ['next week', '--at "next week" is no time. Write it like'],
  ['2029-12-01 10:00', 'is over a year ahead'],
  ['+999999d', 'is over a year ahead'],
])('%s is no time to send', (at, words) => {
  expect(refusal(at)).toContain(words)
})

test('the end comes after the start', () => {
  expect(refusal('2026-12-01 10:00', undefined, '2026-12-01 09:30')).toContain('--until must be after --at')
  expect(refusal('+15m', undefined, '+15m')).toContain('--until must be after --at')
  expect(refusal(undefined, undefined, '2026-11-20 10:00')).toContain('--until is past')
  expect(plan('2026-12-01 10:00', undefined, '2026-12-01 18:00').untilLocal).toBe('2026-12-01T18:00:00')
})

test('a zone by its everyday name is refused with the right one', () => {
  expect(refusal('2026-12-01 10:00', 'eastern')).toContain('Did you mean America/New_York?')
  expect(refusal('2026-12-01 10:00', 'Mars/Olympus')).toContain("It is local (each person's own clock)")
})

test('a schedule has passed when no clock is before it any more, an hour of grace given', () => {
  const times = plan('2026-12-01 10:00')
  expect(hasPassed(times, zones, new Date('2026-12-01T17:30:00Z'))).toBe(false)
  expect(hasPassed(times, zones, new Date('2026-12-01T18:30:00Z'))).toBe(true)
  expect(hasPassed(plan('now'), zones, new Date('2027-12-01T18:30:00Z'))).toBe(false)
})
