import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parse as parseForm } from 'node:querystring'
import { apiError, type ApiAnswer } from './api-answer.js'
import { followAppLog } from './app-log.js'
import { watchApp } from './app-watch.js'
import { createCallbacks, type CallbackAnswer } from './callbacks.js'
import { createTextCreation } from './create-text.js'
import { createDelivery } from './delivery.js'
import { createInbound, type FromPhone } from './inbound.js'
import { createJournal, type Journal, type JournalEntry } from './journal.js'
import { fetchText, listTexts, settleDoubts } from './list-texts.js'
import { messagesPath } from './message-resource.js'
import { settle, type SimulatorOptions } from './options.js'
import { createPhoneApi } from './phone-api.js'
import { createPhoneEvents } from './phone-events.js'
import { phoneText, type PhoneText } from './phone-view.js'
import { Texts } from './texts.js'

export type Simulator = {
  /** Base URL: TWILIO_API_URL of the app; the phone page is at /phone below it. */
  url: string
  port: number
  /** Sends a person's text; resolves when the app has answered the webhook. */
  send(message: FromPhone): Promise<{ sid: string; answer: CallbackAnswer }>
  /** One person's thread, oldest first. */
  thread(phone: string): PhoneText[]
  journal: Journal
  /** For an app that gets its port only after the simulator has started. */
  setBotUrl(url: string): void
  stop(): Promise<void>
}

const REQUEST_BYTES_MAX = 64 * 1024

/** Starts a Twilio look-alike on loopback: Messages API, signed webhooks and receipts, phones in the browser. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const settings = settle(options)
  let stopped = false
  const texts = new Texts(settings.keep, settings.dataDir)
  const journal = createJournal(settings.keep)
  const callbacks = createCallbacks(settings)
  const world = { settings, texts, journal, callbacks, isStopped: () => stopped }
  const delivery = createDelivery(world)
  const create = createTextCreation({ ...world, delivery })
  const send = createInbound(world)
  const events = createPhoneEvents(texts)
  const app = watchApp({
    healthUrl: () => `${settings.botUrl}/healthz`,
    isWatched: events.isWatched,
    onChange: events.tellAppIsUp,
  })
  const phones = createPhoneApi({ ...world, events, send, appIsUp: app.look })
  const unfollow = settings.appLog === null ? () => undefined : followAppLog(settings.appLog, texts)
  const asked = new Map<string, number>()

  const credentials = new Set(
    settings.authTokens.map(
      (token) => `Basic ${Buffer.from(`${settings.accountSid}:${token}`).toString('base64')}`,
    ),
  )
  const collection = `${messagesPath(settings.accountSid)}.json`
  const single = new RegExp(`^${messagesPath(settings.accountSid)}/([SM]M[0-9a-f]{32})\\.json$`)

  async function twilio(request: IncomingMessage, url: URL): Promise<ApiAnswer | null> {
    if (!credentials.has(request.headers.authorization ?? '')) return apiError(401, 20003, 'Authenticate')
    if (url.pathname === collection && request.method === 'POST') return takeText(request)
    if (url.pathname === collection && request.method === 'GET') {
      settleDoubts(url.searchParams, texts, asked)
      return listTexts(url.searchParams, texts, settings)
    }
    const sid = single.exec(url.pathname)?.[1]
    if (sid && request.method === 'GET') return fetchText(sid, texts, settings)
    return apiError(404, 20404, `The requested resource ${url.pathname} was not found`)
  }

  async function ours(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    if (url.pathname === '/journal' && request.method === 'GET') return writeJournal(response, url, journal)
    if (url.pathname === '/journal' && request.method === 'DELETE') {
      journal.clear()
      return void response.writeHead(204).end()
    }
    if (url.pathname === '/journal/totals') return answer(response, { status: 200, body: journal.totals() })
    if (url.pathname === '/phone/texts' && request.method === 'POST') {
      const body = await readBody(request)
      return answer(
        response,
        body === null ? { status: 413, body: { error: 'too long' } } : phones.send(request, body),
      )
    }
    if (request.method === 'GET' && phones.get(url, response)) return
    answer(response, { status: 404, body: { error: 'not found' } })
  }

  async function takeText(request: IncomingMessage): Promise<ApiAnswer | null> {
    const body = await readBody(request)
    return body === null ? apiError(413, 20413, 'Request entity too large') : create(parseForm(body))
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://simulator')
    if (!url.pathname.startsWith('/2010-04-01/')) return ours(request, response, url)
    const given = await twilio(request, url)
    if (given === null) return // the fate "time-out": the socket stays open and silent
    if (settings.answerMs > 0) setTimeout(() => answer(response, given), settings.answerMs).unref()
    else answer(response, given)
  }

  const server = createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
    handle(request, response).catch(() => {
      if (response.headersSent) response.destroy()
      else answer(response, apiError(500, 20500, 'Internal Server Error'))
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(settings.port, settings.host, resolve)
  })
  const { port } = server.address() as AddressInfo

  return {
    url: `http://${settings.host}:${port}`,
    port,
    async send(message) {
      const { text, answer: webhook } = send(message)
      return { sid: text.sid, answer: await webhook }
    },
    thread: (phone) => texts.of(phone).map(phoneText),
    journal,
    setBotUrl: (url) => Object.assign(settings, settle({ ...options, botUrl: url })),
    async stop() {
      stopped = true
      unfollow()
      app.stop()
      events.close()
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
      await callbacks.close()
      texts.flush()
    },
  }
}

function answer(response: ServerResponse, { status, body, headers }: ApiAnswer): void {
  if (response.destroyed) return
  const json = JSON.stringify(body)
  response
    .writeHead(status, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(json),
      ...headers,
    })
    .end(json)
}

/** null: too large. */
function readBody(request: IncomingMessage): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes <= REQUEST_BYTES_MAX) chunks.push(chunk)
    })
    request.on('end', () =>
      resolve(bytes > REQUEST_BYTES_MAX ? null : Buffer.concat(chunks).toString('utf8')),
    )
    request.on('error', reject)
  })
}

function writeJournal(response: ServerResponse, url: URL, journal: Journal): void {
  const kinds = (url.searchParams.get('kinds') ?? 'post').split(',') as JournalEntry['kind'][]
  response.writeHead(200, { 'content-type': 'application/x-ndjson' })
  for (const entry of journal.read(kinds)) response.write(`${JSON.stringify(entry)}\n`)
  response.end()
}
