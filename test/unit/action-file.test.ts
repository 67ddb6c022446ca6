import { readFileSync } from 'node:fs'
import { bundledTable } from '../../src/congress/bundled.js'
import { buildCongress } from '../../src/congress/congress.js'
import { inspectAction, parseAction } from '../../src/conversation/action.js'
import { checkAction } from '../../src/conversation/check-action.js'
import { foldActionFile } from '../../src/conversation/fold-action.js'
import { ADDITION_NAMES, TEXT_NAMES } from '../../src/conversation/text-names.js'
import { OperatorError } from '../../src/errors.js'

const FILE = 'actions/pro-act.yaml'
const yaml = readFileSync(FILE, 'utf8')
const lineOf = (words: string, source = yaml) => source.slice(0, source.indexOf(words)).split('\n').length

function faultOf(changed: string): string {
  try {
    parseAction(changed, FILE)
  } catch (error) {
    if (error instanceof OperatorError && error.exitCode === 2) return error.message
    throw error
  }
  return 'no fault'
}

const report = (source: string) => checkAction(FILE, source, buildCongress(bundledTable), '235246')

test('the PRO Act file holds every text in both languages', () => {
  const action = parseAction(yaml, FILE)
  expect(action).toMatchObject({
    name: 'pro-act',
    version: 1,
    org: 'AFL-CIO',
    program: 'AFL-CIO Text Action Team',
    keywords: ['WORK'],
    bill: { short: 'PRO Act', long: 'Protecting the Right to Organize Act' },
    contact: 'textaction@example.org',
    alertsPerMonth: 8,
    languages: ['en', 'es'],
  })
  for (const { texts, additions } of Object.values(action.wording)) {
    expect(Object.keys(texts).sort()).toEqual([...TEXT_NAMES].sort())
    expect(Object.keys(additions).sort()).toEqual([...ADDITION_NAMES].sort())
  }
})

test('a misspelt variable is named with its line and the one that was meant', () => {
  const line = lineOf('One to go: Sen. {{sen}}')
  expect(faultOf(yaml.replace('One to go: Sen. {{sen}}', 'One to go: Sen. {{senater}}'))).toBe(
    `${FILE} line ${line}: {{senater}} is no variable. Did you mean {{sen}}? See: textaction action show pro-act`,
  )
})

test('the line is that of the words, also inside a text of several lines and in a quoted one', () => {
  const last = lineOf('Then text us: 1 reached')
  expect(faultOf(yaml.replace('Then text us: 1 reached', 'Then text {{us}}: 1 reached'))).toContain(
    `line ${last}: {{us}} is no variable`,
  )
  const quoted = yaml
    .replace('apology: Sorry for the silence', 'apology: "Sorry, {{zip}} for the silence')
    .replace('fault was ours.', 'fault was ours."')
  expect(faultOf(quoted)).toContain(`line ${lineOf('apology: Sorry')}: {{zip}} has no value in this text`)
})

test('all faults of a file are told at once, in the order of their lines', () => {
  const broken = yaml
    .replace('version: 1', 'version: first')
    .replace('keywords: [WORK]', 'keywords: [STOP, WORK]')
    .replace('contact: textaction@example.org', 'contact: ask at the hall')
    .replace('      stranger: |', '      strangr: |')
    .replace('Text CALL any time', '{% if joined %}Text CALL any time')
  const faults = faultOf(broken).split('\n')
  expect(faults).toEqual([
    expect.stringMatching(/line \d+: version must be a whole number/),
    expect.stringMatching(/line \d+: keywords\.0 has a meaning of its own already/),
    expect.stringMatching(/line \d+: contact must be an e-mail address or a toll-free number/),
    expect.stringMatching(/line \d+: languages\.en\.texts\.stranger is missing/),
    expect.stringMatching(/line \d+: strangr is not known here\. Did you mean stranger\?/),
    expect.stringMatching(/line \d+: \{% if joined %\} is a tag\. Only \{\{variables\}\} stand in a text/),
  ])
  const lines = faults.map((fault) => Number(/line (\d+)/.exec(fault)?.[1]))
  expect(lines).toEqual([...lines].sort((a, b) => a - b))
})

test.each([
  ['a filter', '{{zip}} is in', '{{zip | upcase}} is in', "is more than a variable's name"],
  ['an output that is never closed', '{{zip}} is in', '{{zip is in', 'is not closed'],
  ['a brace too few', '{{zip}} is in', '{zip} is in', 'a lone {'],
  ['a variable of another text', '{{zip}} is in', '{{tally}} is in', '{{tally}} has no value in this text'],
  ['a capital letter', '{{zip}} is in', '{{Zip}} is in', 'Did you mean {{zip}}?'],
  ['a tag', '{{zip}} is in', '{% include "x" %} is in', 'is a tag'],
])('%s is refused', (_, before, after, message) => {
  expect(faultOf(yaml.replace(before, after))).toContain(message)
})

test('a file written on Windows, or with accents as marks of their own, is the same file', () => {
  const action = parseAction(yaml, FILE)
  expect(parseAction(`\ufeff${yaml.replaceAll('\n', '\r\n')}`, FILE)).toEqual(action)
  expect(parseAction(yaml.normalize('NFD'), FILE)).toEqual(action)
  const windows = yaml
    .replaceAll('\n', '\r\n')
    .replace('Then text us: 1 reached', 'Then text {{us}}: 1 reached')
  expect(faultOf(windows)).toContain(`line ${lineOf('Then text us: 1 reached')}: {{us}} is no variable`)
})

test('a file that cannot be read at all is answered in plain words', () => {
  expect(faultOf('')).toMatch(/line 1: the file must hold names/)
  expect(faultOf(yaml.replace('version: 1', 'version: 1\nversion: 2'))).toContain(
    `line ${lineOf('version: 1') + 1}: this name stands twice`,
  )
  expect(faultOf('a: [1, 2\nb: "x')).toMatch(/line \d: not readable here/)
  expect(faultOf(yaml.replace('contact: text', 'contact: *text'))).toMatch(
    /words that begin with \* need "quotes"/,
  )
  expect(inspectAction(yaml, 'Pro Act.yaml').faults).toEqual([
    { line: 1, message: expect.stringContaining("the file's name") as string },
  ])
})

test.each([
  [
    'the first text lacks STOP',
    'Reply HELP for help, STOP to cancel.\n        What',
    'Reply HELP for help.\n        What',
    'welcome lacks the word STOP',
  ],
  [
    'the first text lacks the rates',
    'Msg & data rates may apply. Reply HELP for help, STOP to cancel.\n        What',
    'Reply HELP for help, STOP to cancel.\n        What',
    'welcome lacks "Msg & data rates may apply"',
  ],
  ['HELP names no contact', 'Help: {{contact}}. Reply STOP', 'Reply STOP', 'help lacks a contact'],
  ['STOP does not say it is over', 'No more messages will be sent. ', '', 'stop lacks "No more messages"'],
  ['STOP tries to persuade', 'START to come back', 'START to help pass the {{bill}}', 'stop names {{bill}}'],
  [
    'Spanish lacks ALTO',
    'ALTO para cancelar.\n        ¿Qué ZIP',
    '\n        ¿Qué ZIP',
    'welcome lacks the word ALTO',
  ],
  ['a text does not say who writes', '{{org}}: Glad', 'Glad', 'ack lacks who writes'],
  [
    'the promise says another number',
    'frequency: up to 8',
    'frequency: up to 9',
    'frequency does not name the 8',
  ],
])('a file is refused when %s', (_, before, after, message) => {
  expect(yaml).toContain(before)
  expect(faultOf(yaml.replace(before, after))).toContain(message)
})

test('a file as it ships has one warning: the contact that nobody answers', () => {
  const { valid, warnings, textCount } = report(yaml)
  expect({ valid, textCount }).toEqual({ valid: true, textCount: 36 })
  expect(warnings).toEqual([
    expect.objectContaining({
      line: lineOf('contact: textaction'),
      message: expect.stringContaining('example.org') as string,
    }),
  ])
  expect(report(yaml.replace('textaction@example.org', '800-555-0100')).warnings).toEqual([])
})

test('a character that doubles the price is named with its line, its word and the price', () => {
  const source = yaml.replace('1 te atendieron', '1 contestó').replace("You'll get", 'You’ll get')
  const { valid, warnings } = report(source)
  expect(valid).toBe(true)
  expect(warnings.map(({ line, message }) => [line, message])).toEqual([
    [lineOf('contact: textaction'), expect.any(String)],
    [lineOf('You’ll get', source), 'welcome, English: the "’" makes 2 segments 4'],
    [lineOf('contestó', source), 'senators, Spanish: the "ó" of "contestó" makes 3 segments 6'],
  ])
})

test('a misspelt variable and a curly quote are told together', () => {
  const { valid, faults, warnings } = report(
    yaml.replace('Sen. {{sen}}', 'Sen. {{senater}}').replace("You'll get", 'You’ll get'),
  )
  expect(valid).toBe(false)
  expect(faults).toHaveLength(1)
  expect(warnings.some(({ message }) => message.includes('makes 2 segments 4'))).toBe(true)
})

test('a text that grew beyond what was meant says for whom, and by how much', () => {
  const { warnings } = report(yaml.replace('wrong office.\n', `wrong office.${' Solidarity!'.repeat(10)}\n`))
  expect(warnings.map(({ message }) => message)).toContain(
    'senators, English: takes 4 segments for WV; 3 are meant',
  )
})

test('folding makes the words plain and leaves comments, layout and quoting alone', () => {
  const source = yaml
    .replace('# A promise', '# A promise — “kept”')
    .replace('1 te atendieron', '1 contestó')
    .replace('apology: Sorry for the silence, the fault was ours.', 'apology: "Sorry for the “silence”…"')
    .replace('stop_reminder: STOP to cancel.', "stop_reminder: 'It’s STOP to cancel.'")
  const folded = foldActionFile(source)
  const { additions, texts } = parseAction(folded.yaml, FILE).wording.en
  expect(additions.apology).toBe('Sorry for the "silence"...')
  expect(additions.stop_reminder).toBe("It's STOP to cancel.")
  expect(texts.senators).toBe(parseAction(yaml, FILE).wording.en.texts.senators)
  expect(folded.yaml).toContain('# A promise — “kept”')
  expect(folded.changed).toContainEqual({ line: lineOf('contestó', source), from: 'ó', to: 'o' })
  expect(inspectAction(folded.yaml, FILE).strays).toEqual([])
  expect(foldActionFile(yaml)).toEqual({ yaml, changed: [] })
})
