import { audienceWhere, parseAudience, termsWhere } from '../../src/blast/audience.js'
import { OperatorError } from '../../src/errors.js'

const ALLOWED = 'Terms: state zip joined called -called language limit.'

function refused(expression: string, actions?: string[]): string {
  try {
    parseAudience(expression, actions && { actions })
  } catch (error) {
    if (error instanceof OperatorError) {
      expect(error.exitCode).toBe(2)
      expect(error.message).not.toMatch(/\n/)
      return error.message
    }
    throw error
  }
  throw new Error(`"${expression}" was taken`)
}

test('every term of the contract is understood', () => {
  const typed =
    'state:AL,WV zip:350 joined<2026-01-01 joined>=2025-06-30 called:pro-act -called:pro-act language:es limit:500'
  expect(parseAudience(typed)).toEqual({
    terms: [
      { kind: 'state', states: ['AL', 'WV'] },
      { kind: 'zip', prefixes: ['350'] },
      { kind: 'joined', comparison: '<', day: '2026-01-01' },
      { kind: 'joined', comparison: '>=', day: '2025-06-30' },
      { kind: 'called', action: 'pro-act', negated: false },
      { kind: 'called', action: 'pro-act', negated: true },
      { kind: 'language', languages: ['es'] },
    ],
    limit: 500,
  })
})

test('an empty expression is everybody', () => {
  expect(parseAudience('')).toEqual({ terms: [], limit: null })
  expect(parseAudience('  \n ')).toEqual({ terms: [], limit: null })
})

test('an organizer need not mind capitals or spaces between terms', () => {
  expect(parseAudience(' State:al,Wv   ZIP:35,350,35020 Language:ES ').terms).toEqual([
    { kind: 'state', states: ['AL', 'WV'] },
    { kind: 'zip', prefixes: ['35', '350', '35020'] },
    { kind: 'language', languages: ['es'] },
  ])
})

test('DC and the territories are places like the states', () => {
  expect(parseAudience('state:DC,PR,VI,GU,AS,MP').terms).toHaveLength(1)
})

test('of two limits the smaller one holds, as all terms must', () => {
  expect(parseAudience('limit:500 limit:20').limit).toBe(20)
})

describe('a wrong term is refused with one line that names it and what to write', () => {
  test.each([
    ['sate:AL', `--audience has no term "sate:AL". Did you mean state:AL? ${ALLOWED}`],
    ['stat:AL', `--audience has no term "stat:AL". Did you mean state:AL? ${ALLOWED}`],
    ['AL', `--audience has no term "AL". Did you mean state:AL? ${ALLOWED}`],
    ['35020', `--audience has no term "35020". Did you mean zip:35020? ${ALLOWED}`],
    ['-caled:pro-act', `--audience has no term "-caled:pro-act". Did you mean -called:pro-act? ${ALLOWED}`],
    ['-state:AL', `--audience has no term "-state:AL". ${ALLOWED}`],
    ['everybody', `--audience has no term "everybody". ${ALLOWED}`],
    [
      'state:AX',
      '--audience: "state:AX" names no state. States are two letters, with commas between: state:AL,WV.',
    ],
    ['state', '--audience: "state" is unfinished. Write it like state:AL,WV, without spaces.'],
    ['state: AL', '--audience: "state:" is unfinished. Write it like state:AL,WV, without spaces.'],
    ['state:AL, WV', '--audience: "state:AL," is unfinished. Write it like state:AL,WV, without spaces.'],
    [
      'zip:350201',
      '--audience: "zip:350201" is no ZIP. Give its first 1 to 5 digits, with commas between: zip:350,351.',
    ],
    [
      'zip:3%',
      '--audience: "zip:3%" is no ZIP. Give its first 1 to 5 digits, with commas between: zip:350,351.',
    ],
    [
      'joined:2026-01-01',
      '--audience: "joined:2026-01-01" has no day. Write it like joined<2026-01-01 or joined>=2026-01-01 (also <= and >), without spaces.',
    ],
    [
      'joined<2026-02-30',
      '--audience: "joined<2026-02-30" has no day. Write it like joined<2026-01-01 or joined>=2026-01-01 (also <= and >), without spaces.',
    ],
    [
      'joined < 2026-01-01',
      '--audience: "joined" has no day. Write it like joined<2026-01-01 or joined>=2026-01-01 (also <= and >), without spaces.',
    ],
    ['language:fr', '--audience: "language:fr" names no language we write. Use language:en or language:es.'],
    ['limit:0', '--audience: "limit:0" is no number of people. Write it like limit:500.'],
    ['limit:1,000', '--audience: "limit:1,000" is no number of people. Write it like limit:500.'],
    ["called:x'--", '--audience: "called:x\'--" names no action. Write it like called:pro-act.'],
  ])('%s', (expression, message) => {
    expect(refused(expression)).toBe(message)
    expect(refused(`state:AL ${expression}`)).toBe(message)
  })

  test('a misspelt action does not make -called mean everybody', () => {
    expect(refused('-called:proact', ['pro-act'])).toBe(
      '--audience: "-called:proact" names no action. Did you mean pro-act?',
    )
    expect(refused('called:xyz', ['pro-act', 'hero'])).toBe(
      '--audience: "called:xyz" names no action. There is: pro-act, hero.',
    )
    expect(parseAudience('-called:pro-act', { actions: ['pro-act'] }).terms).toHaveLength(1)
  })

  test('a pasted number or a control character does not come back to the screen', () => {
    expect(refused('+12055550142')).not.toMatch(/5550142/)
    expect(refused('state:\u001b[31mAL')).not.toContain('\u001b')
    expect(refused('x'.repeat(5_000)).length).toBeLessThan(200)
  })
})

describe('the SQL', () => {
  test('holds nothing that was typed: every value is a parameter', () => {
    const { sql, values } = termsWhere(
      parseAudience('state:AL zip:350 joined<2026-01-01 -called:pro-act language:es'),
      4,
    )
    expect(sql).not.toMatch(/AL|350|2026|pro-act|'es'/)
    expect(sql.match(/\$\d+/g)).toEqual(['$4', '$5', '$6', '$7', '$8'])
    expect(values).toEqual([['AL'], ['350%'], '2026-01-01', 'pro-act', ['es']])
  })

  test('asks for live consent whatever was typed', () => {
    for (const typed of ['', 'state:AL', 'limit:5'])
      expect(audienceWhere(parseAudience(typed)).sql).toContain(
        "p.standing = 'joined' and p.phone_sealed is not null and p.unreachable is null",
      )
  })

  test('numbers the limit after the terms', () => {
    const { sql, values } = audienceWhere(parseAudience('limit:5 state:AL'), 3)
    expect(values).toEqual([['AL'], 5])
    expect(sql).toContain('limit $4::bigint')
  })
})
