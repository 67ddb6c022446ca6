import { Pool } from 'undici'
import { z } from 'zod'
import type { Twilio } from '../config.js'
import { LIMITS, WEBHOOK_RETRIES } from '../limits.js'
import type { ListedOutgoing, ListedText, OutgoingText, SendOutcome, SmsGateway, TextRef } from '../ports.js'

// Errors that undici raises before a byte of the request was written: surely nothing was sent.
const BEFORE_A_BYTE = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])

const REST_RATE = 20429 // too many requests: never processed
const QUEUE_FULL = 21611 // Twilio's own queue for this sender is full
const PAUSE_MAX_SECONDS = 60 // whatever a Retry-After says: her later answers wait too

const ANSWER_BYTES_MAX = 64 * 1024 // Twilio's are a kilobyte

// As they can be written down: many outcomes are written together, and one that cannot be would take the others with it.
const Created = z.object({ sid: z.string().regex(/^\w{1,64}$/) })
const Refusal = z.object({ code: z.int().positive().max(999_999) })
const Page = z.object({
  messages: z.array(
    z.object({
      sid: z.string(),
      to: z.string().nullable(),
      body: z.string().nullable(),
      status: z.string(),
      error_code: z.number().nullable(),
      date_created: z.string(),
      direction: z.string(),
    }),
  ),
  next_page_uri: z.string().nullish(),
})

export type GatewayOptions = {
  twilio: Twilio
  publicUrl: string
  mac: (ref: string) => string
  connections: number
  /** So long an answer may take to begin, and again to end. */
  timeoutMs?: number
}

/** "0-1234": how one of our texts is named in its callback URL. */
const refPath = (ref: TextRef) => `${ref.blastId}-${ref.number}`

/** Twilio's Messages API over bare undici: the SDK costs several times as much a text. Nothing is ever retried here. */
export function createTwilioGateway(options: GatewayOptions): SmsGateway {
  const { twilio, publicUrl, mac, connections, timeoutMs = LIMITS.sendTimeoutMs } = options
  const base = new URL(twilio.apiUrl)
  const http = new Pool(base.origin, {
    connections,
    pipelining: 1,
    connectTimeout: 5_000,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  })
  const path = `${base.pathname.replace(/\/$/, '')}/2010-04-01/Accounts/${twilio.accountSid}/Messages.json`
  const authorization = `Basic ${Buffer.from(`${twilio.accountSid}:${twilio.authTokens[0] ?? ''}`).toString('base64')}`
  const post = { authorization, 'content-type': 'application/x-www-form-urlencoded' }
  const from = twilio.messagingServiceSid
    ? `MessagingServiceSid=${twilio.messagingServiceSid}`
    : `From=${encodeURIComponent(twilio.sender)}`
  // What follows has only letters, digits, - and _.
  const callbacks = encodeURIComponent(`${publicUrl}/webhooks/twilio/status/`)
  const retried = encodeURIComponent(WEBHOOK_RETRIES)

  // Most texts of a blast have the words of the one before.
  let last = { words: '', encoded: '' }
  const encodedOf = (words: string): string => {
    if (words !== last.words) last = { words, encoded: encodeURIComponent(words) }
    return last.encoded
  }

  async function send(text: OutgoingText, mayStart: () => boolean): Promise<SendOutcome | null> {
    const ref = refPath(text.ref)
    const body =
      `To=${encodeURIComponent(text.to)}&${from}&Body=${encodedOf(text.body)}` +
      `&StatusCallback=${callbacks}${ref}%2F${mac(ref)}${retried}&ValidityPeriod=${text.validitySeconds}`
    try {
      return outcomeOf(await postForm({ http, path, headers: post, form: body, timeoutMs }, mayStart))
    } catch (error) {
      if (error instanceof TooLate) return null
      const code = codeOf(error)
      return BEFORE_A_BYTE.has(code)
        ? { kind: 'not-sent', why: code, retryAfterMs: 2_000 }
        : { kind: 'unsure', why: code }
    }
  }

  /** What Twilio has from us, newest first: a page at a time until one reaches behind since. */
  async function* pagesSince(
    filter: string,
    pageSize: number,
    since: Date,
  ): AsyncGenerator<ListedOutgoing[]> {
    const sender = twilio.messagingServiceSid ? '' : `&From=${encodeURIComponent(twilio.sender)}`
    let next: string | null | undefined = `${path}?${filter}PageSize=${pageSize}${sender}`
    while (next) {
      const response = await http.request({ path: next, method: 'GET', headers: { authorization } })
      const body = await response.body.text()
      if (response.statusCode !== 200) throw new Error(`listing texts failed with ${response.statusCode}`)
      const { messages, next_page_uri } = Page.parse(JSON.parse(body))
      yield messages.flatMap((message) => {
        const createdAt = new Date(message.date_created)
        if (message.direction === 'inbound' || createdAt < since) return []
        const { sid, to, status, error_code: errorCode } = message
        return [{ sid, to: to ?? '', body: message.body ?? '', status, errorCode, createdAt }]
      })
      const oldest = messages.at(-1)
      next = oldest && new Date(oldest.date_created) >= since ? next_page_uri : null
    }
  }

  async function listTo(to: string, since: Date): Promise<ListedText[]> {
    const found: ListedText[] = []
    for await (const page of pagesSince(`To=${encodeURIComponent(to)}&`, 50, since)) found.push(...page)
    return found
  }

  const listSince = (since: Date) => pagesSince('', 1_000, since)

  return { send, listTo, listSince, close: () => http.close() }
}

class TooLate extends Error {}

class EndlessAnswer extends Error {
  readonly code = 'endless answer'
}

type Form = {
  http: Pool
  path: string
  headers: Readonly<Record<string, string>>
  form: string
  timeoutMs: number
}

type Posted = { status: number; retryAfter: string; body: string }

/**
 * POSTs a form. Rejects with TooLate when mayStart said no, and with undici's error when no whole answer came. Below undici's
 * request(): its stream for the answer costs a third of the POST, and these answers are a kilobyte. One that trickles on keeps
 * undici's own time-outs quiet, and would hold its connection for as long as it likes.
 */
function postForm({ http, path, headers, form, timeoutMs }: Form, mayStart: () => boolean): Promise<Posted> {
  return new Promise((resolve, reject) => {
    let status = 0
    let bytes = 0
    let endsMs = Infinity
    let retryAfter = ''
    const chunks: Buffer[] = []
    http.dispatch(
      { path, method: 'POST', headers, body: form },
      {
        onRequestStart() {
          if (!mayStart()) throw new TooLate() // undici has written nothing yet, and now drops the request
        },
        onResponseStart(_controller, statusCode, answered) {
          status = statusCode
          endsMs = performance.now() + timeoutMs
          retryAfter = String(answered['retry-after'] ?? '')
        },
        onResponseData(controller, chunk) {
          bytes += chunk.length
          if (bytes > ANSWER_BYTES_MAX || performance.now() > endsMs) controller.abort(new EndlessAnswer())
          else chunks.push(chunk)
        },
        onResponseEnd: () => resolve({ status, retryAfter, body: Buffer.concat(chunks).toString() }),
        onResponseError: (_controller, error) => reject(error),
      },
    )
  })
}

function outcomeOf({ status, body, retryAfter }: Posted): SendOutcome {
  if (status === 429) return { kind: 'not-sent', why: '429', retryAfterMs: secondsOf(retryAfter) * 1_000 }
  if (status >= 500) return { kind: 'unsure', why: `http ${status}` }
  const json = parseJson(body)
  if (status === 200 || status === 201) {
    const created = Created.safeParse(json)
    return created.success
      ? { kind: 'accepted', sid: created.data.sid }
      : { kind: 'unsure', why: 'unreadable answer' }
  }
  if (status < 400) return { kind: 'unsure', why: `http ${status}` }
  const refusal = Refusal.safeParse(json)
  const code = refusal.success ? refusal.data.code : status
  if (code === REST_RATE) return { kind: 'not-sent', why: '429', retryAfterMs: 1_000 }
  if (code === QUEUE_FULL) return { kind: 'not-sent', why: 'queue full', retryAfterMs: 60_000 }
  return { kind: 'refused', code }
}

const secondsOf = (retryAfter: string) => Math.min(PAUSE_MAX_SECONDS, Math.max(1, Number(retryAfter) || 1))

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body) as unknown
  } catch {
    return null
  }
}

function codeOf(error: unknown): string {
  const { code, cause } = error as { code?: unknown; cause?: { code?: unknown } }
  if (typeof code === 'string') return code
  if (typeof cause?.code === 'string') return cause.code
  return error instanceof Error ? error.name : 'unknown'
}
