import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { follow, type PhoneLine } from './phone-line.js'
import type { PhoneText } from './phone-view.js'
import { standingWords } from './standing.js'
import type { Ending, Terminal } from './terminal.js'
import { transcriptLines } from './transcript.js'

export type Waits = {
  /** This long nothing new after the last answer. */
  quietMs: number
  /** This long no answer after the app's log says that her text was handled: after an outage one waits for the spools. */
  silentMs: number
  /** No text is waited for longer. */
  answerMs: number
}

const WAITS: Waits = { quietMs: 1_000, silentMs: 3_000, answerMs: 10_000 }
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

  const answersTo = (sid: string, sentAt: number) =>
    [...texts.values()].filter((text) => text.by === 'app' && text.at >= (texts.get(sid)?.at ?? sentAt))
  const handledAt = (sid: string) => texts.get(sid)?.stages.find((stage) => stage.place === 'state')?.at ?? 0

  /** Whether her text, sent at this time, has had all the answers it will get. */
  function isAnswered(sid: string, sentAt: number): boolean {
    const now = Date.now()
    if (signal.aborted || following.isGone() || now - sentAt >= waits.answerMs) return true
    if (texts.get(sid)?.state === 'failed') return true
    const answers = answersTo(sid, sentAt)
    if (answers.some((text) => text.state === 'waiting')) return false // refused for now, it comes again
    const lastAt = Math.max(handledAt(sid), ...answers.map((text) => news.get(text.sid) ?? text.at))
    return lastAt > 0 && now - lastAt >= (answers.length > 0 ? waits.quietMs : waits.silentMs)
  }

  /** How one line of hers ended. Silence is an answer too, where the app's log says that it chose it. */
  async function play(body: string): Promise<'done' | 'refused' | 'unanswered'> {
    stdout.write(transcriptLines('person', body))
    const sentAt = Date.now()
    const sent = await line.send(body)
    if ('error' in sent) {
      stderr.write(`${terminal.red(`Not sent: ${sent.error}`)}\n`)
      return 'refused'
    }
    while (!isAnswered(sent.sid, sentAt)) await pause(LOOK_MS)
    if (texts.get(sent.sid)?.state === 'failed') return 'refused'
    return handledAt(sent.sid) > 0 || answersTo(sent.sid, sentAt).length > 0 ? 'done' : 'unanswered'
  }

  await following.ready
  let wasRefused = false
  let last: Ending = 'done'
  try {
    for await (const raw of createInterface({ input: terminal.stdin, signal })) {
      if (signal.aborted) break
      const body = raw.trimEnd()
      if (body.trim() === '') continue
      if (following.isGone()) return 'gone'
      last = await play(body)
      wasRefused ||= last === 'refused'
    }
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    await following.stop()
  }
  if (signal.aborted) return 'interrupted'
  if (following.isGone()) return 'gone'
  return wasRefused ? 'refused' : last
}
