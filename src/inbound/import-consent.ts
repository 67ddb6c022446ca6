/** How a column speaks of consent: our own export's status; yes or no to texts; yes or no to their end. */
export type ConsentKind = 'status' | 'agreed' | 'refused'

/** What a row says in such a column. heading: as the file names it. */
export type ConsentCell = { kind: ConsentKind; heading: string; cell: string }

const AGREED = /^(?:(?:sms|texts?|is|has) ?)*(?:consent(?:ed)?|opt(?:ed)? ?in)$/
const REFUSED =
  /^(?:(?:sms|texts?|is|has) ?)*(?:opt(?:ed)? ?out|unsubscribed?|do ?not ?(?:text|contact)|dnc)(?: (?:at|on|date))?$/

// "no" may go on ("No, thanks", "N - asked us to stop"); the others may begin what is no refusal ("Stop & Shop picket").
const NO =
  /^(?:(?:n|no|nope|not|never|do not|declined?s?|refused|revoked|withdr[ae]wn?|unsubscribed?|opt(?:ed)?[ _-]?out)(?![\p{L}\p{N}]).*|f|false|0|none|null|n\/?a|off|out|left|stop(?:ped)?|removed?|unknown|pending|invited|[-–.?]+)$/iu

// Under "opted out" nothing but a plain no lets her in: "removed" there says that she is out.
const NOT_OUT = /^(?:n|no|f|false|0|none|null|n\/?a|never|[-–.]+)$/i

const OUR_OTHERS = ['held', 'invited', 'left', 'unknown']

/** How the column with this heading (in small letters, its words a space apart) speaks of consent; null: it does not. */
export function consentKind(heading: string): ConsentKind | null {
  if (heading === 'status') return 'status'
  if (AGREED.test(heading)) return 'agreed'
  return REFUSED.test(heading) ? 'refused' : null
}

/**
 * Why this cell keeps her out, or null. An empty one says yes to nothing. Whoever is only invited was promised "No reply, no more
 * texts", so of our own export only those who joined come in.
 */
export function consentFault({ kind, heading, cell }: ConsentCell): string | null {
  const says = cell === '' ? `${heading} is empty` : `${heading} ${shown(cell)}`
  if (kind === 'agreed') return cell === '' || NO.test(cell) ? says : null
  if (kind === 'refused') return cell === '' || NOT_OUT.test(cell) ? null : says
  const status = cell.toLowerCase()
  if (status === 'joined') return null
  return OUR_OTHERS.includes(status) ? says : `${says}; only joined comes in`
}

/** A cell may hold anything, a number too: no more of it is repeated than a word or two. */
function shown(cell: string): string {
  const words = cell.replace(/[^\p{L}\p{N} /&.-]/gu, '').slice(0, 24)
  return /\d{5}/.test(words) || words.trim() === '' ? 'is none of ours' : `says ${words.trim()}`
}
