import { readFileSync } from 'node:fs'
import { nonGsm7, segmentsOf } from '../../src/compliance/segments.js'
import { bundledTable } from '../../src/congress/bundled.js'
import { buildCongress, STATE_CODES } from '../../src/congress/congress.js'
import { LANGUAGES, parseAction, type Language } from '../../src/conversation/action.js'
import { stateName } from '../../src/conversation/phrases.js'
import { checkWording, renderAddition, renderText, renderWording } from '../../src/conversation/render.js'
import { TEXT_NAMES } from '../../src/conversation/text-names.js'
import { TEXT_VARIABLES } from '../../src/conversation/variables.js'
import { worstCases } from '../../src/conversation/worst-case.js'

const action = parseAction(readFileSync('actions/pro-act.yaml', 'utf8'), 'actions/pro-act.yaml')
const congress = buildCongress(bundledTable)
const options = { shortCode: '235246' }

function senatorsOf(state: (typeof STATE_CODES)[number], language: Language) {
  const [first, second] = congress.senatorsOf(state)
  if (!first || !second) throw new Error(`${state} lacks a senator`)
  return {
    state: stateName(state, language),
    zip: '35020',
    ...{ sen1: first.name, phone1: first.phone, last1: first.last },
    ...{ sen2: second.name, phone2: second.phone, last2: second.last },
  }
}

test('she gets both Alabama numbers, a script and how to report back', () => {
  expect(renderText(action, 'en', 'senators', senatorsOf('AL', 'en'), options)).toBe(
    [
      'AFL-CIO: Thank you! Your senators for Alabama:',
      'Sen. Tommy Tuberville 202-224-4124',
      'Sen. Katie Boyd Britt 202-224-5744',
      `Call and say: "Hi, I'm (name) from (town), ZIP 35020. I'm asking the senator to vote YES on the PRO Act, so workers can form a union without fear."`,
      'Then text us: 1 reached someone, 2 left a voicemail, 3 busy or full, 4 wrong office.',
    ].join('\n'),
  )
})

test.each(LANGUAGES)(
  'in %s every state gets its two senators in at most three segments, sorry included',
  (language) => {
    for (const state of STATE_CODES) {
      const vars = senatorsOf(state, language)
      for (const name of ['senators', 'senators_guess'] as const) {
        const text = renderText(action, language, name, vars, options)
        const sorry = renderText(action, language, name, vars, { ...options, apology: true })
        expect(text).toContain(vars.phone1)
        expect(text).toContain(vars.phone2)
        expect([state, name, segmentsOf(text) <= 3, segmentsOf(sorry) <= 3]).toEqual([
          state,
          name,
          true,
          true,
        ])
      }
    }
  },
)

// Segments of the reference wording: better words are welcome, more segments are not.
const SEGMENTS: Record<Language, Partial<Record<(typeof TEXT_NAMES)[number], number>>> = {
  en: {
    welcome: 2,
    senators: 3,
    senators_guess: 3,
    dc: 2,
    territory: 2,
    thanks_first: 2,
    start: 2,
    invite: 2,
  },
  es: {
    welcome: 2,
    senators: 3,
    senators_guess: 3,
    dc: 2,
    territory: 2,
    thanks_first: 2,
    start: 2,
    invite: 2,
    help: 2,
  },
}

test('no text is longer than it was meant to be, nor leaves GSM-7, for any state, office, border ZIP or tally', () => {
  const sizes = worstCases(action, congress, options.shortCode)
  expect(sizes).toHaveLength(2 * TEXT_NAMES.length)
  for (const { text, language, segments, body } of sizes) {
    expect({ text, language, strays: nonGsm7(body) }).toEqual({ text, language, strays: [] })
    expect({ text, language, segments: Math.max(segments, SEGMENTS[language][text] ?? 1) }).toEqual({
      text,
      language,
      segments: SEGMENTS[language][text] ?? 1,
    })
  }
})

test('every text says who writes', () => {
  for (const { body } of worstCases(action, congress, options.shortCode)) expect(body).toContain('AFL-CIO')
})

test('a person named Lujan keeps the price of her text', () => {
  const text = renderText(action, 'es', 'senators', senatorsOf('NM', 'es'), options)
  expect(text).toContain('Ben Ray Lujan')
  expect(text).toContain('Nuevo México')
})

test('what she wrote is never read as a template', () => {
  const vars = { zip: '{{contact}}', places: '{% raw %}', choices: '{{ zip | upcase }}' }
  expect(renderText(action, 'en', 'border', vars, options)).toBe(
    'AFL-CIO: ZIP {{contact}} is in {% raw %}. Where do you vote? Reply {{ zip | upcase }}.',
  )
})

test('a value cannot pass itself off as the organization', () => {
  expect(renderText(action, 'en', 'military', { zip: '09001', org: 'Evil Corp' }, options)).toMatch(
    /^AFL-CIO: /,
  )
})

test('a text whose value was forgotten is not sent half-filled', () => {
  expect(() => renderText(action, 'en', 'border', { zip: '42223' }, options)).toThrow(/places/)
})

test('after our outage we say sorry once we have said who we are, never to a person who leaves', () => {
  const sorry = { ...options, apology: true }
  expect(renderText(action, 'en', 'ack', {}, sorry)).toMatch(
    /^AFL-CIO: Sorry for the silence, the fault was ours\. Glad/,
  )
  expect(renderText(action, 'es', 'nudge', {}, sorry)).toMatch(
    /^AFL-CIO Text Action Team: Disculpa el silencio/,
  )
  expect(renderText(action, 'en', 'welcome', {}, sorry)).toMatch(
    /^Sorry for the silence, .* Welcome to the AFL-CIO/,
  )
  expect(renderText(action, 'en', 'stop', {}, sorry)).toBe(renderText(action, 'en', 'stop', {}, options))
})

test('an action without Spanish answers in English', () => {
  const english = parseAction(
    readFileSync('actions/pro-act.yaml', 'utf8').replace(/^ {2}es:\n[\s\S]*?(?=^#)/m, ''),
    'actions/pro-act.yaml',
  )
  expect(english.languages).toEqual(['en'])
  expect(renderText(english, 'es', 'ack', {}, options)).toBe(renderText(english, 'en', 'ack', {}, options))
})

test('an alert with its longest tail stays within two segments for every state', () => {
  const wordings = {
    en: '{{program}}: The Senate votes on the PRO Act this Thursday. Call today, ask for a YES: Sen. {{last1}} {{phone1}}, Sen. {{last2}} {{phone2}}. Then text 1 reached, 2 voicemail, 3 busy, 4 wrong office.',
    es: '{{program}}: El Senado vota el PRO Act este jueves. Llama hoy y pide un YES: Sen. {{last1}} {{phone1}}, Sen. {{last2}} {{phone2}}. Luego: 1 atendieron, 2 mensaje, 3 ocupado, 4 otra oficina.',
  }
  for (const language of LANGUAGES) {
    expect(checkWording(wordings[language])).toEqual([])
    const tail = renderAddition(action, language, 'introduction', options)
    for (const state of STATE_CODES) {
      const text = renderWording(
        wordings[language],
        { program: action.program, ...senatorsOf(state, language) },
        tail,
      )
      expect([state, segmentsOf(text), text.endsWith(tail)]).toEqual([state, 2, true])
    }
  }
})

test('wording of a blast is refused where it asks for more than a name between braces', () => {
  const faults = checkWording('{{senater}} {{ zip | upcase }} {% if zip %} {{tally}} {zip} {{zip')
  expect(faults.map(({ piece }) => piece)).toEqual([
    '{{senater}}',
    '{{ zip | upcase }}',
    '{% if zip %}',
    '{{tally}}',
    '{',
    '}',
    '{{zip',
  ])
  expect(faults[0]?.message).toBe('{{senater}} is no variable. Did you mean {{sen1}}?')
})

test('the conversation knows which values each text needs', () => {
  for (const name of TEXT_NAMES) {
    const vars = Object.fromEntries(TEXT_VARIABLES[name].map((variable) => [variable, 'x']))
    for (const language of LANGUAGES)
      expect(renderText(action, language, name, vars, options)).not.toMatch(/[{}]/)
  }
})
