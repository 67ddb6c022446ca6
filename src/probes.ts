import { Router } from 'express'
import { openRedis } from './adapters/redis.js'
import type { Ground, Running } from './app.js'
import { readGauges } from './db/gauges.js'
import { expectedSchema } from './db/migrate.js'
import { createWebApp, serverOf } from './http/app.js'
import { healthRoutes } from './http/health-routes.js'
import { createMetricsText } from './observability/scrape.js'
import { closeServer, listen, readiness } from './serve.js'

const noSpool = { probe: () => Promise.resolve() }

/** Health and metrics of a process that serves nothing else: workers, for probes and Prometheus. */
export async function startProbes(ground: Ground, port: number): Promise<Running> {
  const { config, pool } = ground
  const redis = openRedis(ground.stores.redisUrls, 'quick')
  const health = healthRoutes({
    ready: () => readiness(ground, redis, noSpool),
    metricsToken: config.metricsToken,
    metrics: createMetricsText({ readGauges: () => readGauges(pool), schemaExpected: expectedSchema() }),
  })
  const server = serverOf(createWebApp({ health, twilio: Router() }))
  try {
    await listen(server, port, config.host)
  } catch (error) {
    redis.disconnect()
    throw error
  }
  return {
    async close() {
      await closeServer(server)
      redis.disconnect()
    },
  }
}
