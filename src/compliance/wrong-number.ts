import type { Clause } from './normalise.js'
import { words } from './words.js'

const WHO_ANSWERED = words('fax says was went goes rang rings got gave answered answers connected reached')

const HER_PHONE = words('this number phone cell new it you your texts text')

/** "Wrong number, that was a pizza place": of the number she called, not of hers. */
export function isOfAnOffice(clause: Clause, after: Clause | undefined, all: readonly Clause[]): boolean {
  if (isOfHerCall(clause, all)) return true
  if (!after || clause.tokens.length > 4 || !clause.tokens.some(({ word }) => word === 'wrong')) return false
  const [head = '', ...rest] = after.tokens.slice(0, 5).map(({ word }) => word)
  // "wrong number, got a fax", not "wrong number, got this phone last week"
  if (['got', 'reached'].includes(head)) return !rest.some((word) => HER_PHONE.has(word))
  return (
    ['that', 'it', 'they', 'somebody', 'someone', 'i', 'the', 'some', 'a', 'this'].includes(head) &&
    rest.some((word) => WHO_ANSWERED.has(word))
  )
}

/** "wrong number for his office", "Called, wrong number. Do you have another?": not "you called the wrong number". */
function isOfHerCall({ tokens }: Clause, all: readonly Clause[]): boolean {
  const names = tokens.some(({ word }) => word === 'wrong' || word === 'right' || word === 'equivocado')
  if (!names || !tokens.some(({ word }) => word === 'number' || word === 'numero')) return false
  const said = all.slice(0, CLAUSES_READ).flatMap((each) => each.tokens.map(({ word }) => word))
  return (
    said.some((word, n) => (OF_A_CALL.has(word) && !OF_HERS.has(said[n - 1] ?? '')) || isAnother(said, n)) &&
    !said.some(
      (word, n) =>
        OF_OUR_TEXTS.has(word) || (word === 'this' && said[n + 1] === 'is' && HER_OWN.has(said[n + 2] ?? '')),
    )
  )
}

/** "do you have another?", not "another person now" */
const isAnother = (said: readonly string[], n: number) =>
  said[n] === 'another' && ['', 'number', 'one', 'numero'].includes(said[n + 1] ?? '')

const CLAUSES_READ = 6
const OF_A_CALL = words(`
  office offices senator senators senate fax voicemail lobbyist pizza pizzeria calling called dialed dialled answered contesto
  contestaron marque`)
const HER_OWN = words('a an my our')
const OF_HERS = words(
  'you u youve youre yall is my our was someone somebody people who whos they never no not nobody noone have law dental doctors medical',
)
const OF_OUR_TEXTS = words(`
  text texts texting texted message messages messaging stop remove removed delete list unsubscribe off keep keeps phone cell mom wife husband
  quiten borren paren mensajes`)

/** "oops wrong person, that was for my wife": a text of hers that went astray. */
export function isMisdirected(clause: Clause, all: readonly Clause[]): boolean {
  if (!clause.tokens.some(({ word }) => word === 'wrong')) return false
  const said = (of: Clause, pair: string) =>
    ` ${of.tokens.map(({ word }) => word).join(' ')} `.includes(` ${pair} `)
  if (!said(clause, 'wrong person') && !said(clause, 'wrong number') && !said(clause, 'wrong chat'))
    return false
  return all.some((each) =>
    ['was for', 'meant for', 'meant to', 'ignore that', 'ignore me'].some((pair) => said(each, pair)),
  )
}
