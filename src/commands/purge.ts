import { Command } from 'commander'
import { openDesk } from '../app.js'
import { purge } from '../db/retention.js'
import { OperatorError } from '../errors.js'
import type { Cli } from './cli-types.js'
import { number, printJson } from './screen.js'

/** `textaction purge`: what the workers do once a day, now. */
export function purgeCommand(cli: Cli): Command {
  return new Command('purge')
    .description(
      'erase what people wrote and receipts, once they are older than INBOUND_BODY_DAYS and RECEIPT_DAYS',
    )
    .option('--json', 'one JSON document')
    .addHelpText('after', '\nConsents are kept. The workers do this once a day by themselves.')
    .action(async (options: { json?: true }) => {
      let wasStopped = false
      const desk = await openDesk(cli)
      try {
        const { inboundBodyDays, receiptDays } = desk.config
        const purged = await purge(desk.pool, desk.config, cli.signal)
        wasStopped = cli.signal.aborted
        if (options.json) printJson(cli, { ...purged, inboundBodyDays, receiptDays })
        else
          cli.stdout.write(
            `Erased the words of ${number(purged.bodies)} texts older than ${inboundBodyDays} days and ` +
              `${number(purged.receipts)} receipts older than ${receiptDays} days. Consents are kept.\n`,
          )
      } finally {
        await desk.close()
      }
      if (wasStopped)
        throw new OperatorError('Stopped before the end; what was erased stays erased. Run it again.')
    })
}
