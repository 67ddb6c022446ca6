import type pg from 'pg'
import { logBlast } from '../db/blast-log.js'
import { pauseBlast, setState } from '../db/blast-states.js'
import {
  blastsToStart,
  judgedNow,
  listBlasts,
  lockBlast,
  type BlastRow,
  type BlastWording,
} from '../db/blasts.js'
import {
  dropIdleRanges,
  expireHeld,
  outstandingRanges,
  remainingTexts,
  startPass,
  takeLostRanges,
  takeNextRange,
  type Outstanding,
} from '../db/blast-ranges.js'
import { fanOutPage } from '../db/fan-out.js'
import { dropLease, takeLease } from '../db/leases.js'
import { transaction, type Db } from '../db/pool.js'
import { OperatorError } from '../errors.js'
import { blastDone, blastPaused, blastRefused, fault } from '../observability/events.js'
import type { Clock, Queues } from '../ports.js'
import { changedSince, eitherWay, isAgreed } from './approval.js'
import { createBreaker } from './break.js'
import { turnCanary } from './canary.js'
import { refuseStale } from './schedule.js'
import { pauseRefused, startBlast, type StartRules } from './start.js'
import { expireNeverOpen } from './too-late.js'
import type { BlastWriter } from './wording.js'

export type FeedContext = {
  pool: pg.Pool
  queues: Pick<Queues, 'announceRange'>
  clock: Clock
  /** Names this process in the lease. */
  holder: string
  segmentsPerSecond: number
  writerOf(blast: { action: string; wording: BlastWording }): BlastWriter
  rulesOf(blast: { action: string }): Omit<StartRules, 'needsSenators'>
}

export type Feeder = {
  /** One turn, some times a second. Only the process with the lease does anything. */
  turn(): Promise<void>
  close(): Promise<void>
}

const LEASE = 'feeder'
// Short: when the feeder is killed, another one takes over before the ranges announced ahead run out.
const LEASE_SECONDS = 1.5
const LEASE_EVERY_MS = 400
const TURN_MS_MAX = 500
// Announced at any time: some seconds of the rate, and never more than so many ranges.
const AHEAD_SECONDS = 4
const RANGE_SECONDS = 0.5
const RANGE_TEXTS_MAX = 2_000
const RANGES_AHEAD_MAX = 16
const LOST_AFTER_MS = 5_000
// A pass that found nothing is repeated after so many times its own duration, at the latest when the minute changes: windows and
// schedules begin with one.
const IDLE_TIMES = 20
const IDLE_MS_MIN = 500
// That reads all who wait.
const LET_GO_EVERY_MS = 600_000
const MINUTE_MS = 60_000

/** Feeds the workers: starts what is due, writes the texts page by page, announces ranges a little ahead, and ends what is done. */
export function createFeeder(context: FeedContext): Feeder {
  const { pool, clock, holder } = context
  const idleUntilMs = new Map<number, number>()
  const letGoAtMs = new Map<number, number>()
  const breaker = createBreaker(context)
  let leaseUntilMs = 0
  let renewAtMs = 0

  async function holdsLease(): Promise<boolean> {
    const nowMs = clock.monotonicMs()
    if (nowMs < renewAtMs) return nowMs < leaseUntilMs
    renewAtMs = nowMs + LEASE_EVERY_MS
    leaseUntilMs = (await takeLease(pool, LEASE, holder, LEASE_SECONDS)) ? nowMs + LEASE_SECONDS * 1_000 : 0
    return nowMs < leaseUntilMs
  }

  /** Writes the texts still missing. What it returns announces one range, and says whether there may be another. */
  async function turnBlast(blast: BlastRow, share: Share): Promise<() => Promise<boolean>> {
    const startedMs = clock.monotonicMs()
    const nothing = () => Promise.resolve(false)
    if (await pausedForOtherWords(blast)) return nothing
    if (blast.fannedOut < blast.people) {
      const { shape } = context.writerOf(blast)
      while (clock.monotonicMs() - startedMs < TURN_MS_MAX)
        if ((await fanOutPage(pool, blast.id, shape)) === null) break
    }
    const isIdle = clock.monotonicMs() < (idleUntilMs.get(blast.id) ?? 0)
    if (isIdle && (blast.canary === 'waiting' || blast.canary === 'sending')) return nothing
    const canary = await turnCanary(pool, blast)
    if (canary === null) await rest(blast, clock.monotonicMs() - startedMs)
    return canary && !isIdle ? announcer(blast, share) : nothing
  }

  /** This worker has read another action file than the desk, or one changed since, or has other hours: nobody agreed to that. */
  async function pausedForOtherWords(blast: BlastRow): Promise<boolean> {
    const rules = context.rulesOf(blast)
    if (!blast.approval || isAgreed(blast, rules)) return false
    const why = `work has ${changedSince(blast, rules)} than ${blast.approvedBy} approved by. ${eitherWay(blast.code)}`
    await pauseFor(blast.id, why)
    return true
  }

  /** Only somebody at the desk can mend it, and looks there. */
  async function pauseFor(blastId: number, why: string): Promise<void> {
    if (await pauseBlast(pool, blastId, 'Text Action', why)) blastPaused({ blastId, why })
  }

  function announcer(blast: BlastRow, share: Share): () => Promise<boolean> {
    const max = rangeTexts(context.segmentsPerSecond)
    let after = blast.fedUpTo
    let passMs = 0
    let { segments, ranges } = share
    return async () => {
      if (segments >= share.segmentsMax || ranges >= share.rangesMax) return false
      const startedMs = clock.monotonicMs()
      const range = await takeNextRange(pool, blast.id, { after, max, early: blast.canary === 'sending' })
      passMs += clock.monotonicMs() - startedMs
      if (!range) {
        await atEnd(blast, ranges, passMs)
        return false
      }
      segments += range.segments
      ranges += 1
      after = range.upTo
      await context.queues.announceRange(range)
      return true
    }
  }

  /** Up to the end nothing may go. Once all ranges are finished: another pass for what could not go in this one, or the end. */
  async function atEnd(blast: BlastRow, ranges: number, passMs: number): Promise<void> {
    if (ranges > 0) return
    if (blast.fedUpTo > 0) return startPass(pool, blast.id)
    if (!(await isOver(blast))) await rest(blast, passMs)
  }

  /** Nothing of it may go: not to be looked at again for a while. Who waits for an hour that never comes is let go. */
  async function rest(blast: BlastRow, lookMs: number): Promise<void> {
    if (clock.monotonicMs() >= (letGoAtMs.get(blast.id) ?? 0)) {
      await expireNeverOpen(pool, blast.id, context.rulesOf(blast).window)
      letGoAtMs.set(blast.id, clock.monotonicMs() + LET_GO_EVERY_MS)
    }
    const untilMinuteMs = MINUTE_MS - (clock.now().getTime() % MINUTE_MS)
    const idleMs = Math.min(Math.max(IDLE_MS_MIN, lookMs * IDLE_TIMES), untilMinuteMs)
    idleUntilMs.set(blast.id, clock.monotonicMs() + idleMs)
  }

  async function isOver(blast: BlastRow): Promise<boolean> {
    if (blast.fannedOut < blast.people || blast.canary === 'waiting' || blast.canary === 'sending')
      return false
    if (await hasTextsLeft(pool, blast.id)) return false
    return transaction(pool, async (tx) => {
      const now = await lockBlast(tx, blast.id)
      if (now?.state !== 'running' || now.fannedOut < now.people) return false
      if (await hasTextsLeft(tx, blast.id)) return false // somebody has just had some sent once more
      await expireHeld(tx, blast.id)
      await setState(tx, blast.id, 'done')
      await logBlast(tx, blast.id, 'Text Action', 'done')
      blastDone({ blastId: blast.id })
      return true
    })
  }

  /** Texts that may still go, or are on their way. */
  async function hasTextsLeft(db: Db, blastId: number): Promise<boolean> {
    const left = await remainingTexts(db, blastId)
    return left.claimed > 0 || left.pending > left.held
  }

  async function startDue(): Promise<void> {
    for (const blast of await blastsToStart(pool)) {
      try {
        refuseStale(blast, [], await judgedNow(pool))
        const { needsSenators } = context.writerOf(blast)
        await startBlast(pool, blast.id, 'Text Action', { ...context.rulesOf(blast), needsSenators })
      } catch (error) {
        // Whatever it is, the others go on.
        if (!(error instanceof OperatorError)) {
          fault('feeder', error, { blastId: blast.id })
          continue
        }
        await pauseRefused(pool, blast.id, error.message)
        blastRefused({ blastId: blast.id, why: error.message })
      }
    }
  }

  return {
    async turn() {
      if (!(await holdsLease())) return
      await startDue()
      const running = await listBlasts(pool, ['running'])
      await dropIdleRanges(pool)
      if (running.length === 0) {
        idleUntilMs.clear()
        return letGoAtMs.clear()
      }
      for (const range of await takeLostRanges(pool, LOST_AFTER_MS)) await context.queues.announceRange(range)
      const outstanding = await outstandingRanges(pool)
      // The oldest first, and each its share, one range of each in turn: two at once go at half the rate each.
      const announcers: { blastId: number; announceNext: () => Promise<boolean> }[] = []
      const attempt = async (blastId: number, work: () => Promise<boolean>): Promise<boolean> => {
        try {
          return await work()
        } catch (error) {
          if (error instanceof OperatorError) await pauseFor(blastId, error.message)
          else fault('feeder', error, { blastId })
          return false
        }
      }
      for (const blast of running.reverse())
        await attempt(blast.id, async () => {
          if (await breaker.trips(blast)) return false
          const share = shareOf(context.segmentsPerSecond, running.length, blast.id, outstanding)
          announcers.push({ blastId: blast.id, announceNext: await turnBlast(blast, share) })
          return true
        })
      while (announcers.length > 0)
        for (const each of [...announcers])
          if (!(await attempt(each.blastId, each.announceNext)))
            announcers.splice(announcers.indexOf(each), 1)
    },
    async close() {
      if (leaseUntilMs > 0) await dropLease(pool, LEASE, holder)
    },
  }
}

type Share = { segments: number; ranges: number; segmentsMax: number; rangesMax: number }

function shareOf(
  segmentsPerSecond: number,
  blasts: number,
  id: number,
  outstanding: readonly Outstanding[],
): Share {
  const now = outstanding.find(({ blastId }) => blastId === id)
  return {
    segments: now?.segments ?? 0,
    ranges: now?.ranges ?? 0,
    segmentsMax: Math.max(1, (segmentsPerSecond * AHEAD_SECONDS) / blasts),
    rangesMax: Math.max(2, Math.floor(RANGES_AHEAD_MAX / blasts)),
  }
}

const rangeTexts = (segmentsPerSecond: number) =>
  Math.max(1, Math.min(RANGE_TEXTS_MAX, Math.floor(segmentsPerSecond * RANGE_SECONDS)))
