import type pg from 'pg'
import type { ClaimedBlastText } from '../db/blast-claim.js'
import { recordBlastOutcomes, unclaimBlastTexts, type BlastOutcome } from '../db/blast-outcomes.js'
import { pauseAllBlasts, pauseBlast } from '../db/blast-states.js'
import { fault, blastPaused } from '../observability/events.js'
import type { Clock, SendOutcome } from '../ports.js'
import { applyConsequence } from './consequences.js'
import { consequenceOf, isOurFault, wordsFor } from './error-codes.js'
import { persistently } from './persistently.js'

export type BlastRecorder = {
  posted(claim: ClaimedBlastText, outcome: SendOutcome): void
  /** The claim was too old to be POSTed: surely nothing was sent. */
  fenced(claim: ClaimedBlastText): void
  /** Her text could not be written: it names senators, and she has none any more. */
  unwritable(claim: ClaimedBlastText): void
  /** Waits while too much stands unwritten. */
  hasRoom(): Promise<void>
  /** Waits until all that was posted before is on record. */
  flushed(): Promise<void>
  /** So long nothing should be claimed: Twilio asked us to wait, is not there, or fails with all. */
  pausedMs(): number
}

// One commit for what comes in within a few milliseconds; at most so many texts are in doubt when the worker is killed just then.
const GATHER_MS = 5
const GATHER_MAX = 64
const UNWRITTEN_MAX = 256
const PAUSE_MAX_MS = 30_000
const FAILURES_IN_ROW_MAX = 20
const UNSURE_PAUSE_MS = 1_000

type Unsent = { claim: ClaimedBlastText; delayMs: number; ourFault?: number }

/** By blast, what is at fault. Texts of several blasts come back together, and only one of these may be. */
const faultsIn = (back: readonly Unsent[]) =>
  new Map(back.flatMap(({ claim, ourFault }) => (ourFault ? [[claim.ref.blastId, ourFault]] : [])))

/** Writes what came of POSTs, many in one statement, and does what a refusal asks for. Keeps trying while Postgres is away. */
export function createBlastRecorder({ pool, clock }: { pool: pg.Pool; clock: Clock }): BlastRecorder {
  let outcomes: BlastOutcome[] = []
  let unsent: Unsent[] = []
  let timer: NodeJS.Timeout | null = null
  let writing: Promise<void> = Promise.resolve()
  let unwritten = 0
  let pausedUntilMs = 0
  let pauseMs = 0
  const failuresInRow = new Map<number, number>()
  let unsureInRow = 0

  function gather(): void {
    unwritten += 1
    if (outcomes.length + unsent.length >= GATHER_MAX) return flush()
    timer ??= setTimeout(flush, GATHER_MS)
  }

  function flush(): void {
    if (timer) clearTimeout(timer)
    timer = null
    const [done, back] = [outcomes, unsent]
    outcomes = []
    unsent = []
    if (done.length + back.length === 0) return
    const before = writing
    writing = Promise.all([before, write(done, back)]).then(() => undefined)
  }

  async function write(done: BlastOutcome[], back: Unsent[]): Promise<void> {
    try {
      if (done.length > 0) await persistently(() => recordBlastOutcomes(pool, done))
      // Before they are given back: paused, nobody claims them again.
      for (const [blastId, code] of faultsIn(back)) await persistently(() => pauseFor(blastId, code))
      const delayMs = Math.max(0, ...back.map((each) => each.delayMs))
      if (back.length > 0)
        await persistently(() =>
          unclaimBlastTexts(
            pool,
            back.map(({ claim }) => claim),
            delayMs,
          ),
        )
      for (const { errorCode, ref } of done)
        if (errorCode !== null)
          await applyConsequence(pool, ref.number, errorCode).catch((error: unknown) =>
            fault('consequence', error),
          )
    } catch (error) {
      fault('record-blast', error) // the lease makes them in doubt: nobody is texted twice
    } finally {
      unwritten -= done.length + back.length
    }
  }

  async function pauseFor(blastId: number, code: number): Promise<void> {
    const why = `${wordsFor(code)} (${code})`
    if (consequenceOf(code) === 'stop-all') {
      for (const id of await pauseAllBlasts(pool, 'Text Action', why)) blastPaused({ blastId: id, why })
    } else if (await pauseBlast(pool, blastId, 'Text Action', why)) blastPaused({ blastId, why })
  }

  /** Refusals in a row, whatever their codes: something is wrong with all of them. */
  function countFailure(blastId: number, isFailure: boolean): void {
    const count = isFailure ? (failuresInRow.get(blastId) ?? 0) + 1 : 0
    // From the start again: whoever lets it go on is told again.
    failuresInRow.set(blastId, count < FAILURES_IN_ROW_MAX ? count : 0)
    if (count < FAILURES_IN_ROW_MAX) return
    const why = `${count} texts were refused in a row`
    void pauseBlast(pool, blastId, 'Text Action', why)
      .then((paused) => paused && blastPaused({ blastId, why }))
      .catch((error: unknown) => fault('breaker', error))
  }

  function hold(retryAfterMs: number): void {
    pauseMs = Math.min(PAUSE_MAX_MS, Math.max(retryAfterMs, pauseMs * 2))
    pausedUntilMs = clock.monotonicMs() + pauseMs * (0.5 + Math.random() / 2)
  }

  return {
    posted(claim, outcome) {
      const { ref, attempt } = claim
      unsureInRow = outcome.kind === 'unsure' ? unsureInRow + 1 : 0
      switch (outcome.kind) {
        case 'accepted':
          pauseMs = 0
          countFailure(ref.blastId, false)
          outcomes.push({ ref, attempt, status: 'accepted', messageSid: outcome.sid, errorCode: null })
          break
        case 'refused': {
          if (isOurFault(outcome.code)) {
            unsent.push({ claim, delayMs: 0, ourFault: outcome.code })
            break
          }
          const left = consequenceOf(outcome.code) === 'left'
          countFailure(ref.blastId, !left)
          const status = left ? 'opted_out' : 'failed'
          outcomes.push({ ref, attempt, status, messageSid: null, errorCode: outcome.code })
          break
        }
        case 'not-sent':
          // All that are in flight are refused at once: one of them is enough to hold.
          if (clock.monotonicMs() >= pausedUntilMs) hold(outcome.retryAfterMs)
          unsent.push({ claim, delayMs: outcome.retryAfterMs })
          break
        case 'unsure':
          // Twilio fails with all of them: whoever is texted meanwhile is in doubt for hours, and then has not had it.
          if (unsureInRow >= FAILURES_IN_ROW_MAX && clock.monotonicMs() >= pausedUntilMs)
            hold(UNSURE_PAUSE_MS)
          outcomes.push({ ref, attempt, status: 'in_doubt', messageSid: null, errorCode: null })
          break
      }
      gather()
    },
    fenced(claim) {
      unsent.push({ claim, delayMs: 0 })
      gather()
    },
    unwritable({ ref, attempt }) {
      outcomes.push({ ref, attempt, status: 'cancelled', messageSid: null, errorCode: null })
      gather()
    },
    async hasRoom() {
      while (unwritten > UNWRITTEN_MAX) {
        flush()
        await writing
      }
    },
    async flushed() {
      flush()
      await writing
    },
    pausedMs: () => Math.max(0, pausedUntilMs - clock.monotonicMs()),
  }
}
