import { ending } from '../compliance/phone.js'
import type { PersonLedgerEntry } from '../db/ledger.js'
import type { PersonRow } from '../db/people.js'
import type { BlastReceived, PendingText } from '../db/person-texts.js'
import type { Cli } from './cli-types.js'
import { languageName, regionName } from './people-screens.js'
import { colours, columns, printable } from './screen.js'
import { clock, stamp, wrap, zoneName } from './stamps.js'

/** A consent event, opened. */
export type StoryEntry = Omit<PersonLedgerEntry, 'wordsSealed'> & { words: string | null }

/** person: null for a number we have never seen. */
export type Story = {
  phone: string
  person: PersonRow | null
  consents: readonly StoryEntry[]
  blasts: readonly BlastReceived[]
  pending: readonly PendingText[]
}

/** "person show --json" */
export function storyJson({ person, consents, blasts, pending }: Story) {
  return {
    status: person?.standing ?? 'unknown',
    zip: person?.zip ?? null,
    state: person?.state ?? null,
    zone: isPlaced(person) ? person.zone : null,
    language: person?.language ?? null,
    consents: consents.map((entry) => ({
      kind: entry.kind,
      at: entry.at,
      via: entry.via,
      words: entry.words,
      messageSid: entry.messageSid,
      rule: entry.rule,
      shown: entry.shown,
      wording: entry.wording,
      toldAt: entry.toldAt,
      recordedBy: entry.recordedBy,
      erasedAt: entry.erasedAt,
    })),
    blasts,
    pending,
  }
}

/** "person show" on a terminal. */
export function storyScreen(cli: Cli, story: Story): string {
  const { person } = story
  if (!person)
    return `Person ${ending(story.phone)}   unknown: this number has never texted us and was on no list.\n`
  const c = colours(cli)
  const width = columns(cli)
  const events = story.consents.flatMap((entry) => eventLines(cli, entry, person.zone, width))
  const blasts = story.blasts.map(
    ({ name, at, status, errorCode }) =>
      `${printable(name)}, ${at ? `${stamp(at, person.zone)}, ` : ''}${statusWords(status)}${errorCode ? ` (${errorCode})` : ''}`,
  )
  const pending = story.pending.map(
    ({ kind, blast, notBefore }) =>
      `${blast ? `blast ${printable(blast)}` : kind}, not before ${stamp(notBefore, person.zone)}`,
  )
  return [
    `${c.bold(`Person ${ending(story.phone)}`)}   ${standing(c, person)}   ${placeWords(person)}`,
    ...(events.length > 0 ? events : ['  no consent on record']),
    ...listed('Blasts', blasts, 'none yet'),
    ...listed('Pending', pending, 'nothing'),
    '',
  ].join('\n')
}

function eventLines(cli: Cli, entry: StoryEntry, zone: string, width: number): string[] {
  const c = colours(cli)
  const head = `  ${stamp(entry.at, zone)}   `
  const words = entry.words === null ? '' : `: "${printable(entry.words)}"`
  const indent = ' '.repeat(head.length + 11)
  const [first = '', ...rest] = wrap(`${byWords(entry)}${words}`, width - indent.length)
  const rule = entry.erasedAt ? null : entry.rule // there it says only that all was erased, as the last words do
  const below = [
    entry.messageSid,
    entry.shown && `shown: ${entry.shown}`,
    rule && `rule: ${printable(rule)}${entry.toldAt ? `; told ${clock(entry.toldAt, zone)}` : ''}`,
    !rule && entry.toldAt && `told ${clock(entry.toldAt, zone)}`,
    entry.erasedAt && 'the words were erased at her request',
  ].filter(Boolean)
  return [
    `${head}${entry.kind.padEnd(11)}${first}`,
    ...rest.map((line) => `${indent}${line}`),
    ...(below.length > 0 ? wrap(below.join('   '), width - 4).map((line) => c.dim(`    ${line}`)) : []),
  ]
}

function byWords({ via, recordedBy }: StoryEntry): string {
  const who = recordedBy ? printable(recordedBy) : 'an operator'
  switch (via) {
    case 'text':
      return 'by text'
    case 'carrier':
      return 'by the carrier'
    case 'import':
      return `by list, ${who}`
    default:
      return `by ${who}`
  }
}

function standing(c: ReturnType<typeof colours>, person: PersonRow): string {
  switch (person.standing) {
    case 'joined':
      return c.green('joined')
    case 'left':
      return person.phoneSealed ? 'left' : 'left and forgotten'
    case 'held':
      return c.yellow('held, asked whether to stop')
    case 'invited':
      return 'invited, asked to reply JOIN'
    case 'unknown':
      return 'unknown, texted but never joined'
  }
}

function placeWords(person: PersonRow): string {
  const { zip, state, zone, otherZone, language } = person
  const now = new Date()
  const zones = [...new Set([zoneName(zone, now), zoneName(otherZone, now)])].join(' or ')
  const place = [
    zip ? `ZIP ${zip}` : 'no ZIP',
    state && regionName(state),
    isPlaced(person) && `${zones} time`,
    languageName(language),
  ]
  return place.filter(Boolean).join(', ')
}

/** Without a ZIP and a state her zone is only our strictest guess. */
function isPlaced(person: PersonRow | null): person is PersonRow {
  return person !== null && (person.zip !== null || person.state !== null)
}

function statusWords(status: string): string {
  return status === 'in_doubt' ? 'in doubt' : status
}

function listed(label: string, items: readonly string[], none: string): string[] {
  const [first = none, ...rest] = items
  return [`  ${label.padEnd(10)} ${first}`, ...rest.map((item) => `  ${' '.repeat(10)} ${item}`)]
}
