import { createBlastWriter } from '../../src/blast/wording.js'
import { audienceOf, startBlast } from '../../src/blast/start.js'
import { readBlastLog } from '../../src/db/blast-log.js'
import { findBlast, judgedNow, rewriteBlast, setTimes } from '../../src/db/blasts.js'
import { audienceGroups, fanOutPage, PAGE_IDS } from '../../src/db/fan-out.js'
import { RULES, scheduleBlast, WORDING } from '../support/blasts.js'
import { ACTION, CONGRESS, SHORT_CODE } from '../support/play.js'
import { freshDatabase, type FreshDatabase } from '../support/services.js'

const { shape } = createBlastWriter(
  { en: WORDING },
  { action: ACTION, congress: CONGRESS, shortCode: SHORT_CODE },
)

let database: FreshDatabase
beforeEach(async () => {
  database = await freshDatabase()
})
afterEach(() => database.drop())

const people = (count: number, state = 'AL') =>
  database.pool.query(
    `insert into people (phone_hash, phone_sealed, standing, state, zone, other_zone, joined_at, stop_shown_at)
     select sha256(($2 || n)::bytea), 'sealed', 'joined', $2, 'America/Chicago', 'America/Chicago', now(), now()
       from generate_series(1, $1) n`,
    [count, state],
  )

async function count(sql: string): Promise<number> {
  const { rows } = await database.pool.query<{ n: number }>(`select count(*) as n from ${sql}`)
  return rows[0]?.n ?? 0
}

test('an audience larger than a page gets a text each, whoever dies in between and however many write', async () => {
  const all = PAGE_IDS * 2 + 100
  await people(all)
  const blast = await scheduleBlast(database.pool)
  expect(await startBlast(database.pool, blast.id, 'lee', RULES)).toBe(true)
  const write = async () => {
    for (;;) if ((await fanOutPage(database.pool, blast.id, shape)) === null) return
  }
  await Promise.all([write(), write()])
  expect(await count('texts_out')).toBe(all)
  expect(await count('blast_pages')).toBe(0)
  expect((await findBlast(database.pool, blast.code))?.fannedOut).toBe(all)
}, 60_000)

test('two who start it at once start it once', async () => {
  await people(10)
  const blast = await scheduleBlast(database.pool)
  const started = await Promise.all([1, 2, 3].map(() => startBlast(database.pool, blast.id, 'lee', RULES)))
  expect(started.filter(Boolean)).toHaveLength(1)
  expect((await readBlastLog(database.pool, blast.id)).map(({ what }) => what)).toEqual(['started'])
})

test('people who join after the start are not in it; who left meanwhile is counted as left', async () => {
  await people(10)
  const blast = await scheduleBlast(database.pool)
  await startBlast(database.pool, blast.id, 'lee', RULES)
  await people(5, 'WV')
  await database.pool.query(`update people set standing = 'left' where id = 3`)
  await fanOutPage(database.pool, blast.id, shape)
  expect(await count('texts_out')).toBe(10)
  expect(await count(`texts_out where status = 'opted_out'`)).toBe(1)
})

test('nine in the morning is the later of her two zones, and the end the earlier one', async () => {
  await people(1)
  await people(1, 'TN')
  await database.pool.query(`update people set other_zone = 'America/New_York' where state = 'TN'`)
  const local = { startsLocal: '2026-12-01T09:00:00', untilLocal: '2026-12-01T17:00:00' }
  const exact = {
    startsAt: new Date('2026-12-01T18:00:00.123Z'),
    untilAt: new Date('2026-12-01T21:00:00.456Z'),
  }
  const written: unknown[] = []
  const longer = [{ state: 'TN', language: 'en', kind: 'blast', segments: 2 }]
  for (const [times, shaped] of [
    [local, shape],
    [local, { ...shape, byState: true, exceptions: longer }],
    [exact, shape],
    [{}, shape],
  ] as const) {
    const blast = await scheduleBlast(database.pool, times)
    await startBlast(database.pool, blast.id, 'lee', RULES)
    await fanOutPage(database.pool, blast.id, shaped)
    const { rows } = await database.pool.query<{ starts: Date; ends: Date | null; isNow: boolean }>(
      `select not_before as starts, expires_at as ends, abs(extract(epoch from now() - not_before)) < 5 as "isNow"
         from texts_out where blast_id = $1 order by number`,
      [blast.id],
    )
    written.push(
      rows.map(({ starts, ends, isNow }) => (isNow ? ends : [starts.toISOString(), ends?.toISOString()])),
    )
  }
  const onClocks = [
    ['2026-12-01T15:00:00.000Z', '2026-12-01T23:00:00.000Z'],
    ['2026-12-01T15:00:00.000Z', '2026-12-01T22:00:00.000Z'],
  ]
  const at = ['2026-12-01T18:00:00.123Z', '2026-12-01T21:00:00.456Z']
  expect(written).toEqual([onClocks, onClocks, [at, at], [null, null]])
})

test('an audience that grew by more than a tenth since the approval is refused, with both numbers', async () => {
  await people(10)
  const blast = await scheduleBlast(database.pool)
  await database.pool.query('update blasts set approved_people = 9')
  await expect(startBlast(database.pool, blast.id, 'lee', RULES)).rejects.toThrow(
    `The audience grew from 9 to 10 (11%) since dana approved. Look again: textaction blast rehearse ${blast.code}`,
  )
  expect(await findBlast(database.pool, blast.code)).toMatchObject({ state: 'scheduled', startedAt: null })
  expect(await count('blast_pages')).toBe(0)
})

test('a change after the approval voids it, of the words as of the hours', async () => {
  await people(10)
  const blast = await scheduleBlast(database.pool)
  const hours = { ...RULES, window: { from: 0, to: 1_200 } }
  await expect(startBlast(database.pool, blast.id, 'lee', hours)).rejects.toThrow(
    'changed since dana approved',
  )
  await setTimes(database.pool, blast.id, { ...blast, startsAt: new Date('2026-12-01T16:00:00Z') })
  await expect(startBlast(database.pool, blast.id, 'lee', RULES)).rejects.toThrow(
    'changed since dana approved',
  )
  await rewriteBlast(database.pool, blast.id, { ...blast, wording: { en: 'other words' } })
  expect(await findBlast(database.pool, blast.code)).toMatchObject({ state: 'draft', approvedBy: null })
  expect(await startBlast(database.pool, blast.id, 'lee', RULES)).toBe(false)
})

test('an audience without senators is left out of a wording that names them', async () => {
  await people(3)
  await people(2, 'PR')
  const { who, limit } = audienceOf('', RULES, 2)
  const groups = await audienceGroups(database.pool, who, limit, false)
  expect(groups.map(({ state, people }) => [state, people])).toEqual([['AL', 3]])
  const all = audienceOf('', { ...RULES, needsSenators: false }, 2)
  expect((await audienceGroups(database.pool, all.who, all.limit, false)).length).toBe(2)
})

test('hours are judged by the database, not by a worker', async () => {
  const now = await judgedNow(database.pool)
  expect(Math.abs(now.getTime() - Date.now())).toBeLessThan(5_000)
})
