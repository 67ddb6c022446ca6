import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { composeWording } from '../../src/blast/compose.js'
import { bundledTable } from '../../src/congress/bundled.js'
import { buildCongress } from '../../src/congress/congress.js'
import { parseAction } from '../../src/conversation/action.js'

const file = join(__dirname, '../../actions/pro-act.yaml')
const context = {
  action: parseAction(readFileSync(file, 'utf8'), file),
  congress: buildCongress(bundledTable),
  shortCode: '235246',
}
const compose = (text: string, es?: string) =>
  composeWording(
    [
      { language: 'en', from: 'vote.txt', text },
      ...(es === undefined ? [] : [{ language: 'es' as const, from: 'vote.es.txt', text: es }]),
    ],
    context,
  )

test('curly quotes and long dashes are made plain, and it is said', () => {
  const { wording, notices } = compose('{{program}}: call — say “YES”.')
  expect(wording.en).toBe('{{program}}: call - say "YES".')
  expect(notices).toEqual(['In vote.txt two curly quotes made straight, one long dash made a hyphen.'])
})

test('a text that does not say who writes is signed', () => {
  const { wording, notices } = compose('Call today!')
  expect(wording.en).toBe('{{program}}: Call today!')
  expect(notices[0]).toContain('does not say who writes')
  expect(compose('{{org}}: call').notices).toEqual([])
  expect(compose(`${context.action.program} asks: call`).notices).toEqual([])
})

test('what has no plain form stays, with its price', () => {
  expect(compose(`{{org}}: ${'call '.repeat(20)}✊`).notices[0]).toMatch(/^vote.txt: "✊" makes 2 segments 3/)
})

test('a slip in a variable is named where it stands', () => {
  expect(() => compose('{{org}}: call\nSen. {{senater}}')).toThrow(
    'vote.txt line 2, column 6: {{senater}} is no variable. Did you mean {{sen1}}?',
  )
  expect(() => compose('{{org}}: {% if x %}')).toThrow('is a tag')
  expect(() => compose('{{org}}: ok', '{{orgg}}')).toThrow('vote.es.txt line 1, column 1')
})

test('empty, or longer than Twilio takes, is refused', () => {
  expect(() => compose(' \n ')).toThrow('vote.txt is empty')
  expect(() => compose(`{{org}}: ${'a'.repeat(1_600)}`)).toThrow(
    /makes 1,\d\d\d characters at its longest; a text has 1,600/,
  )
})

test('Windows line ends and a byte order mark are no part of the words', () => {
  expect(compose('\uFEFF{{org}}: one\r\ntwo\r\n').wording.en).toBe('{{org}}: one\ntwo')
})
