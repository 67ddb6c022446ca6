import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Router } from 'express'
import { devLog, groundMark, localDefaults, readDevState, writeDevState } from './adapters/local-files.js'
import { lookAtPublicUrl } from './adapters/public-url.js'
import { createVault } from './adapters/vault.js'
import { openGround, type Ground, type Running } from './app.js'
import { loadConfig, type Config, type LocalDefaults } from './config.js'
import { OperatorError } from './errors.js'
import { IDENTITY_HEADER } from './http/health-routes.js'
import { keepAlive, type Keeping } from './keep-alive.js'
import { fault } from './observability/events.js'
import { flushLog, startLog } from './observability/log.js'
import { identityOf, listen, startServe } from './serve.js'
import { isTwilio } from './settings.js'
import { startSimulatorProcess, type SimulatorProcess } from './simulator-process.js'
import { startWork, type Work } from './work.js'

export type Dev = Running & {
  config: Config
  describe: string
  notes: readonly string[]
  logFile: string
  /** Resolves, with its reason, once a part is beyond our help. */
  gaveUp: Promise<string>
}

/** What a person at the screen hears of it while it runs. */
export type DevNews = {
  onWorkersStartedAnew: (why: string) => void
  onStartedAgain: (name: string) => void
}

const ANSWER_MS = 2_000
// Without a store nothing under way can come to its end: it is left as a crash would leave it, and settled at the next start.
const CRIPPLED_MS = 3_000
const LAST_LINE_MS = 200 // the command says how it ended

/** Everything on this machine: our own stores where none are named, web, workers, and a simulator that plays Twilio. Rejects when the signal aborts early. */
export async function startDev(env: NodeJS.ProcessEnv, signal: AbortSignal, news: DevNews): Promise<Dev> {
  if (env['TWILIO_ACCOUNT_SID'] && env['DATABASE_URL'] && !env['TWILIO_API_URL'])
    throw new OperatorError(
      "TWILIO_ACCOUNT_SID and DATABASE_URL are set, as for real texts: dev would change that database, and send its people's answers to a simulator. Unset both, or run serve and work instead.",
      2,
    )
  const dataDir = env['DATA_DIR'] || '.data'
  const local = localDefaults(dataDir)
  const wanted = loadConfig(env, local) // every fault is named before anything is started
  if (isTwilio(wanted.twilio.apiUrl))
    throw new OperatorError(
      'dev never sends real texts. Unset TWILIO_API_URL, or run serve and work instead.',
      2,
    )
  await refuseSecond(wanted)
  await refuseBusyPort(wanted.port, wanted.host)
  const logFile = devLog(dataDir)
  startLog({ level: wanted.logLevel, file: logFile })
  const parts: Running[] = []
  const close = async () => {
    // Whatever fails to close, our own stores come last and must not run on.
    for (const part of parts.splice(0).reverse())
      await part.close().catch((error: unknown) => fault('close', error))
    await flushLog()
  }
  try {
    const simulator = await simulatorOf(wanted, logFile)
    parts.push(simulator)
    signal.throwIfAborted() // what follows takes longest
    const config = loadConfig(env, withSimulator(local, simulator.url))
    writeDevState(dataDir, {
      port: config.port,
      simulatorUrl: simulator.url,
      standsOn: groundMark(env),
    })
    const ground = await openGround(config, {
      name: 'dev',
      poolSize: 30,
      migrate: true,
      traces: true,
      actions: true,
      pipeline: true,
      keepsStores: true,
    })
    parts.push(ground)
    const phone = Router().get('/phone', (_request, response) => response.redirect(`${simulator.url}/phone`))
    parts.push(await startServe(ground, phone))
    parts.push(keepWorking(ground, news.onWorkersStartedAnew))
    const keeping = keepAlive(childrenOf(ground, simulator, logFile), news.onStartedAgain)
    const { describe, notes } = ground.stores
    return {
      ...{ config, describe, notes, logFile },
      gaveUp: keeping.gaveUp,
      close: () => closeWhole(keeping, ground, simulator, close),
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** The workers, started anew when they hang: under dev nobody else would do it. */
function keepWorking(ground: Ground, onStartedAnew: (why: string) => void): Running {
  let work = startWork(ground)
  let isClosed = false
  const follow = async (hung: Work): Promise<void> => {
    const why = await hung.stalled
    if (isClosed) return
    work = startWork(ground)
    onStartedAnew(why)
    void follow(work)
    await hung.close() // the claims make sure that nobody is texted by both
  }
  void follow(work)
  return {
    close() {
      isClosed = true
      return work.close()
    },
  }
}

const withSimulator = (local: LocalDefaults, apiUrl: string): LocalDefaults => ({
  ...local,
  ...(local.twilio && { twilio: { ...local.twilio, apiUrl } }),
})

/** What dev has started and keeps alive. */
const childrenOf = (ground: Ground, simulator: SimulatorProcess, logFile: string) => [
  ...ground.stores.own.map((server) => ({
    ...server,
    logFile: join(ground.config.dataDir, server.name === 'Postgres' ? 'postgres.log' : 'redis.log'),
  })),
  { ...simulator, name: 'The simulator', logFile },
]

/** Closes part by part; with one of our processes gone, no longer than that can be of use. */
async function closeWhole(
  keeping: Keeping,
  ground: Ground,
  simulator: SimulatorProcess,
  close: () => Promise<void>,
): Promise<void> {
  const isCrippled = keeping.isAnyGone()
  const closed = keeping.close().then(close)
  if (!isCrippled) return closed
  const isClosed = await Promise.race([closed.then(() => true), sleep(CRIPPLED_MS, false)])
  if (isClosed) return
  await Promise.all([ground.stores.close(), simulator.close()])
  await flushLog()
  setTimeout(() => process.exit(), LAST_LINE_MS) // BullMQ would wait for its Redis for ever
}

const simulatorOf = async (config: Config, appLog: string): Promise<SimulatorProcess> =>
  startSimulatorProcess({
    port: await portAfter(config.port),
    botUrl: `http://${localAddress(config.host)}:${config.port}`,
    webhookUrl: `${config.publicUrl}/webhooks/twilio/message`,
    accountSid: config.twilio.accountSid,
    authToken: config.twilio.authTokens.join(','),
    shortCode: config.twilio.sender,
    ...(config.twilio.messagingServiceSid && { messagingServiceSid: config.twilio.messagingServiceSid }),
    dataDir: config.dataDir,
    appLog,
  })

/** Where this machine reaches what listens on a host. */
function localAddress(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}

/** Two on the same data would take each other's texts, and each answer on the other's phone page. What a killed one left behind is no hindrance. */
async function refuseSecond({ dataDir, host, phoneKey }: Config): Promise<void> {
  const port = readDevState(dataDir)?.port
  if (port === undefined) return
  const url = `http://${localAddress(host)}:${port}`
  const look = await lookAtPublicUrl(url, IDENTITY_HEADER, AbortSignal.timeout(ANSWER_MS)).catch(() => null)
  if (look?.identity === identityOf(createVault(phoneKey)))
    throw new OperatorError(
      `Text Action runs already on port ${port}. Stop it, or for a second one set DATA_DIR and PORT.`,
    )
}

/** Tried before anything is started. */
async function refuseBusyPort(port: number, host: string): Promise<void> {
  const probe = createServer()
  await listen(probe, port, host)
  await once(probe.close(), 'close')
}

/** The port after this one if nobody has it, else 0: any free one. */
const portAfter = (port: number): Promise<number> =>
  refuseBusyPort(port + 1, '127.0.0.1').then(
    () => port + 1,
    () => 0,
  )
