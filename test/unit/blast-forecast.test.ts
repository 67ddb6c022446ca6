import { forecast, type Crowd } from '../../src/blast/forecast.js'
import type { BlastTimes } from '../../src/db/blasts.js'

const NO_TIMES: BlastTimes = {
  ...{ zone: 'local', atTyped: null, startsAt: null, startsLocal: null, firstAt: null },
  ...{ untilTyped: null, untilAt: null, untilLocal: null },
}
const rules = {
  window: { from: 9 * 60, to: 20 * 60 },
  segmentsPerSecond: 100,
  now: new Date('2026-11-30T15:00:00Z'),
  canary: 0,
}
const crowd = (state: string, zone: string, people: number): Crowd => ({
  state,
  zone,
  otherZone: zone,
  people,
  segments: people * 2,
})
const at = (startsLocal: string, until: string | null = null) => ({
  ...NO_TIMES,
  startsLocal,
  untilLocal: until,
})

test('each zone begins at its own ten, and ends as soon as the rate allows', () => {
  const plan = forecast(
    [crowd('WV', 'America/New_York', 30_000), crowd('AL', 'America/Chicago', 60_000)],
    at('2026-12-01T10:00:00'),
    rules,
  )
  expect(plan.crowds.map(({ first, last }) => [first?.toISOString(), last?.toISOString()])).toEqual([
    ['2026-12-01T15:00:00.000Z', '2026-12-01T15:10:00.000Z'],
    ['2026-12-01T16:00:00.000Z', '2026-12-01T16:20:00.000Z'],
  ])
  expect(plan.hours).toEqual([
    { at: new Date('2026-12-01T15:00:00Z'), people: 30_000 },
    { at: new Date('2026-12-01T16:00:00Z'), people: 60_000 },
  ])
})

test('what an evening does not hold goes on the next day at nine, and nobody is told a time at night', () => {
  const plan = forecast([crowd('NM', 'America/Denver', 1_000_000)], at('2026-12-01T18:00:00'), rules)
  expect(plan.crowds[0]).toMatchObject({ first: new Date('2026-12-02T01:00:00Z'), expired: 0 })
  // 20,000 s: two hours in the evening, the rest from nine on.
  expect(plan.crowds[0]?.last).toEqual(new Date('2026-12-02T19:33:20Z'))
  for (const { at: hour } of plan.hours) expect([1, 2, 16, 17, 18, 19]).toContain(hour.getUTCHours())
  expect(plan.hours.reduce((sum, { people }) => sum + people, 0)).toBeCloseTo(1_000_000, -1)
})

test('on the day the clocks change ten is ten on the wall', () => {
  const plan = forecast([crowd('WV', 'America/New_York', 100)], at('2026-11-01T12:00:00'), {
    ...rules,
    now: new Date('2026-10-31T15:00:00Z'),
  })
  expect(plan.crowds[0]?.first).toEqual(new Date('2026-11-01T17:00:00Z'))
})

test('who cannot get it before it expires is counted', () => {
  const plan = forecast(
    [crowd('WV', 'America/New_York', 30_000)],
    at('2026-12-01T10:00:00', '2026-12-01T10:05:00'),
    rules,
  )
  expect(plan.crowds[0]?.expired).toBe(15_000)
})

test('in two zones both must be open', () => {
  const plan = forecast(
    [{ ...crowd('??', 'America/New_York', 10), otherZone: 'America/Los_Angeles' }],
    at('2026-12-01T09:00:00'),
    rules,
  )
  expect(plan.crowds[0]?.first).toEqual(new Date('2026-12-01T17:00:00Z'))
})

test('an audience of nobody takes no time', () => {
  expect(forecast([], at('2026-12-01T10:00:00'), rules)).toEqual({ crowds: [], hours: [] })
})

test('a canary goes first, and everybody else is told the time after its ten minutes', () => {
  const plan = forecast(
    [crowd('WV', 'America/New_York', 30_000), crowd('AL', 'America/Chicago', 60_000)],
    at('2026-12-01T10:00:00'),
    { ...rules, canary: 900 },
  )
  // 900 people take 18 s of the first minute; then ten minutes of watching; then 29,100 people at 50 a second.
  expect(plan.crowds[0]).toMatchObject({
    first: new Date('2026-12-01T15:00:00Z'),
    last: new Date('2026-12-01T15:20:42Z'),
  })
  expect(plan.crowds[1]?.first).toEqual(new Date('2026-12-01T16:00:00Z'))
  expect(plan.hours.reduce((sum, { people }) => sum + people, 0)).toBe(90_000)
})

test('whose two clocks share no hour of the window is told as too late, and holds nobody up', () => {
  const soldier = { ...crowd('GU', 'America/New_York', 3), otherZone: 'Pacific/Guam' }
  const plan = forecast([soldier, crowd('WV', 'America/New_York', 10)], at('2026-12-01T10:00:00'), {
    ...rules,
    window: { from: 9 * 60, to: 17 * 60 },
  })
  expect(plan.crowds).toMatchObject([{ first: null, expired: 3 }, { expired: 0 }])
})
