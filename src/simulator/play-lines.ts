import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { follow, type PhoneLine } from './phone-line.js'
import type { PhoneText } from './phone-view.js'
import { standingWords } from './standing.js'
import type { Ending, Terminal } from './terminal.js'
import { transcriptLines } from './transcript.js'

export type Waits = {
  /** This long nothing new: after the last answer, or after the app's log says her text was handled. */
  quietMs: number
  /** No text is waited for longer. */
  answerMs: number
}

const WAITS: Waits = { quietMs: 1_000, answerMs: 10_000 }
const LOOK_MS = 25

/**
 * Sends each line that comes in, waits for the answers and prints the dialogue as a transcript; what went wrong goes
 * to stderr. The app answers the webhook before it answers her, so idle time tells that it is done.
 */
export async function playLines(line: PhoneLine, terminal: Terminal, waits: Waits = WAITS): Promise<Ending> {
  const { stdout, stderr, signal } = terminal
  const texts = new Map<string, PhoneText>()
  const news = new Map<string, number>() // when each of our texts was first seen here

  function onChange(text: PhoneText): void {
    const before = texts.get(text.sid)
    texts.set(text.sid, text)
    if (text.by === 'app' && text.taken && !news.has(text.sid)) {
      news.set(text.sid, Date.now())
      stdout.write(transcriptLines('app', text.body))
    }
    if (text.state !== before?.state && (text.state === 'failed' || text.state === 'unsure'))
      stderr.write(`${terminal.red(standingWords(text, null))}\n`)
  }

  const following = follow(line, onChange)

  /** Whether her text, sent at this time, has had all the answers it will get. */
  function isAnswered(sid: string, sentAt: number): boolean {
    const now = Date.now()
    const hers = texts.get(sid)
    if (signal.aborted || following.isGone() || now - sentAt >= waits.answerMs || hers?.state === 'failed')
      return true
    const answers = [...texts.values()].filter((text) => text.by === 'app' && text.at >= (hers?.at ?? sentAt))
    if (answers.some((text) => text.state === 'waiting')) return false // refused for now, it comes again
    const handledAt = hers?.stages.find((stage) => stage.place === 'state')?.at ?? 0
    const lastAt = Math.max(handledAt, ...answers.map((text) => news.get(text.sid) ?? text.at))
    return lastAt > 0 && now - lastAt >= waits.quietMs
  }

  async function play(body: string): Promise<boolean> {
    stdout.write(transcriptLines('person', body))
    const sentAt = Date.now()
    const sent = await line.send(body)
    if ('error' in sent) {
      stderr.write(`${terminal.red(`Not sent: ${sent.error}`)}\n`)
      return false
    }
    while (!isAnswered(sent.sid, sentAt)) await pause(LOOK_MS)
    return texts.get(sent.sid)?.state !== 'failed'
  }

  await following.ready
  let ending: Ending = 'done'
  try {
    for await (const raw of createInterface({ input: terminal.stdin, signal })) {
      if (signal.aborted) break
      const body = raw.trimEnd()
      if (body.trim() === '') continue
      if (following.isGone()) return 'gone'
      if (!(await play(body))) ending = 'refused'
    }
  } finally {
    await following.stop()
  }
  return following.isGone() ? 'gone' : ending
}
