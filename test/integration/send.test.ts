import { createServer as createWebServer, type ServerResponse } from 'node:http'
import { createServer } from 'node:net'
import { once } from 'node:events'
import type pg from 'pg'
import { systemClock } from '../../src/adapters/system-clock.js'
import { createTwilioGateway } from '../../src/adapters/twilio-gateway.js'
import { createVault } from '../../src/adapters/vault.js'
import { dueReplies } from '../../src/db/texts-out.js'
import { createOutages } from '../../src/outbound/outages.js'
import { sendReply, sendReplyNow, type SendContext } from '../../src/outbound/send.js'
import type { SmsGateway } from '../../src/ports.js'
import { startSimulator, type Simulator } from '../../src/simulator/server.js'
import { startEchoBot, type EchoBot } from '../support/echo-bot.js'
import { freePort } from '../support/free-port.js'
import { freshDatabase, type FreshDatabase } from '../support/services.js'

const ACCOUNT = `AC${'0'.repeat(32)}`
const vault = createVault(Buffer.alloc(32, 7).toString('base64'))
const ALWAYS_OPEN = { from: 0, to: 1_440 }

let database: FreshDatabase
let bot: EchoBot
let simulator: Simulator
const gateways: SmsGateway[] = []

beforeEach(async () => {
  database = await freshDatabase()
  bot = await startEchoBot('token')
  simulator = await startSimulator({
    botUrl: bot.url,
    accountSid: ACCOUNT,
    authToken: 'token',
    receipts: false,
  })
})
afterEach(async () => {
  await simulator.stop()
  for (const gateway of gateways.splice(0)) await gateway.close()
  await bot.close()
  await database.drop()
})

function context(more: Partial<SendContext> = {}, apiUrl = simulator.url, token = 'token'): SendContext {
  const gateway = createTwilioGateway({
    twilio: {
      accountSid: ACCOUNT,
      authTokens: [token],
      sender: '235246',
      messagingServiceSid: null,
      apiUrl,
    },
    publicUrl: bot.url,
    mac: vault.mac,
    connections: 2,
  })
  gateways.push(gateway)
  return {
    pool: database.pool,
    gateway,
    pacing: { take: () => Promise.resolve(0) },
    queues: { announceReplies: () => undefined },
    vault,
    clock: systemClock,
    window: ALWAYS_OPEN,
    ...more,
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** An answer that waits for somebody who has joined. */
async function waiting(phone: string, { kind = 'senators', expires = "interval '6 hours'" } = {}) {
  const { rows } = await database.pool.query<{ number: number }>(
    `with person as (
       insert into people (phone_hash, phone_sealed, standing, zone, other_zone)
       values ($1, $2, 'joined', 'America/Chicago', 'America/Chicago')
       on conflict (phone_hash) do update set standing = people.standing returning id)
     insert into texts_out (blast_id, person_id, kind, body_sealed, segments, not_before, expires_at, status)
     select 0, id, $3, $4, 1, now(), now() + ${expires}, 'pending' from person returning number`,
    [vault.hash(phone), vault.seal(phone), kind, vault.seal('Your senators')],
  )
  return { number: rows[0]?.number ?? 0, segments: 1 }
}

async function row({ number }: { number: number }) {
  const { rows } = await database.pool.query<{
    status: string
    error_code: number | null
    attempts: number
    message_sid: string | null
    later: boolean
  }>(
    `select status, error_code, attempts, message_sid, not_before > now() as later from texts_out
      where blast_id = 0 and number = $1`,
    [number],
  )
  return rows[0]
}

async function person(phone: string) {
  const { rows } = await database.pool.query<{
    standing: string
    unreachable: string | null
    owes_apology: boolean
  }>('select standing, unreachable, owes_apology from people where phone_hash = $1', [vault.hash(phone)])
  return rows[0]
}

const posts = () =>
  simulator.journal
    .read()
    .filter(({ kind }) => kind === 'post')
    .map((entry) => ('outcome' in entry ? entry.outcome : ''))

test('an answer goes once, however many workers have heard of it, and Twilio names it', async () => {
  const reply = await waiting('+12055550101')
  const one = context()
  await Promise.all(Array.from({ length: 8 }, () => sendReply(one, reply)))
  expect(await row(reply)).toMatchObject({ status: 'accepted', attempts: 1 })
  expect((await row(reply))?.message_sid).toMatch(/^SM[0-9a-f]{32}$/)
  expect(posts()).toEqual(['accepted'])
})

test('21610: the carrier knew first that she left, and so do we from now on', async () => {
  const reply = await waiting('+12055550153')
  await sendReply(context(), reply)
  expect(await row(reply)).toMatchObject({ status: 'opted_out', error_code: 21610 })
  expect(await person('+12055550153')).toMatchObject({ standing: 'left' })
  const { rows } = await database.pool.query('select kind, via, rule from consents')
  expect(rows).toEqual([{ kind: 'left', via: 'carrier', rule: '21610: opted out at the carrier' }])
})

test('21211: a number that is none gets no blast any more; she has not left', async () => {
  const reply = await waiting('+12055550154')
  await sendReply(context(), reply)
  expect(await row(reply)).toMatchObject({ status: 'failed', error_code: 21211 })
  expect(await person('+12055550154')).toMatchObject({
    standing: 'joined',
    unreachable: 'not a valid number',
  })
})

test('429: surely not sent, so it goes once more after a pause', async () => {
  const reply = await waiting('+12055550155')
  const one = context()
  await sendReply(one, reply)
  expect(await row(reply)).toMatchObject({ status: 'pending', attempts: 1, later: true })
  await sendReply(one, reply) // before its time: not claimed
  expect(await row(reply)).toMatchObject({ attempts: 1 })
  await database.pool.query('update texts_out set not_before = now() where number = $1', [reply.number])
  await sendReply(one, reply)
  expect(await row(reply)).toMatchObject({ status: 'accepted', attempts: 2 })
  expect(posts().filter((outcome) => outcome === 'accepted')).toHaveLength(1)
})

test('429: her second answer waits for her first', async () => {
  const [first, second] = [await waiting('+12055550155'), await waiting('+12055550155')]
  const one = context()
  await sendReply(one, first)
  await sendReply(one, second)
  expect(await row(second)).toMatchObject({ status: 'pending', attempts: 0 })
  await database.pool.query('update texts_out set not_before = now() where number = $1', [first.number])
  await sendReply(one, first)
  await sendReply(one, second)
  expect(await row(first)).toMatchObject({ status: 'accepted' })
  expect(await row(second)).toMatchObject({ attempts: 1 }) // its turn has come
})

test('while her first answer waits as Twilio asked, the sweep does not call her second again and again', async () => {
  const [first, second] = [await waiting('+12055550155'), await waiting('+12055550155')]
  await sendReply(context(), first)
  expect(await dueReplies(database.pool, 0, 10)).toEqual([])
  await database.pool.query('update texts_out set not_before = now() where number = $1', [first.number])
  expect(await dueReplies(database.pool, 0, 10)).toEqual([first])
  await database.pool.query(`update texts_out set status = 'accepted' where number = $1`, [first.number])
  expect(await dueReplies(database.pool, 0, 10)).toEqual([second])
})

test('a Retry-After of a day is not believed: she waits for two minutes at most', async () => {
  const twilio = createWebServer(
    (request, response) =>
      void request.resume().on('end', () => response.writeHead(429, { 'retry-after': '86400' }).end('{}')),
  )
  await once(twilio.listen(0, '127.0.0.1'), 'listening')
  const { port } = twilio.address() as { port: number }
  const reply = await waiting('+12055550101')
  await sendReply(context({}, `http://127.0.0.1:${port}`), reply)
  const { rows } = await database.pool.query(
    `select not_before < now() + interval '121 s' as soon from texts_out where number = $1`,
    [reply.number],
  )
  expect(rows).toEqual([{ soon: true }])
  twilio.close()
})

test('a question that waits for its turn among thousands does not keep her answers', async () => {
  await waiting('+12055550101', { kind: 'invite' })
  const answer = await waiting('+12055550101')
  expect(await dueReplies(database.pool, 0, 10)).toEqual([answer])
  await sendReply(context(), answer)
  expect(await row(answer)).toMatchObject({ status: 'accepted' })
})

test('while her STOP may lie in a spool no answer goes; that of a web process that died keeps only what nobody asked for', async () => {
  const [answer, nudge] = [await waiting('+12055550101'), await waiting('+12055550102', { kind: 'nudge' })]
  const send = () => Promise.all([answer, nudge].map((reply) => sendReply(context(), reply)))
  await database.pool.query(`insert into serves (id, seen_at, drained_at) values ('web', now(), null)`)
  await send()
  expect(posts()).toEqual([])
  await database.pool.query(`update serves set seen_at = now() - interval '2 minutes'`)
  await send()
  expect(await row(answer)).toMatchObject({ status: 'accepted' })
  expect(await row(nudge)).toMatchObject({ status: 'pending' })
  await database.pool.query('delete from serves')
  await send()
  expect(await row(nudge)).toMatchObject({ status: 'accepted' })
})

test('a web process that has just fallen silent keeps back what nobody asked for, and no answer', async () => {
  const [answer, nudge] = [await waiting('+12055550101'), await waiting('+12055550102', { kind: 'nudge' })]
  await database.pool.query(
    `insert into serves (id, seen_at, drained_at) values ('web', now() - interval '10 s', now() - interval '10 s')`,
  )
  for (const reply of [answer, nudge]) await sendReply(context(), reply)
  expect(await row(answer)).toMatchObject({ status: 'accepted' })
  expect(await row(nudge)).toMatchObject({ status: 'pending' })
  await database.pool.query('update serves set seen_at = now(), drained_at = now()')
  await sendReply(context(), nudge)
  expect(await row(nudge)).toMatchObject({ status: 'accepted' })
})

test('what somebody at the desk wrote to her waits for the spool of a web process that died: her answers do not wait behind it', async () => {
  const [written, answer] = [
    await waiting('+12055550101', { kind: 'answer' }),
    await waiting('+12055550101', { kind: 'help' }),
  ]
  await database.pool.query(
    `insert into serves (id, seen_at, drained_at) values ('web', now() - interval '2 minutes', null)`,
  )
  expect(await dueReplies(database.pool, 0, 10)).toEqual([answer])
  await sendReply(context(), written)
  await sendReply(context(), answer)
  expect(await row(written)).toMatchObject({ status: 'pending', attempts: 0 })
  expect(await row(answer)).toMatchObject({ status: 'accepted' })
})

test('nudges that wait for the spool of a web process that died are not called every second: the answer behind them is', async () => {
  for (let n = 0; n < 3; n++) await waiting(`+1205555015${n}`, { kind: 'nudge' })
  const answer = await waiting('+12055550101')
  await database.pool.query(
    `insert into serves (id, seen_at, drained_at) values ('web', now() - interval '2 minutes', null)`,
  )
  expect(await dueReplies(database.pool, 0, 3)).toEqual([answer])
  await database.pool.query('delete from serves')
  expect(await dueReplies(database.pool, 0, 3)).toHaveLength(3)
})

test('after an outage of Postgres no answer goes before every web process has drained its spool', async () => {
  const reply = await waiting('+12055550101')
  await database.pool.query(`insert into serves (id, seen_at, drained_at) values ('web', now(), now())`)
  const outage = { from: new Date(Date.now() - 5_000), until: new Date(Date.now() + 200) }
  const one = context({ outage: () => outage })
  await sendReply(one, reply)
  expect(posts()).toEqual([])
  await pause(300)
  await database.pool.query('update serves set seen_at = now(), drained_at = now()')
  await sendReply(one, reply)
  expect(posts()).toEqual(['accepted'])
})

test('nor after one of minutes, in which no web process could say that it is there', async () => {
  const reply = await waiting('+12055550101')
  await database.pool.query(
    `insert into serves (id, seen_at, drained_at) values ('web', now() - interval '3 minutes', now() - interval '3 minutes')`,
  )
  const outage = { from: new Date(Date.now() - 178_000), until: new Date() }
  const one = context({ outage: () => outage })
  await sendReply(one, reply)
  expect(posts()).toEqual([])
  await database.pool.query('update serves set seen_at = now(), drained_at = now()')
  await sendReply(one, reply)
  expect(posts()).toEqual(['accepted'])
})

test('two outages of Postgres with a moment between them: no answer goes before a web process silent since the first has drained its spool', async () => {
  const reply = await waiting('+12055550101')
  await database.pool.query(
    `insert into serves (id, seen_at, drained_at) values ('web', now() - interval '3 minutes', now() - interval '3 minutes')`,
  )
  // Seconds from now at which Postgres was looked at; null: it gave no answer.
  const looks = [-180, null, -10, null, 0]
  const query = () => {
    const second = looks.shift() ?? null
    if (second === null) return Promise.reject(new Error('away'))
    return Promise.resolve({ rows: [{ now: new Date(Date.now() + second * 1_000) }] })
  }
  const outages = createOutages({ pool: { query } as unknown as pg.Pool, clock: systemClock })
  while (looks.length > 0) await outages.look()
  const one = context({ outage: () => outages.last() })
  await sendReply(one, reply)
  expect(posts()).toEqual([])
  await database.pool.query('update serves set seen_at = now(), drained_at = now()')
  await sendReply(one, reply)
  expect(posts()).toEqual(['accepted'])
})

test('a Postgres that is silent for as long as a STOP waits before it goes to the spool: until it answers again nothing is claimed', async () => {
  const reply = await waiting('+12055550101')
  await database.pool.query(`insert into serves (id, seen_at, drained_at) values ('web', now(), now())`)
  const connection = { isCut: false }
  const query = async (sql: string) => {
    const answer = await database.pool.query(sql)
    while (connection.isCut) await pause(10)
    return answer
  }
  const outages = createOutages({ pool: { query } as unknown as pg.Pool, clock: systemClock, silentMs: 100 })
  const one = context({ outage: () => outages.last() })
  await outages.look()
  expect(outages.last()).toBeNull()
  connection.isCut = true
  const look = outages.look()
  await pause(200)
  await sendReply(one, reply) // over another connection, which is not
  expect(posts()).toEqual([])
  connection.isCut = false
  await look
  await outages.look()
  await sendReply(one, reply)
  expect(posts()).toEqual([])
  await database.pool.query('update serves set seen_at = now(), drained_at = now()')
  await sendReply(one, reply)
  expect(posts()).toEqual(['accepted'])
})

test('a worker that starts in the second in which Postgres is there again: no answer goes before a web process that was cut off has drained its spool', async () => {
  const reply = await waiting('+12055550101')
  await database.pool.query(
    // The Postgres of these tests has just been started, which holds claims back by itself.
    `insert into serves (id, seen_at, drained_at)
     select 'web', last, last from (select greatest(now() - interval '20 seconds', pg_postmaster_start_time()) as last) s`,
  )
  const outages = createOutages({ pool: database.pool, clock: systemClock, isNew: true })
  const one = context({ outage: () => outages.last() })
  await sendReply(one, reply) // before its first look too
  expect(posts()).toEqual([])
  await outages.look()
  await sendReply(one, reply)
  expect(posts()).toEqual([])
  await database.pool.query('update serves set seen_at = now(), drained_at = now()')
  await sendReply(one, reply)
  expect(posts()).toEqual(['accepted'])
})

test('nobody at the door: surely not sent, so it waits', async () => {
  const reply = await waiting('+12055550101')
  await sendReply(context({}, `http://127.0.0.1:${await freePort()}`), reply)
  expect(await row(reply)).toMatchObject({ status: 'pending', later: true })
})

test.each([
  ['+12055550156', 'taken after all'],
  ['+12055550157', 'not taken'],
])('500 from %s: perhaps sent (here %s), so it is never sent again blindly', async (phone) => {
  const reply = await waiting(phone)
  const one = context()
  await sendReply(one, reply)
  expect(await row(reply)).toMatchObject({ status: 'in_doubt', error_code: null })
  await sendReply(one, reply)
  expect(posts()).toHaveLength(1)
})

test('the line drops after our request has gone out: perhaps sent', async () => {
  const twilio = createServer((socket) => void socket.once('data', () => socket.destroy()))
  await once(twilio.listen(0, '127.0.0.1'), 'listening')
  const { port } = twilio.address() as { port: number }
  const reply = await waiting('+12055550101')
  await sendReply(context({}, `http://127.0.0.1:${port}`), reply)
  expect(await row(reply)).toMatchObject({ status: 'in_doubt' })
  twilio.close()
})

test('a worker that slept 3 s between claim and POST posts nothing', async () => {
  let now = 0
  const sleepy = { now: () => new Date(), monotonicMs: () => (now += 3_000) }
  const reply = await waiting('+12055550101')
  await sendReply(context({ clock: sleepy }), reply)
  expect(posts()).toEqual([])
  expect(await row(reply)).toMatchObject({ status: 'pending', attempts: 1 })
})

test('nor does one whose machine slept, whose own clock stood still', async () => {
  let now = Date.now()
  const slept = { now: () => new Date((now += 6 * 3_600_000)), monotonicMs: () => 0 }
  const reply = await waiting('+12055550101')
  await sendReply(context({ clock: slept }), reply)
  expect(posts()).toEqual([])
  expect(await row(reply)).toMatchObject({ status: 'pending', attempts: 1 })
})

test('a worker that wakes up and learns that Twilio took it: it does not go again, though it was to', async () => {
  const reply = await waiting('+12055550101')
  const real = context()
  const gateway: SmsGateway = {
    ...real.gateway,
    async send(text, mayStart) {
      const outcome = await real.gateway.send(text, mayStart)
      await database.pool.query(`update texts_out set status = 'pending' where number = $1`, [reply.number])
      return outcome
    },
  }
  await sendReply({ ...real, gateway }, reply)
  await sendReply(real, reply)
  expect(await row(reply)).toMatchObject({ status: 'accepted' })
  expect(posts()).toEqual(['accepted'])
})

test('a text that has waited for a connection while Twilio was slow is not POSTed 3 s after its claim', async () => {
  let now = 0
  const held: ServerResponse[] = []
  const twilio = createWebServer(
    (request, response) => void request.resume().on('end', () => held.push(response)),
  )
  await once(twilio.listen(0, '127.0.0.1'), 'listening')
  const { port } = twilio.address() as { port: number }
  const clock = { now: () => new Date(), monotonicMs: () => now }
  const one = context({ clock }, `http://127.0.0.1:${port}`) // two connections
  const slow = [await waiting('+12055550101'), await waiting('+12055550102')].map((reply) =>
    sendReply(one, reply),
  )
  while (held.length < 2) await pause(5)
  const third = await waiting('+12055550103')
  const sending = sendReply(one, third)
  while ((await row(third))?.status !== 'claimed') await pause(5)
  await pause(100) // it stands in the queue now
  now = 3_000
  for (const response of held) response.writeHead(201).end(JSON.stringify({ sid: `SM${'0'.repeat(32)}` }))
  await Promise.all([...slow, sending])
  expect(held).toHaveLength(2)
  expect(await row(third)).toMatchObject({ status: 'pending', attempts: 1 })
  twilio.close()
})

test('a welcome that waited longer than it may has told her nothing: her first alert introduces us', async () => {
  const stopShown = async (kind: string, phone: string) => {
    const text = await waiting(phone, { kind, expires: "interval '-1 second'" })
    await database.pool.query('update people set stop_shown_at = now() where phone_hash = $1', [
      vault.hash(phone),
    ])
    await sendReply(context(), text)
    const { rows } = await database.pool.query<{ told: boolean }>(
      'select stop_shown_at is not null as told from people where phone_hash = $1',
      [vault.hash(phone)],
    )
    return rows[0]?.told
  }
  expect(await stopShown('welcome', '+12055550101')).toBe(false)
  expect(await stopShown('senators', '+12055550102')).toBe(true)
})

test('an answer that waited longer than it may is dropped, and the next one owes her an apology', async () => {
  const reply = await waiting('+12055550101', { expires: "interval '-1 second'" })
  await sendReply(context(), reply)
  expect(await row(reply)).toMatchObject({ status: 'expired', attempts: 0 })
  expect(await person('+12055550101')).toMatchObject({ owes_apology: true })
  expect(posts()).toEqual([])
})

test('an invitation nobody could send in time owes her no apology: she had asked for nothing', async () => {
  const reply = await waiting('+12055550101', { kind: 'invite', expires: "interval '0'" })
  await sendReply(context(), reply)
  expect(await row(reply)).toMatchObject({ status: 'expired' })
  expect(await person('+12055550101')).toMatchObject({ owes_apology: false })
})

test('her second answer never overtakes her first', async () => {
  const first = await waiting('+12055550101')
  const second = await waiting('+12055550101')
  const one = context()
  await sendReply(one, second)
  expect(posts()).toEqual([])
  await sendReply(one, first)
  await sendReply(one, second)
  expect(simulator.thread('+12055550101')).toHaveLength(2)
})

test('an answer written while the one before it is being recorded is called once that is done', async () => {
  const called: number[] = []
  const one = context({
    queues: { announceReplies: (replies) => void called.push(...replies.map(({ number }) => number)) },
  })
  await database.pool.query(
    `create function be_slow() returns trigger language plpgsql as $$ begin perform pg_sleep(0.5); return new; end $$;
     create trigger slow before update on texts_out_replies for each row when (new.status = 'accepted') execute function be_slow()`,
  )
  const sending = sendReply(one, await waiting('+12055550101'))
  while (posts().length === 0) await pause(5)
  await pause(100)
  const second = await waiting('+12055550101')
  await sending
  expect(called).toEqual([second.number])
})

test('the worker that wrote it sends it only if it need not wait: not for the rate, and not for her row', async () => {
  const reply = await waiting('+12055550101')
  expect(await sendReplyNow(context({ pacing: { take: () => Promise.resolve(40) } }), reply)).toBe(false)
  const other = await database.pool.connect()
  await other.query('begin; select from people for no key update')
  expect(await sendReplyNow(context(), reply)).toBe(false)
  expect(await row(reply)).toMatchObject({ status: 'pending', attempts: 0 })
  await other.query('commit')
  other.release()
  expect(await sendReplyNow(context(), reply)).toBe(true)
  expect(posts()).toEqual(['accepted'])
})

test('a nudge outside her hours waits until they come; an answer does not, her own behind the nudge neither', async () => {
  const minute = new Date(new Date().toLocaleString('en-US', { timeZone: 'America/Chicago' }))
  const at = minute.getHours() * 60 + minute.getMinutes()
  const closed = at < 720 ? { from: 1_380, to: 1_439 } : { from: 1, to: 60 }
  const nudge = await waiting('+12055550101', { kind: 'nudge' })
  const [answer, behind] = [await waiting('+12055550102'), await waiting('+12055550101')]
  const one = context({ window: closed })
  await sendReply(one, nudge)
  await sendReply(one, answer)
  await sendReply(one, behind)
  expect(await row(nudge)).toMatchObject({ status: 'pending', later: true })
  expect(await row(answer)).toMatchObject({ status: 'accepted' })
  expect(await row(behind)).toMatchObject({ status: 'accepted' })
})

test('a nudge in the last minute of her hours waits for the next day', async () => {
  const here = new Date(new Date().toLocaleString('en-US', { timeZone: 'America/Chicago' }))
  const nudge = await waiting('+12055550101', { kind: 'nudge' })
  const closing = { from: 1, to: here.getHours() * 60 + here.getMinutes() + 1 }
  await sendReply(context({ window: closing }), nudge)
  expect(await row(nudge)).toMatchObject({ status: 'pending', later: true })
})

test('an answer that Twilio refuses for our credentials is not lost: it waits, and goes once they are in order', async () => {
  const phone = '+12055550107'
  const answer = await waiting(phone)
  await sendReply(context({}, simulator.url, 'an old token'), answer)
  expect(await row(answer)).toMatchObject({ status: 'pending', later: true, error_code: null })
  await database.pool.query('update texts_out set not_before = now() where number = $1', [answer.number])
  await sendReply(context(), answer)
  expect(await row(answer)).toMatchObject({ status: 'accepted', attempts: 2 })
  expect(simulator.thread(phone)).toHaveLength(1)
})

test('nor is one that Twilio refuses since our sender is not in order; one whose words are too long would be refused again', async () => {
  const refusedWith = (code: number) =>
    context({ gateway: { ...context().gateway, send: () => Promise.resolve({ kind: 'refused', code }) } })
  for (const [code, status] of [
    [21606, 'pending'],
    [21703, 'pending'],
    [21617, 'failed'],
  ] as const) {
    const answer = await waiting(`+1205555010${code % 10}`)
    await sendReply(refusedWith(code), answer)
    expect([code, await row(answer)]).toMatchObject([code, { status }])
  }
})

test('that she is out she is told within minutes or not at all, whatever Twilio refuses us for', async () => {
  const refused = context({
    gateway: { ...context().gateway, send: () => Promise.resolve({ kind: 'refused', code: 20003 }) },
  })
  const goodbye = await waiting('+12055550108', { kind: 'stop' })
  for (const [attempts, status] of [
    [1, 'pending'],
    [2, 'pending'],
    [3, 'failed'],
  ]) {
    await database.pool.query('update texts_out set not_before = now() where number = $1', [goodbye.number])
    await sendReply(refused, goodbye)
    expect(await row(goodbye)).toMatchObject({ attempts, status })
  }
})
