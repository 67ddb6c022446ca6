import { Command } from 'commander'
import { ending } from '../compliance/phone.js'
import { ledgerOf } from '../db/ledger.js'
import { optIn, optOut, type ByHand } from '../db/opting.js'
import { findPerson } from '../db/people.js'
import { blastsOf, pendingFor } from '../db/person-texts.js'
import { recordReading } from '../db/readings.js'
import { OperatorError } from '../errors.js'
import { personLeft } from '../observability/events.js'
import type { Vault } from '../ports.js'
import type { Cli } from './cli-types.js'
import { atDesk, operatorName, readPhone } from './operator.js'
import type { ForgetOptions } from './person-forget.js'
import { storyJson, storyScreen, type Story } from './person-screens.js'
import { colours, printJson } from './screen.js'

type ByHandOptions = { reason?: string; as?: string; json?: true }

const REASON_CHARS_MAX = 1_000

/** textaction person: one person's story of consent, and leaving or rejoining on her behalf. */
export function personCommand(cli: Cli): Command {
  const person = new Command('person').description("one person's story of consent; opt out, opt in, forget")
  person
    .command('show')
    .description('every consent event with her exact words, the blasts she got, and what is pending')
    .argument('<phone>', 'any usual US form: "(205) 555-0142" or +12055550142')
    .option('--json', 'one JSON document')
    .action((phone: string, options: { json?: true }) => show(cli, phone, options))
  byHand(
    person,
    'opt-out',
    'take a person out who asked for it by other means than a text',
    'asked by phone on Nov 22',
    (phone, options) => takeOut(cli, phone, options),
  )
  byHand(
    person,
    'opt-in',
    'bring a person in, or back, who asked for it by other means than a text',
    'signed up at the hall on Nov 22',
    (phone, options) => bringIn(cli, phone, options),
  )
  person
    .command('forget')
    .description('erase number, ZIP, words and history of a person who asked for it, for good')
    .argument('<phone>', 'any usual US form')
    .option('--as <name>', 'who writes it down; without it, your account here')
    .option('--yes', 'do not ask')
    .option('--json', 'one JSON document')
    .addHelpText(
      'after',
      `
Who has live consent is told so once, by a last text; then the number goes too. What stays is one coded mark, so that no list
adds the number back, and the bare dates of the consent record.

Example:
  textaction person forget "(205) 555-0142"`,
    )
    .action(async (phone: string, options: ForgetOptions) =>
      (await import('./person-forget.js')).forgetOne(cli, phone, options),
    )
  return person
}

function byHand(
  person: Command,
  name: string,
  description: string,
  example: string,
  action: (phone: string, options: ByHandOptions) => Promise<void>,
): void {
  person
    .command(name)
    .description(description)
    .argument('<phone>', 'any usual US form')
    .option('--reason <text>', 'how and when they asked; it goes on record')
    .option('--as <name>', 'who writes it down; without it, your account here')
    .option('--json', 'one JSON document')
    .addHelpText('after', `\nExample:\n  textaction person ${name} "(205) 555-0142" --reason "${example}"`)
    .action(action)
}

async function show(cli: Cli, typed: string, options: { json?: true }): Promise<void> {
  const phone = readPhone(typed)
  const story = await atDesk(cli, async ({ pool, vault }): Promise<Story> => {
    const found = await findPerson(pool, vault.hash(phone))
    if (!found) return { phone, person: null, consents: [], blasts: [], pending: [] }
    const consents = (await ledgerOf(pool, found.id)).map(({ wordsSealed, ...entry }) => ({
      ...entry,
      words: wordsSealed && vault.open(wordsSealed),
    }))
    const [blasts, pending] = [await blastsOf(pool, found.id), await pendingFor(pool, found.id)]
    await recordReading(pool, { who: operatorName(), what: 'story', count: 1 })
    return { phone, person: found, consents, blasts, pending }
  })
  if (options.json) printJson(cli, storyJson(story))
  else cli.stdout.write(storyScreen(cli, story))
}

async function takeOut(cli: Cli, typed: string, options: ByHandOptions): Promise<void> {
  const phone = readPhone(typed)
  const reason = readReason(options.reason, 'asked by phone on Nov 22')
  const recordedBy = operatorName(options.as)
  const changed = await atDesk(cli, ({ pool, vault }) =>
    optOut(pool, request(vault, phone, reason, recordedBy)),
  )
  if (changed) personLeft({ via: 'operator' })
  if (options.json) return printJson(cli, { status: 'left', changed })
  const done = `Person ${ending(phone)} is out: no text goes there any more, and no list brings the number back.`
  cli.stdout.write(`${changed ? done : `Person ${ending(phone)} was out already; nothing changed.`}\n`)
}

async function bringIn(cli: Cli, typed: string, options: ByHandOptions): Promise<void> {
  const phone = readPhone(typed)
  const reason = readReason(options.reason, 'signed up at the hall on Nov 22')
  const recordedBy = operatorName(options.as)
  const changed = await atDesk(cli, ({ pool, vault }) =>
    optIn(pool, request(vault, phone, reason, recordedBy)),
  )
  if (options.json) return printJson(cli, { status: 'joined', changed })
  const c = colours(cli)
  const see = `The record: ${c.cyan(`textaction person show ${phone}`)}`
  cli.stdout.write(
    `${changed ? `Person ${ending(phone)} is in. ${see}` : `Person ${ending(phone)} was in already; nothing changed.`}\n`,
  )
}

function request(vault: Vault, phone: string, reason: string, recordedBy: string): ByHand {
  // Sealed like her own words: an operator's note may name her.
  return {
    phoneHash: vault.hash(phone),
    phoneSealed: vault.seal(phone),
    reasonSealed: vault.seal(reason),
    recordedBy,
  }
}

function readReason(text: string | undefined, example: string): string {
  const reason = (text ?? '').trim()
  if (reason === '')
    throw new OperatorError(`It goes on record why. Add --reason, like --reason "${example}".`, 2)
  if (reason.length > REASON_CHARS_MAX)
    throw new OperatorError(`--reason is too long; say it in ${REASON_CHARS_MAX} characters.`, 2)
  return reason
}
