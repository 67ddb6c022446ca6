import { Command } from 'commander'
import type { OrderOptions } from './blast-control.js'
import type { PlanOptions } from './blast-typed.js'
import type { Cli } from './cli-types.js'

// Loaded when asked for: --help is up at once.
const write = () => import('./blast-write.js')
const control = () => import('./blast-control.js')
const show = () => import('./blast-show.js')

const TIMES = 'ISO 8601, "2026-12-01 10:00", now or +15m'
const TERMS = 'state:AL,WV zip:350 joined<2026-01-01 called:pro-act -called:pro-act language:es limit:500'

/** textaction blast: one action's text to an audience at a time. */
export function blastCommand(cli: Cli): Command {
  const blast = new Command('blast').description(
    "write, rehearse, approve, send and watch one action's text to an audience",
  )
  plan(blast.command('create').description('a draft; prints its id'))
    .addHelpText(
      'after',
      `
Variables: {{program}} {{org}} {{bill}} {{ask}} {{state}} {{zip}} {{sen1}} {{last1}} {{phone1}} {{sen2}} {{last2}} {{phone2}}
vote.es.txt beside vote.txt is its Spanish.

Examples:
  textaction blast create --name vote --body-file vote.txt --audience "state:AL,NM" --at "2026-12-01 10:00"
  id=$(textaction blast create --name vote --body "{{program}}: call today! Sen. {{last1}} {{phone1}}" --json | jq -r .id)`,
    )
    .action(async (options: PlanOptions) => (await write()).create({ ...cli, mayBegin: true }, options))
  plan(
    blast
      .command('edit')
      .description('change a blast that has not started; an approval is void')
      .argument('<id>'),
  ).action(async (id: string, options: PlanOptions) => (await write()).edit(cli, id, options))
  one(blast, 'copy', 'the same words and audience as a new draft, without a time')
    .option('--name <name>', 'another name')
    .option('--as <name>', 'who does it; without it, your account here')
    .action(async (id: string, options: PlanOptions) => (await write()).copy(cli, id, options))
  one(blast, 'rehearse', 'who gets what, when and for how much; nothing is sent').action(
    async (id: string, options: { json?: true }) =>
      (await import('./blast-rehearse.js')).rehearse(cli, id, options),
  )
  one(blast, 'test', 'one real text to one person who has joined')
    .option('--to <phone>', 'her number, in any usual US form')
    .option('--as <name>', 'who does it; without it, your account here')
    .action(async (id: string, options: { to?: string; as?: string; json?: true }) =>
      (await import('./blast-test.js')).testOne(cli, id, options),
    )
  order(blast, 'approve', 'agree to exactly this; a draft with --at then starts by itself').action(
    async (id: string, options: OrderOptions) => (await control()).approve(cli, id, options),
  )
  one(blast, 'schedule', 'set when it goes')
    .option('--at <time>', TIMES)
    .option('--until <time>', 'what has not left by then expires')
    .option('--zone <zone>', "local (each person's own clock) or a name like America/New_York")
    .option('--as <name>', 'who does it; without it, your account here')
    .action(async (id: string, options: PlanOptions) => (await write()).schedule(cli, id, options))
  order(blast, 'start', 'send it now; harmless when it is under way').action(
    async (id: string, options: OrderOptions) => (await control()).start(cli, id, options),
  )
  order(blast, 'pause', 'nothing more leaves until it is resumed').action(
    async (id: string, options: OrderOptions) => (await control()).pauseOne(cli, id, options),
  )
  order(blast, 'resume', 'go on where it was').action(async (id: string, options: OrderOptions) =>
    (await control()).resumeOne(cli, id, options),
  )
  order(blast, 'cancel', 'end it for good').action(async (id: string, options: OrderOptions) =>
    (await control()).cancelOne(cli, id, options),
  )
  order(blast, 'resend-unconfirmed', 'send what Twilio does not know of once more').action(
    async (id: string, options: OrderOptions) => (await control()).resend(cli, id, options),
  )
  blast
    .command('stop-all')
    .description('panic stop: every blast paused at once; it never asks')
    .option('--as <name>', 'who does it; without it, your account here')
    .option('--json', 'one JSON document')
    .action(async (options: { as?: string; json?: true }) => (await control()).stopEverything(cli, options))
  blast
    .command('list')
    .description('all blasts, newest first')
    .option('--json', 'one JSON document')
    .action(async (options: { json?: true }) => (await show()).list(cli, options))
  one(blast, 'show', 'where everybody is; it adds up').action(async (id: string, options: { json?: true }) =>
    (await show()).show(cli, id, options),
  )
  one(blast, 'watch', 'live, until it is over; q leaves, the blast goes on')
    .option('--plain', 'a line at each change instead of a live view')
    .action(async (id: string, options: { plain?: true; json?: true }) =>
      (await import('./blast-watch.js')).watch(cli, id, options),
    )
  one(blast, 'report', 'afterwards: delivered, failed and why, left, calls reported')
    .option('--csv', 'as CSV')
    .action(async (id: string, options: { json?: true; csv?: true }) =>
      (await import('./blast-report.js')).report(cli, id, options),
    )
  one(blast, 'log', 'who did what, when').action(async (id: string, options: { json?: true }) =>
    (await show()).log(cli, id, options),
  )
  return blast
}

function one(blast: Command, name: string, description: string): Command {
  return blast
    .command(name)
    .description(description)
    .argument('<id>', 'as blast create printed it')
    .option('--json', name === 'watch' ? 'a JSON document at each change' : 'one JSON document')
}

function order(blast: Command, name: string, description: string): Command {
  return one(blast, name, description)
    .option('--as <name>', 'who does it; without it, your account here')
    .option('--yes', 'ask nothing')
}

function plan(command: Command): Command {
  return command
    .option('--name <name>', 'what you call it')
    .option('--body <text>', 'the words')
    .option('--body-file <file>', 'a file with the words')
    .option('--action <name>', 'which action it is for; without it the first')
    .option(
      '--audience <expr>',
      `terms joined by spaces, all must hold: ${TERMS}; without it everybody with live consent`,
    )
    .option('--at <time>', `when: ${TIMES}; without it when somebody starts it`)
    .option('--until <time>', 'what has not left by then expires')
    .option('--zone <zone>', "local (each person's own clock) or a name like America/New_York")
    .option('--per-day <n>', 'alerts a person may get on that day, this one among them: 1 to 3; without it 1')
    .option('--as <name>', 'who does it; without it, your account here')
    .option('--json', 'one JSON document')
}
