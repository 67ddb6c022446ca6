import { answeringAction, mainAction, whoAnswers } from '../../src/conversation/answering.js'
import { ACTION } from '../support/play.js'

const minWage = { ...ACTION, name: 'min-wage', keywords: ['RAISE'] }
const strike = { ...ACTION, name: 'strike', keywords: ['STRIKE', 'PICKET'] }

const answers = (body: string, last: string | null = null, actions = [minWage, ACTION, strike]) => {
  const keyword = last === null ? null : { action: last, at: 0 }
  return answeringAction(actions, body, { keyword }, '235246').name
}

test('her keyword picks the action, in every way people write it', () => {
  for (const body of ['RAISE', 'raise please', 'Text RAISE to 235246', 'RAISE 35020'])
    expect([body, answers(body, 'strike')]).toEqual([body, 'min-wage'])
  expect(answers('Picket!')).toBe('strike')
})

test('what else she texts is answered by the action whose keyword she texted last', () => {
  for (const body of ['CALL', '35020', '1', 'I got a raise', 'wrok'])
    expect([body, answers(body, 'strike')]).toEqual([body, 'strike'])
})

test('who texted no keyword, or that of a file that is gone, is answered by the action with WORK, whatever it is called', () => {
  expect(answers('hello')).toBe('pro-act')
  expect(answers('JOIN')).toBe('pro-act')
  expect(answers('trabajo')).toBe('pro-act')
  expect(answers('hello', 'last-year')).toBe('pro-act')
  expect(mainAction([strike, { ...ACTION, name: 'a' }]).name).toBe('a')
})

test('without WORK it is the first by name', () => {
  expect(answers('hello', null, [minWage, strike])).toBe('min-wage')
})

test('who nearly wrote a keyword is answered by its action', () => expect(answers('piket')).toBe('strike'))

test('one action alone needs no word on who answers', () => {
  expect(whoAnswers([ACTION])).toBeNull()
  expect(whoAnswers([strike, ACTION])).toBe(
    'A keyword picks the action that answers: STRIKE or PICKET strike, WORK pro-act. Who has texted none is answered by pro-act.',
  )
})
