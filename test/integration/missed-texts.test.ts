import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createInboundList } from '../../src/adapters/twilio-inbound.js'
import { systemClock } from '../../src/adapters/system-clock.js'
import { createVault } from '../../src/adapters/vault.js'
import { inboundCompleteUntil } from '../../src/db/missed.js'
import { takeMissed, type MissedContext } from '../../src/inbound/missed.js'
import { createReceiver } from '../../src/inbound/receive.js'
import { createRefusals } from '../../src/inbound/refusals.js'
import type { Queues } from '../../src/ports.js'
import { startSimulator, type Simulator } from '../../src/simulator/server.js'
import { freePort } from '../support/free-port.js'
import { freshDatabase, type FreshDatabase } from '../support/services.js'

const ACCOUNT = `AC${'0'.repeat(32)}`
const vault = createVault(Buffer.alloc(32, 5).toString('base64'))
const queues: Queues = {
  announceMail: () => undefined,
  announceReplies: () => undefined,
  announceRange: () => Promise.resolve(),
  close: () => Promise.resolve(),
}
const phone = '+12055550100'

let database: FreshDatabase
let simulator: Simulator
let context: MissedContext

/** A Twilio that calls a web part which is not there. */
async function world(service?: string): Promise<void> {
  simulator = await startSimulator({
    botUrl: `http://127.0.0.1:${await freePort()}`,
    accountSid: ACCOUNT,
    authToken: 'token',
    ...(service && { messagingServiceSid: service }),
  })
  const twilio = {
    accountSid: ACCOUNT,
    authTokens: ['token'],
    sender: '235246',
    messagingServiceSid: service ?? null,
    apiUrl: simulator.url,
  }
  const { pool } = database
  context = {
    pool,
    list: createInboundList(twilio, false),
    receive: createReceiver({ pool, vault, queues, clock: systemClock }),
    now: () => new Date(),
    refusals: createRefusals(),
    timing: { onItsWayMs: 0, overlapMs: 120_000 },
  }
  await takeMissed(context)
}

beforeEach(async () => {
  database = await freshDatabase()
})
afterEach(async () => {
  await simulator.stop()
  await database.drop()
})

const say = async (body: string, from = phone) => {
  const { answer } = await simulator.send({ from, body })
  expect(answer.status).toBeNull()
}

async function texts(): Promise<string[]> {
  const { rows } = await database.pool.query<{ body_sealed: Buffer }>(
    'select body_sealed from texts_in order by id',
  )
  return rows.map((row) => vault.open(row.body_sealed))
}

test('what she texted while no web part answered is taken in, in her order, once', async () => {
  await world()
  for (const body of ['WORK', '35020', 'HELP']) await say(body)
  await takeMissed(context)
  expect(await texts()).toEqual(['WORK', '35020', 'HELP'])
  await takeMissed(context)
  await Promise.all([takeMissed(context), takeMissed(context)])
  expect(await texts()).toHaveLength(3)
})

test('a STOP among them counts, and stands at the time at which she sent it', async () => {
  await world()
  await say('STOP')
  const sentAt = Date.now()
  await takeMissed(context)
  const { rows } = await database.pool.query<{ standing: string; left_at: Date }>(
    'select standing, left_at from people',
  )
  expect(rows[0]?.standing).toBe('left')
  // Twilio tells whole seconds.
  expect(Math.abs((rows[0]?.left_at.getTime() ?? 0) - sentAt)).toBeLessThan(2_000)
})

test('a text whose webhook may still be on its way is left to it', async () => {
  await world()
  await say('WORK')
  const before = await inboundCompleteUntil(database.pool)
  await takeMissed({ ...context, timing: { onItsWayMs: 20_000, overlapMs: 120_000 } })
  expect(await texts()).toEqual([])
  // ... and is not forgotten: the time up to which all is here has not passed it.
  expect((await inboundCompleteUntil(database.pool)).getTime()).toBe(before.getTime())
  await takeMissed(context)
  expect(await texts()).toEqual(['WORK'])
})

test('behind a Messaging Service it works the same', async () => {
  await world(`MG${'0'.repeat(32)}`)
  await say('WORK')
  await takeMissed(context)
  expect(await texts()).toEqual(['WORK'])
})

test('a first start takes in nothing from before it', async () => {
  simulator = await startSimulator({
    botUrl: `http://127.0.0.1:${await freePort()}`,
    accountSid: ACCOUNT,
    authToken: 'token',
  })
  await say('WORK')
  const twilio = {
    accountSid: ACCOUNT,
    authTokens: ['token'],
    sender: '235246',
    messagingServiceSid: null,
    apiUrl: simulator.url,
  }
  const { pool } = database
  await takeMissed({
    pool,
    list: createInboundList(twilio, false),
    receive: createReceiver({ pool, vault, queues, clock: systemClock }),
    now: () => new Date(),
    refusals: createRefusals(),
    timing: { onItsWayMs: 0, overlapMs: -1_500 },
  })
  expect(await texts()).toEqual([])
})

test('more than one page of them comes in whole', async () => {
  await world()
  const bodies = Array.from({ length: 1_050 }, (_, i) => `text ${i}`)
  for (const body of bodies) await say(body)
  await takeMissed(context)
  expect((await texts()).toSorted()).toEqual(bodies.toSorted())
}, 60_000)

test('while Twilio cannot be asked, nothing is taken for complete', async () => {
  await world()
  await say('WORK')
  const before = await inboundCompleteUntil(database.pool)
  const away = { ...context, list: { since: () => Promise.reject(new Error('503')) } }
  await expect(takeMissed(away)).rejects.toThrow('503')
  expect(await inboundCompleteUntil(database.pool)).toEqual(before)
  await takeMissed(context)
  expect(await texts()).toEqual(['WORK'])
})

test.each([429, 503, 403])(
  'while Twilio answers %i to which numbers are ours, what people texted to them is not taken for complete',
  async (status) => {
    const service = `MG${'0'.repeat(32)}`
    await world(service)
    const before = await inboundCompleteUntil(database.pool)
    const answers = (url = '') =>
      url.includes('/PhoneNumbers') ? status : url.includes('/ShortCodes') ? 404 : 200
    const twilio = createServer(({ url }, response) => {
      response.writeHead(answers(url), { 'content-type': 'application/json' }).end('{"messages":[]}')
    })
    await once(twilio.listen(0, '127.0.0.1'), 'listening')
    const { port } = twilio.address() as AddressInfo
    const settings = { accountSid: ACCOUNT, authTokens: ['token'], sender: '235246' }
    const list = createInboundList(
      { ...settings, messagingServiceSid: service, apiUrl: `http://127.0.0.1:${port}` },
      false,
    )
    try {
      await expect(takeMissed({ ...context, list })).rejects.toThrow(String(status))
    } finally {
      twilio.close()
    }
    expect(await inboundCompleteUntil(database.pool)).toEqual(before)
  },
)

test('after weeks without a worker, or a copy from before a blast to all, the list of what they texted is long: it comes in whole', async () => {
  await world()
  const before = await inboundCompleteUntil(database.pool)
  const pages = 120
  const twilio = createServer(({ url = '' }, response) => {
    const page = Number(/Page=(\d+)/.exec(url)?.[1] ?? 0)
    const message = {
      ...{
        sid: `SM${String(page).padStart(32, '0')}`,
        from: phone,
        body: `text ${pages - page}`,
        num_media: '0',
      },
      ...{ direction: 'inbound', date_created: new Date().toUTCString() },
    }
    const next_page_uri = page < pages - 1 ? `/Messages.json?Page=${page + 1}` : null
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ messages: [message], next_page_uri }))
  })
  await once(twilio.listen(0, '127.0.0.1'), 'listening')
  const { port } = twilio.address() as AddressInfo
  const settings = { accountSid: ACCOUNT, authTokens: ['token'], sender: '235246', messagingServiceSid: null }
  const list = createInboundList({ ...settings, apiUrl: `http://127.0.0.1:${port}` }, false)
  const now = () => new Date(Date.now() + 5_000)
  await takeMissed({ ...context, list, now })
  await takeMissed({ ...context, list, now })
  twilio.close()
  expect((await texts()).toSorted()).toEqual(
    Array.from({ length: pages }, (_, n) => `text ${n + 1}`).toSorted(),
  )
  expect((await inboundCompleteUntil(database.pool)).getTime()).toBeGreaterThan(before.getTime())
})

test('a phone that is no US number is passed over, as by the webhook', async () => {
  await world()
  await say('WORK', '+442071234567')
  await say('HELP')
  await takeMissed(context)
  expect(await texts()).toEqual(['HELP'])
})

test('one whose text cannot be taken in keeps nobody else waiting, and hers come in later, in her order', async () => {
  await world()
  const before = await inboundCompleteUntil(database.pool)
  for (const body of ['first', 'second']) await say(body)
  await say('STOP', '+12055550101')
  const failing: MissedContext = {
    ...context,
    receive: (text) =>
      text.body === 'first' ? Promise.reject(new Error('Query read timeout')) : context.receive(text),
  }
  await takeMissed(failing)
  expect(await texts()).toEqual(['STOP'])
  // Nothing is taken for complete: the next look finds hers.
  expect(await inboundCompleteUntil(database.pool)).toEqual(before)
  await takeMissed(context)
  expect(await texts()).toEqual(['STOP', 'first', 'second'])
  expect((await inboundCompleteUntil(database.pool)).getTime()).toBeGreaterThan(before.getTime())
})

test('a text that Postgres can never take is told of and passed over after ten looks: nobody else waits for it, and her later ones come in', async () => {
  await world()
  const before = await inboundCompleteUntil(database.pool)
  for (const body of ['broken', 'WORK']) await say(body)
  const failing: MissedContext = {
    ...context,
    receive: (text) =>
      text.body === 'broken'
        ? Promise.reject(Object.assign(new Error('invalid byte sequence'), { code: '22021' }))
        : context.receive(text),
  }
  for (let look = 1; look <= 9; look++) await takeMissed(failing)
  expect(await texts()).toEqual([])
  expect(await inboundCompleteUntil(database.pool)).toEqual(before)
  await takeMissed(failing)
  expect(await texts()).toEqual(['WORK'])
  expect((await inboundCompleteUntil(database.pool)).getTime()).toBeGreaterThan(before.getTime())
})

test('one that only has to wait, however often it is looked at, is never passed over', async () => {
  await world()
  const before = await inboundCompleteUntil(database.pool)
  await say('STOP')
  const receive = () => Promise.reject(Object.assign(new Error('no room'), { code: '53100' }))
  for (let look = 1; look <= 12; look++) await takeMissed({ ...context, receive })
  expect(await inboundCompleteUntil(database.pool)).toEqual(before)
  await takeMissed(context)
  expect(await texts()).toEqual(['STOP'])
})

test('a worker whose clock is hours ahead has looked: a STOP that is missed after that is found all the same', async () => {
  await world()
  await takeMissed({ ...context, now: () => new Date(Date.now() + 2 * 3_600_000) })
  const { rows } = await database.pool.query<{ isToCome: boolean }>(
    `select value::timestamptz > clock_timestamp() as "isToCome" from deployment where key = 'inbound-complete-until'`,
  )
  expect(rows).toEqual([{ isToCome: false }])
  await say('STOP')
  await takeMissed(context)
  expect(await texts()).toEqual(['STOP'])
})

test('all is marked as looked through up to a time that is still to come, by a version before: it is looked through again', async () => {
  await world()
  await say('STOP')
  await database.pool.query(
    `update deployment set value = (now() + interval '2 hours')::text where key = 'inbound-complete-until'`,
  )
  await takeMissed(context)
  expect(await texts()).toEqual(['STOP'])
})
