import { STATE_CODES } from '../../src/congress/congress.js'
import { stateFromWords } from '../../src/congress/state-words.js'
import {
  choices,
  delegateName,
  ordinal,
  placeName,
  places,
  stateName,
  tally,
  zipOrBlank,
} from '../../src/conversation/phrases.js'

test('a ZIP on a border is said to lie in both states', () => {
  expect(places(['KY', 'TN'], 'en')).toBe('Kentucky and Tennessee')
  expect(places(['KY', 'TN'], 'es')).toBe('Kentucky y Tennessee')
  expect(places(['MT', 'SD', 'WY'], 'en')).toBe('Montana, South Dakota and Wyoming')
  expect(places(['MT', 'SD', 'WY'], 'es')).toBe('Montana, Dakota del Sur y Wyoming')
})

test.each(['ID', 'IL', 'IN', 'IA'] as const)('in Spanish "and" is "e" before %s', (state) => {
  expect(places(['MO', state], 'es')).toBe(`Missouri e ${stateName(state, 'es')}`)
  expect(places([state, 'MO'], 'es')).toBe(`${stateName(state, 'es')} y Missouri`)
})

test('she is offered a number for each state', () => {
  expect(choices(['KY', 'TN'], 'en')).toBe('1 for KY, 2 for TN')
  expect(choices(['KY', 'TN'], 'es')).toBe('1 Kentucky, 2 Tennessee')
})

test.each([
  [1, '1st'],
  [2, '2nd'],
  [3, '3rd'],
  [4, '4th'],
  [11, '11th'],
  [12, '12th'],
  [13, '13th'],
  [21, '21st'],
  [100, '100th'],
  [111, '111th'],
  [212, '212th'],
  [1_003, '1,003rd'],
  [212_345, '212,345th'],
])('call %i is the %s', (n, words) => {
  expect(ordinal(n)).toBe(words)
})

test('the tally is an ordinal in English and a number in Spanish', () => {
  expect(tally(212, 'en')).toBe('212th')
  expect(tally(212_345, 'es')).toBe('212,345')
})

test('a state we name to her is a state we understand from her, in both languages', () => {
  for (const state of STATE_CODES) {
    expect(stateFromWords(stateName(state, 'en'), { asked: true })).toBe(state)
    expect(stateFromWords(stateName(state, 'es'), { asked: true })).toBe(state)
  }
})

test('places without senators are named, and whom they send to Congress', () => {
  expect(placeName('PR', 'en')).toBe('Puerto Rico')
  expect(placeName('DC', 'es')).toBe('Washington, DC')
  expect(placeName('VI', 'en')).toBe('The U.S. Virgin Islands')
  expect(placeName('NM', 'es')).toBe('Nuevo México')
  expect(delegateName('PR', 'en')).toBe('resident commissioner')
  expect(delegateName('GU', 'en')).toBe('delegate')
  expect(delegateName('PR', 'es')).toBe('representante')
})

test('where we know only her state, the script leaves her ZIP to her', () => {
  expect(zipOrBlank('35020')).toBe('35020')
  expect(zipOrBlank(null)).toBe('(ZIP)')
})
