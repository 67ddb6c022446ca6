import type { Token } from './normalise.js'
import { isFigures } from './pattern.js'
import { LISTS } from './rule.js'
import { ADVERBS, retold } from './retold.js'
import { isBegged, LOOK_BACK_MAX, wordAt, type Addressee } from './token.js'
import {
  AUXILIARY,
  BEFORE_LAST_STOP,
  FIRST,
  INVERTED,
  LEAD,
  NEGATION,
  OTHERS,
  OURS,
  TRAIL,
  WISH,
  words,
  YOU,
} from './words.js'

const CLITICS = new Set(['me', 'nos', 'lo', 'la', 'los', 'las', 'se', 'te', 'le', 'les', 'que'])

/** Judges the words before tokens[at], where a request begins. */
export function addressee(tokens: readonly Token[], at: number, spanish = false): Addressee {
  const told = retold(tokens, at)
  if (told !== null) return told
  // "a cease and desist" is a thing
  if (!spanish && ARTICLES.has(wordAt(tokens, at - 1)) && !LETTING.has(wordAt(tokens, at - 2)))
    return 'nobody'
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
  if (negation !== '') return HOPING.has(before) ? 'nobody' : refusal(negation, subject, j < 0)
  // "had to stop, my break was over"
  if (j < 0 && infinitive && wordAt(tokens, 0) === 'had') return 'nobody'
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
  if (infinitive && isCourtesy(tokens, j)) return 'us'
  if (infinitive && subject === 'how') return j === 0 || HOW_BEFORE.has(before) ? 'us' : 'nobody'
  if (FIRST.has(subject)) return firstPerson(tokens, j, crossed)
  if (crossed && subject === 'this') return 'nobody'
  if (subject === 'this' && before === 'is' && wordAt(tokens, j - 2) === 'who') return 'run-on'
  if (infinitive && subject === 'able') return ['you', 'youre', 'it'].includes(before) ? 'us' : 'nobody'
  if (crossed)
    return (OURS.has(subject) && !INVERTED.has(before) && !LISTS.foes.has(before)) ||
      (LEAD.has(subject) && onlyLead(tokens, j))
      ? 'us'
      : 'nobody'
  if (NAMING.has(subject) && !LETTING.has(before)) return 'nobody'
  if (LEAD.has(subject) || TRAIL.has(subject))
    return onlyLead(tokens, j) || !JOINING.has(subject) ? 'us' : 'run-on'
  if (
    ANYBODY.has(subject) &&
    ['can', 'could', 'would', 'will'].includes(before) &&
    (j === 1 || onlyLead(tokens, j - 2))
  )
    return 'us'
  // "Democrats please stop texting me", not "Senators please stop"
  const begsOfTexts = isBegged(tokens[at]) && LISTS.texts.has(wordAt(tokens, at + 1))
  if (OTHERS.has(subject) && (PREPOSITIONS.has(before) || begsOfTexts || hasStated(tokens, j)))
    return 'run-on'
  if (OTHERS.has(subject) || (subject === 'me' && OTHERS.has(before))) return 'nobody'
  return !isBegged(tokens[at]) && invertedQuestion(tokens, j) ? 'nobody' : 'run-on'
}

/** "I called my senators stop texting me": a sentence of hers ends with them; "I saw democrats stop" goes on. */
export function hasStated(tokens: readonly Token[], at: number): boolean {
  return (
    at >= 2 && FIRST.has(wordAt(tokens, 0)) && !tokens.slice(0, at).some(({ word }) => GOING_ON.has(word))
  )
}

const GOING_ON = words(`
  make made making have had having get got let help tell told ask asked want wanted wish hope need see saw seen watch watched
  think thought know knew say said hear heard notice noticed when if until till before after how why that because whether`)

/** "my job at Amazon": they are not who is asked. */
const PREPOSITIONS = new Set(['at', 'for', 'with', 'from', 'by', 'in'])

/** "and stop" goes on with what stands before it. */
const HOW_BEFORE = new Set([...LEAD, 'me', 'know', 'out', 'on', 'is', 'about', 'for', 'see', 'find'])
const APPRECIATING = words(
  'appreciate great nice grateful glad love better prefer best good helpful cool awesome want wonderful happy wondering ask',
)
/** "be so kind as to", "be good enough to", "would it be too much trouble to" */
function isCourtesy(tokens: readonly Token[], at: number): boolean {
  if (!COURTESY.has(wordAt(tokens, at))) return false
  for (let j = at - 1; j >= 0 && at - j <= LOOK_BACK_MAX; j--) {
    if (YOU.has(wordAt(tokens, j)) || ASKS_LEAVE.has(wordAt(tokens, j))) return true
    if (OTHERS.has(wordAt(tokens, j)) && wordAt(tokens, j) !== 'it') return false
  }
  return at <= 2
}

const COURTESY = words(
  'as enough trouble courtesy decency kindness sense heart favor possible kind nice good sweet',
)
const ASKS_LEAVE = words('would could can will may might be')
/** "i hope you wont stop" */
const HOPING = words('hope know glad promise bet trust believe sure pray hoping knowing')
/** "the cease and desist", "their stop": the name of a thing */
const NAMING = words('the a an their last next first')
const ARTICLES = words('a an')
const LETTING = words('hit send')
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
  // "when should I quit calling?"
  if (asks === 'when' && before === 'should') return 'nobody'
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
  // "ustedes no me manden nada" is said to us
  if (spanish && SPANISH_YOU.has(subject)) return true
  if (j < 0 || FIRST.has(subject) || LEAD.has(subject)) return true
  return !(OTHERS.has(subject) || NEGATION.has(subject) || OFFICE.has(subject) || YOU.has(subject))
}

const SPANISH_YOU = words('ustedes usted')

const OFFICE = words(
  'senator senators staffer staffers office offices aide lady guy intern sounded seemed seems sounds person receptionist husband wife coworker coworkers jefe patron senador oficina if was got gave dialed called dieron marque llame is',
)
