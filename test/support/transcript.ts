/**
 * Golden dialogues, test/transcripts/*.txt: the form that the phone page and `textaction phone` print too.
 *
 *   # a comment
 *   > WORK                         from her phone; further lines of the same text are indented by two spaces
 *   < Welcome to the ...           from us; likewise
 *   = another phone                somebody else, whom we do not know
 *   = imported 35020 es            (right after) she was imported with consent; the language is optional
 *   = invited 35020                (right after) she was imported with --invite
 *   = photo                        her next text brings a photo; "> " alone is a text without words
 *   = opt-out START                Twilio's Advanced Opt-Out answers her next text itself: STOP, START or HELP
 *   = calls AL 211                 so many calls have been reported from there so far
 *   = later 25h                    time passes (s, m, h, d); what we send meanwhile follows
 *   = silence                      we answered nothing
 *   = standing joined              what is true now: unknown, invited, joined, held or left
 *   = place 35020 AL               ZIP and state, - where unknown
 *   = language es
 *   = fewer yes                    LESS is in force, or no
 *   = consents joined, left        the kinds of her consent records, or none
 *   = outcomes voicemail Britt     what she has reported, senators by last name, or none
 *   = nudge no                     whether a nudge waits: yes or no
 *   = understood zip               what we took her last text for
 *
 * A replay writes down what really came; the test compares the two as text. UPDATE_TRANSCRIPTS=1 keeps what came.
 */

export type Line =
  | { kind: 'remark'; text: string } // a comment or an empty line
  | { kind: 'her'; text: string }
  | { kind: 'us'; text: string }
  | { kind: 'mark'; name: string; rest: string }

const FACTS = [
  'standing',
  'place',
  'language',
  'fewer',
  'consents',
  'outcomes',
  'nudge',
  'understood',
] as const

export type Fact = (typeof FACTS)[number]

export type HerText = { body: string; hasPhoto: boolean; optOutType: 'STOP' | 'START' | 'HELP' | null }

/** Whatever can play the part of the program: the pure step in memory, or the real one through a phone. */
export type Host = {
  /** Her text, and all the answers to it. */
  text(text: HerText): Promise<readonly string[]>
  anotherPhone(): Promise<void>
  imported(zip: string, language: 'en' | 'es', isInvited: boolean): Promise<void>
  calls(state: string, calls: number): Promise<void>
  /** Time passes; what we sent meanwhile. */
  later(seconds: number): Promise<readonly string[]>
  /** null: this host cannot know, and the line stands as written. */
  fact(fact: Fact): Promise<string | null>
}

/** Reads a transcript. */
export function parseTranscript(source: string): Line[] {
  const lines: Line[] = []
  for (const line of source.replace(/\n$/, '').split('\n')) {
    const last = lines.at(-1)
    if (line.startsWith('  ') && (last?.kind === 'her' || last?.kind === 'us'))
      last.text += `\n${line.slice(2)}`
    else if (line === '>' || line.startsWith('> ')) lines.push({ kind: 'her', text: line.slice(2) })
    else if (line.startsWith('< ')) lines.push({ kind: 'us', text: line.slice(2) })
    else if (line.startsWith('= ')) lines.push(parseMark(line.slice(2)))
    else if (line === '' || line.startsWith('#')) lines.push({ kind: 'remark', text: line })
    else throw new Error(`no line of a transcript: ${line}`)
  }
  return lines
}

/** Writes a transcript. */
export function formatTranscript(lines: readonly Line[]): string {
  return lines.map((line) => `${formatLine(line)}\n`).join('')
}

/** Plays her part, and gives the transcript as it really went. */
export async function replay(lines: readonly Line[], host: Host): Promise<Line[]> {
  const real: Line[] = []
  let next: Omit<HerText, 'body'> = { hasPhoto: false, optOutType: null }
  const hear = (answers: readonly string[]) => {
    real.push(...answers.map((text) => ({ kind: 'us', text }) as const))
    if (answers.length === 0) real.push({ kind: 'mark', name: 'silence', rest: '' })
  }
  for (const line of lines) {
    if (line.kind === 'us' || (line.kind === 'mark' && line.name === 'silence')) continue
    const known = line.kind === 'mark' && isFact(line.name) ? await host.fact(line.name) : null
    if (line.kind === 'mark') real.push({ ...line, rest: known ?? line.rest })
    else real.push(line)
    if (line.kind === 'her') {
      hear(await host.text({ body: line.text, ...next }))
      next = { hasPhoto: false, optOutType: null }
    } else if (line.kind === 'mark' && line.name === 'later') hear(await host.later(secondsOf(line.rest)))
    else if (line.kind === 'mark') next = await perform(line, host, next)
  }
  return real
}

type Next = Omit<HerText, 'body'>

async function perform(
  { name, rest }: { name: string; rest: string },
  host: Host,
  next: Next,
): Promise<Next> {
  const [first = '', second = ''] = rest.split(' ')
  switch (name) {
    case 'photo':
      return { ...next, hasPhoto: true }
    case 'opt-out':
      if (first !== 'STOP' && first !== 'START' && first !== 'HELP')
        throw new Error(`no opt-out type: ${rest}`)
      return { ...next, optOutType: first }
    case 'another':
      await host.anotherPhone()
      return next
    case 'imported':
    case 'invited':
      if (!/^\d{5}$/.test(first))
        throw new Error(`${name} needs a ZIP: no list brings anybody in without one`)
      await host.imported(first, second === 'es' ? 'es' : 'en', name === 'invited')
      return next
    case 'calls':
      await host.calls(first, Number(second))
      return next
    default:
      if (!isFact(name)) throw new Error(`no mark of a transcript: ${name}`)
      return next
  }
}

function parseMark(mark: string): Line {
  const [name = '', ...rest] = mark.split(' ')
  return { kind: 'mark', name, rest: rest.join(' ') }
}

function formatLine(line: Line): string {
  const indented = (text: string) => text.replaceAll('\n', '\n  ')
  switch (line.kind) {
    case 'remark':
      return line.text
    case 'her':
      return line.text === '' ? '>' : `> ${indented(line.text)}`
    case 'us':
      return `< ${indented(line.text)}`
    case 'mark':
      return `= ${line.name} ${line.rest}`.trimEnd()
  }
}

function isFact(name: string): name is Fact {
  return (FACTS as readonly string[]).includes(name)
}

function secondsOf(duration: string): number {
  const match = /^(\d+)([smhd])$/.exec(duration)
  if (!match) throw new Error(`no duration: ${duration}`)
  return Number(match[1]) * ({ s: 1, m: 60, h: 3_600, d: 86_400 }[match[2] ?? ''] ?? 0)
}
