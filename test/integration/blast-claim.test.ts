import { claimBlastTexts } from '../../src/db/blast-claim.js'
import { recordBlastOutcomes, unclaimBlastTexts } from '../../src/db/blast-outcomes.js'
import { takeNextRange } from '../../src/db/blast-ranges.js'
import { leave } from '../../src/db/leaving.js'
import { transaction } from '../../src/db/pool.js'
import { freshDatabase, type FreshDatabase } from '../support/services.js'

const RULES = { alertsPerMonth: 8, outage: null, tellsHowToStop: false, early: false }
const ALL = { after: 0, upTo: 1_000_000 }

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

let area = 0
/** A running blast to one new person. */
async function one(person: Record<string, unknown> = {}, blast: Record<string, unknown> = {}) {
  const given = { standing: 'joined', zone: 'America/Chicago', other_zone: 'America/Chicago', ...person }
  const id = await insert('people', {
    phone_hash: Buffer.from(`someone ${++area}`),
    phone_sealed: Buffer.from('sealed'),
    ...given,
  })
  const blastId = await running(blast)
  await write(blastId, id)
  return { id, blastId }
}

async function running(blast: Record<string, unknown> = {}): Promise<number> {
  return insert('blasts', {
    ...{ code: `b${++area}`, name: 'vote', action: 'pro-act', wording: '{"en":"call"}', created_by: 'lee' },
    ...{ state: 'running', opens: '00:00', closes: '24:00', ...blast },
  })
}

const write = (blastId: number, personId: number) =>
  database.pool.query(
    `insert into texts_out (blast_id, number, person_id, kind) values ($1, $2, $2, 'blast')`,
    [blastId, personId],
  )

async function insert(table: string, row: Record<string, unknown>): Promise<number> {
  const names = Object.keys(row)
  const { rows } = await database.pool.query<{ id: number }>(
    `insert into ${table} (${names.join(', ')}) values (${names.map((_, n) => `$${n + 1}`).join(', ')}) returning id`,
    Object.values(row),
  )
  return rows[0]?.id ?? 0
}

const claim = (blastId: number, rules = {}) =>
  claimBlastTexts(database.pool, { blastId, ...ALL }, 10, { ...RULES, ...rules })

async function statusOf(blastId: number, id: number): Promise<string | undefined> {
  const { rows } = await database.pool.query<{ status: string }>(
    'select status from texts_out where blast_id = $1 and number = $2',
    [blastId, id],
  )
  return rows[0]?.status
}

test('a text is claimed once, whoever asks', async () => {
  const { blastId, id } = await one()
  const claims = await Promise.all(Array.from({ length: 8 }, () => claim(blastId)))
  expect(claims.flatMap(({ claimed }) => claimed.map(({ ref }) => ref.number))).toEqual([id])
})

test('who has left is not claimed, and is counted as left', async () => {
  const { blastId, id } = await one({ standing: 'left' })
  expect(await claim(blastId)).toMatchObject({ claimed: [], settled: 1 })
  expect(await statusOf(blastId, id)).toBe('opted_out')
})

test('while her STOP is under way she is passed over, and after it she is out', async () => {
  const { blastId, id } = await one()
  await transaction(database.pool, async (tx) => {
    await leave(tx, { personId: id, kind: 'left', via: 'text', textId: null })
    expect(await claim(blastId)).toMatchObject({ claimed: [], settled: 0 })
  })
  expect(await statusOf(blastId, id)).toBe('opted_out')
})

test('a claim that waited for nobody sees a STOP that committed while it was planned', async () => {
  // The claim's snapshot is taken before the STOP commits; her row is read again under the lock.
  for (let trial = 0; trial < 50; trial++) {
    const { blastId, id } = await one()
    const [claims, leftAt] = await Promise.all([
      claim(blastId),
      transaction(database.pool, (tx) =>
        leave(tx, { personId: id, kind: 'left', via: 'text', textId: null }),
      ).then(async () => {
        // As text: a Date would lose what is below a millisecond, and seem earlier than a claim before it.
        const { rows } = await database.pool.query<{ at: string }>('select clock_timestamp()::text as at')
        return rows[0]?.at
      }),
    ])
    const { rows } = await database.pool.query<{ late: boolean }>(
      'select claimed_at > $2::timestamptz as late from texts_out where blast_id = $1 and claimed_at is not null',
      [blastId, leftAt],
    )
    expect(rows.filter(({ late }) => late)).toEqual([])
    if (claims.claimed.length === 0) expect(await statusOf(blastId, id)).toBe('opted_out')
  }
})

test('who was asked whether to stop waits', async () => {
  const { blastId, id } = await one({ standing: 'held' })
  expect(await claim(blastId)).toMatchObject({ claimed: [], settled: 0 })
  expect(await statusOf(blastId, id)).toBe('pending')
})

test('behind a hundred and fifty who wait, the next pass finds her at once', async () => {
  const { blastId } = await one({ standing: 'held' })
  for (let n = 1; n < 150; n++) await write(blastId, (await one({ standing: 'held' })).id)
  const { id } = await one()
  await write(blastId, id)
  // So many passed over end a claim: what it reads and locks has a bound.
  expect(await claim(blastId)).toMatchObject({ claimed: [], settled: 0 })
  const range = await takeNextRange(database.pool, blastId, { after: 0, max: 500, early: false })
  expect(range).toMatchObject({ after: id - 1, upTo: id, texts: 1 })
  const { claimed } = await claimBlastTexts(database.pool, { blastId, after: id - 1, upTo: id }, 10, RULES)
  expect(claimed.map(({ ref }) => ref.number)).toEqual([id])
})

test('who lives in one zone and votes in another is claimed only while it is day in both', async () => {
  const { rows } = await database.pool.query<{ hour: number }>(
    `select extract(hour from now() at time zone 'UTC')::int as hour`,
  )
  // Named the other way round than clocks go: this one shows two in the afternoon.
  const showing = (hour: number) => `Etc/GMT${(rows[0]?.hour ?? 0) - hour}`.replace(/GMT(?=\d)/, 'GMT+')
  const [afternoon, noon, morning] = [showing(14), showing(12), showing(11)]
  const window = { opens: '12:00', closes: '16:00' }
  for (const [zone, other_zone] of [
    [afternoon, morning],
    [morning, afternoon],
  ]) {
    const { blastId } = await one({ zone, other_zone }, window)
    expect((await claim(blastId)).claimed).toEqual([])
    expect(await takeNextRange(database.pool, blastId, { after: 0, max: 9, early: false })).toBeNull()
  }
  const { blastId } = await one({ zone: afternoon, other_zone: noon }, window)
  expect((await claim(blastId)).claimed).toHaveLength(1)
})

test('outside her hours nothing is claimed', async () => {
  const { rows } = await database.pool.query<{ at: string }>(
    `select to_char(now() at time zone 'UTC', 'HH24:MI') as at`,
  )
  const hour = Number(rows[0]?.at.slice(0, 2))
  const later = { opens: `${(hour + 2) % 24}:00`, closes: `${(hour + 2) % 24}:59` }
  const { blastId, id } = await one({ zone: 'UTC', other_zone: 'UTC' }, later)
  expect((await claim(blastId)).claimed).toEqual([])
  expect(await statusOf(blastId, id)).toBe('pending')
})

test('in the last minute of her hours nothing is claimed: it would leave after them', async () => {
  const { rows } = await database.pool.query<{ zone: string; in30: string; in3: string }>(
    // A zone where it is early afternoon: no midnight, no Sunday morning.
    `with zone as (select 'Etc/GMT' || to_char(extract(hour from now() at time zone 'UTC') - 14, 'SG99') as name)
     select replace(name, ' ', '') as zone, to_char(now() at time zone replace(name, ' ', '') + interval '30 s', 'HH24:MI:SS') as in30,
            to_char(now() at time zone replace(name, ' ', '') + interval '3 min', 'HH24:MI:SS') as in3 from zone`,
  )
  const { zone, in30, in3 } = rows[0] ?? { zone: '', in30: '', in3: '' }
  const closing = await one({ zone, other_zone: zone }, { opens: '13:00', closes: in30 })
  expect((await claim(closing.blastId)).claimed).toEqual([])
  expect(await takeNextRange(database.pool, closing.blastId, { after: 0, max: 9, early: false })).toBeNull()
  const open = await one({ zone, other_zone: zone }, { opens: '13:00', closes: in3 })
  expect((await claim(open.blastId)).claimed).toHaveLength(1)
})

test('a paused blast claims nothing', async () => {
  const { blastId } = await one({}, { state: 'paused' })
  expect(await claim(blastId)).toMatchObject({ claimed: [], settled: 0 })
})

test('two alerts on one day: the second is withheld, unless the blast allows it', async () => {
  const { blastId, id } = await one()
  expect((await claim(blastId)).claimed).toHaveLength(1)
  const second = await running()
  await write(second, id)
  expect((await claim(second)).claimed).toEqual([])
  expect(await statusOf(second, id)).toBe('capped')
  const third = await running({ per_day: 2 })
  await write(third, id)
  expect((await claim(third)).claimed).toHaveLength(1)
})

test('two blasts that claim her at the same moment do not both get her', async () => {
  for (let trial = 0; trial < 20; trial++) {
    const { blastId, id } = await one()
    const other = await running()
    await write(other, id)
    const claims = await Promise.all([claim(blastId), claim(other)])
    expect(claims.flatMap(({ claimed }) => claimed).length).toBeLessThanOrEqual(1)
  }
})

test('after LESS one alert a month is enough', async () => {
  const lately = new Date(Date.now() - 20 * 86_400_000)
  const { blastId, id } = await one({ fewer: true, alerted: [lately] })
  await claim(blastId)
  expect(await statusOf(blastId, id)).toBe('capped')
  const before = await one({ fewer: true, alerted: [new Date(Date.now() - 31 * 86_400_000)] })
  expect((await claim(before.blastId)).claimed).toHaveLength(1)
})

test('the promise of the welcome is kept', async () => {
  const alerted = Array.from({ length: 8 }, (_, n) => new Date(Date.now() - (n + 2) * 86_400_000))
  const { blastId, id } = await one({ alerted })
  await claim(blastId)
  expect(await statusOf(blastId, id)).toBe('capped')
})

test('what surely was not sent may be claimed again, and does not count as an alert', async () => {
  const { blastId, id } = await one()
  const first = await claim(blastId)
  await unclaimBlastTexts(database.pool, first.claimed, 0)
  expect(await statusOf(blastId, id)).toBe('pending')
  const second = await claim(blastId)
  expect(second.claimed.map(({ attempt }) => attempt)).toEqual([2])
  // The worker that slept through it cannot undo the second claim.
  await unclaimBlastTexts(database.pool, first.claimed, 0)
  expect(await statusOf(blastId, id)).toBe('claimed')
})

test('nor when that is told only after the lease has put it in doubt; a refusal counts then as well', async () => {
  const { blastId, id } = await one()
  const inDoubt = () =>
    database.pool.query(`update texts_out set status = 'in_doubt' where blast_id = $1`, [blastId])
  const first = await claim(blastId)
  await inDoubt()
  await unclaimBlastTexts(database.pool, first.claimed, 0)
  expect(await statusOf(blastId, id)).toBe('pending')
  const [second] = (await claim(blastId)).claimed
  if (!second) throw new Error('not claimable')
  await inDoubt()
  await recordBlastOutcomes(database.pool, [
    { ref: second.ref, attempt: 2, status: 'failed', messageSid: null, errorCode: 21_211 },
  ])
  expect(await statusOf(blastId, id)).toBe('failed')
})

test('a blast that is done stays so: what was in doubt of it is looked up, not given back', async () => {
  const { blastId, id } = await one()
  const { claimed } = await claim(blastId)
  await database.pool.query(`update texts_out set status = 'in_doubt' where blast_id = $1`, [blastId])
  await database.pool.query(`update blasts set state = 'done' where id = $1`, [blastId])
  await unclaimBlastTexts(database.pool, claimed, 0)
  expect(await statusOf(blastId, id)).toBe('in_doubt')
})

test('a text too late is expired, not sent', async () => {
  const { blastId, id } = await one()
  await database.pool.query(
    `update texts_out set expires_at = now() - interval '1 second' where blast_id = $1`,
    [blastId],
  )
  await claim(blastId)
  expect(await statusOf(blastId, id)).toBe('expired')
})

test('while a STOP may lie in a spool nobody is claimed', async () => {
  const { blastId } = await one()
  await database.pool.query(`insert into serves (id, seen_at, drained_at) values ('web', now(), null)`)
  expect((await claim(blastId)).claimed).toEqual([])
  await database.pool.query(`update serves set drained_at = now(), seen_at = now()`)
  const outage = { from: new Date(Date.now() - 5_000), until: new Date(Date.now() + 1_000) }
  expect((await claim(blastId, { outage })).claimed).toEqual([])
  // Killed long before an outage: whatever came in meanwhile came to another.
  const later = { from: new Date(Date.now() + 120_000), until: new Date(Date.now() + 121_000) }
  expect((await claim(blastId, { outage: later })).claimed).toHaveLength(1)
  await database.pool.query(`delete from serves`)
})

test.each([
  [1, 1],
  [8, 0],
  [59, 0],
  [61, 1],
])(
  'a web process that has said nothing for %s s may be cut off with a STOP: %s go',
  async (silent, texts) => {
    const { blastId } = await one()
    await database.pool.query(
      `insert into serves (id, seen_at, drained_at) values ('web', now() - $1 * interval '1 s', now())`,
      [silent],
    )
    const { claimed } = await claim(blastId)
    await database.pool.query('delete from serves')
    expect(claimed).toHaveLength(texts)
  },
)

test('the outcome of a POST is written once, and a receipt that came first stands', async () => {
  const { blastId, id } = await one()
  const [text] = (await claim(blastId)).claimed
  if (!text) throw new Error('not claimed')
  await database.pool.query(`update texts_out set status = 'delivered' where blast_id = $1`, [blastId])
  const outcome = { ref: text.ref, attempt: text.attempt, messageSid: 'SM1', errorCode: null }
  await recordBlastOutcomes(database.pool, [{ ...outcome, status: 'accepted' }])
  expect(await statusOf(blastId, id)).toBe('delivered')
  await recordBlastOutcomes(database.pool, [{ ...outcome, status: 'in_doubt' }])
  expect(await statusOf(blastId, id)).toBe('delivered')
})

test('Twilio took a text that was to be sent again: it is not', async () => {
  const { blastId, id } = await one()
  const [text] = (await claim(blastId)).claimed
  if (!text) throw new Error('not claimed')
  await database.pool.query(`update texts_out set status = 'pending' where blast_id = $1`, [blastId])
  const outcome = { ref: text.ref, attempt: text.attempt, messageSid: 'SM2', errorCode: null }
  await recordBlastOutcomes(database.pool, [{ ...outcome, status: 'accepted' }])
  expect(await statusOf(blastId, id)).toBe('accepted')
})
