import { buildCongress } from '../../src/congress/congress.js'
import { bundledTable } from '../../src/congress/bundled.js'
import { decode, encode, newConversation } from '../../src/conversation/codec.js'
import { step } from '../../src/conversation/step.js'
import { thanksFor } from '../../src/conversation/thanks.js'
import type { Effect, Report } from '../../src/conversation/types.js'
import { LIMITS } from '../../src/limits.js'
import { ACTION, CONGRESS, Play, SHORT_CODE, stranger } from '../support/play.js'

const play = (...bodies: string[]): Play => {
  const phone = new Play()
  for (const body of bodies) phone.say(body)
  return phone
}
const names = (said: ReturnType<Play['say']>) => said.replies.map(({ text }) => text)
const kinds = (effects: readonly Effect[]) => effects.map(({ kind }) => kind)

describe('texts that arrived before she left', () => {
  test.each(['WORK', 'START', '35020', 'HELP', 'FORGET ME', '1'])(
    '%s neither joins her nor is answered',
    (body) => {
      const phone = play('WORK', '35020', 'STOP')
      const { step: taken } = phone.say(body, { beforeLeave: true })
      expect(taken.effects).toEqual([])
      expect(phone.person.standing).toBe('left')
    },
  )
})

describe('the loop guard', () => {
  test('answers a person no more than the limit within its window', () => {
    const phone = play('WORK')
    const answers = Array.from({ length: 40 }, () => phone.say('CALL').texts.length)
    expect(answers.filter(Boolean)).toHaveLength(LIMITS.repliesPerWindow - 1)
    phone.now = new Date(phone.now.getTime() + LIMITS.replyWindowSeconds * 1_000)
    expect(names(phone.say('HELP'))).toEqual(['help'])
  })

  test('answers HELP behind all the others, and a machine that says nothing else not for ever', () => {
    const phone = play('WORK', ...Array.from({ length: 40 }, () => 'CALL'))
    expect(phone.say('CALL').texts).toEqual([])
    expect(names(phone.say('HELP'))).toEqual(['help'])
    const answers = Array.from({ length: 40 }, () => phone.say('AYUDA').texts.length)
    expect(answers.filter(Boolean)).toHaveLength(LIMITS.helpPerWindow - LIMITS.repliesPerWindow - 1)
    phone.now = new Date(phone.now.getTime() + LIMITS.replyWindowSeconds * 1_000)
    expect(names(phone.say('HELP'))).toEqual(['help'])
  })

  test('keeps what she tells us while it is closed', () => {
    const phone = play('WORK', '35020', '1 a', ...Array.from({ length: 10 }, () => 'HELP'))
    const { step: taken } = phone.say('2 b')
    expect(taken.effects).toEqual([
      expect.objectContaining({ kind: 'report', outcome: 'voicemail', thank: false }),
    ])
    expect(phone.outcomes).toHaveLength(2)
  })

  test('erases nobody unseen', () => {
    const phone = play('WORK', 'FORGET ME', ...Array.from({ length: 10 }, () => 'HELP'))
    expect(phone.say('FORGET').step.effects).toEqual([])
    phone.now = new Date(phone.now.getTime() + 60_000)
    expect(names(phone.say('FORGET'))).toEqual(['forget_done'])
  })

  test('holds nobody unasked: whether to stop is asked all the same', () => {
    const phone = play('WORK', '35020', ...Array.from({ length: 10 }, () => 'HELP'))
    expect(names(phone.say('stop?'))).toEqual(['unclear'])
    expect(phone.person.standing).toBe('held')
    expect(names(phone.say('hello'))).toEqual([])
  })

  test('is not shut by a clock that ran ahead and was set back', () => {
    const phone = play('WORK', ...Array.from({ length: 10 }, () => 'HELP'))
    phone.now = new Date(phone.now.getTime() - 3_600_000)
    expect(names(phone.say('HELP'))).toEqual(['help'])
  })
})

describe('who votes elsewhere', () => {
  test('the ZIP she lives in is kept, so that no alert comes at her night, and no senator hears of it', () => {
    const phone = play('WORK', '15213')
    const [numbers] = phone.say('I vote in Hawaii').texts
    expect(phone.person).toMatchObject({ zip: '15213', state: 'HI' })
    expect(numbers).toContain('Hirono')
    expect(numbers).not.toContain('15213')
    expect(phone.say('CALL').texts[0]).not.toContain('15213')
  })

  test('a ZIP that she sends after it is where she lives and votes', () => {
    const phone = play('WORK', '15213', 'I vote in Hawaii', '35020')
    expect(phone.person).toMatchObject({ zip: '35020', state: 'AL' })
  })

  test('her state first and then a ZIP elsewhere: the ZIP is the newer word, and her state may be named once more', () => {
    const phone = play('WORK', 'I vote in Hawaii')
    expect(phone.person).toMatchObject({ zip: null, state: 'HI' })
    phone.say('15213')
    expect(phone.person).toMatchObject({ zip: '15213', state: 'PA' })
    phone.say('I vote in Hawaii')
    expect(phone.person).toMatchObject({ zip: '15213', state: 'HI' })
  })
})

describe('her calls', () => {
  test('an alert after her reports begins a new round: the office is asked for again', () => {
    const phone = play('WORK', '35020', '1 a')
    void phone.later(7 * 86_400)
    phone.person.alertedAt = new Date(phone.now.getTime() - 3_600_000)
    expect(names(phone.say('1'))).toEqual(['which'])
    expect(names(phone.say('a'))).toEqual(['thanks_next'])
    expect(names(phone.say('1'))).toEqual(['thanks_done'])
  })

  test('an office that was busy is not offered twice, and the numbers again offer it anew', () => {
    const phone = play('WORK', '35020', '3 b')
    const cities = new Set<string>()
    for (let i = 0; i < 5; i += 1) {
      const city = phone.say('3').replies[0]?.vars['city'] ?? 'none left'
      expect(cities).not.toContain(city)
      cities.add(city)
      void phone.later(60)
    }
    expect([...cities]).toContain('Dothan')
    expect(names(phone.say('3'))).toEqual(['busy_again'])
    phone.say('CALL')
    expect(names(phone.say('3 b'))).toEqual(['busy'])
  })

  test('where a seat is vacant the switchboard stands in, and there is one office to report on', () => {
    const congress = buildCongress({
      ...bundledTable,
      senators: bundledTable.senators.filter(({ bioguide }) => bioguide !== 'B001319'),
    })
    const person = { ...stranger(), standing: 'joined' as const, zip: '35020', state: 'AL' }
    const world = {
      ...{ now: new Date(0), action: ACTION, keywords: ACTION.keywords },
      ...{ congress, person, shortCode: SHORT_CODE },
    }
    const event = {
      kind: 'text' as const,
      mediaCount: 0,
      verdict: 'stay' as const,
      optOutType: null,
      beforeLeave: false,
    }
    const numbers = step(newConversation(), { ...event, body: 'CALL' }, world)
    expect(numbers.effects).toEqual([
      expect.objectContaining({
        vars: expect.objectContaining({ sen2: '(seat vacant)', phone2: '202-224-3121' }) as object,
      }),
    ])
    const told = step(numbers.conversation, { ...event, body: '1' }, world)
    expect(told.effects).toEqual([
      expect.objectContaining({ kind: 'report', senator: 'T000278', next: null }),
    ])
  })

  const report: Report = {
    kind: 'report',
    senator: 'T000278',
    outcome: 'reached',
    next: 'B001319',
    thank: true,
  }
  const world = { congress: CONGRESS, person: { ...stranger(), state: 'AL' } }
  test.each([
    ['the first of her state', { calls: 1, counted: true }, report, 'thanks_first'],
    ['one to go', { calls: 212, counted: true }, report, 'thanks_next'],
    ['both done', { calls: 212, counted: true }, { ...report, next: null }, 'thanks_done'],
    ['told twice on one day', { calls: 212, counted: false }, report, 'ack'],
    ['answered by another text', { calls: 212, counted: true }, { ...report, thank: false }, undefined],
    ['of a senator who is gone', { calls: 212, counted: true }, { ...report, senator: 'X000000' }, undefined],
  ])('a report that is %s', (_, tally, said, text) => expect(thanksFor(said, tally, world)?.text).toBe(text))

  test('add up in her words', () => {
    expect(thanksFor(report, { calls: 212, counted: true }, world)?.vars).toEqual({
      tally: '212th',
      state: 'Alabama',
      sen: 'Katie Boyd Britt',
      phone: '202-224-5744',
    })
  })
})

test('she is held once: no second question, and a release comes before what she asked for', () => {
  const phone = play('WORK', '35020')
  expect(kinds(phone.say('hm, stop?', { verdict: 'unclear' }).step.effects)).toEqual(['hold', 'reply'])
  expect(phone.say('stop what?', { verdict: 'unclear' }).step.effects).toEqual([])
  expect(kinds(phone.say('1 a').step.effects)).toEqual(['release', 'report'])
  expect(phone.person.standing).toBe('joined')
})

test('words that are unclear alone are clear where we asked for them', () => {
  const phone = play('WORK', '35020')
  expect(names(phone.say('done', { verdict: 'unclear' }))).toEqual(['which'])
  expect(names(phone.say('fewer texts', { verdict: 'unclear' }))).toEqual(['less'])
  expect(phone.person.standing).toBe('joined')
  expect(names(play('WORK').say('done', { verdict: 'unclear' }))).toEqual(['unclear'])
})

test('an unclear word from somebody who never joined holds nobody', () => {
  const { step: taken } = new Play().say('stop?', { verdict: 'unclear' })
  expect(kinds(taken.effects)).toEqual(['reply'])
})

test('facts of an odd person never stop the dialogue', () => {
  const phone = new Play()
  phone.person = { ...stranger(), standing: 'joined', zip: 'x', state: 'ZZ' }
  for (const body of ['CALL', '1', 'WORK', 'hello', '3', 'MOVED', '35020']) phone.say(body)
  expect(phone.person.state).toBe('AL')
})

describe('a conversation written down', () => {
  test('is read as it was', () => {
    const phone = play('WORK', '42223', '1', '3 a', '1', 'HELP', 'thanks')
    expect(decode(encode(phone.conversation))).toEqual(phone.conversation)
  })

  test.each([
    '',
    'null',
    '{}',
    '[]',
    '"x"',
    '{"question":{"kind":"zip","misses":1},"silent":false}',
    '{"question":{"kind":"x"}}',
    '\u0000',
    encode(newConversation()).slice(0, -1),
  ])('is not believed when it reads %j', (json) => expect(decode(json)).toBeNull())
})
