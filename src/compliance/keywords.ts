import type { Clause, Token } from './normalise.js'
import { isFigures } from './pattern.js'
import type { Judgement } from './verdict.js'
import { LEAD, TRAIL, words } from './words.js'

/** Alone in a text, with courtesy around them at most, these are requests. */
const KEYWORDS = words(`
  stop unsubscribe cancel end quit revoke remove exit optout stopall
  alto parar pare paren baja cancelar salir basta detener detengan deten detenganse detengase detente eliminar
  desuscribir desuscribirme desuscribeme anular quitar suspender terminar parale parenle parele desinscribir
  desinscribirme cancele cancelen cancelenme cancela`)

/** "no paren" asks us to go on. */
const SPANISH = words(
  'paren pare parar cancelen cancele cancelar detengan detener salir quitar eliminar terminar cancela',
)

/** Alone in a text and nothing around them, these are too. */
const BARE_KEYWORDS = new Set([
  'leave',
  'delete',
  'block',
  'discontinue',
  'withdraw',
  'para',
  'unfollow',
  'cease',
  'desist',
  'halt',
  'terminate',
  'unenroll',
  'deactivate',
  'off',
  'borrar',
  'opt',
  'i quit',
  'i stop',
  'i end',
  'i cancel',
  'i revoke',
  'dont',
  'enough',
  'reported',
  'decline',
  'i decline',
  'bloquear',
  'remover',
  'no more',
  'undo',
  'dont call list registry',
  'stop means stop',
])

const PAIRS = new Set([
  'opt out',
  'stop all',
  'no mas',
  'no more',
  'un subscribe',
  'dar baja',
  'text stop',
  'reply stop',
  'send stop',
  'stop work',
  'opting out',
  'quit all',
  'cancel all',
  'end all',
  'cancel it',
  'cancel this',
  'cancel that',
  'end it',
  'end this',
  'cancel me',
  'end me',
  'sign off',
  'no out',
  'nope out',
  'nah out',
])
const AFTER_KEYWORD = words('it this that all these everything texts messages here subscription me')

/** Alone in a text, these leave us in doubt. */
const HALF_KEYWORDS = new Set([
  'out',
  'pause',
  'snooze',
  'mute',
  'pausa',
  'thats enough',
  'thats enough now',
  'changed my mind',
  'i changed my mind',
  'ive changed my mind',
  'im not doing this',
  'dont care',
  'i dont care',
  'i dont know you',
  'i said no',
  'silence',
])

/** Requests even with a question mark. */
const NEVER_A_QUESTION = words('unsubscribe optout stopall opt baja desuscribir desuscribirme out')

const YES = words(
  'yes yeah yep yup y si sure correct affirmative do stop ok okay claro simon yess definitely absolutely it thanks now',
)
const YES_HEADS = words('yes yeah yep yup y si sure correct affirmative claro yess definitely absolutely do')
const NO = words(
  'no nope nah n keep dont not stop them going it thanks never mind texting me these coming cancel continue stay quiero seguir sigan',
)
const NO_HEADS = words('no nope nah n keep dont continue stay')

/** Judges a text that is nothing but a keyword. null: there is more to read. */
export function keywordAlone(clauses: readonly Clause[], tokens: readonly Token[]): Judgement | null {
  if (tokens.length === 0 || tokens.length > WORDS_MAX) return null
  if (
    clauses.length === 1 &&
    tokens.some(({ word }, n) => word === 'no' && SPANISH.has(tokens[n + 1]?.word ?? ''))
  )
    return null
  // "at exit 9": a road's
  if (tokens.some(({ word }, n) => word === 'exit' && isFigures(tokens[n + 1]?.word ?? ''))) return null
  const core = tokens.filter(({ word }) => !LEAD.has(word) && !TRAIL.has(word) && !isFigures(word))
  const asSaid = tokens.map((token) => token.word)
  const found =
    onlyKeywords(core.map((token) => token.word)) ||
    onlyKeywords(asSaid) ||
    onlyKeywords(withoutOurName(core.map((token) => token.word))) ||
    NOTICE.test(asSaid.join(' ')) ||
    BARE_KEYWORDS.has(asSaid.join(' ')) ||
    spelledApart(asSaid) ||
    (asSaid.join(' ') === 'out' && clauses.some(({ polite }) => polite))
  if (!found) return null
  const said = asSheWrote(tokens)
  const asks =
    clauses.some(
      ({ question, tokens: said }) =>
        question && said.some(({ word }) => !LEAD.has(word) && !TRAIL.has(word)),
    ) &&
    core.length <= 2 &&
    !core.some((token) => NEVER_A_QUESTION.has(token.word))
  const laughs =
    clauses.some((clause) => clause.laughing) &&
    !tokens.some(({ word, shout }) => shout || DECLINES.has(word))
  if (asks || laughs)
    return { verdict: 'unclear', rule: asks ? 'keyword as a question' : 'keyword with laughter', words: said }
  return { verdict: 'leave', rule: 'keyword', words: said }
}

/** "this is a cease and desist", "opt out request" */
const NOTICE =
  /^(?:(?:this is|consider this|take this as|im sending|heres|here is) (?:a |an |my )?(?:formal |official |final )?(?:stop|opt ?out|cease and desist|cancel|cancellation|unsubscribe|removal)(?: (?:request|notice|letter|order|demand))?|(?:stop|opt ?out|cancel|cancellation|unsubscribe|removal|cease and desist) (?:request|notice|order))$/

const OUR_NAME = words('afl cio aflcio union work text action team dear')

/** "AFL-CIO STOP": our texts begin with our name, and so do many answers. */
function withoutOurName(said: readonly string[]): readonly string[] {
  const from = said.findIndex((word) => !OUR_NAME.has(word))
  return from > 0 ? said.slice(from) : []
}

const WORDS_MAX = 400
const ANSWER_WORDS_MAX = 20
const DECLINES = words('no nah nope')

function onlyKeywords(said: readonly string[]): boolean {
  if (said.length === 0) return false
  for (let n = 0; n < said.length; n++) {
    const word = said[n] ?? ''
    if (PAIRS.has(`${word} ${said[n + 1] ?? ''}`)) n++
    else if (!KEYWORDS.has(word) && !(n > 0 && word !== 'me' && AFTER_KEYWORD.has(word))) return false
  }
  return true
}

/** "sto p", "un sub scribe": a keyword cut in pieces. */
function spelledApart(said: readonly string[]): boolean {
  return said.length > 1 && said.length <= 4 && KEYWORDS.has(said.join(''))
}

/** Reads "no thanks" and "out": a refusal, but of what? */
export function declines(tokens: readonly Token[]): Judgement | null {
  if (tokens.length > 4) return null
  const said = tokens.map((token) => token.word)
  const isRefusal =
    said.some((word) => DECLINES.has(word)) &&
    said.some((word) => word === 'thanks' || word === 'gracias') &&
    said.every((word) => DECLINES.has(word) || TRAIL.has(word) || LEAD.has(word))
  return isRefusal || HALF_KEYWORDS.has(said.join(' '))
    ? { verdict: 'unclear', rule: 'declines', words: asSheWrote(tokens) }
    : null
}

/** Reads a plain answer to "should we stop?". */
export function answerToStop(tokens: readonly Token[]): Judgement | null {
  if (tokens.length > ANSWER_WORDS_MAX) return null
  const said = tokens.map((token) => token.word)
  const head = said[0] ?? ''
  if (YES_HEADS.has(head) && said.every((word) => YES.has(word)))
    return { verdict: 'leave', rule: 'yes to our question', words: asSheWrote(tokens) }
  if (
    NO_HEADS.has(head) &&
    said.every((word) => NO.has(word)) &&
    !(said.length === 2 && said[1] === 'stop' && head !== 'dont')
  )
    return { verdict: 'stay', rule: 'no to our question', words: asSheWrote(tokens) }
  return null
}

/** Tokens as they stood in her text. */
export function asSheWrote(tokens: readonly Token[]): string {
  return tokens
    .map((token) => token.raw)
    .join(' ')
    .trim()
}
