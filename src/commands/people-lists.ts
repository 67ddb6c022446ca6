import { once } from 'node:events'
import { parseAudience, termsWhere } from '../blast/audience.js'
import { ending } from '../compliance/phone.js'
import { countPeople } from '../db/people-counts.js'
import { FILTER_PARAMETER, peoplePages } from '../db/people-pages.js'
import { ledgerPages } from '../db/ledger.js'
import { growReading, recordReading } from '../db/readings.js'
import { notUnderstood, type UnansweredText } from '../db/replies.js'
import { OperatorError } from '../errors.js'
import { LIMITS } from '../limits.js'
import { repliesRead } from '../observability/events.js'
import type { Vault } from '../ports.js'
import type { Cli } from './cli-types.js'
import { listing } from './listing.js'
import { atDesk, operatorName } from './operator.js'
import { countsScreen, repliesScreen, replyJson, type ShownReply } from './people-screens.js'
import { printable, printJson } from './screen.js'

const SHOWN_MAX = 20
const SHOWN_JSON_MAX = 1_000

const PEOPLE_COLUMNS = 'phone,status,zip,state,language,joined_at'.split(',')
const LEDGER_COLUMNS =
  'phone,id,at,kind,via,words,message_sid,rule,shown,wording,recorded_by,erased_at'.split(',')

/** People as CSV or JSON. */
export async function exportPeople(
  cli: Cli,
  options: { audience?: string; all?: true; json?: true },
): Promise<void> {
  // Refused before anything is opened; read again with the names of the actions.
  parseAudience(options.audience ?? '')
  await atDesk(cli, async ({ pool, vault, actions }) => {
    const audience = parseAudience(
      options.audience ?? '',
      options.audience ? { actions: actions().map((action) => action.name) } : {},
    )
    const terms = termsWhere(audience, FILTER_PARAMETER)
    const sql = options.all ? terms.sql : `p.standing in ('joined', 'held', 'invited') and ${terms.sql}`
    const reading = await recordReading(pool, { who: operatorName(), what: 'export', count: 0 })
    const list = listing(PEOPLE_COLUMNS, options)
    await write(cli, list.head)
    let wanted = audience.limit ?? Infinity
    for await (const page of peoplePages(pool, { sql, values: terms.values }, LIMITS.exportPageRows)) {
      cli.signal.throwIfAborted() // what is cut must not end as if it were whole
      const people = page.slice(0, wanted)
      const rows = people.map((one) => [
        vault.open(one.phoneSealed),
        ...[one.standing, one.zip, one.state, one.language, iso(one.joinedAt)],
      ])
      await growReading(pool, reading, people.length) // before they are shown: the reader may go away at any line
      await write(cli, list.page(rows))
      wanted -= people.length
      if (wanted <= 0) break
    }
    await write(cli, list.foot)
  })
}

/** The consent ledger as CSV or JSON, oldest first. */
export async function listConsents(cli: Cli, options: { json?: true } = {}): Promise<void> {
  await atDesk(cli, async ({ pool, vault }) => {
    const reading = await recordReading(pool, { who: operatorName(), what: 'consents', count: 0 })
    const list = listing(LEDGER_COLUMNS, options)
    await write(cli, list.head)
    for await (const page of ledgerPages(pool, LIMITS.exportPageRows)) {
      cli.signal.throwIfAborted()
      const rows = page.map((entry) => {
        const { id, at, kind, via, messageSid, rule, shown, wording, recordedBy, erasedAt } = entry
        return [
          ...[opened(vault, entry.phoneSealed), id, iso(at), kind, via, opened(vault, entry.wordsSealed)],
          ...[messageSid, rule, shown, wording, recordedBy, iso(erasedAt)],
        ]
      })
      await growReading(pool, reading, page.length)
      await write(cli, list.page(rows))
    }
    await write(cli, list.foot)
  })
}

/** How many people there are. */
export async function showCounts(cli: Cli, options: { json?: true }): Promise<void> {
  const counts = await atDesk(cli, ({ pool }) => countPeople(pool))
  if (options.json) printJson(cli, counts)
  else cli.stdout.write(countsScreen(cli, counts))
}

/** What people wrote that no rule understood. It is opened here alone, and that it was is on record. */
export async function listReplies(cli: Cli, options: { json?: true; limit?: string }): Promise<void> {
  const limit =
    options.limit === undefined ? (options.json ? SHOWN_JSON_MAX : SHOWN_MAX) : Number(options.limit)
  if (!Number.isInteger(limit) || limit < 1)
    throw new OperatorError('--limit takes a number of texts, like --limit 50.', 2)
  await atDesk(cli, async ({ pool, vault }) => {
    const { texts, count } = await notUnderstood(pool, limit)
    await recordReading(pool, { who: operatorName(), what: 'replies', count: texts.length })
    repliesRead({ count: texts.length })
    const replies = texts.map((text) => shownReply(vault, text))
    if (options.json) printJson(cli, replies.map(replyJson))
    else cli.stdout.write(repliesScreen(cli, replies, count))
  })
}

function shownReply(vault: Vault, text: UnansweredText): ShownReply {
  return {
    id: text.id,
    at: text.receivedAt.toISOString(),
    person: text.phoneSealed ? ending(vault.open(text.phoneSealed)) : 'forgotten',
    status: text.standing,
    state: text.state,
    language: text.language,
    text: opened(vault, text.bodySealed) ?? '',
    zone: text.zone,
    answered: text.isAnswered,
  }
}

const iso = (at: Date | null) => at?.toISOString() ?? null

function opened(vault: Vault, sealed: Buffer | null): string | null {
  return sealed && vault.open(sealed)
}

/** A slow reader of the pipe makes us wait, so that memory stays flat. A file gets the words as they are, a terminal must not obey them. */
async function write(cli: Cli, text: string): Promise<void> {
  const shown = cli.stdout.isTTY ? text.split('\n').map(printable).join('\n') : text
  if (!cli.stdout.write(shown)) await once(cli.stdout, 'drain', { signal: cli.signal })
}
