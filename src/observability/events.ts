/** One function per business fact: a log line and a counter. Ids and words of ours only. */
import type { Lane, SendOutcome, TextRef } from '../ports.js'
import { log } from './log.js'
import { metrics } from './metrics.js'
import { TROUBLES, type Trouble } from './troubles.js'

const rounded = (ms: number) => Math.round(ms * 10) / 10

export function textReceived(fact: {
  messageSid: string
  verdict: string
  isNew: boolean
  chars: number
  ms: number
}): void {
  metrics.textsIn.inc({ verdict: fact.verdict, duplicate: String(!fact.isNew) })
  metrics.webhookSeconds.observe(fact.ms / 1_000)
  log().info({ event: 'text.received', ...fact, ms: rounded(fact.ms) })
}

export function textSpooled(fact: { messageSid: string }, error: unknown): void {
  metrics.spooled.inc()
  log().error({ event: 'text.spooled', ...fact, err: error })
}

export function textUnspoolable(fact: { messageSid: string }, error: unknown): void {
  metrics.faults.inc({ door: 'spool' })
  log().fatal({ event: 'text.unspoolable', ...fact, err: error })
}

/** Twilio's list has it, and it is refused each time for what it holds: only a person can read it, in Twilio's message log. */
export function textUntakable(fact: { messageSid: string }, error: unknown): void {
  metrics.faults.inc({ door: 'missed' })
  log().fatal({ event: 'text.untakable', ...fact, err: error })
}

/** Texts no webhook brought us, taken in from Twilio's list. */
export function missedTextsTaken(fact: { taken: number; listed: number; isWhole: boolean }): void {
  metrics.missedTaken.inc(fact.taken)
  log()[fact.isWhole ? 'warn' : 'error']({ event: 'texts.missed', ...fact })
}

export function textHandled(fact: {
  messageSid: string
  understood: string
  from: string
  to: string
  ageMs: number
}): void {
  metrics.handledSeconds.observe(fact.ageMs / 1_000)
  log().info({ event: 'text.handled', ...fact, ageMs: rounded(fact.ageMs) })
}

export function personLeft(fact: { via: 'text' | 'carrier' | 'operator' }): void {
  metrics.leaves.inc(fact)
  log().info({ event: 'person.left', ...fact })
}

export function textSent(fact: {
  lane: Lane
  ref: TextRef
  kind: string
  outcome: SendOutcome
  segments: number
  ms: number
  inReplyTo: string | null
}): void {
  const { lane, kind, outcome } = fact
  metrics.textsOut.inc({ lane, kind, outcome: outcome.kind })
  metrics.postSeconds.observe({ lane }, fact.ms / 1_000)
  if (outcome.kind === 'unsure') metrics.inDoubt.inc({ cause: 'post' })
  const line = {
    event: `text.${outcome.kind}`,
    lane,
    ref: fact.ref,
    kind,
    segments: fact.segments,
    ms: rounded(fact.ms),
    inReplyTo: fact.inReplyTo ?? undefined, // what is undefined is not written
    messageSid: outcome.kind === 'accepted' ? outcome.sid : undefined,
    code: outcome.kind === 'refused' ? outcome.code : undefined,
    why: outcome.kind === 'unsure' || outcome.kind === 'not-sent' ? outcome.why : undefined,
  }
  if (outcome.kind === 'accepted') log().info(line)
  else log().warn(line)
}

export function textFenced(fact: { ref: TextRef; ageMs: number }): void {
  metrics.fenced.inc()
  log().warn({ event: 'text.fenced', ...fact, ageMs: rounded(fact.ageMs) })
}

export function claimsExpired(fact: { count: number }): void {
  metrics.inDoubt.inc({ cause: 'lease' }, fact.count)
  log().warn({ event: 'claims.expired', ...fact })
}

export function doubtSettled(fact: { ref: TextRef; how: 'receipt' | 'list' | 'not_sent' }): void {
  metrics.settled.inc({ how: fact.how })
  log().info({ event: 'doubt.settled', ...fact })
}

export function receiptTaken(fact: { ref: TextRef; status: string; errorCode: number | null }): void {
  metrics.receipts.inc({ status: fact.status })
  log().info({ event: 'receipt.taken', ...fact })
}

/** The first receipt of a text, so long after Twilio took it. */
export function firstReceipt(fact: { lagMs: number }): void {
  metrics.receiptLagSeconds.observe(Math.max(0, fact.lagMs) / 1_000)
}

export function receiptAnswered(fact: { ms: number }): void {
  metrics.receiptSeconds.observe(fact.ms / 1_000)
}

export function paceAsked(fact: { lane: Lane; segments: number; waitMs: number }): void {
  if (fact.waitMs > 0) metrics.paceWaits.inc({ lane: fact.lane })
  else metrics.segmentsGranted.inc({ lane: fact.lane }, fact.segments)
}

/** The database came back from a copy: nothing is claimed until it is known what has left since. */
export function restoreHeld(fact: { since: string }): void {
  log().warn({ event: 'restore.held', ...fact })
}

export function restoreWaits(fact: { for: string }): void {
  log().info({ event: 'restore.waits', ...fact })
}

/** strangers: texts that left since the copy and belong to none here; a blast that nobody here knows of, perhaps. */
export function restoreSettled(fact: {
  since: string
  bound: number
  inDoubt: number
  strangers: number
}): void {
  log().warn({ event: 'restore.settled', ...fact })
}

/** This worker had better start anew; whoever supervises it does that. */
export function workStalled(fact: { why: string }): void {
  log().fatal({ event: 'work.stalled', ...fact })
}

const troubled = new Set<Trouble>()

/** What a worker sees now: each trouble is told when it begins and when it is over. */
export function troublesSeen(seen: Partial<Record<Trouble, string>>): void {
  for (const what of TROUBLES) {
    const words = seen[what]
    metrics.trouble.set({ what }, words ? 1 : 0)
    if (words && !troubled.has(what)) log().error({ event: 'trouble.began', what, why: words })
    if (!words && troubled.has(what)) log().info({ event: 'trouble.over', what })
    if (words) troubled.add(what)
    else troubled.delete(what)
  }
}

export function spendingCeilingReached(fact: { segments: number; ceiling: number }): void {
  metrics.ceilingReached.inc()
  log().error({ event: 'spending.ceiling', ...fact, mend: 'raise SEGMENTS_PER_DAY, or wait for tomorrow' })
}

export function textsPurged(fact: { bodies: number; receipts: number }): void {
  metrics.purged.inc({ what: 'bodies' }, fact.bodies)
  metrics.purged.inc({ what: 'receipts' }, fact.receipts)
  log().info({ event: 'texts.purged', ...fact })
}

export function receiptUnknown(why: string): void {
  metrics.receipts.inc({ status: 'unknown' })
  log().warn({ event: 'receipt.unknown', why })
}

export function webhookRefused(
  reason: 'no signature' | 'bad signature' | 'foreign account' | 'malformed' | 'too large' | 'throttled',
): void {
  metrics.refusals.inc({ reason })
  log().warn({ event: 'webhook.refused', reason })
}

export function blastStarted(fact: { blastId: number; people: number }): void {
  log().info({ event: 'blast.started', ...fact })
}

export function blastPaused(fact: { blastId: number; why: string }): void {
  metrics.blastPauses.inc()
  log().error({ event: 'blast.paused', ...fact })
}

export function blastDone(fact: { blastId: number }): void {
  log().info({ event: 'blast.done', ...fact })
}

/** A schedule that could not be kept. */
export function blastRefused(fact: { blastId: number; why: string }): void {
  metrics.blastPauses.inc()
  log().error({ event: 'blast.refused', ...fact })
}

export function peopleImported(fact: {
  as: 'joined' | 'invited'
  rows: number
  added: number
  here: number
  left: number
  rejected: number
  stopped: boolean
}): void {
  log().info({ event: 'people.imported', ...fact })
}

export function repliesRead(fact: { count: number }): void {
  log().info({ event: 'replies.read', ...fact })
}

/** An error nobody expected, caught at one of the doors. */
export function fault(door: string, error: unknown, about: Record<string, string | number> = {}): void {
  metrics.faults.inc({ door })
  log().error({ event: 'fault', door, ...about, err: error })
}
