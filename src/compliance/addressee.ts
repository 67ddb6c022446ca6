import type { Token } from './normalise.js'
import { isFigures } from './pattern.js'
import {
  ASKING,
  AUXILIARY,
  BEFORE_LAST_STOP,
  FIRST,
  INVERTED,
  LEAD,
  NEGATION,
  OTHERS,
  OURS,
  PASSIVE,
  SAYING,
  TRAIL,
  WISH,
  YOU,
} from './words.js'

/**
 * Whom a verb speaks to, read from the words before it:
 * us: "stop", "can you stop", "i want to stop", "i said stop", "how do i stop"; need: "i need to stop", "can i stop";
 * run-on: other words stand before it without punctuation, "who is this stop"; nobody: "we wont stop",
 * "the office said stop", "they need to stop".
 */
export type Addressee = 'us' | 'need' | 'run-on' | 'nobody'

const LOOK_BACK_MAX = 8
const CLITICS = new Set(['me', 'nos', 'lo', 'la', 'los', 'las', 'se', 'te', 'le', 'les', 'que'])

/** Judges the words before tokens[at], where a request begins. */
export function addressee(tokens: readonly Token[], at: number, spanish = false): Addressee {
  const told = retold(tokens, at)
  if (told !== null) return told
  let j = at - 1
  let crossed = false
  let infinitive = false
  let negation = ''
  for (; j >= 0 && at - j <= LOOK_BACK_MAX; j--) {
    const word = wordAt(tokens, j)
    if (spanish && CLITICS.has(word)) continue
    if (NEGATION.has(word) && (spanish || word !== 'no')) negation = word
    else if (word === 'to') infinitive = true
    else if (!AUXILIARY.has(word) || (word === 'am' && isFigures(wordAt(tokens, j - 1)))) break
    crossed = true
  }
  const subject = wordAt(tokens, j)
  const before = wordAt(tokens, j - 1)
  if (negation !== '') return refusal(negation, subject, j < 0)
  if (j < 0) return infinitive && !crossed ? 'nobody' : 'us'
  if (YOU.has(subject)) {
    if (before === 'if' && APPRECIATING.has(wordAt(tokens, j - 2))) return 'us'
    if (before === 'if' && APPRECIATING.has(wordAt(tokens, j - 3))) return 'us'
    if (WISH.has(before) && NEGATION.has(wordAt(tokens, j - 2))) return 'nobody'
    if (['if', 'when', 'did', 'time', 'before', 'until', 'once', 'after'].includes(before)) return 'nobody'
    return j === 0 || crossed || ASKING_WORDS.has(before) ? 'us' : 'run-on'
  }
  if (subject === 'people' && before === 'your') return 'us'
  if (WISH.has(subject)) return wish(tokens, j, infinitive)
  if (infinitive && subject === 'how') return j === 0 || HOW_BEFORE.has(before) ? 'us' : 'nobody'
  if (FIRST.has(subject)) return firstPerson(tokens, j, crossed)
  if (crossed && subject === 'this') return 'nobody'
  if (infinitive && subject === 'able') return ['you', 'youre', 'it'].includes(before) ? 'us' : 'nobody'
  if (crossed)
    return (OURS.has(subject) && !INVERTED.has(before)) || (LEAD.has(subject) && onlyLead(tokens, j))
      ? 'us'
      : 'nobody'
  if (LEAD.has(subject) || TRAIL.has(subject))
    return onlyLead(tokens, j) || !JOINING.has(subject) ? 'us' : 'run-on'
  if (
    ANYBODY.has(subject) &&
    ['can', 'could', 'would', 'will'].includes(before) &&
    (j === 1 || onlyLead(tokens, j - 2))
  )
    return 'us'
  if (OTHERS.has(subject) && PREPOSITIONS.has(before)) return 'run-on'
  if (OTHERS.has(subject) || (subject === 'me' && OTHERS.has(before))) return 'nobody'
  return !isBegged(tokens[at]) && invertedQuestion(tokens, j) ? 'nobody' : 'run-on'
}

/** A "please" right before it: a request begins here, whatever stands before. */
export function isBegged(token: Token | undefined): boolean {
  return (
    token !== undefined &&
    token.raw.length > token.word.length &&
    /^(please|pls|plz|plse|porfa)\b/i.test(token.raw)
  )
}

/** May a lone "stop" after this word end a text without punctuation? "who is this stop", not "the next stop". */
export function lonelyStopMayFollow(tokens: readonly Token[], at: number): boolean {
  const before = wordAt(tokens, at - 1)
  if (BEFORE_LAST_STOP.has(before) || isFigures(before)) return true
  if (SAYING.has(before) || NEGATION.has(before) || OTHERS.has(before) || DETERMINERS.has(before))
    return false
  const shouted = tokens[at]?.shout === true && !tokens.slice(0, at).some((token) => token.shout)
  const begged = isBegged(tokens[at]) && !/^\p{Lu}/u.test(tokens[at - 1]?.raw ?? '')
  // "im disabled stop", "not in the mood stop"
  const refused = STATING.has(wordAt(tokens, 0)) && !STOPS_ON_A_ROAD.has(before)
  return shouted || begged || refused
}

const STATING = new Set([...FIRST, ...NEGATION])
/** "im at the truck stop", "dont you dare stop" */
const STOPS_ON_A_ROAD = new Set(
  'dare truck pit rest full whistle train subway metro trolley fuel gas food bathroom coffee lunch rail wawa each every another at'.split(
    ' ',
  ),
)

const DETERMINERS = new Set([
  'a',
  'an',
  'the',
  'this',
  'that',
  'next',
  'last',
  'first',
  'bus',
  'my',
  'your',
  'our',
  'one',
  'full',
  'non',
  'to',
  'and',
  'or',
  'union',
])

/** "my job at Amazon": they are not who is asked. */
const PREPOSITIONS = new Set(['at', 'for', 'with', 'from', 'by', 'in'])

/** "and stop" goes on with what stands before it. */
const HOW_BEFORE = new Set([...LEAD, 'me', 'know', 'out', 'on', 'is', 'about', 'for', 'see', 'find'])
const APPRECIATING = new Set([
  'appreciate',
  'great',
  'nice',
  'grateful',
  'glad',
  'love',
  'better',
  'prefer',
  'best',
  'good',
  'helpful',
  'cool',
  'awesome',
  'want',
  'wonderful',
  'happy',
  'wondering',
  'ask',
])
const ANYBODY = new Set(['someone', 'somebody', 'anyone', 'anybody'])
const JOINING = new Set(['and', 'or'])
const ASKING_WORDS = new Set([
  ...INVERTED,
  ...LEAD,
  'want',
  'wont',
  'cant',
  'dont',
  'wouldnt',
  'need',
  'think',
  'wish',
  'hope',
  'both',
  'told',
  'asked',
])

function onlyLead(tokens: readonly Token[], at: number): boolean {
  for (let j = 0; j <= at; j++) if (!LEAD.has(wordAt(tokens, j))) return false
  return true
}

/** "dont stop" asks nobody; "if you dont stop" and "why wont you stop" do. */
function refusal(negation: string, subject: string, first: boolean): Addressee {
  if (first || !YOU.has(subject)) return 'nobody'
  return negation === 'dont' || negation === 'wont' ? 'us' : 'nobody'
}

function wish(tokens: readonly Token[], at: number, infinitive: boolean): Addressee {
  let j = at - 1
  while (
    j >= 0 &&
    at - j <= LOOK_BACK_MAX &&
    (AUXILIARY.has(wordAt(tokens, j)) || wordAt(tokens, j) === 'to')
  )
    j--
  const subject = wordAt(tokens, j)
  if (NEGATION.has(subject)) return 'nobody'
  if (j >= 0 && !FIRST.has(subject) && !LEAD.has(subject))
    return YOU.has(subject) || OTHERS.has(subject) ? 'nobody' : 'need'
  if (subject === 'we' || subject === 'weve') return 'need'
  return infinitive ? 'us' : 'run-on'
}

function firstPerson(tokens: readonly Token[], at: number, crossed: boolean): Addressee {
  const before = wordAt(tokens, at - 1)
  const asks = wordAt(tokens, at - 2)
  const we = wordAt(tokens, at) === 'we'
  if (
    !we &&
    ['do', 'can', 'could', 'would', 'should', 'to'].includes(before) &&
    ['how', 'where', 'when'].includes(asks)
  )
    return 'us'
  if (we) return crossed ? 'need' : 'nobody'
  if (['can', 'could', 'may'].includes(before) || crossed) return 'need'
  return 'nobody'
}

/** "can workers opt out", "will the attacks stop": somebody else is asked about. */
function invertedQuestion(tokens: readonly Token[], at: number): boolean {
  for (let j = at - 1; j >= 0 && at - j <= 3; j--)
    if (INVERTED.has(wordAt(tokens, j)) && asksFrom(tokens, j)) return true
  return false
}

/** "will the attacks stop" is asked; "my phone is for work stop" states. */
function asksFrom(tokens: readonly Token[], at: number): boolean {
  const before = wordAt(tokens, at - 1)
  return at === 0 || LEAD.has(before) || INVERTED.has(before) || OTHERS.has(before) || ASKED.has(before)
}

const ASKED = new Set(['what', 'who', 'which', 'whats', 'much', 'many', 'long', 'only', 'soon'])

/** Told again: whose words are they, and who was asked? null: no verb of saying stands before. */
export function retold(tokens: readonly Token[], at: number): Addressee | null {
  let s = at - 1
  while (s >= 0 && at - s <= LOOK_BACK_MAX && !tellsAgain(tokens, s, at)) s--
  if (s < 0 || at - s > LOOK_BACK_MAX) return null
  const between = tokens.slice(s + 1, at).map((token) => token.word)
  let k = s - 1
  let passive = false
  while (
    k >= 0 &&
    s - k <= 4 &&
    (AUXILIARY.has(wordAt(tokens, k)) || ADVERBS.has(wordAt(tokens, k)) || PASSIVE.has(wordAt(tokens, k)))
  ) {
    if (PASSIVE.has(wordAt(tokens, k))) passive = true
    k--
  }
  const subject = wordAt(tokens, k)
  if (subject === 'youre') passive = true
  if (between.some((word) => YOU.has(word) || word === 'how' || word === 'your'))
    return k < 0 || FIRST.has(subject) || LEAD.has(subject) || AUXILIARY.has(subject) ? null : 'run-on'
  const asked = ASKING.has(wordAt(tokens, s))
  const third = between.some((word) => !SMALL.has(word) && !LEAD.has(word))
  if (YOU.has(subject)) return passive ? 'us' : 'nobody'
  if (NEGATION.has(subject)) return 'nobody'
  if (I_SAID.has(wordAt(tokens, s))) return third ? 'nobody' : 'us'
  if (k < 0 || LEAD.has(subject))
    return OWN_WORDS.has(wordAt(tokens, s))
      ? asked && third
        ? 'nobody'
        : 'us'
      : asked && third
        ? 'nobody'
        : null
  if (FIRST.has(subject))
    return passive || (asked && third) || DOUBTING.has(wordAt(tokens, k - 1)) ? 'nobody' : 'us'
  return PLAIN_NOUNS.has(wordAt(tokens, s)) && s > 0 ? null : 'nobody'
}

/** A verb of saying before tokens[at]; "went" only right before what was said: "it went fine but stop" is hers. */
function tellsAgain(tokens: readonly Token[], n: number, at: number): boolean {
  const word = wordAt(tokens, n)
  return (
    SAYING.has(word) &&
    !(ANSWERING.has(word) && wordAt(tokens, n - 1) === 'to') &&
    !hersAgain(tokens, n, at) &&
    (!GOING.has(word) ||
      (wordAt(tokens, n - 1) !== 'it' && tokens.slice(n + 1, at).every(({ word: each }) => SMALL.has(each))))
  )
}

/** "they said ok but please stop texting me": after "but" she speaks herself. */
function hersAgain(tokens: readonly Token[], told: number, at: number): boolean {
  const turns = tokens.slice(told + 1, at).some(({ word }) => TURNS.has(word))
  return turns && (isBegged(tokens[at]) || tokens.slice(at, at + 3).some(({ word }) => TEXTING.has(word)))
}

const TURNS = new Set(['but', 'now', 'so', 'and', 'n', 'anyway'])
const TEXTING = new Set(['text', 'texting', 'texts', 'messaging', 'message', 'messages', 'alone', 'list'])
/** "no need to reply take me off" tells nothing again. */
const ANSWERING = new Set(['reply', 'text'])
const GOING = new Set(['went', 'goes'])

/** "what happens if i text stop", "did i text stop" */
const DOUBTING = new Set([
  'if',
  'did',
  'do',
  'should',
  'when',
  'can',
  'could',
  'will',
  'what',
  'would',
  'unless',
  'must',
])
const ADVERBS = new Set([
  'hereby',
  'both',
  'formally',
  'ya',
  'already',
  'always',
  'clearly',
  'specifically',
  'repeatedly',
  'also',
  'still',
  'again',
  'keep',
  'keeps',
  'kept',
  'literally',
  'once',
  'twice',
])
const SMALL = new Set([
  'to',
  'that',
  'already',
  'again',
  'twice',
  'once',
  'now',
  'please',
  'me',
  'que',
  'no',
  'not',
])
const OWN_WORDS = new Set([
  'said',
  'told',
  'asked',
  'asking',
  'texted',
  'replied',
  'sent',
  'typed',
  'wrote',
  'begging',
  'saying',
  'dije',
  'pedi',
  'mande',
  'respondi',
])
/** Spanish says "I" in the verb: "ya les dije que paren". */
const I_SAID = new Set(['dije', 'pedi', 'mande', 'respondi'])
/** Also things: "your text stop" reports nothing. */
const PLAIN_NOUNS = new Set([
  'text',
  'texts',
  'reply',
  'type',
  'like',
  'orders',
  'demands',
  'voicemail',
  'recording',
  'les',
])

/** She is the subject herself: "i want", "want", not "they all want". */
export function isHers(tokens: readonly Token[], at: number, spanish = false): boolean {
  if (!isOwnStatement(tokens, at, spanish)) return false
  let j = at - 1
  while (
    j >= 0 &&
    (AUXILIARY.has(wordAt(tokens, j)) || ADVERBS.has(wordAt(tokens, j)) || wordAt(tokens, j).endsWith('ly'))
  )
    j--
  const subject = wordAt(tokens, j)
  return (
    j < 0 ||
    FIRST.has(subject) ||
    LEAD.has(subject) ||
    (TRAIL.has(subject) && subject !== 'all') ||
    (BEFORE_LAST_STOP.has(subject) && subject !== 'texts' && subject !== 'messages')
  )
}

/** A statement of her own ("not interested"): not retold, not somebody else's, not denied. */
export function isOwnStatement(tokens: readonly Token[], at: number, spanish = false): boolean {
  const told = retold(tokens, at)
  if (told === 'nobody') return false
  let j = at - 1
  while (
    j >= 0 &&
    (AUXILIARY.has(wordAt(tokens, j)) || ADVERBS.has(wordAt(tokens, j)) || wordAt(tokens, j).endsWith('ly'))
  )
    j--
  const subject = wordAt(tokens, j)
  if (spanish && NEGATION.has(subject)) return false
  if (j < 0 || FIRST.has(subject) || LEAD.has(subject)) return true
  return !(OTHERS.has(subject) || NEGATION.has(subject) || OFFICE.has(subject) || YOU.has(subject))
}

const OFFICE = new Set([
  'senator',
  'senators',
  'staffer',
  'staffers',
  'office',
  'offices',
  'aide',
  'lady',
  'guy',
  'intern',
  'sounded',
  'seemed',
  'seems',
  'sounds',
  'person',
  'receptionist',
  'husband',
  'wife',
  'coworker',
  'coworkers',
  'jefe',
  'patron',
  'senador',
  'oficina',
  'if',
  'was',
  'got',
  'gave',
  'dialed',
  'called',
  'dieron',
  'marque',
  'llame',
  'is',
])

function wordAt(tokens: readonly Token[], at: number): string {
  return tokens[at]?.word ?? ''
}
