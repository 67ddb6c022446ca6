import type { Token } from './normalise.js'
import { isBegged, LOOK_BACK_MAX, wordAt, type Addressee } from './token.js'
import { ASKING, AUXILIARY, FIRST, LEAD, NEGATION, PASSIVE, SAYING, words, YOU } from './words.js'

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
  if (YOU.has(subject)) return passive || isBegged(tokens[at]) ? 'us' : 'nobody'
  if (NEGATION.has(subject)) return 'nobody'
  if (I_SAID.has(wordAt(tokens, s))) return third ? 'nobody' : 'us'
  if (k < 0 && between.some((word) => WHOEVER.has(word))) return 'us'
  if (k < 0 && THEY_SAID.has(wordAt(tokens, s))) return 'nobody'
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
  const wasLike = wordAt(tokens, s) === 'like' && ['was', 'were', 'is'].includes(wordAt(tokens, s - 1))
  return PLAIN_NOUNS.has(wordAt(tokens, s)) && s > 0 && !wasLike ? null : 'nobody'
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

/** "tell whoever's in charge to take me off" */
const WHOEVER = words('whoever whoevers whomever')
const TURNS = words('but now so and n anyway')
const TEXTING = words('me text texting texts messaging message messages alone list')
/** "no need to reply take me off" tells nothing again. */
const ANSWERING = words('reply text')
const GOING = words('went goes')

/** "what happens if i text stop", "did i text stop" */
const DOUBTING = words('if did do should when can could will what would unless must')
export const ADVERBS = words(
  'hereby both formally ya already always clearly specifically repeatedly also still again keep keeps kept literally once twice',
)
const SMALL = words('to that already again twice once now please me que no not')
const OWN_WORDS = words(
  'said told asked asking texted replied sent typed wrote begging saying dije pedi mande respondi',
)
/** And "he": "dijo que ya no llamen". */
const THEY_SAID = words('dijo dijeron')
/** Spanish says "I" in the verb: "ya les dije que paren". */
const I_SAID = words('dije pedi mande respondi')
/** Also things: "your text stop" reports nothing. */
const PLAIN_NOUNS = words('text texts reply type like orders demands voicemail recording')
