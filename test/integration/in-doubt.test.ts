import { createTwilioGateway } from '../../src/adapters/twilio-gateway.js'
import { createVault } from '../../src/adapters/vault.js'
import { letNumbersGo } from '../../src/db/forgetting.js'
import { claimReply, insertReplies, unclaim } from '../../src/db/texts-out.js'
import { recordNotAccepted, type ClaimedReply } from '../../src/db/texts-out.js'
import { settleDoubts } from '../../src/outbound/in-doubt.js'
import { takeIncomingReceipt } from '../../src/outbound/receipt.js'
import type { SmsGateway } from '../../src/ports.js'
import { startSimulator, type Simulator } from '../../src/simulator/server.js'
import { startEchoBot, type EchoBot } from '../support/echo-bot.js'
import { freshDatabase, type FreshDatabase } from '../support/services.js'

const ACCOUNT = `AC${'0'.repeat(32)}`
const SERVICE = `MG${'0'.repeat(32)}`
const vault = createVault(Buffer.alloc(32, 7).toString('base64'))
const TIMING = { leaseMs: 200, firstPollMs: 50, pollMs: 150 }

let database: FreshDatabase
let twilio: EchoBot
let simulator: Simulator
let gateway: SmsGateway
const asked: string[] = []

async function world(service: string | null): Promise<void> {
  simulator = await startSimulator({
    botUrl: twilio.url,
    accountSid: ACCOUNT,
    authToken: 'token',
    receipts: false,
    ...(service && { messagingServiceSid: service }),
  })
  const real = createTwilioGateway({
    twilio: {
      accountSid: ACCOUNT,
      authTokens: ['token'],
      sender: '235246',
      messagingServiceSid: service,
      apiUrl: simulator.url,
    },
    publicUrl: twilio.url,
    mac: vault.mac,
    connections: 4,
  })
  gateway = { ...real, listTo: (to, since) => (asked.push(to), real.listTo(to, since)) }
}

beforeEach(async () => {
  asked.length = 0
  database = await freshDatabase()
  twilio = await startEchoBot('token')
})
afterEach(async () => {
  await simulator.stop() // first: it may still hold a request that it never answers
  await gateway.close()
  await twilio.close()
  await database.drop()
})

const settle = () => settleDoubts({ pool: database.pool, gateway, vault, timing: TIMING })
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

let sids = 0
/** An answer to a text of hers, claimed by a worker. */
async function claimed(phone: string, body: string, kind = 'senators'): Promise<ClaimedReply> {
  const { rows } = await database.pool.query<{ id: number }>(
    `insert into people (phone_hash, phone_sealed, standing) values ($1, $2, 'joined')
     on conflict (phone_hash) do update set standing = people.standing returning id`,
    [vault.hash(phone), vault.seal(phone)],
  )
  const personId = rows[0]?.id ?? 0
  const text = await database.pool.query<{ id: number }>(
    `insert into texts_in (message_sid, person_id, verdict) values ($1, $2, 'stay') returning id`,
    [`SM${++sids}`, personId],
  )
  const [number = 0] = await insertReplies(database.pool, [
    {
      personId,
      kind,
      bodySealed: vault.seal(body),
      segments: 1,
      inReplyTo: text.rows[0]?.id ?? null,
      notBefore: null,
      expiresAt: null,
      status: 'pending',
    },
  ])
  const claim = await claimReply(database.pool, number)
  if (!claim) throw new Error('not claimable')
  return claim
}

const post = (claim: ClaimedReply) =>
  gateway.send(
    {
      ref: claim.ref,
      to: vault.open(claim.phoneSealed),
      body: vault.open(claim.bodySealed),
      validitySeconds: 600,
    },
    () => true,
  )

const doubt = (claim: ClaimedReply) => recordNotAccepted(database.pool, claim, 'in_doubt', null)

async function row(claim: ClaimedReply) {
  const { rows } = await database.pool.query<{
    status: string
    message_sid: string | null
    attempts: number
  }>('select status, message_sid, attempts from texts_out where blast_id = 0 and number = $1', [claim.number])
  return rows[0]
}

test('a worker died between claim and POST: the text is in doubt after the lease, never claimable before Twilio was asked twice', async () => {
  await world(null)
  const claim = await claimed('+12055550100', 'Your senators')
  await settle()
  expect(await row(claim)).toMatchObject({ status: 'claimed' })
  await wait(250)
  await settle()
  expect(await row(claim)).toMatchObject({ status: 'in_doubt' })
  expect(await claimReply(database.pool, claim.number)).toBeNull()
  await settle() // too soon for the second look
  expect(asked).toHaveLength(1)
  await wait(200)
  await settle()
  expect(asked).toHaveLength(2)
  expect(await row(claim)).toMatchObject({ status: 'pending' })
})

test('a worker died after its POST and before its record: the list tells, and it is not sent again', async () => {
  await world(null)
  const claim = await claimed('+12055550100', 'Your senators')
  await post(claim)
  await wait(250)
  await settle()
  const [posted] = simulator.journal.read()
  expect(await row(claim)).toMatchObject({
    status: 'accepted',
    message_sid: posted?.kind === 'post' ? posted.sid : 'none',
  })
  expect(simulator.journal.read()).toHaveLength(1)
})

test.each([
  ['0156', '500 though Twilio took it'],
  ['0158', 'no answer though Twilio took it'],
])('a phone ending %s: %s; the list tells', async (digits) => {
  await world(null)
  const claim = await claimed(`+1205555${digits}`, 'Your senators')
  const answered = await Promise.race([post(claim), wait(300)])
  if (answered) expect(answered).toMatchObject({ kind: 'unsure' })
  await doubt(claim)
  await wait(60)
  await settle()
  expect(await row(claim)).toMatchObject({ status: 'accepted' })
})

test('a receipt settles the doubt without asking Twilio', async () => {
  await world(null)
  const claim = await claimed('+12055550156', 'Your senators')
  await post(claim)
  await doubt(claim)
  await takeIncomingReceipt(database.pool, {
    ref: claim.ref,
    messageSid: 'SM1',
    status: 'delivered',
    errorCode: null,
  })
  await wait(60)
  await settle()
  expect(asked).toEqual([])
  expect(await row(claim)).toMatchObject({ status: 'delivered', message_sid: 'SM1' })
})

test('an answer Twilio never took is sent once more, and only once', async () => {
  await world(null)
  const claim = await claimed('+12055550157', 'Your senators')
  const until = async (status: string) => {
    for (const end = Date.now() + 3_000; (await row(claim))?.status !== status && Date.now() < end;) {
      await settle()
      await wait(60)
    }
    expect(await row(claim)).toMatchObject({ status })
  }
  await post(claim)
  await doubt(claim)
  await until('pending')
  const again = await claimReply(database.pool, claim.number)
  if (!again) throw new Error('not claimable')
  await post(again)
  await doubt(again)
  await until('not_sent')
  expect(await claimReply(database.pool, claim.number)).toBeNull()
  expect(simulator.journal.read()).toHaveLength(2)
}, 15_000)

test('so is one that had to wait for Twilio before it was in doubt', async () => {
  await world(null)
  const first = await claimed('+12055550157', 'Your senators')
  await unclaim(database.pool, first, 0)
  const claim = await claimReply(database.pool, first.number)
  if (!claim) throw new Error('not claimable')
  await doubt(claim)
  for (let i = 0; i < 3; i++) {
    await wait(170)
    await settle()
  }
  expect(await row(claim)).toMatchObject({ status: 'pending', attempts: 2 })
})

test('her answer surely did not go, and Postgres was away longer than the lease: it is not looked up, it goes', async () => {
  await world(null)
  const claim = await claimed('+12055550157', 'Your senators')
  await doubt(claim)
  await unclaim(database.pool, claim, 0)
  expect(await row(claim)).toMatchObject({ status: 'pending' })
  expect(await claimReply(database.pool, claim.number)).toMatchObject({ attempt: 2 })
  await unclaim(database.pool, claim, 0) // said once more: it is another's now
  expect(await row(claim)).toMatchObject({ status: 'claimed' })
})

test('two workers look at once: one poll is counted, not two', async () => {
  await world(null)
  const claim = await claimed('+12055550157', 'Your senators')
  await doubt(claim)
  await wait(60)
  await Promise.all([settle(), settle(), settle()])
  expect(asked).toHaveLength(1)
  expect(await row(claim)).toMatchObject({ status: 'in_doubt' })
})

test('while Twilio cannot be asked, no doubt is settled and no poll is counted', async () => {
  await world(null)
  const claim = await claimed('+12055550157', 'Your senators')
  await doubt(claim)
  const reachable = gateway
  gateway = { ...reachable, listTo: () => Promise.reject(new Error('listing texts failed with 503')) }
  for (let i = 0; i < 4; i++) {
    await wait(200)
    await settle()
  }
  expect(await row(claim)).toMatchObject({ status: 'in_doubt' })
  gateway = reachable
  await wait(200)
  await settle()
  expect(await row(claim)).toMatchObject({ status: 'in_doubt' }) // this was the first look that counts
})

test('an alert in doubt is not taken for the answer that went just before it, in doubt as well: she does not get that twice', async () => {
  await world(null)
  const answer = await claimed('+12055550100', 'Your senators')
  await doubt(answer)
  await database.pool.query(
    `with blast as (
       insert into blasts (code, name, action, wording, created_by, state, opens, closes, approval, started_at)
       values ('vote1', 'vote', 'pro-act', '{"en":"call"}', 'lee', 'running', '00:00', '24:00', 'x', now()) returning id),
     looked_up as (update texts_out_replies set doubt_polls = 1, doubt_polled_at = clock_timestamp() + interval '1 minute')
     insert into texts_out (blast_id, number, person_id, kind, segments, not_before, status, claimed_at, attempts)
     select id, $1, $1, 'blast', 1, now(), 'in_doubt', now(), 1 from blast`,
    [answer.personId],
  )
  const listed = (sid: string, body: string, beforeMs: number) => ({
    ...{ sid, body, status: 'sent', errorCode: null },
    createdAt: new Date(Date.now() - beforeMs),
  })
  const real = gateway
  const texts = [listed('SMalert', 'Call today', 0), listed('SManswer', 'Your senators', 5_000)]
  gateway = { ...real, listTo: () => Promise.resolve(texts) }
  const look = () =>
    settleDoubts({
      ...{ pool: database.pool, gateway, vault, timing: TIMING },
      blastBody: () => Promise.resolve('Call today'),
    })
  await wait(60)
  await look()
  await database.pool.query(`update texts_out_replies set doubt_polled_at = now() - interval '1 minute'`)
  await look()
  const { rows } = await database.pool.query(
    'select message_sid as sid, status from texts_out order by blast_id',
  )
  expect(rows).toEqual([
    { sid: 'SManswer', status: 'sent' },
    { sid: 'SMalert', status: 'sent' },
  ])
})

test('an answer in doubt does not wait for the looks that a thousand older alerts in doubt take', async () => {
  await world(null)
  await database.pool.query(
    `with blast as (
       insert into blasts (code, name, action, wording, created_by, state, opens, closes, approval, started_at)
       values ('vote1', 'vote', 'pro-act', '{"en":"call"}', 'lee', 'running', '00:00', '24:00', 'x', now()) returning id),
     everybody as (
       insert into people (phone_hash, phone_sealed, standing) select int4send(n), $1, 'joined' from generate_series(1, 1000) n returning id)
     insert into texts_out (blast_id, number, person_id, kind, segments, not_before, status, claimed_at, attempts)
     select blast.id, everybody.id, everybody.id, 'blast', 1, now(), 'in_doubt', now() - interval '1 minute', 1 from blast, everybody`,
    [vault.seal('+12055550101')],
  )
  const answer = await claimed('+12055550100', 'Your senators')
  await post(answer)
  await doubt(answer)
  const real = gateway
  gateway = {
    ...real,
    listTo: (to, since) => (to.endsWith('0100') ? real.listTo(to, since) : Promise.resolve([])),
  }
  await wait(60)
  await settle()
  expect(await row(answer)).toMatchObject({ status: 'accepted' })
})

test('two equal texts to one person: each is bound to a MessageSid of its own', async () => {
  await world(null)
  const first = await claimed('+12055550100', 'Numbers again', 'senators')
  await post(first)
  await doubt(first)
  await wait(60)
  await settle()
  const second = await claimed('+12055550100', 'Numbers again', 'more')
  await post(second)
  await doubt(second)
  await wait(60)
  await settle()
  const sidsOf = [(await row(first))?.message_sid, (await row(second))?.message_sid]
  expect(new Set(sidsOf).size).toBe(2)
  expect(sidsOf).not.toContain(null)
})

test('an older text with the same words is not taken for the one in doubt', async () => {
  await world(null)
  const claim = await claimed('+12055550157', 'Your senators')
  await doubt(claim)
  const real = gateway
  gateway = {
    ...real,
    listTo: (to, since) => (asked.splice(0, 9, `${since.getTime()}`), real.listTo(to, since)),
  }
  await wait(60)
  await settle()
  // Asked for what was created since the claim, less the difference that two clocks may have.
  expect(Number(asked[0])).toBeGreaterThan(claim.now.getTime() - 61_000)
  expect(Number(asked[0])).toBeLessThanOrEqual(claim.now.getTime())
})

test('a text not sent yet has no date of sending, and is found all the same', async () => {
  await world(null)
  const claim = await claimed('+12055550100', 'Your senators')
  await post(claim)
  expect(simulator.thread('+12055550100')).toHaveLength(1)
  const listed = await gateway.listTo('+12055550100', new Date(Date.now() - 5_000))
  expect(listed).toMatchObject([{ status: 'queued' }])
})

test('with a Messaging Service, which has no From of ours, the list tells just the same', async () => {
  await world(SERVICE)
  const claim = await claimed('+12055550100', 'Your senators')
  await post(claim)
  await doubt(claim)
  await wait(60)
  await settle()
  expect(await row(claim)).toMatchObject({ status: 'accepted' })
})

test("FORGET's last confirmation is never repeated, and her number goes at once", async () => {
  await world(null)
  const claim = await claimed('+12055550157', 'You are forgotten', 'forget_done')
  await database.pool.query(`update people set standing = 'left'; update texts_in set applied_at = now()`)
  expect(await letNumbersGo(database.pool)).toEqual([])
  await doubt(claim)
  expect(await letNumbersGo(database.pool)).toEqual([claim.personId])
  await wait(60)
  await settle()
  expect(await row(claim)).toMatchObject({ status: 'not_sent' })
  expect(asked).toEqual([])
  const { rows } = await database.pool.query('select phone_sealed from people')
  expect(rows).toEqual([{ phone_sealed: null }])
})

test('she left while an answer was in doubt: it is not sent again after her STOP', async () => {
  await world(null)
  const claim = await claimed('+12055550157', 'Your senators')
  await post(claim)
  await doubt(claim)
  await leaves(claim.personId)
  for (let i = 0; i < 3; i++) {
    await wait(170)
    await settle()
  }
  expect(await claimReply(database.pool, claim.number)).toBeNull()
  expect((await row(claim))?.status).toMatch(/not_sent|cancelled/)
})

test('she left while an answer was on its way and Twilio said 429: it does not go after her STOP, the STOP is confirmed', async () => {
  await world(null)
  const claim = await claimed('+12055550100', 'Your senators')
  const stop = await leaves(claim.personId)
  await unclaim(database.pool, claim, 60_000)
  expect(await row(claim)).toMatchObject({ status: 'cancelled' })
  const [number = 0] = await insertReplies(database.pool, [
    {
      personId: claim.personId,
      kind: 'stop',
      bodySealed: vault.seal('You are out'),
      segments: 1,
      inReplyTo: stop,
      notBefore: null,
      expiresAt: null,
      status: 'pending',
    },
  ])
  expect(await claimReply(database.pool, number)).not.toBeNull()
})

test('an answer that came back in the very moment of her STOP, and so waits, does not go either', async () => {
  await world(null)
  const claim = await claimed('+12055550100', 'Your senators')
  await leaves(claim.personId)
  await database.pool.query(`update texts_out set status = 'pending', claimed_at = null where number = $1`, [
    claim.number,
  ])
  expect(await claimReply(database.pool, claim.number)).toBeNull()
  expect(await row(claim)).toMatchObject({ status: 'cancelled' })
})

async function leaves(personId: number): Promise<number> {
  const { rows } = await database.pool.query<{ id: number }>(
    `insert into texts_in (message_sid, person_id, verdict) values ($1, $2, 'leave') returning id`,
    [`SM${++sids}`, personId],
  )
  const id = rows[0]?.id ?? 0
  await database.pool.query(
    `update people set standing = 'left', left_text = $2, left_at = now() where id = $1`,
    [personId, id],
  )
  return id
}
