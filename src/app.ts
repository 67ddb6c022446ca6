import type pg from 'pg'
import { loadActions } from './adapters/action-files.js'
import { emptyGround, isLocal, localDefaults, noTrial } from './adapters/local-files.js'
import { openStores, type Stores } from './adapters/stores.js'
import { systemClock } from './adapters/system-clock.js'
import type { Tracing } from './adapters/tracing.js'
import { createVault } from './adapters/vault.js'
import { inspectConfig, loadConfig, type Config } from './config.js'
import { buildCongress, type Congress } from './congress/congress.js'
import { tableInForce } from './congress/in-force.js'
import type { Action } from './conversation/action.js'
import { claimFingerprint } from './db/deployment.js'
import { migrate, requireSchema } from './db/migrate.js'
import { openPool } from './db/pool.js'
import { currentTable } from './db/senators.js'
import { OperatorError } from './errors.js'
import { metrics } from './observability/metrics.js'
import type { Clock, Vault } from './ports.js'
import { repeat } from './repeat.js'

/** A part that runs until it is closed. */
export type Running = { close(): Promise<void> }

/** What every role stands on. Opened in order, closed in reverse. */
export type Ground = Running & {
  config: Config
  stores: Stores
  pool: pg.Pool
  vault: Vault
  clock: Clock
  /** Read at the first call: a slip in a file keeps nobody from stopping a blast, or from taking a person out. */
  actions: () => readonly Action[]
  /** The senators in force: read anew every minute. */
  congress: () => Congress
  /** null: no traces. */
  tracing: Tracing | null
}

export type GroundOptions = {
  name: string
  poolSize?: number
  migrate?: boolean
  traces?: boolean
  /** Reads the action files at once, and refuses to go on with a slip in one. */
  actions?: boolean
  /** See openPool. Not for those who import. */
  pipeline?: boolean
  /** Keeps our own servers alive: while it lives nobody else starts them. */
  keepsStores?: boolean
}

/** Opens stores, schema and key, and refuses to go on when one of them does not fit. */
export async function openGround(config: Config, options: GroundOptions): Promise<Ground> {
  let read: readonly Action[] | undefined
  const actions = () => (read ??= loadActions(config.actionsDir))
  if (options.actions) actions()
  const stores = await openStores(config, { isKeeper: options.keepsStores ?? false })
  const { poolSize: max = 10, pipeline = false } = options
  const pool = openPool(stores.databaseUrl, { max, name: `textaction ${options.name}`, pipeline })
  let tracing: Tracing | null = null
  const close = async () => {
    try {
      await pool.end()
    } finally {
      await stores.close() // our own must not run on
    }
    await tracing?.close()
  }
  try {
    if (options.migrate) await migrate(pool)
    else await requireSchema(pool)
    if (options.traces && config.tracesUrl !== null)
      tracing = (await import('./adapters/tracing.js')).startTracing(config.tracesUrl, options.name)
    const vault = createVault(config.phoneKey)
    await refuseOtherKey(pool, vault.fingerprint)
    const readCongress = async () => {
      const table = tableInForce(await currentTable(pool))
      metrics.congressAgeDays.set((Date.now() - Date.parse(table.asOf)) / 86_400_000)
      return buildCongress(table)
    }
    let congress = await readCongress()
    const refresh = repeat(60_000, async () => {
      congress = await readCongress()
    })
    return {
      config,
      stores,
      pool,
      vault,
      clock: systemClock,
      actions,
      congress: () => congress,
      tracing,
      close: async () => {
        await refresh.stop()
        await close()
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}

/**
 * The configuration of a one-shot command. Only for the trial in DATA_DIR does that say what the environment does not: on any other
 * deployment its guards, like the second approver, would be off here and on for the workers.
 */
export function deskConfig(env: NodeJS.ProcessEnv): Config {
  const dataDir = env['DATA_DIR'] || '.data'
  if (isLocal(env)) return loadConfig(env, localDefaults(dataDir))
  const { config, faults } = inspectConfig(env)
  if (faults.length === 0) return config
  const named = ['DATABASE_URL', 'TWILIO_ACCOUNT_SID'].filter((name) => env[name]).join(' and ')
  // What is missing is there already: to make a key here would lock us out.
  const lacking = faults.map((fault) => fault.replace(/ is missing: .*/, ' is missing')).join('; ')
  throw new OperatorError(
    `With ${named} set, a command needs all that serve and work are set to, as it stands there: ${lacking}. For the trial in ${dataDir} unset ${named}.`,
    2,
  )
}

/** What a one-shot command needs, the senators as they are now. */
export type Desk = Omit<Ground, 'congress'> & { congress: Congress }

/**
 * Our own servers are joined where they run, else started for as long as the command takes. Without settings there is nothing to
 * open: a "stop-all" that succeeds on a trial made for it would stop nobody.
 */
export async function openDesk({
  env,
  mayBegin,
}: {
  env: NodeJS.ProcessEnv
  mayBegin?: true
}): Promise<Desk> {
  const empty = emptyGround(env)
  if (empty !== null && !mayBegin) throw new OperatorError(`${noTrial(empty)}.`, 2)
  const config = deskConfig(env)
  const ground = await openGround(config, { name: 'cli', poolSize: 4, migrate: config.databaseUrl === null })
  return { ...ground, congress: ground.congress() }
}

async function refuseOtherKey(pool: pg.Pool, fingerprint: string): Promise<void> {
  const known = await claimFingerprint(pool, fingerprint)
  if (known !== fingerprint)
    throw new OperatorError(
      `PHONE_KEY is ${fingerprint}, but the people here are locked with ${known}. Bring back that key from its copy; nothing starts without it.`,
    )
}
