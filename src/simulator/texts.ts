import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { UsedPhones } from './used-phones.js'

export type Tone = 'good' | 'bad' | 'unsure'

/** One station on the road of a text. */
export type Stage = { at: number; place: string; words: string; tone: Tone }

/** What her phone shows; "waiting": refused for now, the app tries again. */
export type TextState = 'sending' | 'accepted' | 'sent' | 'delivered' | 'failed' | 'unsure' | 'waiting'

export type Text = {
  sid: string
  by: 'person' | 'app'
  /** E.164 of the person, whoever wrote. */
  phone: string
  body: string
  /** Photos and the like. */
  media: number
  segments: number
  at: number
  sentAt: number | null
  updatedAt: number
  /** Twilio has it: only then do its list and fetch show it. */
  taken: boolean
  status: 'received' | 'queued' | 'accepted' | 'sent' | 'delivered' | 'undelivered' | 'failed'
  errorCode: number | null
  service: string | null
  state: TextState
  /** Words for what failed, is unsure or waits. */
  why: string
  /** The text of hers that this one answers. */
  answerTo: string | null
  stages: Stage[]
}

export type Listener = (text: Text) => void

const KEPT_IN_FILE = 5_000
const FLUSH_MS = 100

/** Every text the simulator knows of, oldest forgotten first; with a folder, kept in a file there. */
export class Texts {
  readonly #bySid = new Map<string, Text>()
  #inOrder: Text[] = []
  #forgotten = 0 // of those in order, from the start
  readonly #byPhone = new Map<string, Text[]>()
  readonly used: UsedPhones
  readonly #listeners = new Set<Listener>()
  readonly #changed = new Set<Text>()
  readonly #file: string | null
  #flushing: NodeJS.Timeout | null = null

  constructor(
    private readonly keep: number,
    folder: string | null,
  ) {
    this.#file = folder && join(folder, 'simulator-texts.jsonl')
    if (folder) mkdirSync(folder, { recursive: true, mode: 0o700 })
    this.used = new UsedPhones(folder)
    if (this.#file && existsSync(this.#file)) this.#load(this.#file)
  }

  add(text: Text): void {
    this.#insert(text)
    if (this.#bySid.size > this.keep) this.#forgetOldest()
    this.touch(text)
  }

  /** Call after every change of a text: tells the phones and, soon, the file. */
  touch(text: Text): void {
    text.updatedAt = Date.now()
    for (const listener of this.#listeners) listener(text)
    if (!this.#file) return
    this.#changed.add(text)
    this.#flushing ??= setTimeout(() => this.flush(), FLUSH_MS).unref()
  }

  find(sid: string): Text | undefined {
    return this.#bySid.get(sid)
  }

  /** One person's texts, oldest first. */
  of(phone: string): readonly Text[] {
    return this.#byPhone.get(phone) ?? []
  }

  /** Every text, oldest first. */
  all(): readonly Text[] {
    return this.#inOrder.slice(this.#forgotten)
  }

  /** Phones with texts; the one with the newest text last. */
  phones(): { phone: string; texts: number; newestAt: number }[] {
    return [...this.#byPhone]
      .map(([phone, texts]) => ({ phone, texts: texts.length, newestAt: texts.at(-1)?.at ?? 0 }))
      .sort((a, b) => a.newestAt - b.newestAt)
  }

  listen(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  flush(): void {
    if (this.#flushing) clearTimeout(this.#flushing)
    this.#flushing = null
    if (!this.#file || this.#changed.size === 0) return
    const lines = [...this.#changed].map((text) => `${JSON.stringify(text)}\n`).join('')
    this.#changed.clear()
    appendFileSync(this.#file, lines, { mode: 0o600 })
    this.used.flush()
  }

  #insert(text: Text): void {
    this.#bySid.set(text.sid, text)
    this.used.add(text.phone, text.by === 'person')
    this.#inOrder.push(text)
    const thread = this.#byPhone.get(text.phone)
    if (thread) thread.push(text)
    else this.#byPhone.set(text.phone, [text])
  }

  #forgetOldest(): void {
    const oldest = this.#inOrder[this.#forgotten]
    if (!oldest) return
    this.#forgotten += 1
    if (this.#forgotten > this.keep) {
      this.#inOrder = this.#inOrder.slice(this.#forgotten)
      this.#forgotten = 0
    }
    this.#bySid.delete(oldest.sid)
    const thread = this.#byPhone.get(oldest.phone)
    thread?.shift() // the oldest of all is the oldest of its phone
    if (thread?.length === 0) this.#byPhone.delete(oldest.phone)
  }

  /** A text stands in the file once for each change; the last one counts. A torn last line is left out. */
  #load(file: string): void {
    const latest = new Map<string, Text>()
    for (const line of readFileSync(file, 'utf8').split('\n')) {
      const text = parseText(line)
      if (text) latest.set(text.sid, text)
    }
    const kept = this.#worthKeeping([...latest.values()])
    for (const text of kept) {
      if (text.state === 'sending')
        Object.assign(text, { state: 'failed', why: 'the simulator was stopped meanwhile' })
      this.#insert(text)
    }
    writeFileSync(`${file}.new`, kept.map((text) => `${JSON.stringify(text)}\n`).join(''), { mode: 0o600 })
    renameSync(`${file}.new`, file)
    this.used.flush()
  }

  /** The newest; of phones that have texted before others, or one blast would push out what she has said and read. */
  #worthKeeping(all: readonly Text[]): readonly Text[] {
    const most = Math.min(KEPT_IN_FILE, this.keep)
    for (const { phone, by } of all) this.used.add(phone, by === 'person')
    const hers = all.filter(({ phone }) => this.used.hasTexted(phone)).slice(-most)
    const others = all.filter(({ phone }) => !this.used.hasTexted(phone))
    const kept = new Set([...hers, ...others.slice(Math.max(0, others.length - (most - hers.length)))])
    return all.filter((text) => kept.has(text))
  }
}

function parseText(line: string): Text | null {
  try {
    const text = JSON.parse(line) as Text
    return typeof text.sid === 'string' && Array.isArray(text.stages) ? text : null
  } catch {
    return null
  }
}
