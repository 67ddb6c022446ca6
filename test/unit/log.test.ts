import { maskNumbers } from '../../src/observability/log.js'

test('a number quoted by a library never reaches the log', () => {
  for (const number of ['+12055550142', '2055550142', '(205) 555-0142', '1-205-555-0142', '205.555.0142'])
    expect(maskNumbers(`invalid input "${number}" for`)).toBe('invalid input "[number]" for')
})

test('short figures stay readable', () => {
  expect(maskNumbers('code 21610 after 3000 ms')).toBe('code 21610 after 3000 ms')
})
