import { checkLedger } from '../db/ledger-check.js'
import { OperatorError } from '../errors.js'
import type { Cli } from './cli-types.js'
import { atDesk } from './operator.js'
import { checkLine, number, printJson } from './screen.js'

/** doctor --ledger: proves from the rows that everybody is counted once, nobody twice, nobody after she left. Exit 1 if not. */
export async function proveLedger(cli: Cli, blast: string | null, options: { json?: true }): Promise<void> {
  const check = await atDesk(cli, ({ pool }) => checkLedger(pool, blast))
  if (!check)
    throw new OperatorError(`There is no blast "${(blast ?? '').slice(0, 20)}". See: textaction blast list`)
  const { blasts, texts, faults } = check
  if (faults.length > 0) process.exitCode = 1
  if (options.json) return printJson(cli, { ok: faults.length === 0, blasts, texts, faults })
  for (const { blast: code, what, count } of faults) {
    const text = `${code ? `${code}: ` : ''}${number(count)} ${what}`
    cli.stdout.write(`${checkLine(cli, { level: 'fail', label: 'Ledger', text })}\n`)
  }
  if (faults.length > 0) return
  const text = `${number(blasts)} ${blasts === 1 ? 'blast' : 'blasts'}, ${number(texts)} texts: everybody counted once, no MessageSid twice, nobody texted after she left`
  cli.stdout.write(`${checkLine(cli, { level: 'ok', label: 'Ledger', text })}\n`)
}
