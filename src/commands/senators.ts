import { Command } from 'commander'
import { LEGISLATORS_URL, OFFICES_URL, readSource } from '../adapters/legislators-source.js'
import { openDesk } from '../app.js'
import { CHANGED_SEATS_MAX, checkTable } from '../congress/check.js'
import { isStateCode, type SenatorTable, type StateCode } from '../congress/congress.js'
import { tableInForce } from '../congress/in-force.js'
import { parseLegislators } from '../congress/legislators.js'
import { stateFromWords } from '../congress/state-words.js'
import { judgeUpdate } from '../congress/update.js'
import { currentTable, storeTable } from '../db/senators.js'
import type { Db } from '../db/pool.js'
import { OperatorError } from '../errors.js'
import type { Cli } from './cli-types.js'
import { printJson } from './screen.js'
import { changeLines, checkLines, checkReport, listLines, seatReport } from './senators-screen.js'

const FAULTS_NAMED_MAX = 3

/** textaction senators list | update | check */
export function senatorsCommand(cli: Cli): Command {
  const senators = new Command('senators').description('the senators we name, with the age of the data')
  senators
    .command('list')
    .description('who they are and how to call them')
    .option('--state <state>', 'one state, with the offices there: AL or Alabama', (text) =>
      readState('--state', text),
    )
    .option('--json', 'one JSON document')
    .action((options: { state?: StateCode; json?: true }) => list(cli, options))
  senators
    .command('update')
    .description('replace the table by the public one, once it has been checked whole')
    .option('--from <file-or-url>', 'legislators-current.json; without it: the public one')
    .option(
      '--offices <file-or-url>',
      'legislators-district-offices.json; with --from alone, known offices are kept',
    )
    .option('--vacant <states>', 'states with a vacant seat, commas between', readVacant)
    .option('--yes', `go on although more than ${CHANGED_SEATS_MAX} seats change`)
    .option('--json', 'one JSON document')
    .addHelpText(
      'after',
      `
Examples:
  textaction senators update
  textaction senators update --from legislators-current.json --offices legislators-district-offices.json`,
    )
    .action((options: UpdateOptions) => update(cli, options))
  senators
    .command('check')
    .description('whether the table is whole, and whose term has ended')
    .option('--json', 'one JSON document')
    .action((options: { json?: true }) => check(cli, options))
  return senators
}

type UpdateOptions = {
  from?: string
  offices?: string
  vacant?: readonly StateCode[]
  yes?: true
  json?: true
}

async function list(cli: Cli, options: { state?: StateCode; json?: true }): Promise<void> {
  const table = await withDatabase(cli, inForce)
  const senators = table.senators.filter((one) => options.state === undefined || one.state === options.state)
  if (options.json) printJson(cli, { asOf: table.asOf, source: table.source, senators })
  else write(cli, listLines(cli, table, senators, new Date()))
}

async function check(cli: Cli, options: { json?: true }): Promise<void> {
  const table = await withDatabase(cli, inForce)
  const found = checkTable(table, new Date())
  if (options.json) printJson(cli, checkReport(table, found))
  else write(cli, checkLines(cli, table, found))
  if (found.faults.length > 0)
    throw new OperatorError('The table of senators is not whole. Run: textaction senators update')
}

async function update(cli: Cli, options: UpdateOptions): Promise<void> {
  const now = new Date()
  const from = options.from ?? LEGISLATORS_URL
  const officesFrom = options.offices ?? (options.from === undefined ? OFFICES_URL : undefined)
  const [legislators, offices] = await Promise.all([
    readSource(from, now, cli.signal),
    officesFrom === undefined ? undefined : readSource(officesFrom, now, cli.signal),
  ])
  await withDatabase(cli, async (db) => {
    const before = await inForce(db)
    const vacant = options.vacant ?? []
    const files = {
      legislators: legislators.text,
      ...(offices && { offices: offices.text }),
      asOf: legislators.asOf,
      source: from,
      vacant,
    }
    const verdict = judgeUpdate(before, parseLegislators(files, before), { now, yes: options.yes ?? false })
    switch (verdict.kind) {
      case 'refused':
        throw refusal(from, verdict.faults)
      case 'needs-yes': {
        const { seats } = verdict.changes
        if (options.json) printJson(cli, { replaced: false, changedSeats: seats.map(seatReport) })
        else write(cli, changeLines(cli, verdict.changes))
        throw new OperatorError(
          `${seats.length} seats would change hands, more than ${CHANGED_SEATS_MAX}. Nothing was replaced. ` +
            'If that is right, run it again with --yes.',
        )
      }
      case 'replace': {
        await storeTable(db, verdict.table)
        const { changes, table } = verdict
        if (options.json)
          printJson(cli, {
            replaced: true,
            changedSeats: changes.seats.map(seatReport),
            changedPhones: changes.phones.map(({ bioguide, name, state, phone }) => ({
              bioguide,
              name,
              state,
              phone,
            })),
            ...checkReport(table, verdict.check),
          })
        else {
          write(cli, [...changeLines(cli, changes), ...checkLines(cli, table, verdict.check)])
          cli.stderr.write('  Replaced; running workers take it up within a minute.\n')
        }
      }
    }
  })
}

async function inForce(db: Db): Promise<SenatorTable> {
  return tableInForce(await currentTable(db))
}

async function withDatabase<T>(cli: Cli, work: (db: Db) => Promise<T>): Promise<T> {
  // Nobody's data: where there is no database yet, the table that came with the program is in force.
  const desk = await openDesk({ env: cli.env, mayBegin: true })
  try {
    return await work(desk.pool)
  } finally {
    await desk.close()
  }
}

function refusal(from: string, faults: readonly string[]): OperatorError {
  const named = faults.slice(0, FAULTS_NAMED_MAX).join('; ')
  const more = faults.length > FAULTS_NAMED_MAX ? `; and ${faults.length - FAULTS_NAMED_MAX} more` : ''
  return new OperatorError(
    `${from} was refused: ${named}${more}. Nothing was replaced; the old table goes on. ` +
      'Look at the file, or try again tomorrow.',
  )
}

function readVacant(text: string): readonly StateCode[] {
  return text.split(',').map((state) => readState('--vacant', state))
}

function readState(flag: string, text: string): StateCode {
  // In capitals: here "ok" can only be Oklahoma.
  const state = stateFromWords(text.toUpperCase(), { asked: true })
  if (state !== null && isStateCode(state)) return state
  throw new OperatorError(
    state === null
      ? `${flag} has no state "${text.trim()}". Use its name or two letters, like AL.`
      : `${flag} ${text.trim()}: no voting senators there. Use one of the fifty states, like AL.`,
    2,
  )
}

function write(cli: Cli, lines: readonly string[]): void {
  cli.stdout.write(`${lines.join('\n')}\n`)
}
