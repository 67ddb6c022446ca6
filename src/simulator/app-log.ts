import { existsSync, watch, type FSWatcher } from 'node:fs'
import { open } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import type { Stage, Text, Texts } from './texts.js'

const POLL_MS = 500 // for file systems whose changes are not announced
const CHUNK_BYTES = 64 * 1024

type LogLine = {
  event?: string
  time?: number
  messageSid?: string
  inReplyTo?: string
  understood?: string
  from?: string
  to?: string
  lane?: string
  ms?: number
}

/** Reads a file as it grows, line by line, from its end on. A missing or cut file is waited for. */
function followLines(file: string, onLine: (line: string) => void): () => void {
  let offset: number | null = existsSync(file) ? null : 0
  let rest = Buffer.alloc(0)
  let running = false
  let again = false
  let stopped = false

  async function read(): Promise<void> {
    const handle = await open(file, 'r').catch(() => null)
    if (!handle) return void (offset = 0)
    try {
      const { size } = await handle.stat()
      if (offset === null) offset = size
      if (size < offset) [offset, rest] = [0, Buffer.alloc(0)]
      while (!stopped && offset < size) {
        const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, size - offset))
        const { bytesRead } = await handle.read(chunk, 0, chunk.length, offset)
        if (bytesRead === 0) break
        offset += bytesRead
        rest = Buffer.concat([rest, chunk.subarray(0, bytesRead)])
        for (let end = rest.indexOf(10); end !== -1; end = rest.indexOf(10)) {
          onLine(rest.toString('utf8', 0, end))
          rest = rest.subarray(end + 1)
        }
      }
    } finally {
      await handle.close()
    }
  }

  function look(): void {
    if (stopped) return
    if (running) return void (again = true)
    running = true
    again = false
    void read()
      .catch(() => undefined) // the road merely lacks those stations
      .finally(() => {
        running = false
        if (again) look()
      })
  }

  let watcher: FSWatcher | null = null
  try {
    watcher = watch(dirname(file), (_change, name) => name === basename(file) && look()).on(
      'error',
      () => undefined,
    )
  } catch {
    // no such folder yet: the poll finds the file
  }
  const poll = setInterval(look, POLL_MS).unref()
  look()
  return () => {
    stopped = true
    watcher?.close()
    clearInterval(poll)
  }
}

/** Puts what the app logs of a text onto its road: the stations that HTTP does not show. */
export function followAppLog(file: string, texts: Texts): () => void {
  return followLines(file, (raw) => {
    const line = parseLine(raw)
    if (line?.messageSid) apply(line, line.messageSid, texts)
  })
}

function apply(line: LogLine, sid: string, texts: Texts): void {
  const text = texts.find(sid)
  if (!text) return
  const at = line.time ?? Date.now()
  const pass = (place: string, words: string, when = at) => {
    const stage: Stage = { at: when, place, words, tone: 'good' }
    if (!text.stages.some((known) => known.place === place)) text.stages.push(stage)
  }
  if (line.event === 'text.received') pass('stored', 'in Postgres')
  else if (line.event === 'text.handled') pass('state', understoodWords(line))
  else if (line.event === 'text.accepted' && text.by === 'app') {
    text.answerTo = line.inReplyTo ?? null
    queued(text, line.lane ?? 'replies', at - (line.ms ?? 0))
  } else return
  texts.touch(text)
}

/** Out of the queue before the POST, though the app logs both only when the answer to the POST is recorded. */
function queued(text: Text, lane: string, at: number): void {
  if (text.stages.some(({ place }) => place === 'queue')) return
  const post = text.stages.findIndex(({ place }) => place === 'POST')
  const stage: Stage = {
    at: Math.min(at, text.stages[post]?.at ?? at),
    place: 'queue',
    words: lane,
    tone: 'good',
  }
  text.stages.splice(Math.max(post, 0), 0, stage)
}

/** "zip, zip -> outcome": what it was taken for, and the question before and after. */
function understoodWords({ understood = '', from = '', to = '' }: LogLine): string {
  const change = from !== to && from && to ? `${from} -> ${to}` : ''
  return [understood, change].filter(Boolean).join(', ') || 'handled'
}

function parseLine(raw: string): LogLine | null {
  if (!raw.includes('"text.')) return null
  try {
    return JSON.parse(raw) as LogLine
  } catch {
    return null
  }
}
