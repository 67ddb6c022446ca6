import type { Clause } from './normalise.js'
import { words } from './words.js'

/** "no jodás, dos horas en espera": she is amazed. */
const AMAZED = words('no jodas mames manches chingues friegues me digas puede ser inventes')
/** "ya no más, vamos a la huelga": she calls with us, not on us. */
const REFUSAL = words('ya no mas basta alto suficiente fin paren')
const RALLY = words(`
  vamos viva lucha luchar luchemos abusos abuso patron patrones explotacion unidos unidas jefes ganar ganaremos justicia
  injusticia injusticias trabajadores merecen respeto esclavos despidos miseria hambre huelga explotados`)
const LONG = 3
const MANY = 20

/** Sets aside clauses that are only a cry, where the rest of the text shows to whom. */
export function withoutCries(clauses: readonly Clause[]): readonly Clause[] {
  if (clauses.length < 2 || clauses.length > MANY) return clauses
  const rallies = clauses.some(
    ({ tokens }) => tokens.some(({ word }) => RALLY.has(word)) && !tokens.some(({ word }) => word === 'no'),
  )
  return clauses.filter((clause, n) => {
    const goesOn = (clauses[n + 1]?.tokens.length ?? 0) >= LONG
    if (isOnly(clause, REFUSAL) && isRelief(clauses[n + 1])) return false
    return !(goesOn && isOnly(clause, AMAZED)) && !(rallies && isOnly(clause, REFUSAL))
  })
}

/** "ya no, gracias a Dios" */
function isRelief(after: Clause | undefined): boolean {
  return after?.tokens[0]?.word === 'gracias' && after.tokens[1]?.word === 'a'
}

function isOnly({ tokens }: Clause, cries: ReadonlySet<string>): boolean {
  return tokens.length > 0 && tokens.length <= LONG && tokens.every(({ word }) => cries.has(word))
}
