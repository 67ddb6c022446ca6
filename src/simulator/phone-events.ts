import type { ServerResponse } from 'node:http'
import { phoneList, type PhoneList } from './phone-list.js'
import { phoneText } from './phone-view.js'
import type { Text, Texts } from './texts.js'

const THREAD_MAX = 200
const HEARTBEAT_MS = 15_000
const PHONES_EVERY_MS = 250

export type PhoneEvents = {
  /** Streams what happens on one phone, starting with its thread and whether the app answers. */
  open: (phone: string, response: ServerResponse, appIsUp: Promise<boolean>) => void
  /** The phones to choose from now. */
  phones: () => PhoneList
  isWatched: () => boolean
  tellAppIsUp: (up: boolean) => void
  close: () => void
}

/** Server-sent events to the phones: "thread" once, then "text", "app" and "phones" as they change. */
export function createPhoneEvents(texts: Texts): PhoneEvents {
  const listeners = new Map<ServerResponse, string>()
  let phonesDue: NodeJS.Timeout | null = null

  const write = (response: ServerResponse, event: string, data: unknown) =>
    response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
  const opened = new Set<string>()
  const phones = () => phoneList(texts, opened, new Set(listeners.values()))

  /** A blast changes the list of phones many times a second: once in a while is enough. */
  function tellPhonesSoon(): void {
    phonesDue ??= setTimeout(() => {
      phonesDue = null
      const entries = phones()
      for (const response of listeners.keys()) write(response, 'phones', entries)
    }, PHONES_EVERY_MS).unref()
  }

  const forget = texts.listen((text: Text) => {
    if (listeners.size === 0) return
    for (const [response, phone] of listeners)
      if (phone === text.phone) write(response, 'text', phoneText(text))
    tellPhonesSoon()
  })
  const heartbeat = setInterval(() => {
    for (const response of listeners.keys()) response.write(': still here\n\n')
  }, HEARTBEAT_MS).unref()

  return {
    open(phone, response, appIsUp) {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
      response.write('retry: 1000\n\n')
      listeners.set(response, phone)
      opened.add(phone)
      response.on('close', () => {
        listeners.delete(response)
        tellPhonesSoon()
      })
      write(response, 'thread', texts.of(phone).slice(-THREAD_MAX).map(phoneText))
      void appIsUp.then((up) => listeners.has(response) && write(response, 'app', { up }))
      tellPhonesSoon()
    },
    phones,
    isWatched: () => listeners.size > 0,
    tellAppIsUp(up) {
      for (const response of listeners.keys()) write(response, 'app', { up })
    },
    close() {
      forget()
      clearInterval(heartbeat)
      if (phonesDue) clearTimeout(phonesDue)
      for (const response of listeners.keys()) response.end()
    },
  }
}
