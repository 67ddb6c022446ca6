import { Command } from 'commander'
import { OperatorError } from '../errors.js'
import { fateOf } from '../simulator/fates.js'
import { findSimulator, openPhoneLine } from '../simulator/phone-line.js'
import { readPhone } from '../simulator/phone-number.js'
import { playLines } from '../simulator/play-lines.js'
import { fateLines, type Ending, type Terminal } from '../simulator/terminal.js'
import { talk } from '../simulator/terminal-phone.js'
import type { Cli } from './cli-types.js'
import { colours, columns } from './screen.js'
import { wrap } from './stamps.js'

// "< " before a text, and as much before its further lines.
const INDENT = 2

/** `textaction phone`: a phone in the terminal, against the running dev. */
export function phoneCommand(cli: Cli): Command {
  return new Command('phone')
    .description(
      'a phone in the terminal, against the dev that runs on PORT.\n' +
        'From a pipe it sends each line, waits for the answers and prints the dialogue.',
    )
    .option('--from <phone>', 'the phone that texts', '(205) 555-0101')
    .addHelpText(
      'after',
      `
Examples:
  textaction phone
  textaction phone --from 0150
  printf 'WORK\\n35020\\n' | textaction phone

What becomes of texts to a phone, by its last four digits (area code any, then 555):
${fateLines('  ')}`,
    )
    .action((options: { from: string }) => phone(cli, options.from))
}

async function phone(cli: Cli, given: string): Promise<void> {
  // Four digits are enough to name a phone of the list.
  const from = readPhone(/^\d{4}$/.test(given) ? `205555${given}` : given)
  if (!from) throw new OperatorError('--from is not a US phone number. Like: --from "(205) 555-0101"', 2)
  const port = cli.env['PORT'] || '3000'
  if (!/^\d{1,5}$/.test(port)) throw new OperatorError('PORT must be a number from 1 to 65535.', 2)
  const found = await findSimulator(Number(port), cli.env['DATA_DIR'] || '.data')
  if (!found)
    throw new OperatorError(
      `No phone to reach: Text Action is not running on port ${port}. Start it in another terminal: npm start`,
    )
  if (found === 'away')
    throw new OperatorError(
      `Text Action runs on port ${port}, and its simulator is away. npm start brings it back within seconds: try again. If it stays away, end npm start with Ctrl-C, and run it anew.`,
    )
  const line = openPhoneLine(found.url, from)
  const [out, err] = [colours(cli, 'stdout'), colours(cli, 'stderr')]
  const terminal: Terminal = {
    ...cli,
    dim: out.dim,
    red: cli.stdin.isTTY ? out.red : err.red,
    wrap: (words) => (cli.stdout.isTTY ? wrap(words, columns(cli) - INDENT) : [words]),
  }
  const fate = fateOf(from)
  const ending = cli.stdin.isTTY
    ? await talk(
        line,
        { from, to: found.shortCode, fate: fate.kind === 'delivered' ? null : fate.says },
        terminal,
      )
    : await playLines(line, terminal)
  judge(ending)
}

function judge(ending: Ending): void {
  if (ending === 'interrupted') process.exitCode = 130
  if (ending === 'unanswered')
    throw new OperatorError(
      'The last text was taken, and there was no answer in 10 s. See what is wrong: textaction doctor',
    )
  if (ending === 'gone') throw new OperatorError('Text Action stopped answering. Is npm start still running?')
  if (ending === 'refused')
    throw new OperatorError('Not every text reached Text Action; the reason stands above.')
}
