import { Command } from 'commander'
import type { Cli } from './cli-types.js'
import type { AnswerOptions } from './people-answer.js'
import type { ImportOptions } from './people-import.js'

// Loaded when asked for: --help is up at once.
const lists = () => import('./people-lists.js')

/** textaction people: lists of people in and out, counts, and what they wrote. */
export function peopleCommand(cli: Cli): Command {
  const people = new Command('people').description(
    'import, export and count people; read and answer what no rule understood',
  )
  people
    .command('import')
    .description('bring in the people of a list who agreed to get texts')
    .argument('<file.csv>', 'columns phone,zip[,language]; - is stdin')
    .option('--consent <text>', 'what they agreed to, where and when; it goes on record for each of them')
    .option(
      '--invite',
      'they did not agree themselves: ask each once to reply JOIN, send nothing else until then',
    )
    .option('--as <name>', 'who brings the list; without it, your account here')
    .option('--plain', 'no progress bar')
    .option('--json', 'one JSON document')
    .addHelpText(
      'after',
      `
Who is here already stays unchanged; who left or was forgotten stays out. A column status (our own export's: only joined comes
in), consent, opted_in or opted_out is heeded. Rows that cannot go in are listed and written to file.rejected.csv:
mend and import that file. Running it again changes nothing.

Examples:
  textaction people import local-1199.csv --consent "Sign-up sheet, Oct 4 rally"
  textaction people import members.csv --invite --consent "Member list of local 1199, Nov 2026"`,
    )
    .action(async (file: string, options: ImportOptions) =>
      (await import('./people-import.js')).importList({ ...cli, mayBegin: true }, file, options),
    )
  people
    .command('export')
    .description('people with consent as CSV: phone,status,zip,state,language,joined_at')
    .option(
      '--audience <expr>',
      'terms joined by spaces: state:AL,WV zip:350 joined<2026-01-01 called:pro-act language:es limit:500',
    )
    .option('--all', 'also those who left, and strangers who only texted')
    .option('--json', 'one JSON array with the same columns')
    .addHelpText(
      'after',
      '\nExample:\n  textaction people export --audience "state:AL language:es" > alabama.csv',
    )
    .action(async (options: { audience?: string; all?: true; json?: true }) =>
      (await lists()).exportPeople(cli, options),
    )
  people
    .command('stats')
    .description('how many people, by status, language and state')
    .option('--json', 'one JSON document')
    .action(async (options: { json?: true }) => (await lists()).showCounts(cli, options))
  people
    .command('replies')
    .description('texts no rule understood, newest first; opening them is put on record')
    .option('--limit <n>', 'how many at most (20; with --json 1000)')
    .option('--json', 'one JSON document')
    .action(async (options: { json?: true; limit?: string }) => (await lists()).listReplies(cli, options))
  people
    .command('answer')
    .description('answer one of them, once; who answers is put on record')
    .argument('<id>', 'the number in front of the text in: people replies')
    .argument('<words>', 'sent as they stand and signed, within the hours where that person is')
    .option('--as <name>', 'who answers; without it, your account here')
    .option('--json', 'one JSON document')
    .addHelpText(
      'after',
      '\nWho has left is not answered.\n\nExample:\n  textaction people answer 481 "AFL-CIO: Yes, the vote is on Thursday. Thank you for asking!"',
    )
    .action(async (id: string, words: string, options: AnswerOptions) =>
      (await import('./people-answer.js')).answerOne(cli, id, words, options),
    )
  people
    .command('consents')
    .description('the whole consent ledger as CSV, for an auditor; opening it is put on record')
    .option('--json', 'one JSON array with the same columns')
    .action(async (options: { json?: true }) => (await lists()).listConsents(cli, options))
  return people
}
