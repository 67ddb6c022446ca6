import { SWITCHBOARD, type SenatorTable } from '../../src/congress/congress.js'
import { parseLegislators } from '../../src/congress/legislators.js'

const term = {
  type: 'sen',
  start: '2023-01-03',
  end: '2029-01-03',
  state: 'NM',
  class: 2,
  party: 'Democrat',
  state_rank: 'junior',
  phone: '202-224-6621',
  address: '498 Russell Senate Office Building',
}
const lujan = {
  id: { bioguide: 'L000570', govtrack: 412293 },
  name: { first: 'Ben', last: 'Luján', official_full: 'Ben Ray Luján' },
  bio: { gender: 'M' },
  terms: [{ type: 'rep', start: '2009-01-06', end: '2011-01-03', state: 'NM', district: 3 }, term],
}
const house = {
  id: { bioguide: 'P000197' },
  name: { first: 'Nancy', last: 'Pelosi' },
  terms: [
    { ...term, state: 'CA' },
    { type: 'rep', start: '2025-01-03', end: '2027-01-03', state: 'CA' },
  ],
}

function parse(records: unknown, before: SenatorTable | null = null, offices?: unknown) {
  return parseLegislators(
    {
      legislators: typeof records === 'string' ? records : JSON.stringify(records),
      ...(offices !== undefined && { offices: JSON.stringify(offices) }),
      asOf: '2026-11-22',
      source: 'a test',
    },
    before,
  )
}

function table(records: unknown, before: SenatorTable | null = null, offices?: unknown): SenatorTable {
  const parsed = parse(records, before, offices)
  if (parsed.kind !== 'table') throw new Error(parsed.faults.join('; '))
  return parsed.table
}

function faults(records: unknown, before: SenatorTable | null = null, offices?: unknown): string {
  const parsed = parse(records, before, offices)
  return parsed.kind === 'unreadable' ? parsed.faults.join('; ') : ''
}

describe('reading legislators-current.json', () => {
  test('the last term counts: who sits in the House now is no senator', () => {
    expect(table([lujan, house]).senators).toEqual([
      {
        bioguide: 'L000570',
        name: 'Ben Ray Luján',
        first: 'Ben',
        last: 'Luján',
        state: 'NM',
        party: 'Democrat',
        class: 2,
        rank: 'junior',
        phone: '202-224-6621',
        termEnd: '2029-01-03',
        offices: [],
      },
    ])
  })

  test('a byte order mark, a decomposed accent and a missing full name do no harm', () => {
    const name = { first: 'Ben', last: 'Luján'.normalize('NFD') }
    const [senator] = table(`\uFEFF${JSON.stringify([{ ...lujan, name }])}`).senators
    expect(senator).toMatchObject({ name: 'Ben Luján', last: 'Luján' })
  })

  test('an independent keeps the caucus, an appointed senator the special election', () => {
    const terms = [
      {
        ...term,
        party: 'Independent',
        caucus: 'Democrat',
        how: 'appointment',
        'end-type': 'special-election',
      },
    ]
    expect(table([{ ...lujan, terms }]).senators[0]).toMatchObject({ caucus: 'Democrat', special: true })
  })

  test.each([
    ['no JSON', '<html>Not found</html>', /not JSON/],
    ['no list', {}, /not a list/],
    ['an empty list', [], /not a list/],
    ['only House members', [house], /names no senator/],
    [
      'a senator of no state',
      [{ ...lujan, terms: [{ ...term, state: 'PR' }] }],
      /L000570 \(Luján\): state is no state/,
    ],
    ['no end of the term', [{ ...lujan, terms: [{ ...term, end: 'soon' }] }], /L000570 \(Luján\): end/],
    ['no rank', [{ ...lujan, terms: [{ ...term, state_rank: undefined }] }], /state_rank/],
    [
      'a control character in a name',
      [{ ...lujan, name: { first: 'B\u001b[31m', last: 'L' } }],
      /record 1: name\.first/,
    ],
    ['no terms', [{ ...lujan, terms: [] }], /record 1: terms/],
  ])('a file with %s is refused, and the fault is named', (_, records, fault) => {
    expect(faults(records)).toMatch(fault)
  })
})

describe('numbers and offices', () => {
  const before = table([lujan], null, [
    {
      id: { bioguide: 'L000570' },
      offices: [{ city: 'Las Vegas', state: 'NM', zip: '87701-4024', phone: '505-230-7040' }],
    },
  ])
  const noPhone = { ...lujan, terms: [{ ...term, phone: undefined }] }

  test('a newcomer whose number is not published yet gets the switchboard', () => {
    expect(table([noPhone]).senators[0]?.phone).toBe(SWITCHBOARD)
  })

  test('a sitting senator who loses the number means the file is damaged', () => {
    expect(faults([noPhone], before)).toBe('L000570 (Luján) has no phone, and had 202-224-6621 before')
  })

  test('without an offices file everybody keeps the offices they had', () => {
    expect(before.senators[0]?.offices).toEqual([{ city: 'Las Vegas', zip: '87701', phone: '505-230-7040' }])
    expect(table([lujan], before).senators[0]?.offices).toEqual(before.senators[0]?.offices)
  })

  test('only offices that can be called count, in the senator own state, each line of a city once', () => {
    const offices = [
      { city: 'Taos', state: 'NM', zip: '87571', phone: '505-555-0100' },
      { city: 'Taos', state: 'NM', zip: '87572', phone: '505-555-0100' },
      { city: 'Roswell', state: 'NM', zip: '88201' },
      { city: 'El Paso', state: 'TX', zip: '79901', phone: '915-555-0100' },
    ]
    const read = table([lujan], before, [{ id: { bioguide: 'L000570' }, offices }])
    expect(read.senators[0]?.offices.map((office) => office.zip)).toEqual(['87571'])
  })

  test('an offices file that knows none of the senators is refused', () => {
    expect(faults([lujan], before, [{ id: { bioguide: 'X000001' }, offices: [] }])).toMatch(
      /no office of any senator/,
    )
    expect(faults([lujan], before, { message: 'moved' })).toMatch(/offices file is not a list/)
  })
})
