import type { Server, ServerResponse } from 'node:http'
import type { Server as NetServer } from 'node:net'
import { join } from 'node:path'
import type { Router } from 'express'
import { createBoard } from './adapters/bullmq-board.js'
import { createQueues } from './adapters/bullmq-queues.js'
import { createFileSpool, spoolBytes } from './adapters/file-spool.js'
import { openRedis, whenReady, type RedisClient } from './adapters/redis.js'
import type { Ground, Running } from './app.js'
import { readGauges } from './db/gauges.js'
import { expectedSchema } from './db/migrate.js'
import { OperatorError } from './errors.js'
import { createWebApp, serverOf } from './http/app.js'
import { healthRoutes, type Readiness } from './http/health-routes.js'
import { twilioRoutes } from './http/twilio-routes.js'
import { createReceiver } from './inbound/receive.js'
import { createSpooling, type SpooledText } from './inbound/spooling.js'
import { LIMITS } from './limits.js'
import { fault, receiptAnswered } from './observability/events.js'
import { showLimits } from './observability/metrics.js'
import { createMetricsText } from './observability/scrape.js'
import { createReceiptBatches } from './outbound/receipt-batch.js'
import { takeIncomingReceipts, type IncomingReceipt } from './outbound/receipt.js'
import type { Spool, Vault } from './ports.js'
import { repeat } from './repeat.js'

export type Web = Running & { port: number }

const REDIS_AWAITED_MS = 1_000
const BOARD_PATH = '/queues'
const PORT_MAX = 65_535

/** The web part: takes texts and receipts from Twilio. */
export async function startServe(ground: Ground, extra?: Router): Promise<Web> {
  const { config, pool, vault, clock } = ground
  const spoolDir = join(config.dataDir, 'spool')
  const spool = openSpool(config.dataDir, spoolDir, vault) // first: where that fails there is nothing to close yet
  const redis = openRedis(ground.stores.redisUrls, 'quick')
  const queues = createQueues(redis, ground.tracing?.telemetry)
  showLimits(config)
  const spooling = createSpooling({
    id: spool.name,
    publicUrl: config.publicUrl,
    pool,
    spool,
    receive: createReceiver({ pool, vault, queues, clock }),
  })
  const traced = <T>(name: string, work: () => Promise<T>) => ground.tracing?.span(name, work) ?? work()
  const board = createBoard(redis, BOARD_PATH)
  const app = createWebApp({
    health: healthRoutes({
      ready: () => readiness(ground, redis, spool),
      metricsToken: config.metricsToken,
      metrics: createMetricsText({
        readGauges: () => readGauges(pool),
        schemaExpected: expectedSchema(),
        spoolBytes: () => spoolBytes(spoolDir),
      }),
      identity: identityOf(vault),
      board: { path: BOARD_PATH, router: board.router },
    }),
    twilio: twilioRoutes({
      twilio: config.twilio,
      publicUrl: config.publicUrl,
      mac: vault.mac,
      onText: (text) => traced('take in a text', () => spooling.take(text)),
      onReceipt: takeReceipt,
    }),
    ...(extra && { extra }),
  })
  const takeInBatch = createReceiptBatches((receipts) => takeIncomingReceipts(pool, receipts))
  async function takeReceipt(receipt: IncomingReceipt): Promise<void> {
    const startedMs = clock.monotonicMs()
    await takeInBatch(receipt)
    receiptAnswered({ ms: clock.monotonicMs() - startedMs })
  }
  // Without its own interval Node looks for slow clients only every 30 s.
  const server = serverOf(app, { connectionsCheckingInterval: 1_000 })
  server.headersTimeout = 10_000
  server.requestTimeout = 15_000
  server.keepAliveTimeout = 65_000
  const alive = repeat(1_000, () => spool.sayAlive(), 0)
  const turns = repeat(1_000, () => spooling.turn())
  const stop = async () => {
    await Promise.all([alive.stop(), turns.stop()])
    await board.close()
    await spooling.close().catch((error: unknown) => fault('close', error))
    await queues.close()
    redis.disconnect()
  }
  try {
    await whenReady(redis, REDIS_AWAITED_MS) // or the first look at /readyz would say that it is away
    await listen(server, config.port, config.host)
  } catch (error) {
    await stop()
    throw error
  }
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : config.port,
    async close() {
      await closeServer(server)
      await stop()
    },
  }
}

function openSpool(dataDir: string, spoolDir: string, vault: Vault): Spool<SpooledText> {
  try {
    return createFileSpool<SpooledText>(spoolDir, vault)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new OperatorError(
      `DATA_DIR ${dataDir} cannot be written (${code}): ${spoolDir} is to keep texts while Postgres is away. Free that path, or set DATA_DIR to a folder you may write.`,
      2,
    )
  }
}

/** What /healthz says to show that it is this deployment: made from its key, telling nothing of it. */
export const identityOf = (vault: Pick<Vault, 'mac'>): string => vault.mac('web')

/** What is out of reach, and what an operator should look at. */
export async function readiness(
  ground: Ground,
  redis: RedisClient,
  spool: Pick<Spool<unknown>, 'probe'>,
): Promise<Readiness> {
  const reasons: string[] = []
  const answers = (probe: Promise<unknown>, otherwise: string) =>
    Promise.race([probe, new Promise((_resolve, reject) => setTimeout(reject, 2_000).unref())]).catch(() => {
      reasons.push(otherwise)
    })
  await Promise.all([
    answers(ground.pool.query('select 1'), 'Postgres is out of reach'),
    answers(redis.ping(), 'Redis is out of reach'),
    answers(spool.probe(), 'the spool cannot be written'),
  ])
  const ageDays = Math.floor((ground.clock.now().getTime() - Date.parse(ground.congress().asOf)) / 86_400_000)
  const warnings = ageDays > 30 ? [`senator data is ${ageDays} days old: run textaction senators update`] : []
  return { reasons, warnings }
}

/** Listens, or says why it cannot, and what to do. */
export function listen(server: NetServer, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(noPort(error, port, host)))
    server.listen(port, host, () => resolve())
  })
}

const NOT_HERE = ['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN']

function noPort(error: NodeJS.ErrnoException, port: number, host: string): Error {
  const { code = '' } = error
  if (code === 'EADDRINUSE')
    return new OperatorError(
      `Port ${port} is taken by another program. Stop that one, or run: PORT=${port + 10 > PORT_MAX ? port - 10 : port + 10} npm start`,
    )
  if (code === 'EACCES')
    return new OperatorError(
      `Port ${port} is not for this user: those below 1024 are root's. Set PORT to a higher one, like 3000.`,
      2,
    )
  if (NOT_HERE.includes(code))
    return new OperatorError(
      `HOST ${host} is no address of this machine. Set it to 127.0.0.1, or to 0.0.0.0 for all of its addresses.`,
      2,
    )
  return error
}

/** Takes no new request, lets the running ones finish, and cuts what is still open at the deadline. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // A request that comes on an open connection is still answered; the answer says that no other may follow, so that nobody
    // sends one into a connection that is just being closed.
    const last = (_request: unknown, response: ServerResponse) => response.setHeader('Connection', 'close')
    server.prependListener('request', last)
    const deadline = setTimeout(() => server.closeAllConnections(), LIMITS.shutdownMs)
    const idle = setInterval(() => server.closeIdleConnections(), IDLE_CLOSED_EVERY_MS)
    server.close((error) => {
      clearTimeout(deadline)
      clearInterval(idle)
      if (error) fault('close', error)
      resolve()
    })
  })
}

// Whose last request was answered before the closing began: silent for so long, it has nothing under way.
const IDLE_CLOSED_EVERY_MS = 500
