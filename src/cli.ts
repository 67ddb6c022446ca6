#!/usr/bin/env node
import './heap.js'
import { readFileSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import type { Cli } from './commands/cli-types.js'
import { environment } from './config.js'
import { OperatorError } from './errors.js'
import { databaseOutage } from './observability/outage.js'

// A command is up in half a second because only its own noun is loaded.
const NOUNS: Readonly<Record<string, { summary: string; load: (cli: Cli) => Promise<Command> }>> = {
  dev: {
    summary: 'everything on this machine: web, workers, simulator, phone page',
    load: async (cli) => (await import('./commands/dev.js')).devCommand(cli),
  },
  serve: {
    summary: "the web part: takes Twilio's texts and receipts",
    load: async (cli) => (await import('./commands/roles.js')).serveCommand(cli),
  },
  work: {
    summary: 'the workers: apply texts, send answers and blasts',
    load: async (cli) => (await import('./commands/roles.js')).workCommand(cli),
  },
  migrate: {
    summary: 'bring the database schema up to date',
    load: async (cli) => (await import('./commands/roles.js')).migrateCommand(cli),
  },
  doctor: {
    summary: 'check every dependency and say what to mend',
    load: async (cli) => (await import('./commands/doctor.js')).doctorCommand(cli),
  },
  purge: {
    summary: 'erase what people wrote and receipts, once old enough; consents are kept',
    load: async (cli) => (await import('./commands/purge.js')).purgeCommand(cli),
  },
  phone: {
    summary: 'a phone in the terminal, against a running dev',
    load: async (cli) => (await import('./commands/phone.js')).phoneCommand(cli),
  },
  blast: {
    summary: "write, rehearse, approve, send and watch one action's text to an audience",
    load: async (cli) => (await import('./commands/blast.js')).blastCommand(cli),
  },
  person: {
    summary: "one person's story of consent; opt out, opt in, forget",
    load: async (cli) => (await import('./commands/person.js')).personCommand(cli),
  },
  people: {
    summary: 'import, export and count people; read and answer what no rule understood',
    load: async (cli) => (await import('./commands/people.js')).peopleCommand(cli),
  },
  senators: {
    summary: 'the senators and their numbers: list, update, check',
    load: async (cli) => (await import('./commands/senators.js')).senatorsCommand(cli),
  },
  action: {
    summary: 'what we ask for, and every word we text: list, show, check',
    load: async (cli) => (await import('./commands/action.js')).actionCommand(cli),
  },
}

const MORE = `
More of each: textaction blast --help, textaction blast create --help
Colours off in every command: --no-color, or NO_COLOR in the environment. Every setting comes from there: see .env.example.

Exit 0: done. 1: it could not be done. 2: it was not asked for rightly, or a setting needs mending. 130: Ctrl-C.`

/** argv -> one command -> exit code. */
async function main(words: readonly string[], cli: Cli): Promise<number> {
  const argv = helpAsked(words)
  const program = new Command('textaction')
    .description('Text WORK to 235246, send your ZIP, get your two senators and their numbers.')
    .version(ownVersion())
    .helpCommand(false)
    .addHelpText('after', MORE)
    .configureOutput({ writeErr: () => undefined })
    .exitOverride()
  const noun = NOUNS[argv[0] ?? '']
  if (noun) program.addCommand(settled(await noun.load(cli)))
  else for (const [name, { summary }] of Object.entries(NOUNS)) program.command(name).description(summary)
  if (argv.length === 0) {
    program.outputHelp()
    return 2
  }
  try {
    await program.hook('preAction', refuseEmpty).parseAsync(known(program, argv), { from: 'user' })
    return process.exitCode === undefined ? 0 : Number(process.exitCode)
  } catch (error) {
    return told(error, cli)
  }
}

/** "help", "help blast create" and "blast help create" are --help: commander's own would need every noun loaded. */
function helpAsked(words: readonly string[]): readonly string[] {
  const at = words.indexOf('help')
  return at === 0 || at === 1 ? [...words.slice(0, at), ...words.slice(at + 1), '--help'] : words
}

/** What is typed, up to the first word that names no command: commander would give help without having looked. */
function known(program: Command, argv: readonly string[]): readonly string[] {
  let command = program
  for (const [at, word] of argv.entries()) {
    const next = command.commands.find((one) => one.name() === word)
    if (!next) return command.commands.length > 0 && !word.startsWith('-') ? argv.slice(0, at + 1) : argv
    command = next
  }
  return argv
}

/** A variable of the shell that is not set leaves an option empty; an empty audience would be everybody. */
function refuseEmpty(_: Command, command: Command): void {
  const values = command.opts<Record<string, unknown>>()
  const empty = command.options.find((option) => {
    const value = values[option.attributeName()]
    return typeof value === 'string' && value.trim() === ''
  })
  if (!empty) return
  const isAudience = empty.long === '--audience'
  const mend = !isAudience
    ? 'Give it a value, or leave it away.'
    : command.name() === 'edit'
      ? 'To write to everybody after all, make a new draft without --audience.'
      : 'Without --audience it is everybody.'
  throw new OperatorError(`${empty.long} is empty: is a variable of your shell unset? ${mend}`, 2)
}

function ownVersion(): string {
  const about = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string
  }
  return about.version
}

/** A usage error, and the command it was made in: its help tells more. */
class UsageError extends Error {
  constructor(
    message: string,
    readonly command: string,
  ) {
    super(message)
  }
}

/** Usage errors of every subcommand come back to main instead of ending the process. */
function settled(command: Command, above = 'textaction'): Command {
  const name = `${above} ${command.name()}`
  command
    .exitOverride((error) => {
      throw error.exitCode === 0 ? error : new UsageError(messageOf(error), name)
    })
    .helpCommand(false)
    .configureOutput({ writeErr: () => undefined })
  for (const one of command.commands) settled(one, name)
  return command
}

const messageOf = (error: CommanderError): string =>
  error.code === 'commander.help' ? 'Name a command' : error.message.replace(/^error: /, '')

function told(error: unknown, cli: Cli): number {
  if (error instanceof CommanderError && error.exitCode === 0) return 0
  if (error instanceof CommanderError) return told(new UsageError(messageOf(error), 'textaction'), cli)
  if (error instanceof UsageError)
    return complain(cli, `${usageWords(error.message)} See: ${error.command} --help`, 2)
  if (error instanceof OperatorError) return complain(cli, error.message, error.exitCode)
  if (cli.signal.aborted) return 130
  const outage = databaseOutage(error, cli.env['DATABASE_URL'])
  if (outage !== null) return complain(cli, outage, 1)
  const message = error instanceof Error ? error.message : String(error)
  return complain(
    cli,
    `Unexpected: ${withoutSecrets(message)}. This is a fault of the program; textaction doctor may tell more.`,
    1,
  )
}

function usageWords(text: string): string {
  return text
    .replace(/^unknown option '([^']+)'\n?\(Did you mean ([^)?]+)\?\)/s, 'Unknown flag $1. Did you mean $2?')
    .replace(/^unknown option '([^']+)'/, 'Unknown flag $1.')
    .replace(
      /^unknown command '([^']+)'\n?\(Did you mean ([^)?]+)\?\)/s,
      'Unknown command $1. Did you mean $2?',
    )
    .replace(/^unknown command '([^']+)'/, 'Unknown command $1.')
    .replace(
      /^too many arguments for '([^']+)'. Expected (\d+) arguments? but got (\d+)/,
      'Too many words for $1: $3, and it takes $2. Put what has spaces in quotes, like "hello world"',
    )
    .replace(/^missing required argument '([^']+)'/, 'It needs $1.')
    .replace(/^required option '([^']+)' not specified/, 'It needs $1.')
    .replace(/^(\w)/, (letter) => letter.toUpperCase())
    .replace(/([^.?!])$/, '$1.')
}

/** Messages of libraries may quote addresses and numbers: credentials and long digits are masked, lines joined. */
function withoutSecrets(message: string): string {
  return message
    .replace(/\w+:\/\/\S+/g, '[address]')
    .replace(/\+?\d[\d\s().-]{7,}\d/g, '[number]')
    .replace(/\s+/g, ' ')
    .slice(0, 300)
}

function complain(cli: Cli, message: string, exitCode: number): number {
  const red = cli.stderr.isTTY && !cli.env['NO_COLOR'] && cli.env['TERM'] !== 'dumb'
  cli.stderr.write(`${red ? '\u001b[31merror:\u001b[39m' : 'error:'} ${message}\n`)
  return exitCode
}

/** That a reader goes away is no fault of ours. */
function notWritten({ code, message }: NodeJS.ErrnoException): number {
  if (code === 'EPIPE') return 0
  const [, why = code] = /^\w+: (.+), write$/.exec(message) ?? []
  return complain(cli, `Cannot write the output: ${why}.`, 1)
}

const stop = new AbortController()
// SIGHUP: the terminal was closed. What we have started, like our own Postgres, must end with us then too.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => stop.abort(name))
// A reader that went away (| head) and a full disk end a command as Ctrl-C does, or what it has started would run on.
let unwritten: NodeJS.ErrnoException | null = null
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (stop.signal.aborted) return // stopping goes on without a reader
  unwritten = error
  stop.abort()
})
process.stderr.on('error', () => undefined) // nobody is left to be told

// Understood by every command, and for as long as it runs the same as NO_COLOR.
const typed = process.argv.slice(2)
const words = typed.filter((word) => word !== '--no-color')

const cli: Cli = {
  env: words.length < typed.length ? { ...environment, NO_COLOR: '1' } : environment,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: stop.signal,
}
const done = await main(words, cli)
await new Promise((written) => process.stdout.write('', written)) // what is on its way still may fail
process.exitCode = unwritten === null ? done : notWritten(unwritten)
