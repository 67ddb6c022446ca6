import { BORDER_ZIPS } from '../../src/congress/border-zips.js'
import { STATE_CODES, STATE_NAMES, isStateCode } from '../../src/congress/congress.js'
import { stateFromWords } from '../../src/congress/state-words.js'
import { placeOf, type Place } from '../../src/congress/zip.js'

const state = (code: keyof typeof STATE_NAMES, exact = true): Place => ({ kind: 'state', state: code, exact })

describe('where a ZIP lies', () => {
  test.each<[string, Place]>([
    ['35020', state('AL')],
    ['02138', state('MA')],
    ['00501', state('NY')],
    ['06390', state('NY')], // Fishers Island, among Connecticut's
    ['88510', state('TX')], // El Paso, among New Mexico's
    ['12345', state('NY')],
    ['20101', state('VA')],
    ['96701', state('HI')],
    ['99901', state('AK')],
    ['33201', state('FL', false)], // known by its prefix only
    ['93801', state('CA', false)],
    ['31101', state('GA', false)],
    ['20001', { kind: 'dc' }],
    ['20500', { kind: 'dc' }],
    ['56901', { kind: 'dc' }],
    ['00901', { kind: 'territory', place: 'PR' }],
    ['00601', { kind: 'territory', place: 'PR' }],
    ['00801', { kind: 'territory', place: 'VI' }],
    ['96910', { kind: 'territory', place: 'GU' }],
    ['96799', { kind: 'territory', place: 'AS' }],
    ['96950', { kind: 'territory', place: 'MP' }],
    ['09012', { kind: 'military' }],
    ['09901', { kind: 'military' }],
    ['34001', { kind: 'military' }],
    ['96201', { kind: 'military' }],
    ['96601', { kind: 'military' }],
    ['96940', { kind: 'unknown' }], // Palau
    ['96941', { kind: 'unknown' }], // Micronesia
    ['96960', { kind: 'unknown' }], // Marshall Islands
    ['00000', { kind: 'unknown' }],
    ['99999', { kind: 'unknown' }],
    ['88888', { kind: 'unknown' }],
    ['00300', { kind: 'unknown' }],
    ['2861', { kind: 'unknown' }],
    ['350201', { kind: 'unknown' }],
    ['banana', { kind: 'unknown' }],
    ['', { kind: 'unknown' }],
  ])('%s is %j', (zip, place) => {
    expect(placeOf(zip)).toEqual(place)
  })

  test('all 137 border ZIPs ask which state, in two or three states that exist', () => {
    expect(BORDER_ZIPS.size).toBe(137)
    for (const [zip, states] of BORDER_ZIPS) {
      expect(placeOf(zip)).toEqual({ kind: 'border', states })
      expect(states.every(isStateCode)).toBe(true)
      expect(new Set(states).size).toBe(states.length)
      expect([...states].sort()).toEqual(states)
    }
  })

  test.each([
    ['02861', 'MA RI'],
    ['30165', 'AL GA'],
    ['42223', 'KY TN'],
    ['51640', 'IA MO'],
    ['57717', 'MT SD WY'],
    ['59847', 'ID MT'],
    ['63673', 'IL MO'],
    ['65733', 'AR MO'],
    ['71953', 'AR OK'],
    ['73949', 'OK TX'],
    ['81120', 'CO NM'],
    ['82082', 'CO NE WY'],
    ['86514', 'AZ NM UT'],
    ['86515', 'AZ NM'],
    ['89439', 'CA NV'],
    ['97635', 'CA OR'],
    ['99362', 'OR WA'],
  ])('a person in %s is asked whether she votes in %s', (zip, states) => {
    expect(placeOf(zip)).toEqual({ kind: 'border', states: states.split(' ') })
  })

  test('whatever five digits she sends, there is an answer', () => {
    for (let zip = 0; zip < 100_000; zip += 7)
      expect(placeOf(String(zip).padStart(5, '0'))).toHaveProperty('kind')
  })
})

describe('a state in words', () => {
  const asked = { asked: true }
  const unasked = { asked: false }
  const SMALL_TALK = ['OK', 'HI', 'ME', 'IN', 'OR']

  test('every name and, when we asked, every code is understood in any case', () => {
    for (const code of STATE_CODES) {
      for (const name of [
        STATE_NAMES[code],
        STATE_NAMES[code].toUpperCase(),
        ` ${STATE_NAMES[code].toLowerCase()}. `,
      ])
        expect(stateFromWords(name, unasked)).toBe(code)
      for (const letters of [code, `${code}!`, code.split('').join('.'), `I vote in ${code}.`])
        expect(stateFromWords(letters, asked)).toBe(code)
      if (!SMALL_TALK.includes(code)) expect(stateFromWords(code.toLowerCase(), asked)).toBe(code)
    }
  })

  test.each([
    ['Nueva York', 'NY'],
    ['Nuevo México', 'NM'],
    ['carolina del norte', 'NC'],
    ['Pensilvania', 'PA'],
    ['Luisiana', 'LA'],
    ['Hawái', 'HI'],
    ['Virginia Occidental', 'WV'],
    ['voto en Oregón', 'OR'],
    ['Hawai\u2019i', 'HI'],
    ['West Virginia', 'WV'],
    ['Arkansas', 'AR'],
    ['washington state', 'WA'],
    ['I vote in Ohio', 'OH'],
    ['tennessee please', 'TN'],
    ['Mississipi', 'MS'],
    ['TN', 'TN'],
    ['tennesse', 'TN'],
    ['kentuky', 'KY'],
    ['Pennsylvannia', 'PA'],
    ['Massachussets', 'MA'],
    ['Flordia', 'FL'],
    ['West Virgina', 'WV'],
    ['Cali', 'CA'],
    ['texas yall', 'TX'],
    ["Texas y'all, thanks", 'TX'],
    ['pr', 'PR'],
    ['D.C.', 'DC'],
    ['Washington, D.C.', 'DC'],
    ['Puerto Rico', 'PR'],
    ['Islas Vírgenes', 'VI'],
  ])('"%s" names %s whether we asked or not', (text, code) => {
    expect(stateFromWords(text, asked)).toBe(code)
    expect(stateFromWords(text, unasked)).toBe(code)
  })

  test.each(['OK', 'HI!', 'oh', 'ME', 'IN', 'OR', 'la', 'id'])(
    '"%s" is a state only to somebody we asked for one',
    (text) => {
      expect(stateFromWords(text, unasked)).toBeNull()
      expect(stateFromWords(text, asked)).toBe(text.replace('!', '').toUpperCase())
    },
  )

  test.each([
    ['my father is from Georgia, I vote here', 'GA'],
    ['sorry, Tennessee it is', 'TN'],
    ["it's Kansas", 'KS'],
    ['im in tn', 'TN'],
    ['Kansas City, MO', 'MO'],
  ])('asked for a state, "%s" is an answer; unasked it may be about anything', (text, code) => {
    expect(stateFromWords(text, asked)).toBe(code)
  })

  test.each([
    'Virginia called me in Ohio',
    'my name is Georgia',
    'Virginia Smith',
    'the Texas delegation',
    'Georgina',
    'Indians',
  ])('unasked, "%s" names no state', (text) => {
    expect(stateFromWords(text, unasked)).toBeNull()
  })

  test.each([
    'Ohio or Kentucky',
    'not Alabama',
    'Kansas City',
    'come in, hi, or ok with me',
    ...['ok', 'Ok', 'ok!', 'hi', 'Hi', 'me', 'Me', 'in', 'In', 'or', 'Or'],
    ...['ok thanks', 'OK thanks', 'its ok', "It's OK", "it's me", 'hi, thank you', 'i vote in ok'],
    'de la casa',
    'yes, ok',
    'banana',
    '',
    '35020',
    '1',
    '\u0000',
    'xx',
  ])('"%s" names no state even when we asked', (text) => {
    expect(stateFromWords(text, asked)).toBeNull()
  })
})
