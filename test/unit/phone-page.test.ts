type Text = {
  sid: string
  by: 'person' | 'app'
  body: string
  at: number
  taken: boolean
  state: string
  answerTo: string | null
  receiptsDue: boolean
  stages: { at: number; place: string; words: string; tone: string }[]
}

const { chipsFor } = jest.requireActual<{ chipsFor: (texts: Text[], keyword: string) => { send: string }[] }>(
  '../../src/simulator/page/chips.js',
)
const { transcript } = jest.requireActual<{ transcript: (texts: Text[]) => string }>(
  '../../src/simulator/page/transcript.js',
)
const { roadOf, stations } = jest.requireActual<{
  roadOf: (picked: Text, texts: Text[]) => { start: Text; answers: Text[] }
  stations: (
    road: { start: Text; answers: Text[] },
    now: number,
  ) => { ms: number | null; place: string; words: string }[]
}>('../../src/simulator/page/road.js')
const { span } = jest.requireActual<{ span: (ms: number) => string }>('../../src/simulator/page/times.js')

function text(by: 'person' | 'app', body: string, more: Partial<Text> = {}): Text {
  return {
    sid: `${by} ${body}`,
    by,
    body,
    at: 1_000,
    taken: true,
    state: by === 'person' ? 'sent' : 'delivered',
    answerTo: null,
    receiptsDue: false,
    stages: [],
    ...more,
  }
}

const chipsAfter = (...bodies: string[]) =>
  chipsFor(
    bodies.map((body) => text('app', body)),
    'WORK',
  )
    .map(({ send }) => send)
    .join(' ')

describe('the chips', () => {
  test.each([
    ['WORK', []],
    [
      '35020 42223 00901',
      ["Welcome! Reply HELP for help, STOP to cancel.\nWhat's your 5-digit ZIP? We'll text back."],
    ],
    ['35020 42223 00901', ['¿Qué ZIP (5 cifras) tienes? Te mandamos los teléfonos.']],
    ['35020 42223 00901', ["AFL-CIO: We need the 5-digit ZIP where you vote, like 35020. What's yours?"]],
    [
      '1 2',
      ['AFL-CIO: ZIP 42223 is in Kentucky and Tennessee. Where do you vote? Reply 1 for KY, 2 for TN.'],
    ],
    ['1 2 3', ['Where do you vote? Reply 1 for MT, 2 for SD, 3 for WY.']],
    [
      '1 2',
      ['AFL-CIO: El ZIP 42223 toca Kentucky y Tennessee. Responde donde votas: 1 Kentucky, 2 Tennessee.'],
    ],
    [
      '1 2 3 4 CALL STOP',
      [
        'Sen. A 202-224-4124\nThen text us: 1 reached someone, 2 left a voicemail, 3 busy or full, 4 wrong office.',
      ],
    ],
    ['A B', ['AFL-CIO: Thanks for calling! Which office was that? Reply A for Tuberville, B for Britt.']],
    [
      'OH 35020',
      [
        'ZIP 09001 is a military or diplomatic address. Which state do you vote in? Text its name or two letters, like OH.',
      ],
    ],
    [
      'START HELP',
      [
        'You are unsubscribed from the Team. No more messages will be sent. Reply HELP for help, START to come back.',
      ],
    ],
    ['WORK HELP', ['This is the Team. Text WORK to join, HELP for help.']],
    [
      '1 2 3 4 CALL STOP',
      ['Sen. A 202-224-4124, then text 1', "AFL-CIO: Glad you're with us. Text CALL any time."],
    ],
  ])('offer %s', (chips, bodies) => {
    expect(chipsAfter(...bodies)).toBe(chips)
  })

  test('go by what arrived, not by what was refused', () => {
    expect(chipsFor([text('app', "What's your ZIP?", { taken: false })], 'WORK')).toEqual([{ send: 'WORK' }])
  })
})

test('a transcript has her texts, ours, and further lines indented by two; a refused text is in none', () => {
  const texts = [
    text('person', 'WORK'),
    text('app', 'Welcome.\nYour ZIP?'),
    text('app', 'never', { taken: false }),
  ]
  expect(transcript(texts)).toBe('> WORK\n< Welcome.\n  Your ZIP?\n')
})

describe('the road', () => {
  const stage = (at: number, place: string, words: string) => ({ at, place, words, tone: 'good' })
  const hers = text('person', '35020', {
    sid: 'SM1',
    stages: [
      stage(1_000, 'phone', 'sent'),
      stage(1_002, 'webhook', 'signature good'),
      stage(1_009, 'webhook', 'answered 200'),
    ],
  })
  const ours = text('app', 'Thank you!', {
    sid: 'SM2',
    answerTo: 'SM1',
    stages: [stage(1_031, 'POST', '201, 3 segments')],
  })
  const shown = (road: { start: Text; answers: Text[] }, now = 1_100) =>
    stations(road, now).map(({ ms, place, words }) => `${ms ?? '-'} ${place} ${words}`)

  test('starts with her text, whichever of the two is picked', () => {
    expect(roadOf(ours, [hers, ours])).toEqual({ start: hers, answers: [ours] })
    expect(roadOf(hers, [hers, ours])).toEqual({ start: hers, answers: [ours] })
    const unasked = text('app', 'The Senate votes')
    expect(roadOf(unasked, [hers, unasked])).toEqual({ start: unasked, answers: [] })
  })

  test('counts from her Send', () => {
    expect(shown({ start: hers, answers: [ours] })).toEqual([
      '0 phone sent',
      '2 webhook signature good',
      '9 webhook answered 200',
      '31 POST 201, 3 segments',
    ])
  })

  test("tells with the app's log that the text was stored", () => {
    const logged = { ...hers, stages: [...hers.stages, stage(1_007, 'stored', 'in Postgres')] }
    expect(shown({ start: logged, answers: [ours] })).toContain('7 stored answered 200')
  })

  test('says what is still to come, and that silence is no answer', () => {
    expect(shown({ start: hers, answers: [] }).at(-1)).toBe('- POST waiting')
    expect(shown({ start: hers, answers: [] }, 60_000).at(-1)).toBe('- POST none so far')
    expect(shown({ start: hers, answers: [{ ...ours, receiptsDue: true }] }).at(-1)).toBe('- receipt waiting')
    expect(shown({ start: { ...hers, state: 'sending' }, answers: [] }).at(-1)).toBe('- webhook waiting')
  })
})

test('a time is short: 28 ms, 12.3 s, 2 min 4 s', () => {
  expect([28, 12_300, 124_000].map(span)).toEqual(['28 ms', '12.3 s', '2 min 4 s'])
})
