import { isStateCode, STATE_NAMES, TERRITORY_NAMES } from '../congress/congress.js'
import type { PeopleCounts } from '../db/people-counts.js'
import type { Cli } from './cli-types.js'
import { colours, columns, number, percent, printable } from './screen.js'
import { stamp, wrap } from './stamps.js'

export type ShownReply = {
  id: number
  /** ISO 8601 in Z. */
  at: string
  /** "ending 0142": a reply is answered by its id. */
  person: string
  status: string
  state: string | null
  language: string
  text: string
  zone: string
  answered: boolean
}

const ROWS_MAX = 20

const STANDING_NOTES: Readonly<Record<keyof PeopleCounts['standing'], string>> = {
  joined: '',
  held: 'asked whether to stop; blasts wait for the answer',
  invited: 'asked once to reply JOIN',
  left: '',
  unknown: 'texted us, but never joined',
}

/** "people stats" on a terminal. */
export function countsScreen(cli: Cli, counts: PeopleCounts): string {
  const c = colours(cli)
  const width = number(counts.total).length
  const row = (label: string, value: number, note = '') =>
    `  ${label.padEnd(12)}${number(value).padStart(width)}${note && `   ${note}`}\n`
  const { standing } = counts
  const languages = Object.entries(counts.languages).map(
    ([code, people]) => `${languageName(code)} ${number(people)}`,
  )
  const notes = {
    ...STANDING_NOTES,
    joined: languages.join(', '),
    left: counts.forgotten > 0 ? `${number(counts.forgotten)} of them forgotten` : '',
  }
  const states = Object.entries(counts.states)
  const more = states.slice(ROWS_MAX)
  return [
    `${c.bold('People')}        ${number(counts.total).padStart(width)}\n`,
    ...(['joined', 'held', 'invited', 'left', 'unknown'] as const).map((name) =>
      row(name, standing[name], c.dim(notes[name])),
    ),
    standing.joined > 0 ? `${c.bold('Joined, by state')}\n` : '',
    ...states
      .slice(0, ROWS_MAX)
      .map(([state, people]) =>
        row(state, people, `${percent(people, standing.joined).padStart(6)}   ${c.dim(regionName(state))}`),
      ),
    more.length > 0
      ? `  and ${more.length} more states: ${number(more.reduce((sum, [, people]) => sum + people, 0))} people\n`
      : '',
    counts.withoutState > 0
      ? row('none yet', counts.withoutState, c.dim('no ZIP, or one of a border or a military address'))
      : '',
    counts.unreachable + counts.fewer > 0 ? `${c.bold('Of those joined')}\n` : '',
    counts.unreachable > 0
      ? row('unreachable', counts.unreachable, c.dim('the number is dead or takes no texts; no blasts'))
      : '',
    counts.fewer > 0 ? row('fewer', counts.fewer, c.dim('LESS: one blast text a month at most')) : '',
  ].join('')
}

/** One of "people replies --json". */
export function replyJson({ id, at, person, status, state, language, text, answered }: ShownReply) {
  return { id, at, person, status, state, language, text, answered }
}

/** "people replies" on a terminal. */
export function repliesScreen(cli: Cli, replies: readonly ShownReply[], count: number): string {
  const c = colours(cli)
  if (replies.length === 0) return 'No text is waiting: the rules understood every one.\n'
  const blocks = replies.map((reply) => {
    const who = [
      reply.person,
      reply.state,
      languageName(reply.language),
      reply.status,
      reply.answered && 'answered',
    ]
      .filter(Boolean)
      .join(', ')
    const text = wrap(`"${printable(reply.text)}"`, columns(cli) - 4).map((line) => `    ${line}\n`)
    return `  ${c.bold(String(reply.id))}   ${stamp(new Date(reply.at), reply.zone)}   ${c.dim(who)}\n${text.join('')}`
  })
  const more = count - replies.length
  const rest =
    more > 0 ? `  and ${number(more)} more: ${c.cyan(`textaction people replies --limit ${count}`)}\n` : ''
  const open = replies.find(({ answered, status }) => !answered && status !== 'left')
  const next = open ? `  Next: ${c.cyan(`textaction people answer ${open.id} "..."`)}\n` : ''
  return `${blocks.join('')}${rest}${next}`
}

/** AL -> "Alabama" */
export function regionName(code: string): string {
  if (isStateCode(code)) return STATE_NAMES[code]
  if (code === 'DC') return 'District of Columbia'
  return (TERRITORY_NAMES as Readonly<Record<string, string>>)[code] ?? code
}

/** es -> "Spanish" */
export function languageName(code: string): string {
  return code === 'es' ? 'Spanish' : 'English'
}
