import fc from 'fast-check'
import { audienceWhere, parseAudience, termsWhere, type Audience } from '../../src/blast/audience.js'
import { zonesFor } from '../../src/congress/zones.js'
import { freshDatabase, type FreshDatabase } from '../support/services.js'

type Someone = {
  id: number
  standing: string
  sealed: boolean
  unreachable: boolean
  zip: string | null
  state: string | null
  zone: string
  language: string
  joinedAt: Date | null
  called: string[]
}

const PLACES = [
  { zip: '35020', state: 'AL' },
  { zip: '35203', state: 'AL' },
  { zip: '25301', state: 'WV' },
  { zip: '96813', state: 'HI' },
  { zip: '00901', state: 'PR' },
  { zip: '42223', state: null },
  { zip: null, state: 'NM' },
  { zip: null, state: null },
]
const ACTIONS = ['pro-act', 'hero-act']
const DAYS = ['2025-12-31', '2026-01-01', '2026-01-02', '2026-03-08', '2026-11-01']
// Each day's midnight by one clock is another day by another.
const JOINED = [
  '2026-01-01T04:30:00Z',
  '2026-01-01T09:59:59Z',
  '2026-01-01T10:00:00Z',
  '2026-03-08T07:00:00Z',
]

const somebody = fc.record({
  standing: fc.constantFrom('joined', 'joined', 'joined', 'held', 'invited', 'left', 'unknown'),
  sealed: fc.integer({ min: 0, max: 9 }).map((one) => one > 0),
  unreachable: fc.integer({ min: 0, max: 9 }).map((one) => one === 0),
  place: fc.constantFrom(...PLACES),
  language: fc.constantFrom('en', 'en', 'es'),
  joinedAt: fc.option(fc.constantFrom(...JOINED), { freq: 6 }),
  called: fc.subarray(ACTIONS),
})

const term = fc.oneof(
  fc
    .subarray(['AL', 'wv', 'HI', 'PR', 'NM', 'TX'], { minLength: 1 })
    .map((states) => `state:${states.join(',')}`),
  fc
    .subarray(['3', '35', '350', '35020', '0', '25301', '99'], { minLength: 1 })
    .map((zips) => `zip:${zips.join(',')}`),
  fc
    .tuple(fc.constantFrom('<', '<=', '>', '>='), fc.constantFrom(...DAYS))
    .map(([comparison, day]) => `joined${comparison}${day}`),
  fc
    .tuple(fc.constantFrom('', '-'), fc.constantFrom(...ACTIONS))
    .map(([not, action]) => `${not}called:${action}`),
  fc.constantFrom('language:es', 'language:en', 'language:en,es'),
  fc.integer({ min: 1, max: 40 }).map((limit) => `limit:${limit}`),
)
const expression = fc.array(term, { maxLength: 4 }).map((terms) => terms.join(' '))

let database: FreshDatabase
let people: Someone[]

beforeAll(async () => {
  database = await freshDatabase()
  const drawn = fc.sample(somebody, { numRuns: 200, seed: 235_246 })
  people = []
  for (const [index, one] of drawn.entries()) {
    const { zone, otherZone } = zonesFor(one.place)
    const { rows } = await database.pool.query<{ id: number }>(
      `insert into people (phone_hash, phone_sealed, standing, zip, state, zone, other_zone, language, joined_at, unreachable)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning id`,
      [
        ...[Buffer.from(`person ${index}`), one.sealed ? Buffer.from('sealed') : null, one.standing],
        ...[one.place.zip, one.place.state, zone, otherZone, one.language, one.joinedAt],
        one.unreachable ? 'gone' : null,
      ],
    )
    const id = rows[0]?.id ?? 0
    for (const action of one.called)
      await database.pool.query(
        `insert into outcomes (person_id, text_in, action, senator, state, outcome, day) values ($1, 1, $2, 'T000278', 'AL', 'reached', '2026-01-05')`,
        [id, action],
      )
    people.push({ ...one, ...one.place, id, zone, joinedAt: one.joinedAt ? new Date(one.joinedAt) : null })
  }
})
afterAll(() => database.drop())

/** Read off the expression anew, so that parser and SQL are judged together. */
function passes(person: Someone, typed: string): boolean {
  return typed
    .split(' ')
    .filter((word) => word !== '' && !word.startsWith('limit:'))
    .every((word) => {
      const [, name = '', sign = '', value = ''] = /^(-?\w+)([:<>=]+)(.*)$/.exec(word) ?? []
      const values = value.split(',')
      const day = person.joinedAt && dayIn(person.zone, person.joinedAt)
      switch (name) {
        case 'state':
          return values.some((state) => state.toUpperCase() === person.state)
        case 'zip':
          return values.some((prefix) => person.zip?.startsWith(prefix))
        case 'called':
          return person.called.includes(value)
        case '-called':
          return !person.called.includes(value)
        case 'language':
          return values.includes(person.language)
        default:
          if (day === null) return false
          return sign === '<'
            ? day < value
            : sign === '<='
              ? day <= value
              : sign === '>'
                ? day > value
                : day >= value
      }
    })
}

const clocks = new Map<string, Intl.DateTimeFormat>()

function dayIn(zone: string, at: Date): string {
  let clock = clocks.get(zone)
  if (!clock)
    clocks.set(zone, (clock = new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' })))
  return clock.format(at)
}

async function found({ sql, values }: ReturnType<typeof audienceWhere>): Promise<number[]> {
  const { rows } = await database.pool.query<{ id: number }>(
    `select p.id from people p where $1 = 'first' and ${sql} order by p.id`,
    ['first', ...values],
  )
  return rows.map((row) => row.id)
}

const idsOf = (some: Someone[], audience: Audience) =>
  some.slice(0, audience.limit ?? undefined).map(({ id }) => id)

test('an expression finds the people whom a plain look through the list finds', async () => {
  await fc.assert(
    fc.asyncProperty(expression, async (typed) => {
      const audience = parseAudience(typed)
      const filtered = people.filter((person) => passes(person, typed))
      const live = filtered.filter((one) => one.standing === 'joined' && one.sealed && !one.unreachable)
      expect(await found(audienceWhere(audience, 2))).toEqual(idsOf(live, audience))
      expect(await found(termsWhere(audience, 2))).toEqual(filtered.map(({ id }) => id))
    }),
    { numRuns: 300 },
  )
}, 30_000)

test('the draw tried people on both sides of each condition', () => {
  for (const one of [
    'state:AL',
    'zip:350',
    'joined<2026-01-01',
    'joined>=2026-01-01',
    '-called:pro-act',
    'language:es',
  ]) {
    const share = people.filter((person) => passes(person, one)).length / people.length
    expect(share).toBeGreaterThan(0.05)
    expect(share).toBeLessThan(0.95)
  }
})
