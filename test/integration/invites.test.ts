import { systemClock } from '../../src/adapters/system-clock.js'
import { createTwilioGateway } from '../../src/adapters/twilio-gateway.js'
import { createVault } from '../../src/adapters/vault.js'
import { sendInvites, type InviteContext } from '../../src/outbound/invite.js'
import type { SmsGateway } from '../../src/ports.js'
import { startSimulator, type Simulator } from '../../src/simulator/server.js'
import { ACTION } from '../support/play.js'
import { freshDatabase, type FreshDatabase } from '../support/services.js'

const ACCOUNT = `AC${'0'.repeat(32)}`
const vault = createVault(Buffer.alloc(32, 7).toString('base64'))

let database: FreshDatabase
let simulator: Simulator
let gateway: SmsGateway
beforeEach(async () => {
  database = await freshDatabase()
  simulator = await startSimulator({
    botUrl: 'http://127.0.0.1:9',
    accountSid: ACCOUNT,
    authToken: 'token',
    receipts: false,
  })
  gateway = createTwilioGateway({
    twilio: {
      accountSid: ACCOUNT,
      authTokens: ['token'],
      sender: '235246',
      messagingServiceSid: null,
      apiUrl: simulator.url,
    },
    publicUrl: 'http://127.0.0.1:9',
    mac: vault.mac,
    connections: 2,
  })
})
afterEach(async () => {
  await simulator.stop()
  await gateway.close()
  await database.drop()
})

const context = (more: Partial<InviteContext> = {}): InviteContext => ({
  pool: database.pool,
  gateway,
  pacing: { take: () => Promise.resolve(0) },
  queues: { announceReplies: () => undefined },
  vault,
  clock: systemClock,
  window: { from: 0, to: 1_440 },
  worker: 'one',
  segmentsPerSecond: 100,
  action: ACTION,
  shortCode: '235246',
  ...more,
})

async function listed(phone: string, language = 'en', unreachable: string | null = null): Promise<void> {
  await database.pool.query(
    `insert into people (phone_hash, phone_sealed, standing, language, unreachable, zone, other_zone, unasked)
     values ($1, $2, 'invited', $3, $4, 'America/Chicago', 'America/Chicago', true)`,
    [vault.hash(phone), vault.seal(phone), language, unreachable],
  )
}

const heard = (phone: string) => simulator.thread(phone).map(({ body }) => body)
const asked = [expect.stringContaining('Reply JOIN')]

test('everybody on the list is asked once, in her language, however often it is looked', async () => {
  await listed('+12055550101')
  await listed('+12055550102', 'es')
  for (let look = 0; look < 3; look++) await sendInvites(context())
  expect(heard('+12055550101')).toEqual(asked)
  expect(heard('+12055550102')).toEqual([expect.stringContaining('Responde JOIN')])
})

test('two workers that look at once ask her once', async () => {
  await listed('+12055550101')
  await Promise.all(['one', 'two', 'three'].map((worker) => sendInvites(context({ worker }))))
  expect(heard('+12055550101')).toEqual(asked)
})

test('a number known to be dead is not asked', async () => {
  await listed('+12055550101', 'en', 'number gone')
  await sendInvites(context())
  expect(heard('+12055550101')).toEqual([])
})

test('a long list goes at half the rate: so many a look', async () => {
  for (let n = 0; n < 30; n++) await listed(`+1205555${String(100 + n).padStart(4, '0')}`)
  await sendInvites(context({ segmentsPerSecond: 20 }))
  expect(simulator.journal.totals()['accepted']).toBe(10)
  await sendInvites(context({ segmentsPerSecond: 20 }))
  expect(simulator.journal.totals()['accepted']).toBe(20)
})

test('outside her hours the question waits, and is not asked at all if she has left by then', async () => {
  const here = new Date(new Date().toLocaleString('en-US', { timeZone: 'America/Chicago' }))
  const closed = here.getHours() < 12 ? { from: 1_380, to: 1_439 } : { from: 1, to: 60 }
  await listed('+12055550101')
  await listed('+12055550102')
  await sendInvites(context({ window: closed }))
  expect(simulator.journal.totals()).toEqual({})
  await database.pool.query(
    `update people set standing = 'left', left_at = clock_timestamp() where phone_hash = $1`,
    [vault.hash('+12055550102')],
  )
  await database.pool.query('update texts_out set not_before = now()')
  await sendInvites(context())
  expect(heard('+12055550101')).toEqual(asked)
  expect(heard('+12055550102')).toEqual([])
})

test('the day has had its segments: nobody is asked', async () => {
  await listed('+12055550101')
  await sendInvites(context({ spending: { add: () => undefined, allowsBlasts: () => false } }))
  expect(heard('+12055550101')).toEqual([])
})

test('who once asked us for HELP and later stands on a list is asked too', async () => {
  await listed('+12055550101')
  await database.pool.query(`update people set stop_shown_at = now() - interval '1 month'`)
  await sendInvites(context())
  expect(heard('+12055550101')).toEqual(asked)
})
