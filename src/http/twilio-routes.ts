import { Router, type NextFunction, type Request, type Response } from 'express'
import { isSigned } from '../adapters/twilio-signature.js'
import { parsePhone } from '../compliance/phone.js'
import type { Twilio } from '../config.js'
import { WEBHOOK_RETRIES } from '../limits.js'
import type { HeardText } from '../inbound/receive.js'
import { receiptUnknown, webhookRefused } from '../observability/events.js'
import type { IncomingReceipt } from '../outbound/receipt.js'
import { sameText } from './same-text.js'

export type TwilioRoutes = {
  twilio: Twilio
  publicUrl: string
  mac: (ref: string) => string
  onText: (text: HeardText) => Promise<void>
  onReceipt: (receipt: IncomingReceipt) => Promise<void>
}

const FORGERIES_PER_MINUTE = 30
const SID = /^\w{1,64}$/
/** A pattern without a parameter: Express would decode it, and refuse an id that is not ours as malformed. */
const BELOW_STATUS = /^\/status(?:\/|$)/i

/** POST /webhooks/twilio/message and /status: signature first, against PUBLIC_URL and never the Host header. */
export function twilioRoutes(options: TwilioRoutes): Router {
  const router = Router()
  router.use(onlySigned(options))
  router.post('/message', (request, response, next) => void takeText(options, request, response).catch(next))
  router.post(
    BELOW_STATUS,
    (request, response, next) => void takeReceipt(options, request, response).catch(next),
  )
  router.all(['/message', '/status'], (_request, response) => {
    response.status(405).set('Allow', 'POST').type('text/plain').send('POST only')
  })
  return router
}

function onlySigned({ twilio, publicUrl }: TwilioRoutes) {
  let minute = 0
  let forgeries = 0
  return (request: Request, response: Response, next: NextFunction): void => {
    if (request.method !== 'POST') return next()
    const params = formOf(request)
    const signature = request.get('x-twilio-signature') ?? ''
    const url = publicUrl + request.originalUrl
    const isGenuine = (signed: string) => isSigned(twilio.authTokens, signature, signed, params)
    // A receipt's address is given with what Twilio shall do when we are away; whoever plays Twilio may sign that too.
    if (isGenuine(url) || (request.path.startsWith('/status/') && isGenuine(url + WEBHOOK_RETRIES))) {
      if (params['AccountSid'] === twilio.accountSid) return next()
      return refuse(response, 403, 'foreign account')
    }
    const now = Math.floor(Date.now() / 60_000)
    forgeries = now === minute ? forgeries + 1 : 1
    minute = now
    if (forgeries >= FORGERIES_PER_MINUTE) return refuse(response, 429, 'throttled')
    return refuse(response, 403, signature === '' ? 'no signature' : 'bad signature')
  }
}

async function takeText(options: TwilioRoutes, request: Request, response: Response): Promise<void> {
  const params = formOf(request)
  const messageSid = single(params['MessageSid'])
  if (!SID.test(messageSid)) return refuse(response, 400, 'malformed')
  const from = parsePhone(single(params['From']))
  // Who is no US number cannot be answered by a short code: taken note of, and no retry asked for.
  if ('fault' in from) return refuse(response, 200, 'malformed')
  const optOutType = single(params['OptOutType']).toUpperCase()
  await options.onText({
    messageSid,
    from: from.phone,
    body: single(params['Body']),
    mediaCount: Math.min(10, Math.max(0, Math.trunc(Number(single(params['NumMedia']))) || 0)),
    optOutType: optOutType === 'STOP' || optOutType === 'START' || optOutType === 'HELP' ? optOutType : null,
    receivedAt: new Date(),
  })
  answer(response)
}

async function takeReceipt(options: TwilioRoutes, request: Request, response: Response): Promise<void> {
  const params = formOf(request)
  const messageSid = single(params['MessageSid'])
  if (!SID.test(messageSid)) return refuse(response, 400, 'malformed')
  const path = request.path.split('/').filter(Boolean)
  const [, ref = '', mac = ''] = path
  const match = /^(\d{1,15})-(\d{1,15})$/.exec(ref)
  if (!match || !sameText(mac, options.mac(ref))) {
    receiptUnknown(match ? 'wrong mac' : 'no id of ours')
    return answer(response)
  }
  const errorCode = Number(single(params['ErrorCode']))
  await options.onReceipt({
    ref: { blastId: Number(match[1]), number: Number(match[2]) },
    messageSid,
    status: single(params['MessageStatus']),
    errorCode: Number.isInteger(errorCode) && errorCode > 0 && errorCode < 1_000_000 ? errorCode : null,
  })
  answer(response)
}

function formOf(request: Request): Record<string, unknown> {
  const body: unknown = request.body
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
}

/** A parameter given twice counts as its first. */
function single(value: unknown): string {
  const first: unknown = Array.isArray(value) ? value[0] : value
  return typeof first === 'string' ? first : ''
}

const NOTHING_TO_SAY = '<Response/>'
const HEADERS = { 'content-type': 'text/xml; charset=utf-8', 'content-length': NOTHING_TO_SAY.length }

function answer(response: Response, status = 200): void {
  response.writeHead(status, HEADERS).end(NOTHING_TO_SAY)
}

function refuse(response: Response, status: number, reason: Parameters<typeof webhookRefused>[0]): void {
  webhookRefused(reason)
  answer(response, status)
}
