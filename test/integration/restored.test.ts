import { createTwilioGateway } from '../../src/adapters/twilio-gateway.js'
import { createVault } from '../../src/adapters/vault.js'
import { claimBlastTexts } from '../../src/db/blast-claim.js'
import { inboundCompleteUntil, setInboundComplete } from '../../src/db/missed.js'
import type { Ground } from '../../src/app.js'
import { systemClock } from '../../src/adapters/system-clock.js'
import { holdRestored, readHold, stillMissing } from '../../src/db/restore.js'
import type { Spending } from '../../src/outbound/spending.js'
import { startBlastLane, type BlastLane } from '../../src/work-blasts.js'
import { claimReply } from '../../src/db/texts-out.js'
import { settleDoubts } from '../../src/outbound/in-doubt.js'
import { settleRestored, type RestoredContext } from '../../src/outbound/restored.js'
import type { SmsGateway } from '../../src/ports.js'
import { startSimulator, type Simulator } from '../../src/simulator/server.js'
import { startEchoBot, type EchoBot } from '../support/echo-bot.js'
import { freshDatabase, type FreshDatabase } from '../support/services.js'

const ACCOUNT = `AC${'0'.repeat(32)}`
const vault = createVault(Buffer.alloc(32, 7).toString('base64'))
const WORDS = 'Call today. STOP to cancel.'
const RULES = { alertsPerMonth: 8, outage: null, tellsHowToStop: true, early: false }

let database: FreshDatabase
let twilio: EchoBot
let simulator: Simulator
let gateway: SmsGateway
beforeEach(async () => {
  database = await freshDatabase()
  twilio = await startEchoBot('token')
  simulator = await startSimulator({
    ...{ botUrl: twilio.url, accountSid: ACCOUNT, authToken: 'token', receipts: false },
  })
  const account = { accountSid: ACCOUNT, authTokens: ['token'], sender: '235246', messagingServiceSid: null }
  gateway = createTwilioGateway({
    twilio: { ...account, apiUrl: simulator.url },
    ...{ publicUrl: twilio.url, mac: vault.mac, connections: 4 },
  })
  await inboundCompleteUntil(database.pool)
})
afterEach(async () => {
  await gateway.close()
  await simulator.stop()
  await twilio.close()
  await database.drop()
})

let codes = 0
/** A running blast with a text to each of these, none of which is known to have left. */
async function blastTo(...phones: string[]): Promise<number> {
  const { rows } = await database.pool.query<{ id: number }>(
    `insert into blasts (code, name, action, wording, created_by, state, opens, closes, started_at, people, fanned_out)
     values ($1, 'vote', 'pro-act', '{}', 'lee', 'running', '00:00', '24:00', now(), $2, $2) returning id`,
    [`b${++codes}`, phones.length],
  )
  const id = rows[0]?.id ?? 0
  for (const phone of phones)
    await database.pool.query(
      `with p as (insert into people (phone_hash, phone_sealed, standing) values ($1, $2, 'joined')
                  on conflict (phone_hash) do update set zip = people.zip returning id)
       insert into texts_out (blast_id, number, person_id, kind) select $3, id, id, 'blast' from p`,
      [vault.hash(phone), vault.seal(phone), id],
    )
  return id
}

const send = (to: string, body: string) =>
  gateway.send({ ref: { blastId: 9, number: 9 }, to, body, validitySeconds: 600 }, () => true)

const claimable = async (blastId: number) =>
  (await claimBlastTexts(database.pool, { blastId, after: 0, upTo: 1e12 }, 100, RULES)).claimed.length

const settle = (parts: Partial<RestoredContext> = {}) =>
  settleRestored({
    ...{ pool: database.pool, gateway, vault, worker: 'w1' },
    blastBodies: () => Promise.resolve([WORDS]),
    takeMissed: () => setInboundComplete(database.pool, new Date(Date.now() + 60_000)),
    writePaused: () => Promise.resolve(),
    unstarted: () => Promise.resolve([]),
    startPaused: () => Promise.reject(new Error('none was to be started')),
    ...parts,
  })

const row = async (blastId: number) => {
  const { rows } = await database.pool.query<{ status: string; sid: string | null; alerts: number }>(
    `select t.status, t.message_sid as sid, cardinality(p.alerted) as alerts
       from texts_out t join people p on p.id = t.number where blast_id = $1`,
    [blastId],
  )
  return rows[0]
}

test('while it is held nothing is claimed, neither of a blast nor an answer; settled, all that had not left may go', async () => {
  const blastId = await blastTo('+12055550100')
  const { rows } = await database.pool.query<{ number: number }>(
    `insert into texts_out (person_id, kind, body_sealed) select id, 'help', $1 from people returning number`,
    [vault.seal('Help')],
  )
  const number = rows[0]?.number ?? 0
  await holdRestored(database.pool)
  expect(await claimable(blastId)).toBe(0)
  expect(await claimReply(database.pool, number)).toBeNull()
  await settle()
  expect(await readHold(database.pool)).toBeNull()
  expect(await claimable(blastId)).toBe(1)
  expect(await claimReply(database.pool, number)).not.toBeNull()
})

test('a text that had left is bound, with its alert counted; the same person may have had another one', async () => {
  const blastId = await blastTo('+12055550100')
  const sent = await send('+12055550100', WORDS)
  await send('+12055550100', 'Of a blast that nobody here knows of')
  await holdRestored(database.pool)
  await settle()
  expect(await row(blastId)).toEqual({
    status: 'accepted',
    sid: sent?.kind === 'accepted' ? sent.sid : '',
    alerts: 1,
  })
})

test('something with other words had left to her: it may have been hers, so she is in doubt and not texted again', async () => {
  const blastId = await blastTo('+12055550100')
  const untouched = await blastTo('+12055550101')
  await send('+12055550100', 'Call today: the senators of then.')
  await holdRestored(database.pool)
  await settle()
  expect(await row(blastId)).toEqual({ status: 'in_doubt', sid: null, alerts: 1 })
  expect(await claimable(blastId)).toBe(0)
  expect(await claimable(untouched)).toBe(1)
})

test("while Twilio's list cannot be read all stays held", async () => {
  const blastId = await blastTo('+12055550100')
  await send('+12055550100', WORDS)
  await holdRestored(database.pool)
  await simulator.stop()
  await expect(settle()).rejects.toThrow()
  expect(await claimable(blastId)).toBe(0)
  expect(await readHold(database.pool)).not.toBeNull()
})

test('ids given out after the copy was made are not given out again: their receipts would meet another text', async () => {
  const next = async () => {
    const { rows } = await database.pool.query<{ number: number }>(
      `insert into texts_out (person_id, kind) values (0, 'help') returning number`,
    )
    return rows[0]?.number ?? 0
  }
  const last = await next()
  const { since } = await holdRestored(database.pool)
  const first = await next()
  expect(first - last).toBeGreaterThan(1_000_000)
  expect((await holdRestored(database.pool)).since).toEqual(since)
  expect((await next()) - first).toBe(1)
})

/** The blast lane of a worker that has no action file. */
function laneWithoutActions(): BlastLane {
  const account = { accountSid: ACCOUNT, authTokens: ['token'], sender: '235246', messagingServiceSid: null }
  const config = {
    ...{ twilio: { ...account, apiUrl: simulator.url }, publicUrl: twilio.url, sendConcurrency: 1 },
    ...{ sendWindow: { from: 0, to: 1_440 }, segmentsPerSecond: 1, canary: false },
  }
  const ground = { config, pool: database.pool, vault, clock: systemClock, actions: () => [] }
  return startBlastLane(ground as unknown as Ground, {
    queues: {
      announceMail: () => undefined,
      announceReplies: () => undefined,
      announceRange: () => Promise.resolve(),
      close: () => Promise.resolve(),
    },
    pacing: { take: () => Promise.resolve(0) },
    spending: { allowsBlasts: () => true } as unknown as Spending,
    worker: 'w1',
    watched: (inner) => inner,
  })
}

test('a blast paused long ago, whose action file is gone, keeps nobody waiting: who was texted since is in doubt of it, the others are settled', async () => {
  const paused = await blastTo('+12055550100', '+12055550101')
  await database.pool.query(`update blasts set state = 'paused' where id = $1`, [paused])
  const statuses = async () => {
    const { rows } = await database.pool.query<{ status: string }>(
      'select status from texts_out where blast_id = $1 order by number',
      [paused],
    )
    return rows.map(({ status }) => status)
  }
  await send('+12055550100', 'An answer of which the copy knows nothing')
  await holdRestored(database.pool)
  const lane = laneWithoutActions()
  try {
    await settle({ blastBodies: lane.bodiesOf, writePaused: lane.writePaused, unstarted: lane.unstarted })
    expect(await readHold(database.pool)).toBeNull()
    expect(await statuses()).toEqual(['in_doubt', 'pending'])
    // ... and that doubt is settled by the list, like any other whose words cannot be made again.
    const timing = { leaseMs: 30_000, firstPollMs: 0, pollMs: 0 }
    await settleDoubts({ pool: database.pool, gateway, vault, timing, blastBody: lane.bodyOf })
    expect(await statuses()).toEqual(['accepted', 'pending'])
  } finally {
    lane.stop()
    await lane.close()
  }
})

test('what a restore waits for names the blasts, so that somebody can put their action file back, or cancel them', async () => {
  const [unwritten, due] = [await blastTo('+12055550100'), await blastTo('+12055550100')]
  const { rows } = await database.pool.query<{ code: string }>(
    `update blasts set state = case when id = $1 then 'paused' else 'scheduled' end::blast_state, people = 2,
            first_at = now() - interval '1 hour', started_at = case when id = $1 then now() end
      where id = any ($2) returning code`,
    [unwritten, [unwritten, due]],
  )
  const [first = '', second = ''] = rows.map(({ code }) => code).sort()
  const hold = await holdRestored(database.pool)
  await setInboundComplete(database.pool, new Date(Date.now() + 60_000))
  expect(await stillMissing(database.pool, hold)).toContain(second)
  await database.pool.query(`update blasts set state = 'cancelled' where id = $1`, [due])
  expect(await stillMissing(database.pool, hold)).toContain(first)
  await database.pool.query(`update blasts set state = 'cancelled' where id = $1`, [unwritten])
  expect(await stillMissing(database.pool, hold)).toBeNull()
})
