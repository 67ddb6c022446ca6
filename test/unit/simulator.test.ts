import fc from 'fast-check'
import { SegmentedMessage } from 'sms-segments-calculator'
import { isSigned, sign } from '../../src/adapters/twilio-signature.js'
import { callbackPolicy } from '../../src/simulator/callback-policy.js'
import { DELIVERS, FATES, failureWords, fateOf, receiptPlan } from '../../src/simulator/fates.js'
import { readEvents } from '../../src/simulator/phone-line.js'
import { readPhone, writePhone } from '../../src/simulator/phone-number.js'
import { countSegments } from '../../src/simulator/segments.js'
import { isSpanish } from '../../src/simulator/spanish.js'
import { textsInAnswer } from '../../src/simulator/twiml.js'

const DELAYS = { sentMs: 100, deliveredMs: 200 }
const plan = (phone: string) =>
  receiptPlan(fateOf(phone), DELAYS).map(({ afterMs, status, times }) => `${status} at ${afterMs} x${times}`)

describe('the fate of a phone', () => {
  test('hangs on its last four digits, in any area code', () => {
    expect(fateOf('+12055550150').name).toBe('phone off')
    expect(fateOf('+19075550150').name).toBe('phone off')
    expect(fateOf('+13035550162').kind).toBe('receipts-early')
  })

  test('is plain delivery for 0100 to 0149 and for every exchange but 555', () => {
    const elsewhere = '+12055550150'.replace('555', '225')
    for (const phone of ['+12055550100', '+12055550149', '+12055550163', elsewhere, '+442055550150'])
      expect(fateOf(phone)).toBe(DELIVERS)
  })

  test('is told in words before she sends, each digit once', () => {
    expect(new Set(FATES.map((fate) => fate.digits)).size).toBe(FATES.length)
    expect(FATES.map((fate) => fate.digits)).toEqual(Array.from({ length: 13 }, (_, i) => `0${150 + i}`))
    for (const fate of FATES) expect(fate.says).toMatch(/^[A-Z].*\.$/)
    expect(failureWords(30003)).toBe('phone off or out of reach (30003)')
    expect(failureWords(99999)).toBe('error 99999')
  })

  test('decides which receipts come, when and how often', () => {
    expect(plan('+12055550101')).toEqual(['sent at 100 x1', 'delivered at 300 x1'])
    expect(plan('+12055550151')).toEqual(['sent at 100 x1', 'undelivered at 300 x1'])
    expect(plan('+12055550153')).toEqual([])
    expect(plan('+12055550157')).toEqual([])
    expect(plan('+12055550159')).toEqual(['sent at 100 x0', 'delivered at 300 x0'])
    expect(plan('+12055550160')).toEqual(['sent at 100 x2', 'delivered at 300 x2'])
    expect(plan('+12055550161')).toEqual(['delivered at 100 x1', 'sent at 300 x1'])
    expect(plan('+12055550162')).toEqual(['sent at 0 x1', 'delivered at 0 x1'])
  })
})

describe('the signature', () => {
  const url = 'https://bot.example.org/webhooks/twilio/sms'
  const sid = 'SM00000000000000000000000000000001'
  const params = {
    ToCountry: 'US',
    ToState: '',
    SmsMessageSid: sid,
    MessageSid: sid,
    SmsSid: sid,
    NumMedia: '0',
    ToCity: '',
    FromZip: '15213',
    FromState: 'PA',
    SmsStatus: 'received',
    FromCity: 'PITTSBURGH',
    Body: 'WORK',
    FromCountry: 'US',
    To: '235246',
    ToZip: '',
    NumSegments: '1',
    AccountSid: 'AC00000000000000000000000000000000',
    From: '+14125550100',
    ApiVersion: '2010-04-01',
  }

  test('is the one Twilio makes', () => {
    expect(sign('s3cr3t', url, params)).toBe('l7dhAqIp0WGuK0KUqAQWueLrLTM=')
  })

  test('is good under any configured token, and under no other', () => {
    const signature = sign('old', url, params)
    expect(isSigned(['new', 'old'], signature, url, params)).toBe(true)
    expect(isSigned(['new'], signature, url, params)).toBe(false)
    expect(isSigned(['old'], signature, url, { ...params, Body: 'STOP' })).toBe(false)
    expect(isSigned([], signature, url, params)).toBe(false)
  })

  test('a forged one never throws, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (signature, odd) => {
        expect(isSigned(['token'], signature, odd, { Body: 'x' })).toBe(false)
      }),
      { numRuns: 50 },
    )
  })
})

describe('segments', () => {
  test.each([
    ['WORK', 1],
    ['a'.repeat(160), 1],
    ['a'.repeat(161), 2],
    ['[' + 'a'.repeat(158), 1],
    ['[' + 'a'.repeat(159), 2],
    ['a'.repeat(152) + '[' + 'a'.repeat(152), 3], // the bracket does not straddle
    ['á'.repeat(70), 1],
    ['á'.repeat(71), 2],
    ['ñ'.repeat(160), 1],
  ])('%# are counted as Twilio bills them', (body, segments) => {
    expect(countSegments(body)).toBe(segments)
  })

  test('are those of the calculator that Twilio publishes', () => {
    const unit = fc.constantFrom('a', ' ', '\n', 'é', '{', '€', '~', 'á', '👍', '’', 'ñ', '1')
    fc.assert(
      fc.property(fc.string({ unit, minLength: 1, maxLength: 500 }), (body) => {
        expect(countSegments(body)).toBe(new SegmentedMessage(body, 'auto').segmentsCount)
      }),
      { numRuns: 100 },
    )
  })
})

describe('retries of a webhook', () => {
  test('without a fragment there is one, when connecting failed', () => {
    const policy = callbackPolicy('https://bot.example.org/sms?a=1')
    expect(policy).toMatchObject({ url: 'https://bot.example.org/sms?a=1', retries: 1, connectMs: 5_000 })
    expect([...policy.retried]).toEqual(['ct'])
  })

  test('follow the fragment, which is neither called nor signed', () => {
    const policy = callbackPolicy('https://bot.example.org/sms#rc=2&rp=5xx,ct,rt&rt=4000')
    expect(policy).toMatchObject({ url: 'https://bot.example.org/sms', retries: 2, readMs: 4_000 })
    expect([...policy.retried]).toEqual(['ct', 'rt', '5xx'])
  })

  test('out of range falls back to the default', () => {
    expect(callbackPolicy('https://bot.example.org/sms#rc=99&rt=1')).toMatchObject({
      retries: 1,
      readMs: 15_000,
    })
  })
})

describe("the webhook's answer", () => {
  test('in text/plain is texted to her, as Twilio does', () => {
    expect(textsInAnswer('text/plain; charset=utf-8', 'OK')).toEqual(['OK'])
    expect(textsInAnswer('text/plain', '')).toEqual([])
  })

  test('in TwiML is texted message by message; an empty Response is silence', () => {
    expect(textsInAnswer('text/xml', '<Response/>')).toEqual([])
    const twiml = '<Response><Message>Hi &amp; bye</Message><Message><Body>two</Body></Message></Response>'
    expect(textsInAnswer('text/xml', twiml)).toEqual(['Hi & bye', 'two'])
  })
})

test('Spanish is known by its common words, with English words in it', () => {
  for (const spanish of [
    'AFL-CIO: Desde ahora te escribimos en español. For English, reply ENGLISH.',
    'AFL-CIO: Gracias por estar. Responde CALL cuando quieras los teléfonos de tus senadores.',
    'AFL-CIO: El ZIP 42223 toca Kentucky y Tennessee. Responde donde votas: 1 Kentucky, 2 Tennessee.',
  ])
    expect(isSpanish(spanish)).toBe(true)
  for (const english of [
    "AFL-CIO: We'll write in English from now on. Para español, responde ESPANOL.",
    "AFL-CIO: Thank you! That's the 212th call reported from New Mexico.",
    'WORK',
    '35020',
  ])
    expect(isSpanish(english)).toBe(false)
})

test('a phone number is read in any usual form', () => {
  for (const form of ['+12055550101', '(205) 555-0101', '205.555.0101', '1 205 555 0101', '2055550101'])
    expect(readPhone(form)).toBe('+12055550101')
  for (const none of ['', '0101', '555-0101', '+442055550101', '105 555 0101'])
    expect(readPhone(none)).toBeNull()
  expect(writePhone('+12055550101')).toBe('(205) 555-0101')
})

test('server-sent events are read whole, however the bytes are cut', async () => {
  const bytes = Buffer.from(
    'retry: 1000\n\nevent: text\ndata: {"body":"¡Hola!"}\n\n: still here\n\nevent: app\ndata: {}\n\n',
  )
  async function* cut(size: number) {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
    await Promise.resolve()
  }
  for (const size of [1, 3, 1_000]) {
    const events = []
    for await (const event of readEvents(cut(size))) events.push(event)
    expect(events).toEqual([
      { event: 'text', data: '{"body":"¡Hola!"}' },
      { event: 'app', data: '{}' },
    ])
  }
})
