import {
  forward,
  overwritable,
  statusFromTwilio,
  TEXT_STATUSES,
  type TextStatus,
} from '../../src/outbound/status.js'

test('whatever order the receipts come in, she ends up with the last word', () => {
  const orders: TextStatus[][] = [
    ['accepted', 'sent', 'delivered'],
    ['delivered', 'sent', 'accepted'],
    ['sent', 'delivered', 'sent', 'accepted', 'delivered'],
  ]
  for (const order of orders)
    expect(order.reduce((now, next) => forward(now, next), 'claimed' as TextStatus)).toBe('delivered')
})

test('a last word stands, whichever comes first', () => {
  for (const last of ['delivered', 'undelivered', 'failed'] as const)
    for (const next of TEXT_STATUSES) expect(forward(last, next)).toBe(last)
})

test('a receipt settles what was in doubt or given up', () => {
  expect(overwritable('delivered')).toEqual(
    expect.arrayContaining(['claimed', 'in_doubt', 'not_sent', 'accepted', 'sent']),
  )
  expect(overwritable('delivered')).not.toEqual(expect.arrayContaining(['failed']))
})

test('a word of Twilio that nobody knows changes nothing', () => {
  expect(statusFromTwilio('teleported')).toBeNull()
  expect(statusFromTwilio('constructor')).toBeNull()
})
