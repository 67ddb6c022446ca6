import { bundledTable } from '../../src/congress/bundled.js'
import {
  STATE_CODES,
  SWITCHBOARD,
  buildCongress,
  nearestOffice,
  officeKey,
  type Senator,
} from '../../src/congress/congress.js'
import { tableInForce } from '../../src/congress/in-force.js'
import { formatTable, parseTable } from '../../src/congress/table-text.js'

const congress = buildCongress(bundledTable)

function senator(last: string): Senator {
  const found = bundledTable.senators.find((one) => one.last === last)
  if (!found) throw new Error(`no senator ${last}`)
  return found
}

describe('the bundled senators', () => {
  test('a person in any of the fifty states gets two, the senior one first', () => {
    expect(bundledTable.senators).toHaveLength(100)
    for (const state of STATE_CODES)
      expect(congress.senatorsOf(state).map((one) => one.rank)).toEqual(['senior', 'junior'])
    expect(congress.senatorsOf('AL').map((one) => `${one.name} ${one.phone}`)).toEqual([
      'Tommy Tuberville 202-224-4124',
      'Katie Boyd Britt 202-224-5744',
    ])
  })

  test('a busy line never leaves her without another office: every senator has one that can be called', () => {
    const offices = bundledTable.senators.map((one) => one.offices.length)
    expect(Math.min(...offices)).toBeGreaterThan(0)
    expect(offices.reduce((sum, count) => sum + count)).toBe(433)
  })

  test('names keep their accents and their suffixes', () => {
    expect(senator('Luján').name).toBe('Ben Ray Luján')
    expect(senator('King')).toMatchObject({
      name: 'Angus S. King, Jr.',
      party: 'Independent',
      caucus: 'Democrat',
    })
    expect(senator('Moody')).toMatchObject({ special: true, termEnd: '2026-11-03' })
  })

  test('the table reads back as it was written', () => {
    expect(parseTable(formatTable(bundledTable))).toEqual(bundledTable)
    const vacancy = { ...bundledTable, vacant: ['OH' as const] }
    expect(parseTable(formatTable(vacancy))).toEqual(vacancy)
  })

  test('a senator is found by the id Congress gives for life', () => {
    expect(congress.senator('T000278')?.last).toBe('Tuberville')
    expect(congress.senator('X999999')).toBeUndefined()
  })

  test('a person in a state with a vacancy gets the one senator there is', () => {
    const senators = bundledTable.senators.filter((one) => one.last !== 'Husted')
    expect(
      buildCongress({ ...bundledTable, senators })
        .senatorsOf('OH')
        .map((one) => one.last),
    ).toEqual(['Moreno'])
  })
})

describe('the nearest in-state office', () => {
  const britt = senator('Britt')

  test('a person in Bessemer is sent to Birmingham, one in Madison to Huntsville', () => {
    expect(nearestOffice(britt, '35020', [])?.city).toBe('Birmingham')
    expect(nearestOffice(britt, '35758', [])?.city).toBe('Huntsville')
    expect(nearestOffice(britt, '36695', [])?.city).toBe('Mobile')
  })

  test('an office already offered is not offered again, and in the end there is none', () => {
    const offered: string[] = []
    for (
      let office = nearestOffice(britt, '35020', offered);
      office;
      office = nearestOffice(britt, '35020', offered)
    )
      offered.push(officeKey(britt, office))
    expect(offered[0]).toBe('B001319 Birmingham')
    expect(new Set(offered).size).toBe(britt.offices.length)
  })

  test('an office on the line she just found busy is no help', () => {
    const baldwin = senator('Baldwin')
    expect(nearestOffice(baldwin, '54701', [])?.city).toBe('Eau Claire')
    const offered = [officeKey(baldwin, { city: 'Eau Claire' })]
    const others = new Set<string>()
    for (
      let office = nearestOffice(baldwin, '54848', offered);
      office;
      office = nearestOffice(baldwin, '54848', offered)
    ) {
      others.add(office.city)
      offered.push(officeKey(baldwin, office))
    }
    expect(others.size).toBeGreaterThan(0)
    expect(others).not.toContain('Ladysmith')
  })

  test('a person whose ZIP we do not know still gets an office', () => {
    expect(nearestOffice(britt, null, [])).toEqual(britt.offices[0])
  })
})

describe('the table in force', () => {
  test('what an operator has loaded is used, until a newer version brings newer data', () => {
    const stored = { ...bundledTable, asOf: '2026-01-01', loadedAt: new Date('2026-11-22T10:00:00Z') }
    expect(tableInForce(stored)).toBe(stored)
    expect(tableInForce({ ...stored, loadedAt: new Date('2026-05-01T10:00:00Z') })).toBe(bundledTable)
    expect(tableInForce(null)).toBe(bundledTable)
  })
})

test('no senator is given the switchboard as her own number', () => {
  expect(bundledTable.senators.filter((one) => one.phone === SWITCHBOARD)).toEqual([])
})
