import { TITLES } from './called-on.js'
import { asSheWrote } from './keywords.js'
import { STOPS_BELONG_TO } from './lonely-stop.js'
import type { Clause, Token } from './normalise.js'
import { isFigures } from './pattern.js'
import { LISTS } from './rule.js'
import { isBegged } from './token.js'
import type { Judgement } from './verdict.js'
import { AUXILIARY, KNOWN_NAMES, LEAD, TRAIL, TRAIL_ONLY, words, YOU } from './words.js'

/**
 * A keyword in a text of a few words that no rule knows: "nvm stop", "ew stop", "stop you clowns". Where nobody and nothing stands in it
 * that the keyword could belong to, she means us; where that cannot be told ("Crane please stop"), she is asked.
 */
export function keywordInFewWords(clauses: readonly Clause[], tokens: readonly Token[]): Judgement | null {
  if (tokens.length < 2 || tokens.length > WORDS_MAX || clauses.some(({ question }) => question)) return null
  const verdict = atTheEnd(tokens) ?? atTheStart(clauses, tokens)
  return verdict && { verdict, rule: 'keyword in few words', words: asSheWrote(tokens) }
}

const WORDS_MAX = 7

/** "idgaf stop", "not asking again stop" */
function atTheEnd(tokens: readonly Token[]): 'leave' | 'unclear' | null {
  const at = tokens.findLastIndex(({ word }) => !isAfter(word))
  const before = tokens.slice(0, at)
  if (at < 1 || !LAST.has(tokens[at]?.word ?? '') || before.length > BEFORE_MAX) return null
  if (before.some(({ word }) => belongs(word) || (PLURAL.test(word) && !INSULTS.has(word)))) return null
  const named = before.some(
    ({ raw, shout, word }, n) => /^\p{Lu}/u.test(raw) && !shout && !(n === 0 && CALLS.has(word)),
  )
  return named ? 'unclear' : 'leave'
}

/** "stop you clowns", "STOP TIA", "cancel 🖕" */
function atTheStart(clauses: readonly Clause[], tokens: readonly Token[]): 'leave' | 'unclear' | null {
  const at = tokens.findIndex(({ word }) => !LEAD.has(word))
  const after = tokens.slice(at + 1)
  if (!FIRST_WORDS.has(tokens[at]?.word ?? '') || after.length === 0 || after.length > AFTER_MAX) return null
  const name = after.at(-1)?.word ?? ''
  if (KNOWN_NAMES.has(name) && after.slice(0, -1).every(({ word }) => isAfter(word) || SIGNING.has(word)))
    return (isBegged(tokens[at]) && !SENATORS.has(name)) || SIGNED.has(after.at(-2)?.word ?? '')
      ? 'leave'
      : 'unclear'
  return after.every(({ word }) => isAfter(word)) && clauses.length <= 3 ? 'leave' : null
}

const BEFORE_MAX = 4
const AFTER_MAX = 5
const LAST = words('stop unsubscribe cancel remove optout unsub')
const FIRST_WORDS = words('stop unsubscribe cancel remove optout alto baja')

const isAfter = (word: string) =>
  TRAIL.has(word) || TRAIL_ONLY.has(word) || AFTER.has(word) || isFigures(word)

/** What may follow a keyword and change nothing: hurry, thanks in any language, what she calls us. */
const AFTER = words(`
  pronto rightnow inmediatly inmediately instantly pdq stat rite deadass ong tia tysm merci danke mahalo arigato amen blessings
  bendiciones saludos regards respectfully cordially hun boo fam darling babe luv mate clown clowns weirdo weirdos creep creeps creepy
  scammer scammers spammer spammers robot robots chatbot computer bot bots loser losers pig pigs thug thugs troll trolls pest pests
  fool fools freak freaks liar liars fuck fucker fuckers shit hell damn u you reply needed necessary nvm sir
  sirs ladies friend mister missus mrs mr ms please hello times x`)
const SIGNED = words('from best regards sincerely signed love')
/** First names that are senators' last ones too. */
const SENATORS = words('scott kim paul kelly king lee young warren murray graham jack kennedy')
const SIGNING = words('from best regards sincerely mrs mr ms signed love thanks')
/** Openings, which a phone writes with a capital. */
const CALLS = words(`
  nvm nevermind wait kk ew eww yuck wth gawd jfc omfg shit fuck fck idgaf idc idk urgent nty kthxbye howdy aloha peace enough boring fake garbage
  nobody heyyy heya sup bot dawg sis son bruh dang darn damn ffs smh lame gross cringe trash annoying notice attention warning sms text reply urgent
  final second third last asking nicely wtf what who nope seriously`)
const INSULTS = words(
  'sms commies communists commie idiots clowns weirdos creeps scammers spammers thugs losers pigs liars',
)
const PLURAL = /[^sui]s$/

const JOINTS = words(
  'to never non and or but if when why where how till for of in on with gonna wanna lets must they',
)
/** "strike stop", "vote stop": a place on a campaign, or what is to stop. */
const OF_A_CAMPAIGN = words(`
  strike vote rally police call calls phone bank tour protest picket march office monday tuesday wednesday thursday friday`)

const BELONGING: readonly ReadonlySet<string>[] = [
  ...STOPS_BELONG_TO,
  AUXILIARY,
  YOU,
  LISTS.powers,
  TITLES,
  JOINTS,
  OF_A_CAMPAIGN,
]
const belongs = (word: string) => BELONGING.some((list) => list.has(word))
