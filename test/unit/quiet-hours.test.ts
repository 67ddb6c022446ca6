import { isOpen, nextClaim, nextOpen, secondsUntilClose } from '../../src/compliance/quiet-hours.js'

const WINDOW = { from: 9 * 60, to: 20 * 60 }
const ALWAYS = { from: 0, to: 24 * 60 }
const alabama = { zone: 'America/Chicago', otherZone: 'America/Chicago' }
const unknown = { zone: 'America/New_York', otherZone: 'America/Los_Angeles' }
const at = (text: string) => new Date(text)

test('in Alabama the day runs from nine to eight', () => {
  expect(isOpen(at('2026-12-01T08:59:59-06:00'), alabama, WINDOW)).toBe(false)
  expect(isOpen(at('2026-12-01T09:00:00-06:00'), alabama, WINDOW)).toBe(true)
  expect(isOpen(at('2026-12-01T19:59:59-06:00'), alabama, WINDOW)).toBe(true)
  expect(isOpen(at('2026-12-01T20:00:00-06:00'), alabama, WINDOW)).toBe(false)
})

test('on Sunday it begins at noon', () => {
  expect(isOpen(at('2026-12-06T11:59:00-06:00'), alabama, WINDOW)).toBe(false)
  expect(isOpen(at('2026-12-06T12:00:00-06:00'), alabama, WINDOW)).toBe(true)
  expect(nextOpen(at('2026-12-05T21:00:00-06:00'), alabama, WINDOW)).toEqual(at('2026-12-06T12:00:00-06:00'))
})

test('who could be anywhere from New York to Los Angeles is texted when it is day in both', () => {
  expect(isOpen(at('2026-12-01T11:59:00-05:00'), unknown, WINDOW)).toBe(false)
  expect(nextOpen(at('2026-12-01T06:00:00-05:00'), unknown, WINDOW)).toEqual(at('2026-12-01T12:00:00-05:00'))
  expect(secondsUntilClose(at('2026-12-01T19:00:00-05:00'), unknown, WINDOW)).toBe(3_600)
})

test('on the days the clocks change nine is still nine', () => {
  expect(nextOpen(at('2026-03-08T01:30:00-06:00'), alabama, WINDOW)).toEqual(at('2026-03-08T12:00:00-05:00'))
  expect(nextOpen(at('2026-10-31T21:00:00-05:00'), alabama, WINDOW)).toEqual(at('2026-11-01T12:00:00-06:00'))
  expect(secondsUntilClose(at('2026-11-01T12:00:00-06:00'), alabama, WINDOW)).toBe(8 * 3_600)
})

test('without a window it is never closed', () => {
  expect(isOpen(at('2026-12-06T03:00:00-06:00'), alabama, ALWAYS)).toBe(true)
  expect(secondsUntilClose(at('2026-12-06T03:00:00-06:00'), alabama, ALWAYS)).toBe(Infinity)
})

test('two zones whose days never meet have no opening', () => {
  const apart = { zone: 'America/New_York', otherZone: 'Asia/Shanghai' }
  expect(nextOpen(at('2026-12-01T12:00:00Z'), apart, WINDOW)).toBeNull()
})

test('in the last minute before eight nothing is begun any more: it would leave after eight', () => {
  expect(nextClaim(at('2026-12-01T19:58:59-06:00'), alabama, WINDOW)).toEqual(at('2026-12-01T19:58:59-06:00'))
  expect(nextClaim(at('2026-12-01T19:59:00-06:00'), alabama, WINDOW)).toEqual(at('2026-12-02T09:00:00-06:00'))
  expect(nextClaim(at('2026-12-01T20:30:00-06:00'), alabama, WINDOW)).toEqual(at('2026-12-02T09:00:00-06:00'))
  expect(nextClaim(at('2026-12-06T23:59:30-06:00'), alabama, ALWAYS)).toEqual(at('2026-12-06T23:59:30-06:00'))
})
