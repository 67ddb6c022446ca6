import fc from 'fast-check'
import { segmentsOf } from '../../src/compliance/segments.js'
import { decode, encode } from '../../src/conversation/codec.js'
import { readIntent } from '../../src/conversation/read-intent.js'
import { TEXT_NAMES, type TextName } from '../../src/conversation/text-names.js'
import { LIMITS } from '../../src/limits.js'
import { Play } from '../support/play.js'

const KEYWORDS =
  'WORK|work please|WROK|work 35020|START|UNSTOP|JOIN|STOP|STOP|please stop texting me|stop?|HELP|AYUDA|CALL|MOVED|FORGET ME|FORGET|LESS|MORE|ESPANOL|ENGLISH|' +
  'thanks|ok|no|yes|1|2|3|4|1 a|3 b|A|B|done|left a vm|busy|wrong office|called both|Tuberville|banana|STOP union busting!|hola|trabajo|ALTO|Ohio|TN|' +
  '35020|42223|57717|20001|00901|09012|35099|00000|2861|350201|35020 36101'
const keywords = fc.constantFrom(...KEYWORDS.split('|'))
const junk = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ maxLength: 80 }),
  fc.stringMatching(/^[ -~]{0,200}$/),
)

/** Her texts, each after some seconds. Most say something. */
const texts = fc.array(
  fc.record({
    body: fc.oneof({ weight: 5, arbitrary: keywords }, { weight: 1, arbitrary: junk }),
    afterSeconds: fc.constantFrom(0, 1, 20, 90_000),
    mediaCount: fc.constantFrom(0, 0, 0, 1),
    optOutType: fc.constantFrom(
      null,
      null,
      null,
      null,
      null,
      null,
      'STOP' as const,
      'START' as const,
      'HELP' as const,
    ),
    beforeLeave: fc.constantFrom(false, false, false, false, true),
  }),
  { maxLength: 14 },
)
const standings = fc.constantFrom('unknown' as const, 'invited' as const, 'joined' as const)

const SEGMENTS_MAX: Partial<Record<TextName, number>> = { senators: 3, senators_guess: 3 }
const AFTER_LEAVING = new Set<TextName>([
  'stop',
  'help',
  'forget_ask',
  'forget_done',
  'welcome',
  'start',
  'senators',
  'border',
  'dc',
  'territory',
  'military',
  'senators_guess',
])

test('whatever she texts: an end, an answer that fits, and nothing to somebody who left save what she may ask for', () => {
  fc.assert(
    fc.property(standings, texts, (standing, sequence) => {
      const phone = new Play()
      phone.person.standing = standing
      const sentAt: number[] = []
      for (const { body, afterSeconds, ...more } of sequence) {
        phone.now = new Date(phone.now.getTime() + afterSeconds * 1_000)
        const before = { ...phone.person }
        const said = phone.say(body, { ...more, beforeLeave: more.beforeLeave && before.standing === 'left' })
        const intent = readIntent(body, more.mediaCount, {
          question: { kind: 'none' },
          lastNames: [],
          keywords: ['WORK'],
          shortCode: '235246',
        }).kind

        expect(said.texts.length).toBeLessThanOrEqual(2)
        for (const { text } of said.replies) expect(TEXT_NAMES).toContain(text)
        said.texts.forEach((text, index) => {
          const name = said.replies[index]?.text ?? 'ack'
          expect(segmentsOf(text)).toBeLessThanOrEqual(SEGMENTS_MAX[name] ?? 2)
        })
        expect(new Set(said.replies.map(({ text }) => text)).size).toBe(said.replies.length)

        const joins = said.step.effects.some(({ kind }) => kind === 'join')
        if (joins)
          expect(
            intent === 'keyword' ||
              intent === 'start' ||
              (intent === 'join' && before.standing === 'invited'),
          ).toBe(true)
        if (joins)
          expect(
            before.standing === 'unknown' || before.standing === 'invited' || before.standing === 'left',
          ).toBe(true)
        if (before.standing === 'left' && !joins)
          for (const { text } of said.replies)
            expect(['stop', 'help', 'forget_ask', 'forget_done']).toContain(text)
        if (before.standing === 'left')
          for (const { text } of said.replies) expect(AFTER_LEAVING).toContain(text)
        if (more.beforeLeave && before.standing === 'left') expect(said.step.effects).toEqual([])
        if (more.optOutType) expect(said.texts).toEqual([])

        expect(decode(encode(said.step.conversation))).toEqual(said.step.conversation)
        const isConsent = joins || said.replies.some(({ text }) => text === 'stop' || text === 'unclear')
        const now = phone.now.getTime() / 1_000
        const inWindow = sentAt.filter((at) => now - at < LIMITS.replyWindowSeconds).length
        if (!isConsent && said.texts.length > 0)
          expect(inWindow + said.texts.length).toBeLessThanOrEqual(
            said.replies.every(({ text }) => text === 'help')
              ? LIMITS.helpPerWindow
              : LIMITS.repliesPerWindow,
          )
        sentAt.push(...said.texts.map(() => now))
      }
    }),
    { numRuns: 120 },
  )
})

test('who has left is texted only what she asks for, and only her own word brings her back', () => {
  fc.assert(
    fc.property(texts, (sequence) => {
      const phone = new Play()
      for (const body of ['WORK', '35020', 'STOP']) phone.say(body)
      for (const { body, afterSeconds, ...more } of sequence) {
        if (phone.person.standing !== 'left') return
        phone.now = new Date(phone.now.getTime() + afterSeconds * 1_000)
        const { kind: asked } = readIntent(body, more.mediaCount, {
          question: { kind: 'none' },
          lastNames: [],
          keywords: ['WORK'],
          shortCode: '235246',
        })
        const said = phone.say(body, more)
        const names = said.replies.map(({ text }) => text)
        if (asked === 'keyword' || asked === 'start') continue
        expect(phone.person.standing).toBe('left')
        if (names.length > 0) expect([names, more.optOutType, more.beforeLeave]).toEqual([names, null, false])
        if (names.includes('help')) expect(asked).toBe('help')
        if (names.some((name) => name.startsWith('forget_'))) expect(asked).toBe('forget')
        expect(names.filter((name) => !['stop', 'help', 'forget_ask', 'forget_done'].includes(name))).toEqual(
          [],
        )
        expect(
          said.step.effects.filter(({ kind }) => !['reply', 'language', 'forget'].includes(kind)),
        ).toEqual([])
      }
    }),
    { numRuns: 300 },
  )
})

test('a STOP is confirmed exactly once, a second one at most once more a day', () => {
  const afterwards = fc.array(
    fc.constantFrom('STOP', 'stop.', 'hello', '35020', '1', 'CALL', 'unsubscribe'),
    { maxLength: 8 },
  )
  fc.assert(
    fc.property(afterwards, (sequence) => {
      const phone = new Play()
      for (const body of ['WORK', '35020']) phone.say(body)
      expect(phone.say('STOP').replies.map(({ text }) => text)).toEqual(['stop'])
      const later = sequence.flatMap((body) => phone.say(body).replies.map(({ text }) => text))
      expect(later.length).toBeLessThanOrEqual(1)
      expect(later.every((text) => text === 'stop')).toBe(true)
    }),
    { numRuns: 50 },
  )
})

test('a text of any length and script is read in a moment', () => {
  const nasty = [
    '1 '.repeat(800),
    'a '.repeat(800),
    '35020-'.repeat(266),
    'zip '.repeat(400),
    '"'.repeat(1_600),
    '\ufdfa'.repeat(1_600),
    'to “'.repeat(400),
    'Removed a '.repeat(160),
    '👍'.repeat(800),
    'o'.repeat(1_600),
    'thank '.repeat(266),
    '1, '.repeat(533),
  ]
  const phone = new Play()
  phone.person = { ...phone.person, standing: 'joined', zip: '35020', state: 'AL' }
  for (const body of nasty) {
    const started = performance.now()
    phone.say(body, { verdict: 'stay' })
    expect(performance.now() - started).toBeLessThan(200)
  }
})
