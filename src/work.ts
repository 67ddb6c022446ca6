import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { createQueues, startWorkers } from './adapters/bullmq-queues.js'
import { createRedisConversations } from './adapters/redis-conversations.js'
import { createRedisPacing } from './adapters/redis-pacing.js'
import { openRedis } from './adapters/redis.js'
import { createTwilioGateway } from './adapters/twilio-gateway.js'
import { createInboundList } from './adapters/twilio-inbound.js'
import type { Ground, Running } from './app.js'
import { letNumbersGo } from './db/forgetting.js'
import { purge, takeDailyTurn } from './db/retention.js'
import { handleMail, handleOldMail } from './inbound/handle.js'
import { takeMissed } from './inbound/missed.js'
import { createReceiver } from './inbound/receive.js'
import { createRefusals } from './inbound/refusals.js'
import { fault, textsPurged } from './observability/events.js'
import { showLimits } from './observability/metrics.js'
import { putInDoubt, settleDoubts } from './outbound/in-doubt.js'
import { meteredPacing } from './outbound/metered-pacing.js'
import { createOwnReplies } from './outbound/own-replies.js'
import { settleRestored } from './outbound/restored.js'
import { sendReply, sendReplyNow } from './outbound/send.js'
import { createSpending } from './outbound/spending.js'
import { steadyPacing } from './outbound/steady-pacing.js'
import { sweepReplies } from './outbound/sweep.js'
import type { SmsGateway } from './ports.js'
import { repeat } from './repeat.js'
import { isTwilio } from './settings.js'
import { startBlastLane } from './work-blasts.js'
import { startWatch, type Watch } from './work-watch.js'

const RESTORED_EVERY_MS = 5_000
const MAIL_SLOTS = 16
const RANGE_SLOTS = 2
const REPLY_SLOTS_MAX = 64

export type Work = Running & Pick<Watch, 'stalled'>

/** The workers: apply texts, send answers, settle doubts. A sweep does what a lost wake-up call did not announce. */
export function startWork(ground: Ground): Work {
  const { config, pool, vault, clock, congress } = ground
  const quick = openRedis(ground.stores.redisUrls, 'quick')
  const blocking = openRedis(ground.stores.redisUrls, 'queue')
  const queues = createQueues(quick, ground.tracing?.telemetry)
  const worker = `${hostname()}-${process.pid}-${randomUUID()}`
  const outage = () => blasts.outage()
  const watch = startWatch(ground, {
    ...{ redis: quick, worker, outage },
    allowsBlasts: () => spending.allowsBlasts(),
  })
  const around = (lane: 'replies' | 'blasts') => (inner: SmsGateway) =>
    watch.watched(lane, traced(inner, ground.tracing))
  const gateway = around('replies')(
    createTwilioGateway({
      twilio: config.twilio,
      publicUrl: config.publicUrl,
      mac: vault.mac,
      connections: config.sendConcurrency,
    }),
  )
  const shared = createRedisPacing(
    quick,
    config.twilio.messagingServiceSid ?? config.twilio.sender,
    config.segmentsPerSecond,
  )
  const window = config.sendWindow
  const conversations = createRedisConversations(quick)
  // Half of the POSTs that answers may have in flight are for what this worker writes, half for what others announce.
  const replySlots = Math.min(REPLY_SLOTS_MAX, config.sendConcurrency)
  const own = createOwnReplies(
    Math.floor(replySlots / 2),
    (reply) => sendReplyNow(sending, reply),
    (replies) => queues.announceReplies(replies),
  )
  const handling = {
    pool,
    conversations,
    queues: own,
    vault,
    clock,
    congress,
    actions: ground.actions(),
    shortCode: config.twilio.sender,
    window,
  }
  const pacing = meteredPacing(steadyPacing(shared, config.segmentsPerSecond, clock))
  const spending = createSpending({
    pool,
    worker,
    segmentsPerDay: config.segmentsPerDay,
  })
  showLimits(config)
  const sending = { pool, gateway, pacing, queues: own, vault, clock, window, spending, outage }
  const blasts = startBlastLane(ground, {
    ...{ queues, pacing, spending, worker },
    watched: around('blasts'),
  })
  // Until the first look no blast may go, and a range put down for that comes again only seconds later.
  const looked = spending.flush().catch((error: unknown) => fault('spending', error))
  const workers = startWorkers(
    blocking,
    {
      onMail: (personId) => handleMail(handling, personId),
      onReply: (reply) => sendReply(sending, reply),
      onRange: (range) => looked.then(() => blasts.onRange(range)),
      onFault: fault,
    },
    { mail: MAIL_SLOTS, replies: Math.ceil(replySlots / 2), ranges: RANGE_SLOTS },
    ground.tracing?.telemetry,
  )
  const oldMail = repeat(1_000, () => handleOldMail(handling))
  const sweep = repeat(1_000, () =>
    sweepReplies({
      ...{ pool, outage, hasRedis: () => quick.status === 'ready' },
      announce: (replies) => queues.announceReplies(replies),
      begin: (replies) => own.announceReplies(replies),
      send: (reply) => sendReply(sending, reply),
    }),
  )
  const forgetting = repeat(1_000, async () => {
    for (const personId of await letNumbersGo(pool)) await conversations.drop(personId)
  })
  // Not in the same turn: where Twilio is slow that may take minutes.
  const expiring = repeat(5_000, () => putInDoubt({ pool }))
  const doubts = repeat(5_000, () => settleDoubts({ pool, gateway, vault, blastBody: blasts.bodyOf }))
  const missing = {
    pool,
    list: createInboundList(config.twilio, isTwilio(config.twilio.apiUrl)),
    receive: createReceiver({ pool, vault, queues, clock }),
    now: () => clock.now(),
    refusals: createRefusals(),
  }
  const missed = repeat(60_000, () => takeMissed(missing), 1_000)
  const restored = repeat(
    RESTORED_EVERY_MS,
    () =>
      settleRestored({
        ...{ pool, gateway, vault, worker },
        blastBodies: blasts.bodiesOf,
        unstarted: blasts.unstarted,
        startPaused: blasts.startPaused,
        writePaused: blasts.writePaused,
        takeMissed: () => takeMissed(missing),
      }),
    0,
  )
  const counting = repeat(1_000, () => spending.flush())
  const closing = new AbortController()
  const purging = repeat(600_000, async () => {
    if (await takeDailyTurn(pool)) textsPurged(await purge(pool, config, closing.signal))
  })
  return {
    stalled: watch.stalled,
    async close() {
      closing.abort()
      blasts.stop()
      await watch.close()
      await Promise.all([
        oldMail.stop(),
        sweep.stop(),
        forgetting.stop(),
        expiring.stop(),
        doubts.stop(),
        missed.stop(),
        restored.stop(),
        purging.stop(),
        counting.stop(),
      ])
      await workers.close()
      await own.close()
      await blasts.close()
      await spending.flush().catch((error: unknown) => fault('close', error))
      await gateway.close()
      await queues.close()
      blocking.disconnect()
      quick.disconnect()
    },
  }
}

/** The same gateway, each POST a span of its own. */
const traced = (gateway: SmsGateway, tracing: Ground['tracing']): SmsGateway =>
  tracing
    ? {
        ...gateway,
        send: (text, mayStart) => tracing.span('POST a text', () => gateway.send(text, mayStart)),
      }
    : gateway
