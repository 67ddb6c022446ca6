import { parse } from 'node:querystring'
import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express'
import { LIMITS } from '../limits.js'

/**
 * Reads a webhook's form, with every field of it: the signature is over all. express.urlencoded would need a bound on their
 * number, since it takes seconds over 32 KB of separators, and this is read before anybody is known.
 */
export const readForm: RequestHandler[] = [
  express.text({ type: 'application/x-www-form-urlencoded', limit: LIMITS.webhookBytesMax }),
  (request: Request, _response: Response, next: NextFunction) => {
    if (typeof request.body === 'string') request.body = parse(request.body, '&', '=', { maxKeys: 0 })
    next()
  },
]
