import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Command } from 'commander'
import { startDev } from '../dev.js'
import type { Cli } from './cli-types.js'
import { untilStopped } from './roles.js'
import { checkLine, colours, type CheckLine } from './screen.js'

const HEARD_MS = 50
const FIRST_SIGN_MS = 1_500 // an ordinary stop is over before, and says one line

/** `textaction dev`: everything on this machine, until Ctrl-C. */
export function devCommand(cli: Cli): Command {
  return new Command('dev')
    .description('everything on this machine: web, workers, simulator, phone page; no text leaves it')
    .action(async () => {
      const dataDir = cli.env['DATA_DIR'] || '.data'
      const isFirstStart = !existsSync(`${dataDir}/dev.json`)
      const c = colours(cli)
      const say = (line = '') => cli.stdout.write(`${line}\n`)
      const tell = (level: CheckLine['level'], label: string, text: string) =>
        say(checkLine(cli, { level, label, text }, 10))
      const news = {
        onWorkersStartedAnew: (why: string) => tell('warn', 'workers', `${why}; they have been started anew`),
        onStartedAgain: (name: string) =>
          tell('warn', 'mended', `${name} had ended, and has been started again`),
      }
      const dev = await startDev(cli.env, cli.signal, news).catch(async (error: unknown) => {
        // Ctrl-C reaches what is just being started as well, and its failure may be heard before the signal is. So it may below.
        await sleep(HEARD_MS)
        if (!cli.signal.aborted) throw error
        return null
      })
      if (!dev || cli.signal.aborted) {
        await dev?.close()
        say('  Stopped before it was up.')
        return
      }
      if (isFirstStart) tell('ok', 'stores', dev.describe)
      for (const note of dev.notes) tell('note', 'stores', note)
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
      let sign: NodeJS.Timeout | undefined
      const onStop = () => {
        stopped = performance.now()
        sign = setTimeout(() => say('  Stopping: what is under way comes to its end first.'), FIRST_SIGN_MS)
      }
      cli.signal.addEventListener('abort', onStop, { once: true })
      const gaveUp = dev.gaveUp.then(async (why) => {
        await sleep(HEARD_MS)
        if (cli.signal.aborted) return why // what Ctrl-C ended is no failure
        tell('fail', 'stopping', `${why}. Then: npm start`)
        onStop()
        return why
      })
      const why = await untilStopped(cli, [dev], gaveUp)
      clearTimeout(sign)
      const seconds = ((performance.now() - stopped) / 1_000).toFixed(1)
      say(`  Stopped in ${seconds} s. Your data waits in ${dataDir}.`)
      if (why !== null) process.exitCode = 1
    })
}
