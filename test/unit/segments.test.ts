import fc from 'fast-check'
import { SegmentedMessage } from 'sms-segments-calculator'
import {
  charactersOf,
  CHARACTERS_PER_SEGMENT,
  foldAccents,
  foldToGsm7,
  nonGsm7,
  plainForm,
  segmentsOf,
} from '../../src/compliance/segments.js'

test('a text of 160 plain characters is one segment, one more makes two of 153', () => {
  const { single, joined } = CHARACTERS_PER_SEGMENT.gsm7
  expect(
    [single, single + 1, 2 * joined, 2 * joined + 1].map((length) => segmentsOf('a'.repeat(length))),
  ).toEqual([1, 2, 2, 3])
})

test('one accent that GSM-7 lacks makes three segments six', () => {
  const text = 'Luego responde: 1 te atendieron. '.repeat(12)
  expect(segmentsOf(text)).toBe(3)
  expect(segmentsOf(`${text.slice(0, -1)}ó`)).toBe(6)
})

test('a text that says nothing costs nothing', () => {
  expect(segmentsOf('')).toBe(0)
})

test('our count is the one Twilio publishes, whatever she writes', () => {
  const character = fc.constantFrom(...'abcXYZ 0159.,:!?@$_éñü¿¡Ç\n\r^{}[]~|\\€’—…áíóú\u00a0👍🏽✊')
  fc.assert(
    fc.property(fc.array(character, { minLength: 1, maxLength: 400 }), (characters) => {
      const text = characters.join('')
      expect(segmentsOf(text)).toBe(new SegmentedMessage(text).segmentsCount)
    }),
    { numRuns: 60, examples: [[[...'a'.repeat(152), '€', ...'b'.repeat(152), '€']]] },
  )
})

test('the alphabet is the one Twilio publishes: every character up to U+FFFF agrees', () => {
  const strays = (text: string) => nonGsm7(text).length > 0
  const differs: string[] = []
  for (let code = 1; code <= 0xffff; code += 1) {
    if (code >= 0xd800 && code <= 0xdfff) continue
    if (code > 0x300 && code % 7 !== 0 && code !== 0x20ac && !(code >= 0x390 && code <= 0x3a9)) continue
    const character = String.fromCharCode(code)
    if (strays(character) !== (new SegmentedMessage(character).encodingName === 'UCS-2'))
      differs.push(code.toString(16))
  }
  expect(differs).toEqual([])
})

test('brackets, braces and the euro sign count twice', () => {
  expect(charactersOf('a [b] {c} €')).toBe('a b c '.length + 10)
  expect(charactersOf('señora')).toBe(6)
})

test('each stray character is named with its place', () => {
  expect(nonGsm7('She’s here ✊🏽')).toEqual([
    { character: '’', index: 3 },
    { character: '✊', index: 11 },
    { character: '🏽', index: 12 },
  ])
})

test('what a word processor put in is made plain, and we say what was changed', () => {
  const { text, changed } = foldToGsm7('“It’s\u00a0now” — call…\u200b')
  expect(text).toBe('"It\'s now" - call...')
  expect(changed).toEqual(['“', '’', '\u00a0', '”', '—', '…', '\u200b'])
})

test('accents stay unless we ask, and then only those go that cost', () => {
  expect(foldToGsm7('¡Qué rápido, señor Güell!').text).toBe('¡Qué rápido, señor Güell!')
  expect(foldToGsm7('¡Qué rápido, señor Güell!', { accents: true }).text).toBe('¡Qué rapido, señor Güell!')
  expect(foldAccents('Ben Ray Luján, François, López')).toBe('Ben Ray Lujan, Francois, Lopez')
})

test('letters written in two pieces are joined before they are judged', () => {
  expect(foldToGsm7('sen\u0303ora, Luja\u0301n', { accents: true }).text).toBe('señora, Lujan')
})

test('folding never leaves a stray that it could have made plain', () => {
  expect(nonGsm7(plainForm('áéíóúçñ ÁÍÓÚ ‘’“”«»‐–—… \t• ❤ 漢'))).toEqual([])
})
