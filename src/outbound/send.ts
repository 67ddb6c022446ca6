import type pg from 'pg'
import { nextClaim, secondsUntilClose, type SendWindow } from '../compliance/quiet-hours.js'
import type { Outage } from '../db/serves.js'
import {
  claimReply,
  nextReply,
  PROMPT_KINDS,
  recordReplyAccepted,
  recordNotAccepted,
  unclaim,
  type ClaimedReply,
} from '../db/texts-out.js'
import { LIMITS } from '../limits.js'
import { textFenced, textSent } from '../observability/events.js'
import type {
  Clock,
  Lane,
  OutgoingText,
  Pacing,
  Queues,
  SendOutcome,
  SmsGateway,
  Vault,
  WaitingReply,
} from '../ports.js'
import { applyConsequence } from './consequences.js'
import { consequenceOf, isItsOwnFault, isOurFault } from './error-codes.js'
import { persistently } from './persistently.js'
import type { Spending } from './spending.js'

export type SendContext = {
  pool: pg.Pool
  gateway: SmsGateway
  pacing: Pacing
  queues: Pick<Queues, 'announceReplies'>
  vault: Vault
  clock: Clock
  window: SendWindow
  /** The end of an outage of Postgres seen a short while ago: what came in meanwhile may still lie in a spool. */
  outage?: () => Outage | null
  spending?: Pick<Spending, 'add' | 'allowsBlasts'>
}

/** Waits for the rate, claims one answer, POSTs it once, records what came of it, and wakes the person's next answer. */
export async function sendReply(
  context: SendContext,
  reply: WaitingReply,
  lane: Lane = 'replies',
): Promise<void> {
  const { pacing } = context
  for (let waitMs = await pacing.take(lane, reply.segments); waitMs > 0;) {
    await sleep(waitMs)
    waitMs = await pacing.take(lane, reply.segments)
  }
  await sendPaid(context, reply, lane)
}

/** The same, but does not wait. false: it is not its turn, by the rate or by a claim. */
export async function sendReplyNow(context: SendContext, reply: WaitingReply): Promise<boolean> {
  if ((await context.pacing.take('replies', reply.segments)) > 0) return false
  return sendPaid(context, reply, 'replies')
}

/** false: it cannot be claimed. */
async function sendPaid(context: SendContext, reply: WaitingReply, lane: Lane): Promise<boolean> {
  const { pool, clock, vault, queues } = context
  const claimedAt = momentOf(clock)
  const claim = await claimReply(pool, reply.number, context.outage?.() ?? null)
  if (!claim) return false
  const { ref } = claim
  if (PROMPT_KINDS.includes(claim.kind)) {
    const opens = nextClaim(claim.now, claim, context.window)
    const waitMs = opens ? opens.getTime() - claim.now.getTime() : 3_600_000
    if (waitMs > 0) {
      await unclaim(pool, claim, waitMs)
      return true
    }
  }
  const text = {
    ref,
    to: vault.open(claim.phoneSealed),
    body: vault.open(claim.bodySealed),
    validitySeconds: validitySeconds(claim, context.window),
  }
  const posted = await post(context, text, claimedAt)
  if (!posted) {
    await unclaim(pool, claim, 0)
    return true
  }
  await record(context, claim, posted.outcome)
  if (mayCost(posted.outcome)) context.spending?.add(claim.segments)
  textSent({
    lane,
    ref,
    kind: claim.kind,
    segments: claim.segments,
    inReplyTo: claim.inReplyTo,
    ...posted,
  })
  const next = await nextReply(pool, claim.personId)
  if (next) queues.announceReplies([next])
  return true
}

const ACCOUNT_PAUSE_MS = 60_000
const PAUSES_MAX = 10

// She is told that she is out within minutes or not at all (47 CFR 64.1200(a)(12)): days later it is a text after her STOP.
const GOODBYE_TRIES = 3
const mayWait = ({ kind, attempt }: ClaimedReply) =>
  kind !== 'forget_done' && !(kind === 'stop' && attempt >= GOODBYE_TRIES)

/** Taken by Twilio, or perhaps taken: it counts towards the ceiling on spending. */
export const mayCost = (outcome: SendOutcome): boolean =>
  outcome.kind === 'accepted' || outcome.kind === 'unsure'

/** By both clocks of this machine: the one that only grows stands still while the machine sleeps, the other may be set. */
export type Moment = { monotonicMs: number; wallMs: number }

export const momentOf = (clock: Clock): Moment => ({
  monotonicMs: clock.monotonicMs(),
  wallMs: clock.now().getTime(),
})

const ageMs = ({ monotonicMs, wallMs }: Moment, then: Moment) =>
  Math.max(monotonicMs - then.monotonicMs, Math.abs(wallMs - then.wallMs))

/** POSTs a claimed text unless the claim is older than the fence; null: fenced, surely nothing was sent. */
export async function post(
  context: Pick<SendContext, 'gateway' | 'clock'>,
  text: OutgoingText,
  claimedAt: Moment,
): Promise<{ outcome: SendOutcome; ms: number } | null> {
  const { gateway, clock } = context
  let started = claimedAt
  const mayStart = () => {
    started = momentOf(clock)
    return ageMs(started, claimedAt) <= LIMITS.fenceMs
  }
  const outcome = await gateway.send(text, mayStart)
  if (!outcome) textFenced({ ref: text.ref, ageMs: ageMs(started, claimedAt) })
  return outcome && { outcome, ms: clock.monotonicMs() - started.monotonicMs }
}

/** Writes the outcome of a POST, and does for the person what a refusal asks for. Keeps trying while Postgres is away. */
async function record(
  context: Pick<SendContext, 'pool'>,
  claim: ClaimedReply,
  outcome: SendOutcome,
): Promise<void> {
  const { pool } = context
  await persistently(async () => {
    switch (outcome.kind) {
      case 'accepted':
        return recordReplyAccepted(pool, claim.number, outcome.sid)
      case 'refused':
        // An answer waits until the account is in order, like any that was not sent; one too old by then is dropped.
        if (isOurFault(outcome.code) && !isItsOwnFault(outcome.code) && mayWait(claim))
          return unclaim(pool, claim, ACCOUNT_PAUSE_MS * Math.min(claim.attempt, PAUSES_MAX))
        return recordNotAccepted(
          pool,
          claim,
          consequenceOf(outcome.code) === 'left' ? 'opted_out' : 'failed',
          outcome.code,
        )
      case 'not-sent':
        return unclaim(pool, claim, outcome.retryAfterMs * (1 + Math.random()))
      case 'unsure':
        return recordNotAccepted(pool, claim, 'in_doubt', null)
    }
  })
  if (outcome.kind === 'refused') await applyConsequence(pool, claim.personId, outcome.code)
}

function validitySeconds(claim: ClaimedReply, window: SendWindow): number {
  const untilStale = claim.expiresAt
    ? (claim.expiresAt.getTime() - claim.now.getTime()) / 1_000
    : LIMITS.validitySecondsMax
  const untilClose = PROMPT_KINDS.includes(claim.kind)
    ? secondsUntilClose(claim.now, claim, window) - LIMITS.closingMarginSeconds
    : LIMITS.validitySecondsMax
  return Math.max(1, Math.min(LIMITS.validitySecondsMax, Math.floor(Math.min(untilStale, untilClose))))
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
