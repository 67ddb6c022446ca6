import { cancel } from '../../src/blast/control.js'
import { blastById } from '../../src/db/blasts.js'
import { systemClock } from '../../src/adapters/system-clock.js'
import { createVault } from '../../src/adapters/vault.js'
import type { Queues } from '../../src/ports.js'
import { createReceiver, type InboundText, type Receive } from '../../src/inbound/receive.js'
import { openTcpProxy } from '../../scripts/chaos/tcp-proxy.js'
import { openPool } from '../../src/db/pool.js'
import { freshDatabase, type FreshDatabase } from '../support/services.js'

const vault = createVault(Buffer.alloc(32, 7).toString('base64'))

let database: FreshDatabase
let receive: Receive
let queues: Queues
let announced: string[]
beforeEach(async () => {
  database = await freshDatabase()
  announced = []
  queues = {
    announceMail: (messageSid: string) => void announced.push(messageSid),
    announceReplies: () => undefined,
    announceRange: () => Promise.resolve(),
    close: () => Promise.resolve(),
  }
  receive = createReceiver({ pool: database.pool, vault, queues, clock: systemClock })
})
afterEach(() => database.drop())

const phoneOf = (n: number) => `+1205555${String(100 + n).padStart(4, '0')}`
let sids = 0
const text = (n: number, body: string, messageSid = `SM${++sids}`): InboundText => ({
  ...{ messageSid, from: phoneOf(n), body, mediaCount: 0, optOutType: null },
  receivedAt: new Date(),
})

async function recorded(): Promise<string[]> {
  const { rows } = await database.pool.query<{ body: Buffer; phone: Buffer }>(
    'select body_sealed as body, phone_sealed as phone from texts_in join people p on p.id = person_id order by texts_in.id',
  )
  return rows.map(({ body, phone }) => `${vault.open(phone)} ${vault.open(body)}`)
}

/** Transactions that have committed in this database so far. */
async function commits(): Promise<number> {
  await database.pool.query('select pg_stat_force_next_flush()')
  const { rows } = await database.pool.query<{ n: number }>(
    'select xact_commit as n from pg_stat_database where datname = current_database()',
  )
  return Number(rows[0]?.n)
}

test('sixty people text at once: each is safe when she is answered, and they share a few commits', async () => {
  await Promise.all(Array.from({ length: 60 }, (_, n) => receive(text(n, 'WORK'))))
  const before = await commits()
  await Promise.all(
    Array.from({ length: 60 }, async (_, n) => {
      await receive(text(n, `text ${n}`))
      expect(await recorded()).toContain(`${phoneOf(n)} text ${n}`)
    }),
  )
  expect(await recorded()).toHaveLength(120)
  expect(announced).toHaveLength(120)
  expect((await commits()) - before).toBeLessThan(60 + 30) // the sixty looks of this test among them
})

test('what one person sends in one breath is recorded in her order, a STOP after her WORK', async () => {
  await receive(text(1, 'WORK'))
  await Promise.all(['35020', 'my ZIP', 'thank you', 'STOP', 'WORK'].map((body) => receive(text(1, body))))
  expect((await recorded()).map((line) => line.split(' ').slice(1).join(' '))).toEqual(
    ['WORK', '35020', 'my ZIP', 'thank you', 'STOP', 'WORK'], //
  )
})

test('so is what a newcomer sends', async () => {
  await Promise.all(['WORK', 'STOP', 'thanks'].map((body) => receive(text(1, body))))
  expect((await recorded()).map((line) => line.split(' ').at(-1))).toEqual(['WORK', 'STOP', 'thanks'])
})

test('while somebody works on one row, the others are taken in, and she is as soon as it is free', async () => {
  await Promise.all([1, 2, 3].map((n) => receive(text(n, 'WORK'))))
  const busy = await database.pool.connect()
  await busy.query('begin')
  await busy.query('select from people where phone_hash = $1 for update', [vault.hash(phoneOf(2))])
  let isIn = false
  const hers = receive(text(2, '35020')).then(() => (isIn = true))
  await Promise.all([1, 3].map((n) => receive(text(n, '35020'))))
  expect(isIn).toBe(false)
  await busy.query('commit')
  busy.release()
  await hers
  expect((await recorded()).slice(3).toSorted()).toEqual([1, 2, 3].map((n) => `${phoneOf(n)} 35020`))
})

test('a connection that has gone silent is given up while Twilio still waits, and the next texts go in', async () => {
  await Promise.all([1, 2].map((n) => receive(text(n, 'WORK'))))
  const url = new URL(database.url)
  const road = await openTcpProxy(Number(url.port))
  url.port = String(road.port)
  const pool = openPool(url.href, { max: 2 })
  try {
    const overRoad = createReceiver({ pool, vault, queues, clock: systemClock })
    await overRoad(text(1, '35020'))
    road.blackHole(true)
    const begun = performance.now()
    await expect(overRoad(text(1, 'lost in the hole'))).rejects.toThrow(/timeout/)
    expect(performance.now() - begun).toBeLessThan(10_000)
    road.blackHole(false)
    await overRoad(text(2, '35020'))
    expect((await recorded()).at(-1)).toBe(`${phoneOf(2)} 35020`)
  } finally {
    await pool.end()
    await road.close()
  }
}, 30_000)

test('a text that Twilio brings again, in the same moment as others, is there once', async () => {
  await Promise.all([1, 2].map((n) => receive(text(n, 'WORK'))))
  await Promise.all([
    receive(text(1, 'call', 'SMagain')),
    receive(text(2, 'thanks')),
    receive(text(1, 'call', 'SMagain')),
  ])
  await receive(text(1, 'call', 'SMagain'))
  expect((await recorded()).slice(2).toSorted()).toEqual([`${phoneOf(1)} call`, `${phoneOf(2)} thanks`])
})

test('one who is asked whether to stop is judged by that, in the midst of others who are not', async () => {
  for (const n of [1, 2]) await receive(text(n, 'WORK')) // so that 1 has the lower number
  await database.pool.query("update people set standing = 'held' where phone_hash = $1", [
    vault.hash(phoneOf(1)),
  ])
  await Promise.all([1, 2].map((n) => receive(text(n, 'stop?'))))
  const { rows } = await database.pool.query<{ verdict: string }>(
    'select verdict from texts_in order by person_id, id',
  )
  expect(rows.map(({ verdict }) => verdict)).toEqual(['stay', 'leave', 'stay', 'unclear'])
})

test('one who has been asked whether to stop and says yes is out when she is answered, in the midst of others who say so', async () => {
  await Promise.all([1, 2, 3].map((n) => receive(text(n, 'WORK'))))
  await database.pool.query("update people set standing = 'held' where phone_hash = $1", [
    vault.hash(phoneOf(1)),
  ])
  await Promise.all([3, 1, 2].map((n) => receive(text(n, 'YES'))))
  const { rows } = await database.pool.query<{ standing: string; left: number }>(
    `select standing, (select count(*)::int from consents c where c.person_id = p.id and kind = 'left') as left
       from people p order by id`,
  )
  const byPhone = rows.map(({ standing, left }) => `${standing} ${left}`).toSorted()
  expect(byPhone).toEqual(['left 1', 'unknown 0', 'unknown 0'])
})

test('she texts STOP just after her blast was cancelled: her 200 still waits for the text that a worker holds', async () => {
  await receive(text(1, 'WORK'))
  const { rows } = await database.pool.query<{ id: number }>(
    `with blast as (
       insert into blasts (code, name, action, wording, created_by, state, opens, closes)
       values ('ab12', 'vote', 'pro-act', '{"en":"call"}', 'lee', 'running', '00:00', '24:00') returning id)
     insert into texts_out (blast_id, number, person_id, kind, status, claimed_at)
     select blast.id, people.id, people.id, 'blast', 'claimed', clock_timestamp() from blast, people returning blast_id as id`,
  )
  const blast = await blastById(database.pool, rows[0]?.id ?? 0)
  if (!blast) throw new Error('no blast')
  await cancel(database.pool, blast, 'lee')
  let isAnswered = false
  const stop = receive(text(1, 'STOP')).then(() => (isAnswered = true))
  await new Promise((resolve) => setTimeout(resolve, 400))
  expect(isAnswered).toBe(false)
  await database.pool.query(`update texts_out set status = 'accepted' where blast_id > 0`)
  await stop
})

test('a web process whose clock is an hour ahead takes her STOP: she has left now, and what she texts next is not older than that', async () => {
  const ahead = (body: string) => ({ ...text(1, body), receivedAt: new Date(Date.now() + 3_600_000) })
  await receive(ahead('WORK'))
  await receive(ahead('thank you'))
  await receive(ahead('STOP'))
  await receive(text(1, 'HELP'))
  const { rows } = await database.pool.query<{ isFuture: boolean; isOlder: boolean }>(
    `select received_at > clock_timestamp() as "isFuture", received_at < left_at and texts_in.id > left_text as "isOlder"
       from texts_in join people p on p.id = person_id`,
  )
  expect(rows).toEqual(Array.from({ length: 4 }, () => ({ isFuture: false, isOlder: false })))
})
