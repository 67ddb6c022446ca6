import { bundledTable } from '../../src/congress/bundled.js'
import { changedPhones, changedSeats, checkTable, endedTerms } from '../../src/congress/check.js'
import { SWITCHBOARD, buildCongress, type Senator, type SenatorTable } from '../../src/congress/congress.js'
import { judgeUpdate } from '../../src/congress/update.js'

const now = new Date('2026-11-22T18:00:00Z')

function withSenator(last: string, change: Partial<Senator>): SenatorTable {
  return {
    ...bundledTable,
    senators: bundledTable.senators.map((senator) =>
      senator.last === last ? { ...senator, ...change } : senator,
    ),
  }
}

function without(...lasts: string[]): SenatorTable {
  return {
    ...bundledTable,
    senators: bundledTable.senators.filter((senator) => !lasts.includes(senator.last)),
  }
}

/** The same table with so many of its seats held by newcomers. */
function withNewcomers(count: number): SenatorTable {
  const senators = bundledTable.senators.map((senator, index) =>
    index < count
      ? { ...senator, bioguide: `N${String(index).padStart(6, '0')}`, name: 'New Comer' }
      : senator,
  )
  return { ...bundledTable, senators }
}

describe('the whole check', () => {
  test('the bundled table passes; Florida and Ohio are warned about and stay', () => {
    const check = checkTable(bundledTable, now)
    expect(check.faults).toEqual([])
    expect(check.ended.map((senator) => senator.name)).toEqual(['Ashley Moody', 'Jon Husted'])
    expect(check.endingSoon).toHaveLength(33)
    expect(check.ageDays).toBe(160)
    const congress = buildCongress(bundledTable)
    expect(endedTerms(congress, new Date('2031-06-01'))).toHaveLength(100)
    expect(congress.senatorsOf('FL').map((senator) => senator.last)).toContain('Moody')
  })

  test.each<[string, SenatorTable, RegExp]>([
    [
      'a state with one senator',
      without('Husted'),
      /^Ohio has 1 senator, not 2 \(if a seat is vacant, say so: --vacant OH\)$/,
    ],
    ['a state with none', without('Husted', 'Moreno'), /^Ohio has no senator, not 2$/],
    [
      'a state with three',
      {
        ...bundledTable,
        senators: [
          ...bundledTable.senators,
          { ...bundledTable.senators[0]!, bioguide: 'Z000001', phone: '202-224-0001' },
        ],
      },
      /Alaska has 3 senators, not 2/,
    ],
    [
      'a number of another office',
      withSenator('Britt', { phone: '202-225-5744' }),
      /Katie Boyd Britt \(AL\) has the number "202-225-5744"/,
    ],
    [
      'a number in another form',
      withSenator('Britt', { phone: '(202) 224-5744' }),
      /not one like 202-224-1234/,
    ],
    [
      'a number twice',
      withSenator('Britt', { phone: '202-224-4124' }),
      /Tuberville \(AL\) and Katie Boyd Britt \(AL\) have the same number/,
    ],
    ['a person twice', withSenator('Britt', { bioguide: 'T000278' }), /T000278 is listed twice/],
    ['no name', withSenator('Britt', { name: ' ' }), /B001319 has no name/],
    ['one class twice', withSenator('Britt', { class: 2 }), /Alabama has two senators of class 2/],
    [
      'an office that cannot be called',
      withSenator('Britt', { offices: [{ city: 'Mobile', zip: '36602', phone: '251' }] }),
      /Britt \(AL\) has an office without/,
    ],
    ['no date', { ...bundledTable, asOf: 'yesterday' }, /"yesterday" is no date/],
  ])('a table with %s is refused', (_, table, fault) => {
    expect(checkTable(table, now).faults).toEqual(expect.arrayContaining([expect.stringMatching(fault)]))
  })

  test('a vacancy that somebody has explained is no fault', () => {
    expect(checkTable({ ...without('Husted'), vacant: ['OH'] }, now).faults).toEqual([])
    expect(checkTable({ ...bundledTable, vacant: ['OH'] }, now).faults).toEqual([
      'Ohio has 2 senators, not 1',
    ])
  })

  test('two newcomers without a number of their own share the switchboard', () => {
    const table = withSenator('Husted', { phone: SWITCHBOARD })
    const both = {
      ...table,
      senators: table.senators.map((one) => (one.last === 'Moody' ? { ...one, phone: SWITCHBOARD } : one)),
    }
    expect(checkTable(both, now).faults).toEqual([])
    expect(checkTable(both, now).withoutNumber).toHaveLength(2)
  })
})

describe('what an update changes', () => {
  test('a successor is one changed seat, named with whom she follows', () => {
    const after = withSenator('Moody', { bioguide: 'N000001', name: 'New Comer', phone: '202-224-0001' })
    const changes = changedSeats(bundledTable, after)
    expect(changes.map(({ state, gone, came }) => [state, gone?.name, came?.name])).toEqual([
      ['FL', 'Ashley Moody', 'New Comer'],
    ])
    expect(changedSeats(bundledTable, without('Moody'))).toMatchObject([{ state: 'FL', came: null }])
    expect(changedPhones(bundledTable, after)).toEqual([])
    expect(
      changedPhones(bundledTable, withSenator('Britt', { phone: '202-224-0002' })).map((one) => one.last),
    ).toEqual(['Britt'])
  })

  test('six changed seats pass, seven need somebody to say yes', () => {
    const verdict = (count: number, yes: boolean) =>
      judgeUpdate(bundledTable, { kind: 'table', table: withNewcomers(count) }, { now, yes })
    expect(verdict(6, false).kind).toBe('replace')
    expect(verdict(7, false)).toMatchObject({ kind: 'needs-yes', changes: { seats: { length: 7 } } })
    expect(verdict(7, true).kind).toBe('replace')
  })

  test('no yes helps a table that is not whole', () => {
    const parsed = { kind: 'table', table: without('Husted') } as const
    expect(judgeUpdate(bundledTable, parsed, { now, yes: true }).kind).toBe('refused')
    expect(
      judgeUpdate(bundledTable, { kind: 'unreadable', faults: ['not JSON'] }, { now, yes: true }),
    ).toEqual({
      kind: 'refused',
      faults: ['not JSON'],
    })
  })
})
