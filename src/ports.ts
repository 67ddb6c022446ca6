/** What we ask of the world. Pipelines know these shapes; adapters fill them; only app.ts joins the two. */

export type Clock = {
  now(): Date
  /** Milliseconds that only grow: for the fence and for latencies, never for wall time. */
  monotonicMs(): number
}

/** Where a text stands in texts_out. blastId 0: an answer or a prompt to one person. */
export type TextRef = { blastId: number; number: number }

export type OutgoingText = {
  ref: TextRef
  /** E.164 */
  to: string
  body: string
  /** Twilio gives up after this many seconds (1 to 36,000). */
  validitySeconds: number
}

export type SendOutcome =
  | { kind: 'accepted'; sid: string }
  | { kind: 'refused'; code: number } // this text will never go; the code says why
  | { kind: 'not-sent'; why: string; retryAfterMs: number } // surely not taken: 429, or refused before a byte
  | { kind: 'unsure'; why: string } // may have gone: ask Twilio, never resend blindly

export type ListedText = {
  sid: string
  body: string
  status: string
  errorCode: number | null
  createdAt: Date
}

export type ListedOutgoing = ListedText & { to: string }

export type SmsGateway = {
  /**
   * POSTs once. mayStart is asked when a connection is free, just before the first byte: until then a text may wait as long as a
   * slow Twilio holds the others. null: it said no, and surely nothing was sent.
   */
  send(text: OutgoingText, mayStart: () => boolean): Promise<SendOutcome | null>
  /** Texts Twilio has from us to this number, newest first, created since. */
  listTo(to: string, since: Date): Promise<ListedText[]>
  /** All texts Twilio has from us, newest first, created since, page by page. */
  listSince(since: Date): AsyncIterable<ListedOutgoing[]>
  close(): Promise<void>
}

export type ListedInbound = {
  sid: string
  /** As Twilio has it: E.164 if possible. */
  from: string
  body: string
  mediaCount: number
  createdAt: Date
}

/** What Twilio has from people. isWhole: false where there was more than one look reaches. */
export type InboundList = {
  /** Oldest first, created since. Of each page only what `missing` gives back is kept: most of a long list is here already. */
  since(
    since: Date,
    missing: (page: readonly ListedInbound[]) => Promise<ListedInbound[]>,
  ): Promise<{ texts: ListedInbound[]; isWhole: boolean }>
}

export type StoredConversation = { lastText: number; json: string }

/** A fast copy of the conversation; Postgres has the truth. A store that is down answers null and keeps silent. */
export type ConversationStore = {
  load(personId: number): Promise<StoredConversation | null>
  save(personId: number, stored: StoredConversation): Promise<void>
  drop(personId: number): Promise<void>
}

export type WaitingReply = { number: number; segments: number }

export type Lane = 'replies' | 'blasts'

/** A stretch of one blast's texts, by text number: after < number <= upTo. texts, segments: of those that may go. */
export type Range = {
  id: number
  blastId: number
  after: number
  upTo: number
  texts: number
  segments: number
  /** The canary's texts only. */
  early: boolean
}

/** Wake-up calls. Never awaited on the road of a webhook, never the truth: a sweep finds what a lost call did not announce. */
export type Queues = {
  announceMail(messageSid: string, personId: number): void
  announceReplies(replies: readonly WaitingReply[]): void
  announceRange(range: Range): Promise<void>
  close(): Promise<void>
}

/** Grants segments at the sender's rate, all workers together. 0: go now; else wait that many ms and ask again. */
export type Pacing = {
  take(lane: Lane, segments: number): Promise<number>
}

/** Seals what must not be read at rest. Two keys derived from PHONE_KEY: one seals, one finds. */
export type Vault = {
  /** Keyed hash by which a person is found again. */
  hash(phone: string): Buffer
  seal(text: string): Buffer
  open(sealed: Buffer): string
  /** Authenticates one of our ids inside a callback URL. */
  mac: (ref: string) => string
  /** Eight hex digits that name the key without telling it. */
  fingerprint: string
}

/** later: it stays, and comes again with the next drain. never: nobody can ever take it, and it is set aside for a person. */
export type Taken = 'taken' | 'later' | 'never'

/** Where texts wait while Postgres is away. */
export type Spool<T> = {
  /** Tells it from those of other processes that share the folder, before and after it. */
  name: string
  isEmpty(): boolean
  /** Safe on disk when it resolves; rejects when it cannot be written. */
  append(entry: T): Promise<void>
  /**
   * Hands the entries over in the order they came until none is left but those for later. Stops when take rejects; the next drain
   * goes on with that entry. Resolves, once none is left of anybody, with the names of the others that have been here and are dead.
   */
  drain(take: (entry: T) => Promise<Taken>): Promise<readonly string[]>
  /** Every second, whatever Postgres does: tells the others, by the disk, that this process is not dead. */
  sayAlive(): Promise<void>
  /** It has stopped in good order: nobody is to take it for dead. */
  leave(): Promise<void>
  /** Rejects when nothing could be spooled now, or a few seconds ago. */
  probe(): Promise<void>
}
