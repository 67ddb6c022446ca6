// Each stage of a blast's text by itself, as the worker runs it: the program's own functions, one after the other.
import { createRedisPacing } from '../../dist/adapters/redis-pacing.js'
import { openRedis } from '../../dist/adapters/redis.js'
import { createTwilioGateway } from '../../dist/adapters/twilio-gateway.js'
import { createVault } from '../../dist/adapters/vault.js'
import { loadActions } from '../../dist/adapters/action-files.js'
import { createBlastWriter } from '../../dist/blast/wording.js'
import { bundledTable } from '../../dist/congress/bundled.js'
import { buildCongress } from '../../dist/congress/congress.js'
import { claimBlastTexts } from '../../dist/db/blast-claim.js'
import { recordBlastOutcomes } from '../../dist/db/blast-outcomes.js'
import { openPool } from '../../dist/db/pool.js'
import { startLog } from '../../dist/observability/log.js'
import { textSent } from '../../dist/observability/events.js'
import { takeIncomingReceipts } from '../../dist/outbound/receipt.js'
import { answerOrders } from './answering.mjs'
import { BODY } from './body.mjs'

// As many as a worker has in flight.
const AT_ONCE = 64
const RULES = { alertsPerMonth: 8, outage: null, tellsHowToStop: true, early: false }

let parts
let blastId
let texts = []

const inBatches = async (work) => {
  for (let first = 0; first < texts.length; first += AT_ONCE) await work(texts.slice(first, first + AT_ONCE))
}

const STAGES = {
  async rate() {
    await inBatches((batch) => parts.pacing.take('blasts', batch.length))
  },
  async claim({ people }) {
    texts = []
    for (let after = 0; texts.length < people;) {
      const range = { blastId, after, upTo: Number.MAX_SAFE_INTEGER }
      const { claimed, upTo } = await claimBlastTexts(parts.pool, range, AT_ONCE, RULES)
      if (claimed.length === 0) throw new Error(`only ${texts.length} of ${people} were claimed`)
      texts.push(...claimed)
      after = upTo
    }
  },
  encryption() {
    for (const text of texts) text.to = parts.vault.open(text.phoneSealed)
  },
  render() {
    for (const text of texts) text.body = parts.writer.body(text)
  },
  async POST() {
    await inBatches((batch) =>
      Promise.all(
        batch.map(async (text) => {
          const { ref, to, body } = text
          text.outcome = await parts.gateway.send({ ref, to, body, validitySeconds: 14_400 }, () => true)
        }),
      ),
    )
  },
  log() {
    for (const { ref, kind, segments, outcome } of texts)
      textSent({ lane: 'blasts', ref, kind, segments, inReplyTo: null, outcome, ms: 1 })
  },
  async record() {
    await inBatches((batch) =>
      recordBlastOutcomes(
        parts.pool,
        batch.map(({ ref, attempt, outcome }) => ({
          ...{ ref, attempt, status: 'accepted', messageSid: outcome.sid, errorCode: null },
        })),
      ),
    )
  },
  async receipt() {
    for (const status of ['sent', 'delivered'])
      await inBatches((batch) =>
        takeIncomingReceipts(
          parts.pool,
          batch.map(({ ref, outcome }) => ({ ref, messageSid: outcome.sid, status, errorCode: null })),
        ),
      )
  },
}

answerOrders({
  async open({ databaseUrl, redisUrl, apiUrl, phoneKey, publicUrl, accountSid, authToken, logFile }) {
    startLog({ level: 'info', file: logFile })
    const vault = createVault(phoneKey)
    const twilio = {
      ...{ accountSid, authTokens: [authToken], sender: '235246', messagingServiceSid: null, apiUrl },
    }
    const pool = openPool(databaseUrl, { max: 4 })
    const { rows } = await pool.query('select id, wording from blasts')
    blastId = rows[0].id
    parts = {
      pool,
      vault,
      pacing: createRedisPacing(openRedis([redisUrl], 'queue'), 'stages', 1_000_000),
      gateway: createTwilioGateway({ twilio, publicUrl, mac: vault.mac, connections: AT_ONCE }),
      writer: createBlastWriter(rows[0].wording, {
        action: loadActions('actions')[0],
        congress: buildCongress(bundledTable),
        shortCode: '235246',
      }),
    }
    return Object.keys(STAGES)
  },
  async stage({ name, people }) {
    const before = process.cpuUsage()
    const begun = performance.now()
    await STAGES[name]({ people })
    const { user, system } = process.cpuUsage(before)
    const us = (value) => Number((value / people).toPrecision(3))
    return { own: us(user + system), wall: us((performance.now() - begun) * 1_000) }
  },
})
