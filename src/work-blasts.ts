import { createTwilioGateway } from './adapters/twilio-gateway.js'
import type { Congress } from './congress/congress.js'
import type { Ground, Running } from './app.js'
import { isAgreed, minuteOfDay } from './blast/approval.js'
import { createFeeder } from './blast/feed.js'
import { startPaused } from './blast/start.js'
import { actionSays, createBlastWriter, type BlastWriter } from './blast/wording.js'
import { mainAction } from './conversation/answering.js'
import type { Action } from './conversation/action.js'
import { blastById, listBlasts, type BlastWording } from './db/blasts.js'
import type { Outage } from './db/serves.js'
import { BLAST_KINDS, fanOutPage } from './db/fan-out.js'
import type { TextInDoubt } from './db/in-doubt.js'
import type { Unsettled } from './db/restore.js'
import { OperatorError } from './errors.js'
import { fault } from './observability/events.js'
import { sendInvites } from './outbound/invite.js'
import { createOutages } from './outbound/outages.js'
import { createBlastSender, type BlastTexts } from './outbound/send-blast.js'
import type { Spending } from './outbound/spending.js'
import type { Pacing, Queues, Range, SmsGateway } from './ports.js'
import { repeat } from './repeat.js'

export type BlastLane = Running & {
  onRange(range: Range): Promise<void>
  /** The words of a blast's text in doubt, made again; null: they cannot be. */
  bodyOf: (doubt: TextInDoubt) => Promise<string | null>
  /** All the words a blast's text to her can have had. */
  bodiesOf: (text: Pick<Unsettled, 'ref' | 'state' | 'zip'>) => Promise<readonly string[]>
  /** The blasts that have not started and whose words can be made. */
  unstarted: () => Promise<number[]>
  /** Starts one of them and leaves it paused. */
  startPaused: (blastId: number) => Promise<void>
  /** Writes the texts still missing in paused blasts. */
  writePaused: () => Promise<void>
  /** The end of an outage of Postgres seen a short while ago: it holds claims back until every spool is drained. */
  outage: () => Outage | null
  /** Claims nothing more; ranges under way come to their end. */
  stop(): void
}

const FEED_EVERY_MS = 200
const LOOK_EVERY_MS = 500
const KEPT_MS = 1_000

/** The blast lane of one worker: sends ranges with connections of its own, and feeds all workers while it holds the lease. */
export function startBlastLane(
  ground: Ground,
  parts: {
    queues: Queues
    pacing: Pacing
    spending: Spending
    worker: string
    watched: (gateway: SmsGateway) => SmsGateway
  },
): BlastLane {
  const { config, pool, vault, clock, congress } = ground
  const actions = ground.actions()
  const { queues, pacing, spending, worker } = parts
  const gateway = parts.watched(
    createTwilioGateway({
      twilio: config.twilio,
      publicUrl: config.publicUrl,
      mac: vault.mac,
      connections: config.sendConcurrency,
    }),
  )
  const writers = new Map<string, BlastWriter>()
  const known = new Map<number, { atMs: number; texts: BlastTexts | null; maySend: boolean }>()

  function actionOf(name: string): Action {
    const action = actions.find((each) => each.name === name)
    if (!action)
      throw new OperatorError(
        `The action file ${name}.yaml was not in ACTIONS_DIR when this worker started. Put it back and restart the workers.`,
      )
    return action
  }

  // Not the day of their file: it may be corrected twice on one day. A table lasts a minute, and is looked at twice a second.
  const tables = new WeakMap<Congress, string>()
  function senatorsOf(table: Congress): string {
    const known = tables.get(table) ?? JSON.stringify(table.senators)
    tables.set(table, known)
    return known
  }

  const hasAction = ({ action }: { action: string }) => actions.some(({ name }) => name === action)

  /** Texts already written serve every range of a blast; new senators make new ones. */
  function writerOf(blast: { action: string; wording: BlastWording }): BlastWriter {
    const table = congress()
    const key = JSON.stringify([blast.action, blast.wording, senatorsOf(table)])
    let writer = writers.get(key)
    if (!writer) {
      if (writers.size > 50) writers.clear()
      const context = { action: actionOf(blast.action), congress: table, shortCode: config.twilio.sender }
      writers.set(key, (writer = createBlastWriter(blast.wording, context)))
    }
    return writer
  }

  const rulesOf = ({ action }: { action: string }) => ({
    window: config.sendWindow,
    said: actionSays(actionOf(action), config.twilio.sender),
    canary: config.canary,
    alertsPerMonth: actionOf(action).alertsPerMonth,
  })

  async function knownOf(blastId: number) {
    const last = known.get(blastId)
    if (last && clock.monotonicMs() - last.atMs < KEPT_MS) return last
    const blast = await blastById(pool, blastId)
    const texts = blast && {
      window:
        blast.opens === null || blast.closes === null
          ? config.sendWindow
          : { from: minuteOfDay(blast.opens), to: minuteOfDay(blast.closes) },
      alertsPerMonth: actionOf(blast.action).alertsPerMonth,
      tellsHowToStop: writerOf(blast).shape.tellsHowToStop,
      body: writerOf(blast).body,
    }
    // Another worker may have read what was agreed to, and goes on with it; else the feeder pauses it.
    const maySend = !blast?.approval || isAgreed(blast, rulesOf(blast))
    const now = { atMs: clock.monotonicMs(), texts, maySend }
    known.set(blastId, now)
    return now
  }

  /** null also where its action file is gone: what became of one text must not wait for that, nor everybody's answers behind it. */
  const textsAgain = (blastId: number): Promise<BlastTexts | null> =>
    knownOf(blastId).then(
      ({ texts }) => texts,
      (error: unknown) => {
        if (error instanceof OperatorError) return null
        throw error
      },
    )

  const outages = createOutages({ pool, clock, isNew: true })
  const looks = repeat(LOOK_EVERY_MS, () => outages.look(), 0)
  const outage = () => outages.last()

  const sender = createBlastSender({
    ...{ pool, gateway, pacing, vault, clock, spending, outage },
    async textsOf(blastId) {
      const { texts, maySend } = await knownOf(blastId)
      return maySend ? texts : null
    },
    concurrency: config.sendConcurrency,
    segmentsPerSecond: config.segmentsPerSecond,
  })
  const feeder = createFeeder({
    ...{ pool, queues, clock, writerOf, rulesOf },
    holder: worker,
    segmentsPerSecond: config.segmentsPerSecond,
  })
  const feeding = repeat(FEED_EVERY_MS, () => feeder.turn())
  const inviting = repeat(1_000, () =>
    sendInvites({
      ...{ pool, gateway, pacing, queues, vault, clock, spending, worker, outage },
      window: config.sendWindow,
      segmentsPerSecond: config.segmentsPerSecond,
      action: mainAction(actions),
      shortCode: config.twilio.sender,
    }),
  )
  return {
    onRange: (range) => sender.run(range),
    bodyOf: async ({ ref, state, zip, language, kind }) =>
      (await textsAgain(ref.blastId))?.body({ state, zip, language, kind }) ?? null,
    bodiesOf: async ({ ref, state, zip }) => {
      const texts = await textsAgain(ref.blastId)
      return ['en', 'es'].flatMap((language) =>
        BLAST_KINDS.flatMap((kind) => texts?.body({ state, zip, language, kind }) ?? []),
      )
    },
    async unstarted() {
      const blasts = await listBlasts(pool, ['draft', 'approved', 'scheduled', 'paused'])
      return blasts.filter((blast) => blast.startedAt === null && hasAction(blast)).map(({ id }) => id)
    },
    async startPaused(blastId) {
      const blast = await blastById(pool, blastId)
      if (!blast) return
      const { needsSenators } = writerOf(blast)
      await startPaused(pool, blastId, {
        needsSenators,
        alertsPerMonth: actionOf(blast.action).alertsPerMonth,
      })
    },
    async writePaused() {
      for (const blast of (await listBlasts(pool, ['paused'])).filter(hasAction))
        while ((await fanOutPage(pool, blast.id, writerOf(blast).shape)) !== null);
    },
    outage,
    stop: () => sender.stop(),
    async close() {
      await Promise.all([feeding.stop(), inviting.stop(), looks.stop()])
      await feeder.close().catch((error: unknown) => fault('close', error))
      await gateway.close()
    },
  }
}
