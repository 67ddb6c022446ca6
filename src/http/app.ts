import { createServer, IncomingMessage, ServerResponse, type Server, type ServerOptions } from 'node:http'
import express, { type ErrorRequestHandler, type Express, type Router } from 'express'
import helmet from 'helmet'
import { fault, webhookRefused } from '../observability/events.js'
import { readForm } from './form.js'

/** The web part: Twilio's routes, health and metrics, one error handler. Nothing it answers shows a stack. */
export function createWebApp(routes: { twilio: Router; health: Router; extra?: Router }): Express {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  // First, and without the headers for browsers: only Twilio calls here, and often.
  app.use('/webhooks/twilio', readForm, routes.twilio)
  // Nothing an operator looks at is fetched from anybody else.
  app.use(
    helmet({
      contentSecurityPolicy: { directives: { styleSrc: ["'self'", "'unsafe-inline'"], fontSrc: ["'self'"] } },
    }),
  )
  app.use(routes.health)
  if (routes.extra) app.use(routes.extra)
  app.use((_request, response) => {
    response.status(404).type('text/plain').send('not found')
  })
  app.use(onError)
  return app
}

/**
 * A server for this app. Express gives each request and response another prototype when it takes them, and V8 then copies them, and
 * keeps them until it collects the old: they are born with it here (docs/performance.md).
 */
export function serverOf(app: Express, options: ServerOptions = {}): Server {
  class Request extends IncomingMessage {}
  class Response extends ServerResponse {}
  Object.setPrototypeOf(Request.prototype, app.request)
  Object.setPrototypeOf(Response.prototype, app.response)
  Object.assign(app, { request: Request.prototype, response: Response.prototype })
  return createServer({ ...options, IncomingMessage: Request, ServerResponse: Response }, app)
}

// Express knows an error handler by its four parameters.
const onError: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (response.headersSent) return next(error)
  const status = (error as { status?: unknown }).status
  if (typeof status === 'number' && status >= 400 && status < 500) {
    webhookRefused(status === 413 ? 'too large' : 'malformed')
    return response.status(status).type('text/xml').send('<Response/>')
  }
  fault('http', error)
  return response.status(503).type('text/xml').send('<Response/>')
}
