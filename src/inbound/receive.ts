import type pg from 'pg'
import { createBatches } from '../db/batches.js'
import { judgeEach } from '../compliance/opt-out.js'
import { hasOpenClaim, leave } from '../db/leaving.js'
import { transaction } from '../db/pool.js'
import {
  recordTextIn,
  recordTextsIn,
  type Judged,
  type NewTextIn,
  type RecordedText,
} from '../db/texts-in.js'
import type { Judgement } from '../compliance/verdict.js'
import type { Clock, Queues, Vault } from '../ports.js'
import { LIMITS } from '../limits.js'
import { personLeft, textReceived } from '../observability/events.js'

export type InboundText = {
  messageSid: string
  /** E.164 */
  from: string
  body: string
  mediaCount: number
  optOutType: 'STOP' | 'START' | 'HELP' | null
  /** null: just now, by the database's clock, which also tells when she left. */
  receivedAt: Date | null
}

/** As a web process has just heard it, with the time by its own clock. */
export type HeardText = InboundText & { receivedAt: Date }

export type ReceiveContext = { pool: pg.Pool; vault: Vault; queues: Queues; clock: Clock }

/**
 * Judges a text and records it once; a STOP takes the person out in the same transaction, and is answered only when no worker
 * can still be about to text her. After it resolves, the text cannot be lost.
 */
export type Receive = (inbound: InboundText) => Promise<void>

const BATCH_MAX = 100

/** What takes in texts. Those that come at about the same time, from people we know, are one commit. */
export function createReceiver(context: ReceiveContext): Receive {
  const { pool } = context
  const batches = createBatches<NewTextIn, RecordedText>({
    keyOf: personOf,
    gatherMs: 0,
    max: BATCH_MAX,
    takeAll: (texts) => recordTextsIn(pool, texts, LIMITS.takeMs),
    takeAlone: (text) => (mayLeave(text) ? recordAndLeave(pool, text) : recordTextIn(pool, text)),
  })
  return (inbound) =>
    receive(context, inbound, {
      stay: batches.take,
      leave: (text) => batches.alone(personOf(text), () => recordAndLeave(pool, text)),
    })
}

/** A bare 1 takes her out only after we have asked her whether to stop: whether we have is seen under her lock. */
const mayLeave = ({ open, held }: NewTextIn) => open.verdict === 'leave' || held.verdict === 'leave'

const personOf = ({ phoneHash }: NewTextIn) => phoneHash.toString('base64')

type Record = (text: NewTextIn) => Promise<RecordedText>

async function receive(
  { pool, vault, queues, clock }: ReceiveContext,
  inbound: InboundText,
  record: { stay: Record; leave: Record },
): Promise<void> {
  const started = clock.monotonicMs()
  const body = inbound.body.slice(0, LIMITS.inboundCharsMax)
  const { open, held } = judgedAs(body, inbound.optOutType)
  const text: NewTextIn = {
    messageSid: inbound.messageSid,
    phoneHash: vault.hash(inbound.from),
    sealPhone: () => vault.seal(inbound.from),
    bodySealed: vault.seal(body),
    mediaCount: inbound.mediaCount,
    open,
    held,
    optOutType: inbound.optOutType,
    receivedAt: inbound.receivedAt,
  }
  const recorded = await (open.verdict === 'leave' ? record.leave(text) : record.stay(text))
  if (recorded.verdict === 'leave') await untilNothingIsOnItsWay(pool, clock, recorded.personId)
  queues.announceMail(inbound.messageSid, recorded.personId)
  textReceived({
    messageSid: inbound.messageSid,
    verdict: recorded.verdict,
    isNew: recorded.isNew,
    chars: body.length,
    ms: clock.monotonicMs() - started,
  })
}

/** Where Twilio answered by itself (Advanced Opt-Out), the carrier's word is enough whatever the text says. */
function judgedAs(body: string, optOutType: InboundText['optOutType']): { open: Judged; held: Judged } {
  if (optOutType) {
    const carriers: Judged =
      optOutType === 'STOP'
        ? { verdict: 'leave', rule: 'STOP, answered by the carrier' }
        : { verdict: 'stay', rule: null }
    return { open: carriers, held: carriers }
  }
  const { open, held } = judgeEach(body)
  return { open: named(open), held: named(held) }
}

function named({ verdict, rule }: Judgement): Judged {
  return { verdict, rule: verdict === 'stay' ? null : rule }
}

/** For a text that may be a leave: recorded, and where it is one she is out, in one transaction. */
async function recordAndLeave(pool: pg.Pool, text: NewTextIn): Promise<RecordedText> {
  return transaction(pool, async (tx) => {
    const recorded = await recordTextIn(tx, text)
    if (!recorded.isNew || recorded.verdict !== 'leave') return recorded
    const left = await leave(tx, {
      personId: recorded.personId,
      kind: 'left',
      via: text.optOutType === 'STOP' ? 'carrier' : 'text',
      textId: recorded.id,
      wordsSealed: text.bodySealed,
      messageSid: text.messageSid,
      rule: recorded.rule,
    })
    if (left) personLeft({ via: 'text' })
    return recorded
  })
}

/** A claim made before her STOP may be POSTed until the fence; her 200 waits for it, so that after it nothing leaves. */
async function untilNothingIsOnItsWay(pool: pg.Pool, clock: Clock, personId: number): Promise<void> {
  const deadline = clock.monotonicMs() + LIMITS.stopWaitMs
  while (clock.monotonicMs() < deadline) {
    if (!(await hasOpenClaim(pool, personId, LIMITS.stopWaitMs))) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
