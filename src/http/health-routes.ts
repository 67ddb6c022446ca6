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
  /** What an operator alone may look at beside the figures: the wake-up calls. */
  board?: { path: string; router: Router }
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
  router.use('/metrics', (request, response, next) => {
    if (isOperator(request, options.metricsToken)) return next()
    response.status(403).type('text/plain').send('forbidden')
  })
  router.get('/metrics', (_request, response, next) => {
    void writeMetrics(response, options.metrics).catch(next)
  })
  if (options.board) {
    router.use(options.board.path, (request, response, next) => {
      if (isOperator(request, options.metricsToken)) return next()
      // Asks a browser for the token; where there is none there is nothing to ask for.
      if (options.metricsToken !== null) response.set('WWW-Authenticate', 'Basic realm="Text Action"')
      response
        .status(options.metricsToken === null ? 403 : 401)
        .type('text/plain')
        .send('forbidden')
    })
    router.use(options.board.path, options.board.router)
  }
  return router
}

async function writeMetrics(response: Response, metrics = () => registry.metrics()): Promise<void> {
  response.type(registry.contentType).send(await metrics())
}

/** With a token: who has it, as a bearer or, in a browser, as the password. Without: this machine, but not through a proxy on it. */
function isOperator(request: Request, token: string | null): boolean {
  const given = request.get('authorization') ?? ''
  if (token !== null)
    return (
      sameText(given.replace(/^bearer /i, 'Bearer '), `Bearer ${token}`) || sameText(passwordIn(given), token)
    )
  if (request.get('x-forwarded-for') !== undefined || request.get('forwarded') !== undefined) return false
  const address = request.socket.remoteAddress ?? ''
  return address === '127.0.0.1' || address === '::1' || address === '::ffff:127.0.0.1'
}

/** The password of HTTP Basic authentication (RFC 7617); without one something that nobody's token is. */
function passwordIn(authorization: string): string {
  const [, encoded] = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(authorization) ?? []
  return encoded === undefined
    ? ''
    : Buffer.from(encoded, 'base64')
        .toString('utf8')
        .replace(/^[^:]*:/, '')
}
