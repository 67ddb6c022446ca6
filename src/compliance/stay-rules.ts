import { TITLES } from './called-on.js'
import { hasStated } from './addressee.js'
import { isCry } from './english-cries.js'
import { withoutFinePrint } from './fine-print.js'
import { retold } from './retold.js'
import type { Clause } from './normalise.js'
import { LISTS } from './rule.js'
import { isSlip } from './slips.js'
import { isMisdirected, isOfAnOffice } from './wrong-number.js'
import { isTextInstead } from './text-instead.js'
import { isBegged } from './token.js'
import { AUXILIARY, NEGATION, SAYING, words } from './words.js'

/** What phones write when somebody taps a heart on a text of ours: the words after it are ours. */
const REACTIONS = new Set([
  'liked',
  'loved',
  'disliked',
  'laughed at',
  'emphasized',
  'emphasised',
  'questioned',
  'to',
  'reacted to',
  'reacted with to',
  'removed a like from',
  'removed a heart from',
  'removed a laugh from',
  'removed an exclamation from',
  'le gusto',
  'le encanto',
  'se rio de',
  'enfatizo',
  'no le gusto',
  'reacciono a',
  'reacciono con a',
  'a',
])

const TOLD_BY = words('they she he someone somebody staffer intern office lady guy i')
const SPEAKERS = words(
  'staffer office senator aide intern receptionist voicemail recording boss manager supervisor he she they lady guy him her them me oficina jefe',
)

/** Sets aside what is not said by her to us: reactions that quote us, our own fine print, words told again. */
export function readAside(
  all: readonly Clause[],
  text: string,
): { clauses: readonly Clause[]; aside: string | null } {
  const first = all[0]
  if (
    first?.opensQuote === true &&
    REACTIONS.has(first.tokens.map((token) => token.word).join(' ')) &&
    /["”»]\s*$/.test(text)
  )
    return { clauses: [], aside: 'reaction to a text of ours' }
  // "Stop, Amazon!" calls on them, not on us
  if (
    all.length === 2 &&
    first?.joint === 'soft' &&
    all[1]?.tokens.length &&
    all[1].tokens.length <= 3 &&
    all[1].tokens.some((token) => LISTS.powers.has(token.word))
  )
    return { clauses: [{ ...first, ...all[1], tokens: [...first.tokens, ...all[1].tokens] }], aside: null }
  if (all.length === 2 && first && isCalledOn(first, all[1]))
    return {
      clauses: [{ ...first, ...all[1], tokens: [...first.tokens, ...(all[1]?.tokens ?? [])] }],
      aside: null,
    }
  const own = withoutQuotes(all)
  if (own.length < all.length) return { clauses: own.map(withoutFinePrint), aside: 'words told again' }
  const plain = own.map(withoutFinePrint)
  return { clauses: plain, aside: plain.some((clause, n) => clause !== own[n]) ? 'our own fine print' : null }
}

/** "Senator Britt, stop it": she calls on whom she names first. "Republicans, stop texting me" is for us. */
function isCalledOn({ joint, tokens }: Clause, after: Clause | undefined): boolean {
  return (
    joint === 'soft' &&
    tokens.length <= 3 &&
    tokens.some(({ word }) => LISTS.powers.has(word) || TITLES.has(word)) &&
    after !== undefined &&
    after.tokens.length <= 5 &&
    !after.tokens.some(
      ({ word }) => TEXTING_HER.has(word) || LISTS.texts.has(word) || word === 'list' || OF_HERSELF.has(word),
    )
  )
}

const OF_HERSELF = words(
  'me us my our unsubscribe remove delete take opt off out cancel number phone name info',
)

function withoutQuotes(all: readonly Clause[]): readonly Clause[] {
  return all.filter(
    (clause, n) =>
      !isIntroduced(all[n - 1]) &&
      !isTagged(clause) &&
      !isUpdated(clause, all[n + 1]) &&
      !isCheckedOff(clause, all[n + 1]) &&
      !isOfAVote(clause, all[n + 1]) &&
      !isOfOtherTexts(clause) &&
      !isDenied(clause, all[n + 1]) &&
      !isAttributed(clause, all[n + 1]) &&
      !isTextInstead(clause, all[n + 1]) &&
      !isOfAnOffice(clause, all[n + 1], all) &&
      !isSlip(clause) &&
      !isOfAFiring(clause) &&
      !isCry(clause, all) &&
      !isMisdirected(clause, all),
  )
}

/** "me quieren dar de baja", "mi patron quiere darme de baja": of her job. */
function isOfAFiring({ tokens, question, polite }: Clause): boolean {
  const at = tokens.findIndex(({ word }) => word === 'quiere' || word === 'quieren')
  return (
    at >= 0 &&
    !question &&
    !polite &&
    !tokens.some(({ word }) => ['favor', 'lista', 'mensajes'].includes(word)) &&
    tokens.slice(at).some(({ word }) => word === 'baja') &&
    (tokens[at - 1]?.word === 'me' || tokens[at + 1]?.word === 'darme')
  )
}

/** She said "…", the guy goes: … */
function isIntroduced(before: Clause | undefined): boolean {
  if (before?.joint !== 'soft') return false
  const { tokens } = before
  const last = tokens.at(-1)?.word ?? ''
  if (NEGATION.has(tokens.at(-2)?.word ?? '')) return false
  // "as instructed: STOP", "here goes: stop": hers
  if (['as', 'here'].includes(tokens[0]?.word ?? '') && tokens.length === 2) return false
  // "residents can't get texts, please stop": nobody says it
  if (['text', 'texts'].includes(last) && !SPEAKERS.has(tokens.at(-2)?.word ?? '')) return false
  const saying = SAYING.has(last) || (SAYING.has(tokens.at(-2)?.word ?? '') && SPEAKERS.has(last))
  if (saying && retold(tokens, tokens.length) === 'nobody') return true
  // "manager: stop texting on the floor"
  if (tokens.length === 1 && NAMED.has(last)) return true
  return before.opensQuote && tokens.length <= 3 && SPEAKERS.has(last) && last !== 'me'
}

/** "Trump texts me every day and I never signed up" */
function isOfOtherTexts({ tokens }: Clause): boolean {
  const at = tokens.findIndex(({ word }) => TEXTING_HER.has(word))
  return (
    tokens[at + 1]?.word === 'me' &&
    !isAskedOfUs(tokens, at - 1) &&
    tokens.slice(Math.max(0, at - 3), at).some(({ word }) => SENDERS.has(word))
  )
}

/** "I called both senators now stop texting me", "I called my senator stop texting me", "Trump 2028 stop texting me"; not "my boss won't stop texting me". */
function isAskedOfUs(tokens: Clause['tokens'], at: number): boolean {
  const before = tokens[at - 1]?.word ?? ''
  return (
    LISTS.stop.has(tokens[at]?.word ?? '') &&
    before !== 'to' &&
    ![NEGATION, AUXILIARY].some((list) => list.has(before)) &&
    (!SENDERS.has(before) || isBegged(tokens[at]) || hasStated(tokens, at - 1))
  )
}

const TEXTING_HER = words('texts text texting spams spamming messages messaging emails emailing')
const SENDERS = words(`
  trump biden harris campaign campaigns candidate candidates democrats republicans boss manager supervisor senator
  senators mayor governor party walmart amazon starbucks`)

/** "Cross Murkowski off the list, she's a yes": a list of senators. */
function isOfAVote({ tokens }: Clause, after: Clause | undefined): boolean {
  return (
    tokens.at(-1)?.word === 'list' &&
    after !== undefined &&
    after.tokens.length <= SHORT &&
    after.tokens.some(({ word }) => VOTES.has(word))
  )
}

const SHORT = 5
const VOTES = words('yes cosponsor cosponsored sponsor committed voted undecided flipped')

/** "this is my work number, here's my cell" */
function isUpdated({ tokens }: Clause, after: Clause | undefined): boolean {
  const head = after?.tokens[0]?.word ?? ''
  return (
    ['heres', 'use', 'try'].includes(head) &&
    tokens.some(({ word }) => word === 'number' || word === 'phone') &&
    after?.tokens[1]?.word === 'my'
  )
}

/** "cross me off, I called": off the list of those who have yet to call. */
function isCheckedOff({ tokens }: Clause, after: Clause | undefined): boolean {
  const off = tokens.findIndex(({ word }, n) => word === 'off' && tokens[n - 1]?.word === 'me')
  if (off < 0) return false
  const done = (of: Clause['tokens']) => of.some(({ word }) => word === 'called' || word === 'done')
  return (
    done(tokens.slice(off)) || (after !== undefined && after.tokens.length <= SHORT && done(after.tokens))
  )
}

/** "End the texts? No way!" */
function isDenied(clause: Clause, after: Clause | undefined): boolean {
  if (!clause.question || !after) return false
  const [a, b] = after.tokens.map(({ word }) => word)
  return (
    a === 'never' ||
    (a === 'no' && b === 'way') ||
    (a === 'hell' && b === 'no') ||
    (a === 'they' && b === 'can')
  )
}

/** "no one by that name works here she said" */
function isTagged({ tokens }: Clause): boolean {
  const last = tokens.at(-1)?.word ?? ''
  return tokens.length > 3 && ((TAGS.has(last) && SPEAKERS.has(tokens.at(-2)?.word ?? '')) || TOLD.has(last))
}

const TOLD = words('dijo dijeron')
const TAGS = words('said says goes told replied')

const NAMED = words('staffer senator aide intern receptionist boss manager supervisor recording voicemail')

/** "…" is what they told me. */
function isAttributed(clause: Clause, after: Clause | undefined): boolean {
  if (!after) return false
  const [a = '', b = '', c = ''] = after.tokens.map((token) => token.word)
  // "Stop, he said, and hung up"
  if (clause.joint === 'soft' && after.tokens.length === 2 && a !== 'i' && TOLD_BY.has(a) && TAGS.has(b))
    return true
  if (!clause.opensQuote) return false
  return (a === 'is' && b === 'what' && TOLD_BY.has(c)) || (TOLD_BY.has(a) && a !== 'i' && SAYING.has(b))
}
