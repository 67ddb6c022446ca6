import { approvalDigest, clockTime, minuteOfDay } from '../../src/blast/approval.js'
import { judgeBlast } from '../../src/blast/breaker.js'
import { canaryPeople } from '../../src/blast/canary.js'
import { CANARY_OVER_PEOPLE } from '../../src/blast/start.js'
import { actionSays, createBlastWriter } from '../../src/blast/wording.js'
import type { BlastPlan } from '../../src/db/blasts.js'
import { createSlots } from '../../src/outbound/slots.js'
import { createTokens } from '../../src/outbound/tokens.js'
import { ACTION, CONGRESS, SHORT_CODE } from '../support/play.js'

const context = { action: ACTION, congress: CONGRESS, shortCode: SHORT_CODE }
const EN = '{{program}}: call Sen. {{last1}} {{phone1}} and Sen. {{last2}} {{phone2}}.'
const ES = '{{program}}: llama a Sen. {{last1}} {{phone1}} y Sen. {{last2}} {{phone2}}.'
const person = { state: 'AL', zip: '35020', language: 'en', kind: 'blast' }

describe('the words', () => {
  const writer = createBlastWriter({ en: EN, es: ES }, context)

  test('each reads her own senators, in her language', () => {
    expect(writer.body(person)).toBe(
      'AFL-CIO Text Action Team: call Sen. Tuberville 202-224-4124 and Sen. Britt 202-224-5744.',
    )
    expect(writer.body({ ...person, state: 'NM', language: 'es' })).toContain('llama a Sen. Heinrich')
    expect(writer.body({ ...person, state: 'NM', language: 'es' })).toContain('Lujan')
  })

  test('who was never told how to stop is told who we are; who has not read it for a month is reminded', () => {
    expect(writer.body({ ...person, kind: 'blast_introduction' })).toMatch(
      /You signed up with us\..*STOP to cancel\.$/,
    )
    expect(writer.body({ ...person, kind: 'blast_stop_reminder' })).toMatch(/ STOP to cancel\.$/)
  })

  test('nobody gets a text about senators she does not have', () => {
    for (const state of ['PR', 'DC', null]) expect(writer.body({ ...person, state })).toBeNull()
    expect(writer.needsSenators).toBe(true)
  })

  test('without senators in it everybody gets it, and its price is one for all', () => {
    const plain = createBlastWriter(
      { en: '{{program}}: rally tonight in your town. STOP to cancel.' },
      context,
    )
    expect(plain.needsSenators).toBe(false)
    expect(plain.body({ ...person, state: null })).toBe(
      'AFL-CIO Text Action Team: rally tonight in your town. STOP to cancel.',
    )
    expect(plain.shape).toMatchObject({ usualSegments: 1, byState: false, tellsHowToStop: true })
  })

  test.each([
    ['Call today. STOP to cancel.', true],
    ['Call today. Reply STOP to opt out', true],
    ['Call today. Text "STOP" any time', true],
    ['Call today. STOP=end', true],
    ['Tell the Senate to STOP union busting', false],
    ['STOP union busting! Call today.', false],
    ['The Senate must STOP. Call today.', false],
    ['Call today. Reply STOP to leave, HELP for help', true],
    ['Call today. Reply STOP if you want out', true],
    ['Call today. Text HELP for help, STOP to quit', true],
    ['Call today and say, or text: stop the attack on our unions!', false],
    ['Call today. Reply STOP', true],
    ['They must STOP to end the fear. Call today.', false],
    ['Reply STOP THE BILL and we will count you in', false],
    ['The raids must stop to end the fear. Call today.', false],
  ])('%s: tells how to stop? %s', (en, told) => {
    expect(createBlastWriter({ en }, context).shape.tellsHowToStop).toBe(told)
  })

  test.each([
    ['Llama hoy. ALTO para cancelar.', true],
    ['Llama hoy. Responde ALTO', true],
    ['Dile al Senado ALTO a los abusos', false],
    ['Llama hoy. Responde ALTO si ya no quieres mensajes', true],
    ['Llama hoy y responde alto y claro: SI al PRO Act', false],
    ['Manda alto y fuerte tu mensaje al Senado', false],
  ])('%s: dice como salir? %s', (es, told) => {
    const writer = createBlastWriter({ en: 'Call today. STOP to cancel.', es }, context)
    expect(writer.shape.tellsHowToStop).toBe(told)
  })

  test('words of a person do nothing in a template', () => {
    const zip = createBlastWriter({ en: '{{program}}: is {{zip}} your ZIP?' }, context)
    expect(zip.body({ ...person, zip: '{{phone1}}' })).toContain('{{phone1}}')
  })
})

describe('the approval', () => {
  const plan: BlastPlan = {
    ...{
      name: 'vote',
      action: 'pro-act',
      wording: { en: EN },
      audience: 'state:AL',
      perDay: 1,
      zone: 'local',
    },
    ...{ atTyped: '2026-12-01 10:00', startsAt: null, startsLocal: '2026-12-01T10:00:00', firstAt: null },
    ...{ untilTyped: null, untilAt: null, untilLocal: null },
  }
  const bound = { window: { from: 540, to: 1_200 }, said: actionSays(ACTION, '235246') }

  test('is bound to all that is said, audience, schedule and window', () => {
    const agreed = approvalDigest(plan, bound)
    expect(approvalDigest({ ...plan, name: 'other name' }, bound)).toEqual(agreed)
    const changes: Partial<BlastPlan>[] = [
      { wording: { en: `${EN}!` } },
      { wording: { en: EN, es: ES } },
      { audience: 'state:WV' },
      { startsLocal: '2026-12-01T11:00:00' },
      { untilLocal: '2026-12-02T11:00:00' },
      { perDay: 2 },
      { action: 'hero-act' },
    ]
    for (const change of changes) expect(approvalDigest({ ...plan, ...change }, bound)).not.toEqual(agreed)
    expect(approvalDigest(plan, { ...bound, window: { from: 540, to: 1_260 } })).not.toEqual(agreed)
    const other = { ...ACTION, wording: { ...ACTION.wording, en: { ...ACTION.wording.en, ask: 'vote NO' } } }
    expect(approvalDigest(plan, { ...bound, said: actionSays(other, '235246') })).not.toEqual(agreed)
  })

  test('keeps the window to the minute', () => {
    expect(clockTime(9 * 60 + 5)).toBe('09:05')
    expect(minuteOfDay('20:30:00')).toBe(1_230)
  })
})

describe('the breaker', () => {
  const delivered = Array.from({ length: 500 }, () => ({ isFailure: false, errorCode: null }))
  const failed = (count: number, errorCode: number) =>
    Array.from({ length: count }, () => ({ isFailure: true, errorCode }))
  const calm = { left: 0, texted: 10_000 }
  const mixed = (failures: ReturnType<typeof failed>) => [
    ...failures.flatMap((one, n) => [delivered[n] ?? one, one]),
    ...delivered.slice(failures.length * 2),
  ]

  test('lets a blast with the usual failures go on', () => {
    expect(judgeBlast({ ...calm, outcomes: mixed(failed(30, 30003)) })).toBeNull()
    expect(judgeBlast({ ...calm, outcomes: mixed(failed(9, 30007)) })).toBeNull()
  })

  test('pauses at one text in fifty filtered as spam, and says so', () => {
    expect(judgeBlast({ ...calm, outcomes: mixed(failed(11, 30007)) })?.why).toBe(
      'carriers filtered 11 of the last 500 texts as spam (2.2%, limit 2%)',
    )
  })

  test('pauses when 3 in 100 leave', () => {
    expect(judgeBlast({ outcomes: delivered, left: 29, texted: 1_000 })).toBeNull()
    expect(judgeBlast({ outcomes: delivered, left: 30, texted: 1_000 })?.why).toContain('(3.0%, limit 3%)')
  })

  test('pauses after twenty failures in a row', () => {
    expect(judgeBlast({ ...calm, outcomes: [...failed(19, 30008), ...delivered] })).toBeNull()
    expect(judgeBlast({ ...calm, outcomes: [...failed(20, 30008), ...delivered] })?.why).toBe(
      '20 texts failed in a row',
    )
  })

  test('a suspended account stops every blast', () => {
    expect(judgeBlast({ ...calm, outcomes: [...delivered, ...failed(1, 30002)] })).toMatchObject({
      everyBlast: true,
    })
  })

  test('a handful says nothing', () => {
    expect(judgeBlast({ outcomes: failed(3, 30007), left: 3, texted: 5 })).toBeNull()
  })
})

test('the canary is 200 people, or one in a hundred of a large audience', () => {
  expect([CANARY_OVER_PEOPLE + 1, 20_000, 122_458].map(canaryPeople)).toEqual([200, 200, 1_225])
})

describe('tokens', () => {
  const clock = { nowMs: 0, monotonicMs: () => clock.nowMs, now: () => new Date(0) }

  test('what a claim did not need pays for the next one, for a second', async () => {
    const asked: number[] = []
    const tokens = createTokens(
      { take: (_lane, segments) => (asked.push(segments), Promise.resolve(0)) },
      clock,
    )
    await tokens.take(10)
    tokens.settle(4)
    await tokens.take(10)
    expect(asked).toEqual([10, 6])
    tokens.settle(4)
    clock.nowMs += 1_500
    await tokens.take(10)
    expect(asked).toEqual([10, 6, 10])
  })

  test('a claim that found longer texts than announced is paid for afterwards', async () => {
    const asked: number[] = []
    const tokens = createTokens(
      { take: (_lane, segments) => (asked.push(segments), Promise.resolve(0)) },
      clock,
    )
    await tokens.take(10)
    tokens.settle(-3)
    await tokens.take(10)
    expect(asked).toEqual([10, 13])
  })

  test('having to wait costs no credit', async () => {
    let waitMs = 5
    const tokens = createTokens({ take: () => Promise.resolve(waitMs) }, clock)
    tokens.settle(4)
    expect(await tokens.take(10)).toBe(5)
    waitMs = 0
    expect(await tokens.take(4)).toBe(0)
  })
})

test('slots are given first come, first served', async () => {
  const slots = createSlots(2)
  slots.take()
  slots.take()
  const order: string[] = []
  const waits = [slots.free(2).then(() => order.push('two')), slots.free(1).then(() => order.push('one'))]
  slots.give()
  slots.give()
  await Promise.all(waits)
  expect(order).toEqual(['two', 'one'])
})
