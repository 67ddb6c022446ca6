import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { PhoneText } from './phone-view.js'

/** The line from a phone to the simulator: texts out, events in. */
export type PhoneLine = {
  /** The sid of the text, or why the simulator does not take it. */
  send: (body: string, media?: number) => Promise<{ sid: string } | { error: string }>
  /** First the texts there are, then each one that is new or has changed, until the signal aborts or the simulator ends. */
  changes: (signal: AbortSignal) => AsyncGenerator<PhoneText[]>
}

export type FoundSimulator = { url: string; shortCode: string }

// The app that has lost its simulator starts it again within this.
const AWAITED_MS = 5_000

/**
 * Finds the simulator beside the app on this port: by where the app sends /phone, else by what it wrote down. null: no app runs
 * there. 'away': one does, and its simulator has been silent for seconds.
 */
export async function findSimulator(port: number, dataDir: string): Promise<FoundSimulator | 'away' | null> {
  for (const until = Date.now() + AWAITED_MS; ; await sleep(200)) {
    const told = await simulatorOf(`http://127.0.0.1:${port}`)
    const url = told ?? (await noted(dataDir, port))
    const found = url === null ? null : await shake(url)
    if (found !== null || told === null) return found
    if (Date.now() > until) return 'away'
  }
}

/** Opens the line for one phone. */
export function openPhoneLine(simulatorUrl: string, phone: string): PhoneLine {
  return {
    async send(body, media = 0) {
      const response = await fetch(`${simulatorUrl}/phone/texts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ from: phone, body, media }),
      })
      return (await response.json()) as { sid: string } | { error: string }
    },
    async *changes(signal) {
      const response = await fetch(`${simulatorUrl}/phone/events?from=${encodeURIComponent(phone)}`, {
        signal,
      })
      if (!response.body) return
      for await (const { event, data } of readEvents(response.body)) {
        if (event === 'thread') yield JSON.parse(data) as PhoneText[]
        if (event === 'text') yield [JSON.parse(data) as PhoneText]
      }
    },
  }
}

export type Following = {
  /** Resolves once the texts there are have been seen: from here on all is news. */
  ready: Promise<void>
  isGone: () => boolean
  stop: () => Promise<void>
}

/** Calls back for every text that is new or has changed from now on. */
export function follow(
  line: PhoneLine,
  onChange: (text: PhoneText) => void,
  onGone: () => void = () => undefined,
): Following {
  const ended = new AbortController()
  let gone = false
  let setReady: () => void = () => undefined
  const ready = new Promise<void>((resolve) => (setReady = resolve))

  async function run(): Promise<void> {
    let first = true
    for await (const texts of line.changes(ended.signal)) {
      if (!first) texts.forEach(onChange)
      first = false
      setReady()
    }
  }

  const running = run()
    .catch(() => undefined) // the line is cut: by us, or because the simulator ended
    .then(() => {
      gone = !ended.signal.aborted
      setReady()
      if (gone) onGone()
    })
  return {
    ready,
    isGone: () => gone,
    async stop() {
      ended.abort()
      await running
    },
  }
}

/** Server-sent events, one at a time. */
export async function* readEvents(
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<{ event: string; data: string }> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of body) {
    rest += decoder.decode(chunk, { stream: true })
    for (let end = rest.indexOf('\n\n'); end !== -1; end = rest.indexOf('\n\n')) {
      const block = rest.slice(0, end)
      rest = rest.slice(end + 2)
      const field = (name: string) =>
        block
          .split('\n')
          .filter((line) => line.startsWith(`${name}: `))
          .map((line) => line.slice(name.length + 2))
          .join('\n')
      if (field('data') !== '') yield { event: field('event'), data: field('data') }
    }
  }
}

/** The app answers /phone with the page itself or with the way to it. */
async function simulatorOf(appUrl: string): Promise<string | null> {
  try {
    const response = await fetch(`${appUrl}/phone`, {
      redirect: 'manual',
      signal: AbortSignal.timeout(3_000),
    })
    await response.arrayBuffer()
    const location = response.headers.get('location')
    if (!location) return response.ok ? appUrl : null
    const { protocol, port } = new URL(location, appUrl)
    return `${protocol}//127.0.0.1:${port}`
  } catch {
    return null
  }
}

async function noted(dataDir: string, port: number): Promise<string | null> {
  try {
    const note = JSON.parse(await readFile(join(dataDir, 'dev.json'), 'utf8')) as {
      port?: number
      simulatorUrl?: string
    }
    return note.port === port ? (note.simulatorUrl ?? null) : null
  } catch {
    return null
  }
}

/** Whether a simulator answers there, and for which number it stands. */
async function shake(url: string): Promise<FoundSimulator | null> {
  try {
    const response = await fetch(`${url}/phone/setup`, { signal: AbortSignal.timeout(3_000) })
    const { shortCode } = (await response.json()) as { shortCode?: string }
    return shortCode === undefined ? null : { url, shortCode }
  } catch {
    return null
  }
}
