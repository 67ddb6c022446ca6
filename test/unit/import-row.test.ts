import { createNumberSet } from '../../src/inbound/number-set.js'
import { createRowReader } from '../../src/inbound/import-row.js'

const read = createRowReader()
const row = (phone: string, zip = '35020', language = '') => read({ phone, zip, language })
const alabama = { zip: '35020', state: 'AL', zone: 'America/Chicago', otherZone: 'America/Chicago' }

describe('a row of a list', () => {
  test.each([
    '2055550142',
    '(205) 555-0142',
    '205-555-0142',
    '205.555.0142',
    ' +1 205 555 0142 ',
    '1-205-555-0142',
    '+12055550142',
    '2055550142.0',
    "'+12055550142",
  ])('takes the number %s', (phone) => {
    expect(row(phone)).toEqual({ person: { phone: '+12055550142', ...alabama, language: 'en' } })
  })

  test.each([
    ['35020', '35020'],
    ['35020-1234', '35020'],
    ['350201234', '35020'],
    [' 35020 ', '35020'],
    ['35020.0', '35020'],
    ["'02108", '02108'],
  ])('takes the ZIP %s', (zip, five) => {
    expect(row('2055550142', zip)).toMatchObject({ person: { zip: five } })
  })

  test.each([
    ['', 'en'],
    ['EN', 'en'],
    ['English', 'en'],
    ['es', 'es'],
    ['Español', 'es'],
    ['spanish', 'es'],
  ])('takes the language "%s"', (language, code) => {
    expect(row('2055550142', '35020', language)).toMatchObject({ person: { language: code } })
  })

  test.each([
    ['2055550', '35020', '', 'phone has 7 digits; a US number has 10'],
    ['', '35020', '', 'phone is empty'],
    ['+44 20 7946 0958', '35020', '', 'phone is not a US number'],
    ['416-555-0142', '35020', '', 'phone is not a US number'],
    ['2.05555E+09', '35020', '', 'phone was cut short by a spreadsheet; make its column text'],
    ['2055550142', '2108', '', 'zip has 4 digits; perhaps a spreadsheet cut the leading 0'],
    ['2055550142', '601', '', 'zip has 3 digits; perhaps a spreadsheet cut the leading 0'],
    ['2055550142', '', '', 'zip is empty'],
    ['2055550142', 'banana', '', 'zip is no ZIP; a ZIP has 5 digits'],
    ['2055550142', '350201', '', 'zip has 6 digits; a ZIP has 5'],
    ['2055550142', '00000', '', 'zip is not one in use in the US'],
    ['2055550142', '35020', 'fr', 'language is neither en nor es'],
  ])('says what is wrong with %s, %s, %s, without the number', (phone, zip, language, fault) => {
    expect(row(phone, zip, language)).toEqual({ fault })
  })

  test('of a border or a military ZIP has no state yet, and the strictest hours', () => {
    expect(row('2055550142', '42223')).toMatchObject({ person: { zip: '42223', state: null } })
    expect(row('2055550142', '09012')).toMatchObject({
      person: { state: null, zone: 'America/New_York', otherZone: 'America/Los_Angeles' },
    })
  })

  test('of DC or a territory has that for a state', () => {
    expect(row('2055550142', '20500')).toMatchObject({ person: { state: 'DC' } })
    expect(row('2055550142', '00901')).toMatchObject({ person: { state: 'PR' } })
  })
})

test('a number that stands in the list twice is found again, among many', () => {
  const numbers = createNumberSet()
  const phone = (index: number) => `+1${200 + (index % 700)}5550${100 + (Math.floor(index / 700) % 100)}`
  const seen = new Set<string>()
  for (let index = 0; index < 30_000; index += 1) {
    const one = phone((index * 7_919) % 50_021)
    expect(numbers.add(one)).toBe(!seen.has(one))
    seen.add(one)
  }
})

test.each([
  ...['8002055555', '8332055555', '8442055555', '8552055555', '8662055555', '8772055555', '8882055555'],
  ...['5002055555', '5332055555', '5882055555', '9999999999', '2055551212'],
])('%s is no phone of a person, so no list brings it in', (phone) => {
  expect(row(phone)).toEqual({ fault: expect.stringMatching(/^phone (is|belongs) /) as string })
})

test.each(['2055550100', '2055550199', '2055554334', '2225550100', '2222222222', '5052055555', '7072055555'])(
  '%s may be the phone of a person',
  (phone) => {
    expect(row(phone)).toMatchObject({ person: { phone: `+1${phone}` } })
  },
)
