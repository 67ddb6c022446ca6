import { systemClock } from '../../src/adapters/system-clock.js'
import { createTwilioGateway } from '../../src/adapters/twilio-gateway.js'
import { createVault } from '../../src/adapters/vault.js'
import { takeLostRanges } from '../../src/db/blast-ranges.js'
import { createBlastSender } from '../../src/outbound/send-blast.js'
import type { SmsGateway } from '../../src/ports.js'
import { startSimulator } from '../../src/simulator/server.js'
import { freshDatabase, type FreshDatabase } from '../support/services.js'

const vault = createVault(Buffer.alloc(32, 7).toString('base64'))
const other = createVault(Buffer.alloc(32, 8).toString('base64'))
const PHONES = ['+12055550101', '+12055550102', '+12055550103']
const BLAST = 1

test('a number that this key does not open costs nobody else her text, and she is not texted blindly', async () => {
  const database = await freshDatabase()
  const { pool } = database
  const accountSid = `AC${'0'.repeat(32)}`
  const account = { botUrl: 'http://127.0.0.1:9', accountSid, authToken: 'token', receipts: false }
  const simulator = await startSimulator(account)
  const twilio = { accountSid, authTokens: ['token'], sender: '235246', messagingServiceSid: null }
  const gateway = createTwilioGateway({
    twilio: { ...twilio, apiUrl: simulator.url },
    publicUrl: 'http://127.0.0.1:9',
    mac: vault.mac,
    connections: 4,
  })
  try {
    await pool.query(
      `insert into blasts (code, name, state, action, wording, created_by, opens, closes, people, fanned_out)
       values ('vote1', 'vote', 'running', 'pro-act', '{"en": "call"}', 'lee', '00:00', '24:00', 3, 3)`,
    )
    for (const [n, phone] of PHONES.entries())
      await pool.query(
        `with her as (insert into people (phone_hash, phone_sealed, standing) values ($1, $2, 'joined') returning id)
         insert into texts_out (blast_id, number, person_id, kind) select ${BLAST}, id, id, 'blast' from her`,
        [vault.hash(phone), (n === 1 ? other : vault).seal(phone)],
      )
    const { rows } = await pool.query<{ id: number }>(
      'insert into blast_ranges (blast_id, after, up_to, texts, segments) values (1, 0, 3, 3, 3) returning id',
    )
    const sender = createBlastSender({
      ...{ pool, gateway, vault, clock: systemClock, concurrency: 4, segmentsPerSecond: 1_000 },
      pacing: { take: () => Promise.resolve(0) },
      spending: { add: () => undefined, allowsBlasts: () => true },
      outage: () => null,
      textsOf: () =>
        Promise.resolve({
          ...{ window: { from: 0, to: 1_440 }, alertsPerMonth: 8, tellsHowToStop: true },
          body: () => 'call',
        }),
    })
    const range = {
      id: rows[0]?.id ?? 0,
      blastId: BLAST,
      after: 0,
      upTo: 3,
      texts: 3,
      segments: 3,
      early: false,
    }
    await sender.run(range)
    expect(PHONES.map((phone) => simulator.thread(phone).length)).toEqual([1, 0, 1])
    const { rows: texts } = await pool.query<{ status: string }>(
      'select status from texts_out order by number',
    )
    expect(texts.map(({ status }) => status)).toEqual(['accepted', 'claimed', 'accepted'])
  } finally {
    await gateway.close()
    await simulator.stop()
    await database.drop()
  }
})

describe('while Twilio refuses everybody for a while', () => {
  let database: FreshDatabase
  beforeEach(async () => {
    database = await freshDatabase()
    await database.pool.query(
      `insert into blasts (code, name, state, action, wording, created_by, opens, closes, people, fanned_out)
       values ('vote1', 'vote', 'running', 'pro-act', '{"en": "call"}', 'lee', '00:00', '24:00', 3, 3)`,
    )
    await database.pool.query(
      `with her as (insert into people (phone_hash, phone_sealed, standing) select int4send(n), $2, 'joined' from generate_series(1, 3) n returning id)
       insert into texts_out (blast_id, number, person_id, kind) select $1, id, id, 'blast' from her`,
      [BLAST, vault.seal('+12055550101')],
    )
  })
  afterEach(() => database.drop())

  test('for hours, the calls to the ranges that wait behind do not pile up in Redis; one just lost comes again in seconds', async () => {
    const { pool } = database
    await pool.query(
      'insert into blast_ranges (blast_id, after, up_to, texts, segments) values (1, 0, 3, 3, 3)',
    )
    /** How often it is called while it lies there for so many seconds. */
    const calls = async (seconds: number) => {
      let count = 0
      for (let at = 0; at < seconds; at += 2) {
        await pool.query(
          `update blast_ranges set announced_at = announced_at - interval '2 s', seen_at = seen_at - interval '2 s'`,
        )
        count += (await takeLostRanges(pool, 5_000)).length
      }
      return count
    }
    expect(await calls(8)).toBe(1)
    expect(await calls(600)).toBeLessThan(20)
    await pool.query('update blast_ranges set announced_at = now(), seen_at = now()')
    expect(await calls(8)).toBe(1)
  })

  test('the rate is left to answers, and its range is not called again and again', async () => {
    const { pool } = database
    const range = { blastId: BLAST, after: 0, upTo: 3, texts: 3, segments: 3, early: false }
    const { rows } = await pool.query<{ id: number }>(
      'insert into blast_ranges (blast_id, after, up_to, texts, segments) values (1, 0, 3, 3, 3) returning id',
    )
    let granted = 0
    let posts = 0
    const sender = createBlastSender({
      ...{ pool, vault, clock: systemClock, concurrency: 4, segmentsPerSecond: 1 },
      pacing: { take: (_lane, segments) => Promise.resolve((granted += segments) && 0) },
      gateway: {
        send: () => Promise.resolve({ kind: 'not-sent', why: 'refused', retryAfterMs: ++posts && 60_000 }),
      } as unknown as SmsGateway,
      spending: { add: () => undefined, allowsBlasts: () => true },
      outage: () => null,
      textsOf: () =>
        Promise.resolve({
          ...{ window: { from: 0, to: 1_440 }, alertsPerMonth: 8, tellsHowToStop: true },
          body: () => 'call',
        }),
    })
    const running = sender.run({ ...range, id: rows[0]?.id ?? 0 })
    await new Promise((resolve) => setTimeout(resolve, 4_000))
    expect(granted).toBeLessThanOrEqual(posts + 1)
    expect(await takeLostRanges(pool, 2_500)).toEqual([])
    sender.stop()
    await running
  }, 10_000)
})
