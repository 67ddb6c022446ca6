import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ApiAnswer } from './api-answer.js'
import { fateOf } from './fates.js'
import type { FromPhone, Sent } from './inbound.js'
import type { Settings } from './options.js'
import { PAGE_HEADERS, readPageFiles } from './page-files.js'
import type { PhoneEvents } from './phone-events.js'
import { readPhone } from './phone-number.js'
import { fateEntries, phoneText } from './phone-view.js'

const BODY_CHARS_MAX = 1_600
const MEDIA_MAX = 10

export type PhoneApi = {
  /** Everything below /phone but the sending of texts. false: no such thing. */
  get(url: URL, response: ServerResponse): boolean
  /** POST /phone/texts */
  send(request: IncomingMessage, body: string): ApiAnswer
}

/** What the phones in the browser and in the terminal ask for. */
export function createPhoneApi(world: {
  settings: Settings
  events: PhoneEvents
  send: (message: FromPhone) => Sent
  /** Asks the app now. */
  appIsUp: () => Promise<boolean>
}): PhoneApi {
  const { settings, events } = world
  const files = readPageFiles()

  function setup() {
    const { shortCode, organization, keyword } = settings
    return {
      shortCode,
      organization,
      keyword,
      fates: fateEntries(),
      ...events.phones(),
    }
  }

  return {
    get(url, response) {
      if (url.pathname === '/phone/setup') return json(response, 200, setup())
      if (url.pathname === '/phone/events') {
        const phone = readPhone(url.searchParams.get('from') ?? '')
        if (!phone) return json(response, 400, { error: 'from must be a US phone number' })
        events.open(phone, response, world.appIsUp())
        return true
      }
      const file = files.get(
        url.pathname === '/phone' ? 'index.html' : url.pathname.replace(/^\/phone\//, ''),
      )
      if (!file) return false
      response.writeHead(200, { ...PAGE_HEADERS, 'content-type': file.type }).end(file.content)
      return true
    },

    send(request, raw) {
      // A form of another site can send text/plain across origins, JSON it cannot.
      if (!String(request.headers['content-type']).startsWith('application/json'))
        return { status: 415, body: { error: 'send JSON' } }
      const message = readMessage(raw)
      if ('error' in message) return { status: 400, body: message }
      const { text, answer } = world.send(message)
      void answer.then(({ fault }) => fault !== '' && world.appIsUp())
      return { status: 201, body: { ...phoneText(text), fate: fateOf(text.phone).says } }
    },
  }
}

function json(response: ServerResponse, status: number, body: unknown): true {
  response
    .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    .end(JSON.stringify(body))
  return true
}

function readMessage(raw: string): FromPhone | { error: string } {
  const fields = parse(raw)
  const from = readPhone(typeof fields['from'] === 'string' ? fields['from'] : '')
  const body = fields['body'] ?? ''
  const media = fields['media'] ?? 0
  const sid = fields['sid'] ?? ''
  if (!from) return { error: 'from must be a US phone number' }
  if (typeof body !== 'string' || body.length > BODY_CHARS_MAX)
    return { error: `a text has ${BODY_CHARS_MAX} characters at most` }
  if (typeof media !== 'number' || !Number.isInteger(media) || media < 0 || media > MEDIA_MAX)
    return { error: `media is a number from 0 to ${MEDIA_MAX}` }
  if (body.trim() === '' && media === 0) return { error: 'the text is empty' }
  if (typeof sid !== 'string' || !/^([SM]M[0-9a-f]{32})?$/.test(sid))
    return { error: 'sid is SM or MM and 32 hex digits' }
  return { from, body, media, ...(sid !== '' && { sid }) }
}

function parse(raw: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(raw)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
