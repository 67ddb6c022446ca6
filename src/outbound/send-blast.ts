import type pg from 'pg'
import { secondsUntilClose, type SendWindow } from '../compliance/quiet-hours.js'
import { claimBlastTexts, type BlastClaims, type ClaimedBlastText } from '../db/blast-claim.js'
import { finishRange, touchRange } from '../db/blast-ranges.js'
import type { Outage } from '../db/serves.js'
import { LIMITS } from '../limits.js'
import { fault, textSent } from '../observability/events.js'
import type { Clock, Pacing, Range, SmsGateway, Vault } from '../ports.js'
import { createBlastRecorder, type BlastRecorder } from './record-blast.js'
import { mayCost, momentOf, post, type Moment } from './send.js'
import { createSlots, type Slots } from './slots.js'
import type { Spending } from './spending.js'
import { createTokens, type Tokens } from './tokens.js'

/** What the sender has to know of a blast: its words, its hours, and what its claims are judged by. */
export type BlastTexts = {
  window: SendWindow
  alertsPerMonth: number
  tellsHowToStop: boolean
  /** Her text; null: it cannot be written for her. */
  body: (recipient: {
    state: string | null
    zip: string | null
    language: string
    kind: string
  }) => string | null
}

export type BlastSendContext = {
  pool: pg.Pool
  gateway: SmsGateway
  pacing: Pacing
  vault: Pick<Vault, 'open'>
  clock: Clock
  spending: Pick<Spending, 'add' | 'allowsBlasts'>
  /** POSTs in flight in this process. */
  concurrency: number
  segmentsPerSecond: number
  /** null: there is no such blast, or this worker has other words than those agreed to. */
  textsOf(blastId: number): Promise<BlastTexts | null>
  /** The end of an outage of Postgres seen a short while ago: what came in meanwhile may still lie in a spool. */
  outage(): Outage | null
}

export type BlastSender = {
  /** Runs through one range: rate, claim, POST once, record, until nothing of it may go. */
  run(range: Range): Promise<void>
  /** Claims nothing more; what is claimed goes out. */
  stop(): void
}

// A killed worker leaves in doubt what is in flight and at most one claim more: a small one. It must also cost less than the
// pacing's tolerance for blasts: one that costs more cannot use it, and waits until nothing is owed.
const CLAIM_MS = 15
const HEARTBEAT_MS = 1_000
const PACING_TRIES = 3
const PACING_PAUSE_MS = 500

/** The blast lane of one worker process. All its ranges share the POSTs in flight and the tokens. */
export function createBlastSender(context: BlastSendContext): BlastSender {
  const shared = {
    slots: createSlots(context.concurrency),
    tokens: createTokens(context.pacing, context.clock),
    recorder: createBlastRecorder(context),
    isStopped: () => stopped,
  }
  let stopped = false
  return {
    run: (range) => runRange(context, shared, range),
    stop() {
      stopped = true
    },
  }
}

type Shared = { slots: Slots; tokens: Tokens; recorder: BlastRecorder; isStopped: () => boolean }

async function runRange(context: BlastSendContext, shared: Shared, range: Range): Promise<void> {
  const { pool, spending } = context
  const { slots, recorder, isStopped } = shared
  const texts = await context.textsOf(range.blastId)
  if (!texts || !(await touchRange(pool, range.id))) return
  const batch = batchOf(context, range)
  const untilClose = untilCloseOf(texts.window)
  const heartbeat = heartbeatOf(context, range)
  let remaining = range.texts
  let after = range.after
  const underWay = createSlots(context.concurrency)
  while (remaining > 0) {
    if (isStopped() || !spending.allowsBlasts()) break // the range stays on record: its turn comes again
    const wanted = Math.min(batch, remaining)
    await slots.free(Math.min(wanted, Math.ceil(batch / 2)))
    const max = Math.min(wanted, slots.count())
    const claims = await claimAtRate(context, shared, { ...range, after }, texts, max, heartbeat)
    if (!claims) break
    remaining -= claims.claimed.length + claims.settled
    // Looking at what it has claimed already would cost more than the claim. What was skipped waits for the next pass.
    after = claims.upTo
    if (claims.claimed.length + claims.settled === 0) {
      remaining = 0 // paused, taken by another worker, or out of hours: what is left waits for the next pass
      break
    }
    for (const claim of claims.claimed) {
      slots.take()
      underWay.take()
      void sendOne(context, shared, { body: texts.body, untilClose }, claim, claims.at).then(() => {
        slots.give()
        underWay.give()
      })
    }
    await heartbeat()
    await recorder.hasRoom()
  }
  await underWay.free(context.concurrency)
  await recorder.flushed()
  if (remaining <= 0) await finishRange(pool, range.id)
}

/** Says about once a second that a worker is at the range, also while it waits: one without is taken for lost, and called again. */
function heartbeatOf({ pool, clock }: BlastSendContext, range: Range): () => Promise<void> {
  let lastMs = clock.monotonicMs()
  return async () => {
    if (clock.monotonicMs() - lastMs <= HEARTBEAT_MS) return
    lastMs = clock.monotonicMs()
    await touchRange(pool, range.id)
  }
}

/** Texts a claim takes at most: 15 ms of the rate, what may be in flight, at least one. */
function batchOf({ concurrency, segmentsPerSecond }: BlastSendContext, range: Range): number {
  const segmentsEach = Math.max(1, range.segments / Math.max(1, range.texts))
  return Math.max(1, Math.min(concurrency, Math.floor((segmentsPerSecond * CLAIM_MS) / 1_000 / segmentsEach)))
}

type Claims = BlastClaims & { at: Moment }

/** Waits for the rate and claims. What the claim did not need is kept for the next one. null: Redis grants nothing now. */
async function claimAtRate(
  context: BlastSendContext,
  { tokens, isStopped, recorder }: Shared,
  range: Range,
  texts: BlastTexts,
  max: number,
  heartbeat: () => Promise<void>,
): Promise<Claims | null> {
  const { pool, clock } = context
  const cost = Math.ceil((max * range.segments) / Math.max(1, range.texts))
  for (let failures = 0; ;) {
    if (isStopped()) return null
    await heartbeat()
    try {
      const waitMs = recorder.pausedMs() || (await tokens.take(cost)) // who may not send takes nothing from the others
      if (waitMs === 0) break
      await sleep(Math.min(waitMs, 1_000))
    } catch {
      // Redis is away: blasts wait, answers have a small share of their own.
      if (++failures >= PACING_TRIES) return null
      await sleep(PACING_PAUSE_MS)
    }
  }
  const at = momentOf(clock)
  const { alertsPerMonth, tellsHowToStop } = texts
  const rules = { alertsPerMonth, tellsHowToStop, early: range.early, outage: context.outage() }
  const claims = await claimBlastTexts(pool, range, max, rules)
  const used = claims.claimed.reduce((sum, { segments }) => sum + segments, 0)
  tokens.settle(cost - used)
  return { ...claims, at }
}

/** Never rejects: what goes wrong with one text is told, and the lease makes it a text in doubt. */
async function sendOne(
  context: BlastSendContext,
  { recorder }: Shared,
  texts: Pick<BlastTexts, 'body'> & { untilClose: UntilClose },
  claim: ClaimedBlastText,
  claimedAt: Moment,
): Promise<void> {
  const { vault, spending } = context
  try {
    const body = texts.body(claim)
    if (body === null) return recorder.unwritable(claim)
    const validitySeconds = validityOf(claim, texts.untilClose)
    const text = { ref: claim.ref, to: vault.open(claim.phoneSealed), body, validitySeconds }
    const posted = await post(context, text, claimedAt)
    if (!posted) return recorder.fenced(claim)
    if (mayCost(posted.outcome)) spending.add(claim.segments)
    recorder.posted(claim, posted.outcome)
    const { ref, kind, segments } = claim
    textSent({ lane: 'blasts', ref, kind, segments, inReplyTo: null, ...posted })
  } catch (error) {
    fault('send-blast', error, { blastId: claim.ref.blastId })
  }
}

type UntilClose = (claim: Pick<ClaimedBlastText, 'now' | 'zone' | 'otherZone'>) => number

/** Seconds until the window closes for her. Worked out once for all of a claim who live in the same zones. */
function untilCloseOf(window: SendWindow): UntilClose {
  const known = new Map<string, number>()
  let knownAt = 0
  return ({ now, zone, otherZone }) => {
    if (now.getTime() !== knownAt) known.clear()
    knownAt = now.getTime()
    const zones = `${zone} ${otherZone}`
    const seconds = known.get(zones) ?? secondsUntilClose(now, { zone, otherZone }, window)
    known.set(zones, seconds)
    return seconds
  }
}

/** So long Twilio may keep it: not into the night, and not past the time it is of use. */
function validityOf(claim: ClaimedBlastText, untilClose: UntilClose): number {
  const closes = untilClose(claim) - LIMITS.closingMarginSeconds
  const untilStale = claim.expiresAt ? (claim.expiresAt.getTime() - claim.now.getTime()) / 1_000 : Infinity
  return Math.max(1, Math.floor(Math.min(LIMITS.validitySecondsMax, closes, untilStale)))
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
