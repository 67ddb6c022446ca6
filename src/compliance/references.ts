import type { Clause, Token } from './normalise.js'
import { LISTS } from './rule.js'
import { NEGATION, SAYING, words } from './words.js'

/** What befalls somebody whose phone another answers: "she had a stroke. Don't text her." */
const BEFALLEN = words(`
  dead deceased died passed gone passing hospice stroke alzheimers dementia icu prison jail minor hospital blind
  confused confuses coma nursing elderly late estate moved retired years old`)
const DENIED: ReadonlyMap<string, string> = new Map(
  ['not', 'nolonger', 'never', 'cant', 'shouldnt', 'didnt']
    .map((word): [string, string] => [word, word])
    .concat([
      ['doesnt', 'dont'],
      ['dont', 'dont'],
      ['isnt', 'not'],
    ]),
)
const HIS = words('his her their')
const HE = words('he she they')
const OF_A_PHONE = words('number phone name info cell contact subscription account information mobile line')
const TEXTS = words('texts messages texting notifications alerts')
const THEM = words('them those')
/** Whose texts "them" may mean besides ours. */
const SENDERS = new Set([...LISTS.foes, ...LISTS.powers, ...words('senators office job work')])
const DONE_TO_HER = new Set([
  ...LISTS.stop,
  ...LISTS.texting,
  ...LISTS.calling,
  ...[...LISTS.pestering].filter((word) => word !== 'nagging'),
  ...LISTS.text,
  ...LISTS.removing,
  ...words('send leave let call drop write unsubscribe'),
])

/** "my ex husband's number", "my work number" */
const OWNER = words('my this his her')
const OWNER_REACH = 3

const STANDING_IN = new Set([...THEM, ...HIS, ...HE, ...LISTS.kin, 'it', 'him'])

/**
 * Words that stand for others, read as those: "them" as texts named before, "it" as her number, and somebody whose
 * phone she answers ("my mother", "him") as herself. So every rule about her and our texts holds for them too.
 */
export function resolve(clauses: readonly Clause[]): readonly Clause[] {
  if (!clauses.some(({ tokens }) => tokens.length === 0 || tokens.some(({ word }) => STANDING_IN.has(word))))
    return clauses
  const forAnother = clauses.some(({ tokens }) =>
    tokens.some(({ word }) => LISTS.kin.has(word) || BEFALLEN.has(word)),
  )
  let texts: Token | undefined
  let number: Token | undefined
  return clauses.map((clause, at) => {
    const foreign = clause.tokens.some(({ word }) => SENDERS.has(word))
    const out: Token[] = []
    for (const [n, token] of clause.tokens.entries()) {
      const { word } = token
      const before = out.at(-1)?.word ?? ''
      if (TEXTS.has(word) && !foreign) texts ??= token
      if (word === 'number' && out.slice(-OWNER_REACH).some((each) => OWNER.has(each.word))) number = token
      if (THEM.has(word) && texts && !SAYING.has(before)) out.push({ ...token, word: texts.word })
      else if (word === 'it' && number)
        out.push({ ...token, word: 'my' }, { ...number, raw: '', shout: false })
      else if (forAnother && !foreign) readAsHer(out, token, clause.tokens[n + 1]?.word ?? '')
      else out.push(token)
    }
    // "Please, no more": the courtesy stands alone
    const polite = clause.polite || clauses[at - 1]?.tokens.length === 0
    return { ...clause, polite, tokens: out }
  })
}

/** Adds a word of somebody she speaks for: "her phone" is my phone, "my wife doesnt" i dont, "texting her" texting me. */
function readAsHer(out: Token[], token: Token, next: string): void {
  const before = out.at(-1)
  const denied = DENIED.get(token.word)
  const read = (word: string) => {
    if (out.at(-1)?.word === 'my') out.pop()
    out.push({ ...token, word })
  }
  if (HIS.has(token.word) && OF_A_PHONE.has(next)) out.push({ ...token, word: 'my' })
  else if (denied && before && (LISTS.kin.has(before.word) || HE.has(before.word))) {
    out.pop()
    if (out.at(-1)?.word === 'my') out.pop()
    out.push({ ...before, word: 'i' }, { ...token, word: denied })
  } else if (isDoneTo(out, token) && !OF_A_PHONE.has(next) && !NEGATION.has(next)) read('me')
  else out.push(token)
}

function isDoneTo(out: readonly Token[], { word }: Token): boolean {
  // "my mother's medicare" is no person
  if (word.endsWith('s') && word !== 'parents') return false
  if (word !== 'him' && word !== 'her' && !LISTS.kin.has(word)) return false
  const verb = out.at(-1)?.word === 'my' ? out.at(-2) : out.at(-1)
  return DONE_TO_HER.has(verb?.word ?? '')
}

const TITLES = words('mr mrs ms dr')

/** "remove Mrs. Barnes from your list" is one clause: the dot is a title's. */
export function joinTitles(clauses: readonly Clause[]): readonly Clause[] {
  if (!clauses.some(({ tokens }) => TITLES.has(tokens.at(-1)?.word ?? ''))) return clauses
  const out: Clause[] = []
  for (const clause of clauses) {
    const last = out.at(-1)
    if (last && TITLES.has(last.tokens.at(-1)?.word ?? ''))
      out.splice(-1, 1, {
        ...clause,
        polite: last.polite || clause.polite,
        laughing: last.laughing || clause.laughing,
        tokens: [...last.tokens, ...clause.tokens],
      })
    else out.push(clause)
  }
  return out
}
