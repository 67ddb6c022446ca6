import { createReceiptBatches } from '../../src/outbound/receipt-batch.js'
import { takeIncomingReceipts, type IncomingReceipt } from '../../src/outbound/receipt.js'
import { failingOnce } from '../support/failing-once.js'
import { freshDatabase, type FreshDatabase } from '../support/services.js'

const BLAST = 7

let database: FreshDatabase
beforeEach(async () => {
  database = await freshDatabase()
})
afterEach(() => database.drop())

/** So many people, each with one text that Twilio has taken. Their numbers are 1, 2, 3 ... */
async function textedPeople(count: number): Promise<void> {
  await database.pool.query(
    `with added as (
       insert into people (phone_hash, phone_sealed, standing)
       select decode(lpad(to_hex(n), 64, '0'), 'hex'), '\\x00', 'joined' from generate_series(1, $1::int) n order by n returning id)
     insert into texts_out (blast_id, number, person_id, kind, status, attempts, claimed_at, accepted_at, message_sid)
     select $2, id, id, 'blast', 'accepted', 1, now(), now(), 'SM' || id from added`,
    [count, BLAST],
  )
}

const receipt = (number: number, status: string, errorCode: number | null = null): IncomingReceipt => ({
  ref: { blastId: BLAST, number },
  messageSid: `SM${number}`,
  status,
  errorCode,
})

/** Counts the batches; takes each receipt as the web part does. */
function taking() {
  const sizes: number[] = []
  const take = createReceiptBatches((receipts) => {
    sizes.push(receipts.length)
    return takeIncomingReceipts(database.pool, receipts)
  })
  return { take, sizes }
}

async function statuses(): Promise<Record<number, string>> {
  const { rows } = await database.pool.query<{ number: number; status: string }>(
    'select number, status from texts_out where blast_id = $1 order by number',
    [BLAST],
  )
  return Object.fromEntries(rows.map((row) => [row.number, row.status]))
}

async function kept(): Promise<string[]> {
  const { rows } = await database.pool.query<{ said: string }>(
    `select number || ' ' || status || coalesce(' ' || error_code, '') as said from receipts order by id`,
  )
  return rows.map((row) => row.said)
}

test('a hundred receipts at once are one commit, and each is safe when it is answered', async () => {
  await textedPeople(100)
  const { take, sizes } = taking()
  const seen = await Promise.all(
    Array.from({ length: 100 }, async (_, i) => {
      await take(receipt(i + 1, 'delivered'))
      return (await statuses())[i + 1]
    }),
  )
  expect(seen).toEqual(Array.from({ length: 100 }, () => 'delivered'))
  expect(sizes).toEqual([100])
  expect(await kept()).toHaveLength(100)
})

test('the receipts of one text are taken in their order, and none takes it back', async () => {
  await textedPeople(2)
  const { take, sizes } = taking()
  await Promise.all([
    take(receipt(1, 'delivered')),
    take(receipt(2, 'sent')),
    take(receipt(1, 'sent')),
    take(receipt(1, 'queued')),
    take(receipt(2, 'undelivered', 30003)),
  ])
  expect(await statuses()).toEqual({ 1: 'delivered', 2: 'undelivered' })
  expect(await kept()).toEqual(['1 delivered', '2 sent', '1 sent', '2 undelivered 30003', '1 queued'])
  expect(sizes).toEqual([2, 2, 1])
})

test('whom the carrier says has left, leaves; who comes in the same batch stays', async () => {
  await textedPeople(3)
  const { take } = taking()
  await Promise.all([
    take(receipt(1, 'delivered')),
    take(receipt(2, 'failed', 21610)),
    take(receipt(3, 'undelivered', 30005)),
  ])
  const { rows } = await database.pool.query<{ standing: string; unreachable: string | null }>(
    'select standing, unreachable from people order by id',
  )
  expect(rows).toEqual([
    { standing: 'joined', unreachable: null },
    { standing: 'left', unreachable: null },
    { standing: 'joined', unreachable: 'number gone' },
  ])
})

test('whom the carrier says has left, leaves, though Postgres fails just after her receipt was taken', async () => {
  await textedPeople(1)
  await takeIncomingReceipts(failingOnce(database.pool, 'connect'), [receipt(1, 'undelivered', 21610)])
  const { rows } = await database.pool.query('select standing from people')
  expect(rows).toEqual([{ standing: 'left' }])
})

test('a receipt that comes an hour late undoes neither her START nor her text of since then; who only asked for HELP leaves', async () => {
  await textedPeople(3)
  await database.pool.query(`update texts_out set claimed_at = now() - interval '1 hour', status = 'sent'`)
  await database.pool.query(`insert into consents (person_id, kind, via) values (1, 'rejoined', 'text')`)
  await database.pool.query(
    `insert into texts_in (message_sid, person_id, body_sealed, verdict)
     select 'IN' || id, id, 'x', 'stay' from people where id > 1`,
  )
  const { take } = taking()
  await take(receipt(1, 'undelivered', 21610))
  await take(receipt(2, 'undelivered', 30005))
  await take(receipt(3, 'undelivered', 21610))
  const { rows } = await database.pool.query('select standing, unreachable from people order by id')
  expect(rows).toEqual([
    { standing: 'joined', unreachable: null },
    { standing: 'joined', unreachable: null },
    { standing: 'left', unreachable: null },
  ])
})

test('blocked by the carrier once she stays, twice in a row she has left; both ways are in the ledger', async () => {
  await textedPeople(2)
  const { take } = taking()
  await take(receipt(1, 'undelivered', 30004))
  await take(receipt(2, 'failed', 21610))
  const standings = async () =>
    (await database.pool.query<{ standing: string }>('select standing from people order by id')).rows.map(
      ({ standing }) => standing,
    )
  expect(await standings()).toEqual(['joined', 'left'])
  await database.pool.query(
    `insert into texts_out (blast_id, number, person_id, kind, status, attempts, claimed_at, accepted_at, message_sid)
     values ($1, 1, 1, 'blast', 'accepted', 1, now(), now(), 'SM1b')`,
    [BLAST + 1],
  )
  const second = { ref: { blastId: BLAST + 1, number: 1 }, messageSid: 'SM1b' }
  await take({ ...second, status: 'undelivered', errorCode: 30004 })
  await take({ ...second, status: 'undelivered', errorCode: 30004 })
  expect(await standings()).toEqual(['left', 'left'])
  const { rows } = await database.pool.query('select person_id, kind, via, rule from consents order by id')
  expect(rows).toEqual([
    { person_id: 2, kind: 'left', via: 'carrier', rule: '21610: opted out at the carrier' },
    { person_id: 1, kind: 'carrier-blocked', via: 'carrier', rule: '30004: blocked by the carrier' },
  ])
  // Were she to come back, the blocks of before are no longer counted.
  expect((await database.pool.query('select max(blocked_count) as most from people')).rows).toEqual([
    { most: 0 },
  ])
})

test('a block by the carrier is forgiven by the next text that reaches her', async () => {
  await textedPeople(2)
  await database.pool.query('update people set blocked_count = 1')
  const { take } = taking()
  await Promise.all([take(receipt(1, 'delivered')), take(receipt(2, 'sent'))])
  const { rows } = await database.pool.query('select blocked_count from people order by id')
  expect(rows).toEqual([{ blocked_count: 0 }, { blocked_count: 1 }])
})

test('an id that is not ours, a word we do not know and one that cannot be kept spoil nothing for the others', async () => {
  await textedPeople(2)
  const { take } = taking()
  const taken = await Promise.allSettled([
    take(receipt(1, 'delivered')),
    take(receipt(999, 'delivered')),
    take(receipt(2, 'teleported')),
    take({ ...receipt(2, 'delivered'), messageSid: 'SM\0' }),
    take(receipt(2, 'sent')),
  ])
  expect(taken.map(({ status }) => status)).toEqual([
    'fulfilled',
    'fulfilled',
    'fulfilled',
    'rejected',
    'fulfilled',
  ])
  expect(await statuses()).toEqual({ 1: 'delivered', 2: 'sent' })
})

test('while Postgres is out of reach no receipt is answered as if it were safe', async () => {
  const { take, sizes } = taking()
  await database.drop()
  const taken = await Promise.allSettled([take(receipt(1, 'delivered')), take(receipt(2, 'delivered'))])
  expect(taken.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(sizes).toEqual([2])
  database = await freshDatabase()
})

test('somebody whose row is locked keeps the receipts of the others waiting for a second at most; her own has its consequence later', async () => {
  await textedPeople(2)
  const { take } = taking()
  const locker = await database.pool.connect()
  const standing = async () =>
    (await database.pool.query<{ standing: string }>('select standing from people where id = 1')).rows[0]
      ?.standing
  try {
    await locker.query('begin')
    await locker.query('select from people where id = 1 for update')
    const begun = performance.now()
    await Promise.all([take(receipt(1, 'failed', 21610)), take(receipt(2, 'delivered'))])
    await take(receipt(2, 'delivered'))
    expect(performance.now() - begun).toBeLessThan(4_000)
    expect(await statuses()).toEqual({ 1: 'failed', 2: 'delivered' })
    expect(await standing()).toBe('joined')
  } finally {
    await locker.query('rollback')
    locker.release()
  }
  for (const until = Date.now() + 5_000; (await standing()) === 'joined' && Date.now() < until;)
    await new Promise((resolve) => setTimeout(resolve, 20))
  expect(await standing()).toBe('left')
}, 20_000)
