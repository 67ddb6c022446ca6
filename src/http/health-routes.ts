import { Router, type Request, type Response } from 'express'
import { registry } from '../observability/metrics.js'
import { sameText } from './same-text.js'

export type Readiness = { reasons: string[]; warnings: string[] }

export type HealthRoutes = {
  ready: () => Promise<Readiness>
  metricsToken: string | null
  /** What /metrics says; without it, the figures of this process alone. */
  metrics?: () => Promise<string>
  /** Tells the doctor that it is this deployment that answers at PUBLIC_URL, and nobody else anything. */
  identity?: string
}

export const IDENTITY_HEADER = 'x-text-action'

/** /healthz: alive. /readyz: 503 with reasons when a store is out of reach. /metrics: for loopback, or behind the token. */
export function healthRoutes(options: HealthRoutes): Router {
  const router = Router()
  router.get('/healthz', (_request, response) => {
    if (options.identity !== undefined) response.set(IDENTITY_HEADER, options.identity)
    response.json({ status: 'alive' })
  })
  router.get('/readyz', (_request, response, next) => {
    void options
      .ready()
      .then(({ reasons, warnings }) =>
        response
          .status(reasons.length > 0 ? 503 : 200)
          .json({ ready: reasons.length === 0, reasons, warnings }),
      )
      .catch(next)
  })
  router.get('/metrics', (request, response, next) => {
    if (!maySeeMetrics(request, options.metricsToken)) {
      response.status(403).type('text/plain').send('forbidden')
      return
    }
    void writeMetrics(response, options.metrics).catch(next)
  })
  return router
}

async function writeMetrics(response: Response, metrics = () => registry.metrics()): Promise<void> {
  response.type(registry.contentType).send(await metrics())
}

function maySeeMetrics(request: Request, token: string | null): boolean {
  if (token !== null) return sameText(request.get('authorization') ?? '', `Bearer ${token}`)
  const address = request.socket.remoteAddress ?? ''
  return address === '127.0.0.1' || address === '::1' || address === '::ffff:127.0.0.1'
}
