import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Command } from 'commander'
import { startDev } from '../dev.js'
import type { Cli } from './cli-types.js'
import { untilStopped } from './roles.js'
import { checkLine, colours } from './screen.js'

const HEARD_MS = 50

/** `textaction dev`: everything on this machine, until Ctrl-C. */
export function devCommand(cli: Cli): Command {
  return new Command('dev')
    .description('everything on this machine: web, workers, simulator, phone page; no text leaves it')
    .action(async () => {
      const dataDir = cli.env['DATA_DIR'] || '.data'
      const isFirstStart = !existsSync(`${dataDir}/dev.json`)
      const c = colours(cli)
      const say = (line = '') => cli.stdout.write(`${line}\n`)
      const onWorkersStartedAnew = (why: string) =>
        say(
          checkLine(
            cli,
            { level: 'warn', label: 'workers', text: `${why}; they have been started anew` },
            10,
          ),
        )
      const dev = await startDev(cli.env, cli.signal, onWorkersStartedAnew).catch(async (error: unknown) => {
        // Ctrl-C reaches what is just being started as well, and its failure may be heard before the signal is.
        await sleep(HEARD_MS)
        if (!cli.signal.aborted) throw error
        return null
      })
      if (!dev || cli.signal.aborted) {
        await dev?.close()
        say('  Stopped before it was up.')
        return
      }
      if (isFirstStart) say(checkLine(cli, { level: 'ok', label: 'stores', text: dev.describe }, 10))
      for (const note of dev.notes) say(checkLine(cli, { level: 'note', label: 'stores', text: note }, 10))
      say()
      say(`  ${c.bold('Text Action is running.')} No text leaves this machine: a simulator plays Twilio.`)
      say()
      say(
        `    Phone      ${c.cyan(`http://localhost:${dev.config.port}/phone`)}     text WORK, then your ZIP`,
      )
      const onPort = cli.env['PORT'] ? `PORT=${dev.config.port} ` : '' // as she has to type it
      say(`    Terminal   ${c.cyan(`${onPort}scripts/textaction phone`)}        the same phone, here`)
      say(`    Data       ${dataDir}    kept for next time; delete the folder to start afresh`)
      say(`    Log        ${dev.logFile}`)
      say()
      say('  Ctrl-C stops everything.')
      let stopped = 0
      cli.signal.addEventListener('abort', () => (stopped = performance.now()), { once: true })
      await untilStopped(cli, [dev])
      const seconds = ((performance.now() - stopped) / 1_000).toFixed(1)
      say(`  Stopped in ${seconds} s. Your data waits in ${dataDir}.`)
    })
}
