import { Command } from 'commander'
import { openGround, type Running } from '../app.js'
import { inspectConfig, loadConfig } from '../config.js'
import { holdRestored } from '../db/restore.js'
import { MIGRATIONS_DIR, migrate } from '../db/migrate.js'
import { openPool } from '../db/pool.js'
import { openStores } from '../adapters/stores.js'
import { OperatorError } from '../errors.js'
import { LIMITS } from '../limits.js'
import { fault, restoreHeld } from '../observability/events.js'
import { flushLog, log, startLog } from '../observability/log.js'
import { startProbes } from '../probes.js'
import { startServe } from '../serve.js'
import { startWork } from '../work.js'
import type { Cli } from './cli-types.js'
import { printJson } from './screen.js'

/** `textaction serve`: the web part, until it is told to stop. */
export function serveCommand(cli: Cli): Command {
  return new Command('serve')
    .description("the web part: takes Twilio's texts and receipts")
    .action(async () => {
      const config = loadConfig(cli.env)
      startLog({ level: config.logLevel })
      const ground = await openGround(config, { name: 'serve', poolSize: 20, traces: true, pipeline: true })
      const web = await orClosed([ground], () => startServe(ground))
      log().info({ event: 'serve.started', port: web.port })
      await untilStopped(cli, [web, ground])
    })
}

/** `textaction work`: the workers, until they are told to stop. */
export function workCommand(cli: Cli): Command {
  return new Command('work')
    .description('the workers: apply texts, send answers and blasts')
    .option(
      '--after-restore',
      'the database came back from a copy: nothing goes until it is known what has left since',
    )
    .action(async (options: { afterRestore?: true }) => {
      const config = loadConfig(cli.env)
      startLog({ level: config.logLevel })
      const ground = await openGround(config, {
        ...{ name: 'work', poolSize: 30 },
        ...{ traces: true, actions: true, pipeline: true },
      })
      const opened: Running[] = [ground]
      const work = await orClosed(opened, async () => {
        if (config.metricsPort !== null) opened.unshift(await startProbes(ground, config.metricsPort))
        if (options.afterRestore)
          restoreHeld({ since: (await holdRestored(ground.pool)).since.toISOString() })
        return startWork(ground)
      })
      log().info({ event: 'work.started' })
      const why = await untilStopped(cli, [...opened.slice(0, -1), work, ground], work.stalled)
      if (why !== null) throw new OperatorError(`This worker has stopped, to be started anew: ${why}.`)
    })
}

/** `textaction migrate`: brings the schema up to date. */
export function migrateCommand(cli: Cli): Command {
  return new Command('migrate')
    .description('bring the database schema up to date; harmless when it is')
    .option('--json', 'print one JSON document')
    .action(async (options: { json?: boolean }) => {
      // It looks at the database alone: whoever may change its schema need not know the account and the key.
      const { config, faults } = inspectConfig(cli.env)
      const fault = faults.find((each) => each.startsWith('DATABASE_URL '))
      if (fault !== undefined) throw new OperatorError(`${fault}.`, 2)
      const stores = await openStores({ ...config, redisUrls: [] })
      const pool = openPool(stores.databaseUrl, { max: 2, name: 'textaction migrate' })
      try {
        const { applied, version } = await migrate(pool, MIGRATIONS_DIR, {
          onBusy: (file) =>
            cli.stderr.write(
              `A table that ${file} changes is busy; others go first, then it is tried again.\n`,
            ),
        })
        if (options.json) printJson(cli, { applied, version })
        else
          cli.stdout.write(
            applied.length === 0
              ? `The schema is up to date: ${version}.\n`
              : `Applied ${applied.join(', ')}. The schema is ${version}.\n`,
          )
      } finally {
        await pool.end()
        await stores.close()
      }
    })
}

/** Starts what stands on these. Where that fails they are closed in the order given: what is left open keeps the process alive for ever. */
async function orClosed<T>(parts: readonly Running[], start: () => Promise<T>): Promise<T> {
  try {
    return await start()
  } catch (error) {
    for (const part of parts) await part.close()
    throw error
  }
}

/**
 * Waits for the signal, or for an end of its own with its reason, then closes the parts in the order given; a part that hangs is
 * cut at the deadline. Gives the reason; null: it was the signal.
 */
export async function untilStopped(
  cli: Cli,
  parts: readonly Running[],
  ended: Promise<string> = new Promise(() => undefined),
): Promise<string | null> {
  // Caught here so that one bad promise is told and cannot take the process down silently.
  process.on('unhandledRejection', (error) => fault('unhandled', error))
  const signalled = new Promise<null>((resolve) => {
    if (cli.signal.aborted) resolve(null)
    else cli.signal.addEventListener('abort', () => resolve(null), { once: true })
  })
  const why = await Promise.race([signalled, ended])
  log().info({ event: 'stopping' })
  const deadline = setTimeout(() => {
    log().error({ event: 'stop.forced' })
    process.exit(1)
  }, LIMITS.shutdownMs + 10_000)
  for (const part of parts) await part.close()
  clearTimeout(deadline)
  log().info({ event: 'stopped' })
  await flushLog()
  return why
}
