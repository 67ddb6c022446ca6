import { Command } from 'commander'
import { examine, type Check, type Examination } from '../doctor.js'
import { OperatorError } from '../errors.js'
import type { Verdict } from '../observability/diagnosis.js'
import type { Cli } from './cli-types.js'
import { checkLine, colours, columns, fitted, printJson, printable, TABLE_COLUMNS_MIN } from './screen.js'
import { wrap } from './stamps.js'

/** Where the words of a check begin: after its level and its label. */
const TEXT_COLUMN = 21

type Result = { name: string; label: string } & Verdict

/** `textaction doctor`: looks at everything we stand on, and says what to mend. */
export function doctorCommand(cli: Cli): Command {
  return new Command('doctor')
    .description('check every dependency and say what to mend; changes nothing')
    .option('--ledger [blast]', 'prove the ledger instead, or one blast of it')
    .option('--json', 'one JSON document')
    .addHelpText(
      'after',
      '\nExit 0: nothing failed (warnings may be there). 1: something failed. 2: the configuration needs mending.',
    )
    .action(async (options: { json?: true; ledger?: string | true }) => {
      if (options.ledger !== undefined) {
        const { proveLedger } = await import('./doctor-ledger.js')
        return proveLedger(cli, options.ledger === true ? null : options.ledger, options)
      }
      const examination = examine(cli.env)
      try {
        const results = options.json ? await inJson(cli, examination) : await onScreen(cli, examination)
        if (examination.faults.length > 0)
          throw new OperatorError(`The configuration needs mending: ${inShort(examination.faults)}.`, 2)
        if (results.some(({ level }) => level === 'fail')) process.exitCode = 1
      } finally {
        await examination.close()
      }
    })
}

async function inJson(cli: Cli, { checks, faults, webhookUrl }: Examination): Promise<Result[]> {
  const results = [...settingsResults(faults), ...(await Promise.all(checks.map(resultOf)))]
  const { ok, warnings, failed } = count(results)
  printJson(cli, {
    ok,
    warnings,
    failed,
    checks: results.map(({ name, level, text, mend }) => ({ name, level, text, mend })),
    webhookUrl,
  })
  return results
}

/** Each line as soon as it and those above it are known. */
async function onScreen(cli: Cli, { checks, faults, webhookUrl }: Examination): Promise<Result[]> {
  const results: Result[] = []
  const show = (result: Result) => {
    results.push(result)
    cli.stdout.write(`${lines(cli, result).join('\n')}\n`)
  }
  settingsResults(faults).forEach(show)
  for (const check of checks) show(await resultOf(check))
  cli.stdout.write(
    fitted(
      cli,
      `  Paste into Twilio under "A message comes in":\n  ${colours(cli).cyan(webhookUrl)}\n${summary(results)}\n`,
    ),
  )
  return results
}

// The check of the key says that it is not set, and knows whether there is one to bring back.
const isToldBelow = (fault: string) => fault.startsWith('PHONE_KEY is missing')

const inShort = (faults: readonly string[]) =>
  faults.map((fault) => (isToldBelow(fault) ? 'PHONE_KEY is missing' : fault)).join('; ')

const settingsResults = (all: readonly string[]): Result[] =>
  all
    .filter((fault) => !isToldBelow(fault))
    .map((fault) => ({ name: 'settings', label: 'Settings', level: 'fail', text: fault, mend: [] }))

async function resultOf({ name, label, verdict }: Check): Promise<Result> {
  return { name, label, ...(await verdict) }
}

function lines(cli: Cli, { level, label, text, mend }: Result): string[] {
  // Whoever reads a pipe wants one line a check; on a terminal words are not cut.
  const isNarrow = columns(cli) < TABLE_COLUMNS_MIN // no room for words beside the labels
  const width = cli.stdout.isTTY && !isNarrow ? columns(cli) - TEXT_COLUMN : Infinity
  const [first = '', ...more] = wrap(printable(text), width)
  return [
    checkLine(cli, { level, label, text: first }),
    ...more.map((line) => ' '.repeat(TEXT_COLUMN) + line),
    ...mend.map((line) => `          ${colours(cli).cyan(printable(line))}`),
  ].map((line) => fitted(cli, line))
}

function count(results: readonly Result[]) {
  const of = (level: Result['level']) => results.filter((result) => result.level === level).length
  return { ok: of('ok'), warnings: of('warn'), failed: of('fail') }
}

/** "9 checks, all ok." or "9 checks: 4 ok, 2 warnings, 3 failed." */
function summary(results: readonly Result[]): string {
  const { ok, warnings, failed } = count(results)
  if (ok === results.length) return `${ok} checks, all ok.`
  const parts = [
    `${ok} ok`,
    warnings > 0 && `${warnings} warning${warnings === 1 ? '' : 's'}`,
    failed > 0 && `${failed} failed`,
  ]
  return `${results.length} checks: ${parts.filter(Boolean).join(', ')}.`
}
