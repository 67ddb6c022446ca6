import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { placeOf } from '../../src/congress/zip.js'
import { zonesFor, type Zones } from '../../src/congress/zones.js'
import { letNumbersGo } from '../../src/db/forgetting.js'
import { migrate, MIGRATIONS_DIR, requireSchema, schemaState, schemaVersion } from '../../src/db/migrate.js'
import { openPool } from '../../src/db/pool.js'
import { freshDatabase, type FreshDatabase } from '../support/services.js'

let database: FreshDatabase
let dir: string

beforeEach(async () => {
  database = await freshDatabase({ empty: true })
  dir = mkdtempSync(join(tmpdir(), 'text-action-migrations-'))
  write('0001_one.sql', 'create table one (id int);')
  write('0002_two.sql', 'create table two (id int); insert into one values (2);')
})

afterEach(async () => {
  await database.drop()
  rmSync(dir, { recursive: true, force: true })
})

const write = (file: string, sql: string) => writeFileSync(join(dir, file), sql)

const tables = async () => {
  const { rows } = await database.pool.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1`,
  )
  return rows.map(({ name }) => name)
}

test('an empty database gets every migration once', async () => {
  expect(await schemaVersion(database.pool)).toBe(0)
  expect(await migrate(database.pool, dir)).toEqual({ applied: ['0001_one.sql', '0002_two.sql'], version: 2 })
  expect(await migrate(database.pool, dir)).toEqual({ applied: [], version: 2 })
  expect(await schemaVersion(database.pool)).toBe(2)
  expect(await tables()).toEqual(['migrations', 'one', 'two'])
})

test('the migrations of this code run from an empty database', async () => {
  const { applied, version } = await migrate(database.pool)
  expect(applied).toEqual(
    readdirSync(MIGRATIONS_DIR)
      .filter((file) => /^\d{4}_/.test(file))
      .sort(),
  )
  expect(await schemaState(database.pool)).toEqual({ version, expected: version })
})

test("an older database keeps its people: whose number was to go goes, and West Wendover's get their neighbours' hours", async () => {
  const older = mkdtempSync(join(tmpdir(), 'text-action-migrations-'))
  for (const file of readdirSync(MIGRATIONS_DIR).filter((name) => /^000[1-6]_/.test(name)))
    cpSync(join(MIGRATIONS_DIR, file), join(older, file))
  await migrate(database.pool, older)
  await database.pool.query(
    `insert into people (phone_hash, phone_sealed, standing, zip, state, zone, other_zone)
     select int4send(n), 'x', case when n < 3 then 'left' else 'joined' end::standing,
            case when n = 3 then '89883' when n = 4 then '89101' end, case when n > 2 then 'NV' end, 'America/Los_Angeles', 'America/Los_Angeles'
       from generate_series(1, 4) n`,
  )
  await database.pool.query(
    `insert into consents (person_id, kind, via)
     select p.id, k.kind, 'text' from people p cross join (values ('joined'), ('left'), ('forgotten')) k (kind)
      where (p.standing = 'left' or k.kind = 'joined') and (p.phone_hash <> int4send(2) or k.kind <> 'forgotten') order by p.id`,
  )
  await migrate(database.pool)
  await letNumbersGo(database.pool)
  const { rows } = await database.pool.query(
    'select phone_sealed is not null as number, other_zone as "otherZone" from people order by phone_hash',
  )
  const pacific = { number: true, otherZone: 'America/Los_Angeles' }
  expect(rows).toEqual([
    { ...pacific, number: false },
    pacific,
    { ...pacific, otherZone: 'America/Denver' },
    pacific,
  ])
  rmSync(older, { recursive: true })
})

describe('an older database whose people were texted by one clock too few', () => {
  beforeEach(async () => {
    const older = mkdtempSync(join(tmpdir(), 'text-action-migrations-'))
    for (const file of readdirSync(MIGRATIONS_DIR).filter((name) => /^000[1-8]_/.test(name)))
      cpSync(join(MIGRATIONS_DIR, file), join(older, file))
    await migrate(database.pool, older)
    rmSync(older, { recursive: true })
  })

  const person = async (zip: string | null, state: string | null, zone: string): Promise<number> => {
    const { rows } = await database.pool.query<{ id: number }>(
      `insert into people (phone_hash, phone_sealed, standing, zip, state, zone, other_zone)
       values (int4send((select count(*)::int from people)), 'x', 'joined', $1, $2, $3, $3) returning id`,
      [zip, state, zone],
    )
    return rows[0]?.id ?? 0
  }
  const zonesOf = async (id: number) =>
    (
      await database.pool.query<Zones>('select zone, other_zone as "otherZone" from people where id = $1', [
        id,
      ])
    ).rows[0]

  test('who lives in a ZIP about which the table errs gets the hours of who comes now; her neighbours keep theirs', async () => {
    const wrong =
      '36869 36874 37337 37419 37854 40140 42603 42716 47532 47660 49807 57532 57601 58535 58568 58838 69165 79847 ' +
      '83522 86004 86016 86028 86040 86502'
    const places = wrong.split(' ').map((zip) => {
      const place = placeOf(zip)
      return { zip, state: place.kind === 'state' ? place.state : null }
    })
    const sailor = { zip: '09012', state: 'PR' }
    const ids = []
    for (const { zip, state } of [...places, sailor]) ids.push(await person(zip, state, 'America/Boise'))
    const neighbour = await person('37402', 'TN', 'America/New_York')
    await migrate(database.pool)
    for (const [n, place] of [...places, sailor].entries())
      expect([place.zip, await zonesOf(ids[n] ?? 0)]).toEqual([place.zip, zonesFor(place)])
    expect(await zonesOf(neighbour)).toEqual({ zone: 'America/New_York', otherZone: 'America/New_York' })
  })

  test('whose ZIP went when she named another state may be anywhere from New York on; who never sent one is where she votes', async () => {
    const said = async (id: number, understood: string, answer: string) => {
      const { rows } = await database.pool.query<{ id: number }>(
        `insert into texts_in (message_sid, person_id, verdict, understood) values ('SM' || $1::bigint, $1, 'stay', $2) returning id`,
        [id, understood],
      )
      await database.pool.query('insert into texts_out (person_id, kind, in_reply_to) values ($1, $2, $3)', [
        id,
        answer,
        rows[0]?.id,
      ])
    }
    const hawaii = () => person(null, 'HI', 'Pacific/Honolulu')
    const [sent, joined, imported, stateOnly] = [
      await hawaii(),
      await hawaii(),
      await hawaii(),
      await hawaii(),
    ]
    const ohio = await person(null, 'OH', 'America/New_York')
    const stays = await person('15213', 'PA', 'America/New_York')
    for (const id of [sent, ohio, stays]) await said(id, 'zip', 'senators')
    await said(joined, 'join', 'senators')
    await said(stateOnly, 'join', 'welcome')
    await database.pool.query(
      `insert into consents (person_id, kind, via) values ($1, 'imported', 'import')`,
      [imported],
    )
    await migrate(database.pool)
    for (const id of [sent, joined, imported])
      expect(await zonesOf(id)).toEqual({ zone: 'America/New_York', otherZone: 'Pacific/Honolulu' })
    expect(await zonesOf(ohio)).toEqual({ zone: 'America/New_York', otherZone: 'America/Los_Angeles' })
    expect(await zonesOf(stateOnly)).toEqual({ zone: 'Pacific/Honolulu', otherZone: 'Pacific/Honolulu' })
    expect(await zonesOf(stays)).toEqual({ zone: 'America/New_York', otherZone: 'America/New_York' })
  })
})

test('four programs that migrate at once apply each file once', async () => {
  const pools = Array.from({ length: 4 }, () => openPool(database.url, { max: 1 }))
  const results = await Promise.all(pools.map((pool) => migrate(pool, dir)))
  await Promise.all(pools.map((pool) => pool.end()))
  expect(results.flatMap(({ applied }) => applied).sort()).toEqual(['0001_one.sql', '0002_two.sql'])
  expect((await database.pool.query('select id from one')).rows).toEqual([{ id: 2 }])
})

test('a migration that fails leaves nothing behind, keeps those before it, and says which', async () => {
  write('0003_three.sql', 'create table three (id int); select 1/0;')
  await expect(migrate(database.pool, dir)).rejects.toThrow(
    'Migration 0003_three.sql failed and left nothing behind: division by zero.',
  )
  expect(await tables()).toEqual(['migrations', 'one', 'two'])
  expect(await schemaVersion(database.pool)).toBe(2)
  write('0003_three.sql', 'create table three (id int);')
  expect((await migrate(database.pool, dir)).applied).toEqual(['0003_three.sql'])
})

test('a schema newer than the code is refused', async () => {
  await migrate(database.pool, dir)
  await database.pool.query(`insert into migrations (number, name, digest) values (3, '0003_future.sql', '')`)
  const refusal =
    'The database has schema 3, this program knows only 2. Start the newer version of Text Action.'
  await expect(migrate(database.pool, dir)).rejects.toThrow(refusal)
  await expect(requireSchema(database.pool, dir)).rejects.toThrow(refusal)
})

test('a schema older than the code says what to run', async () => {
  await expect(requireSchema(database.pool, dir)).rejects.toThrow('Run: textaction migrate')
  await migrate(database.pool, dir)
  await requireSchema(database.pool, dir)
})

test('a file changed after it ran is refused, other line ends are not', async () => {
  await migrate(database.pool, dir)
  write('0002_two.sql', 'create table two (id int); insert into one values (2);\r\n'.trimEnd())
  await migrate(database.pool, dir)
  write('0002_two.sql', 'create table two (id bigint);')
  await expect(migrate(database.pool, dir)).rejects.toThrow(
    'Migration 0002_two.sql was changed after this database had it.',
  )
})

test('two files with one number, or a gap, are refused before anything runs', async () => {
  cpSync(join(dir, '0002_two.sql'), join(dir, '0002_too.sql'))
  await expect(migrate(database.pool, dir)).rejects.toThrow('0002_two.sql is out of line')
  expect(await tables()).toEqual([])
})

test('a table that is busy for a while lets everybody behind the migration by; one that stays busy stops it', async () => {
  await migrate(database.pool, dir)
  write('0003_three.sql', 'alter table one add column more int;')
  const reader = await database.pool.connect()
  try {
    await reader.query('begin; lock table one in access share mode')
    await expect(migrate(database.pool, dir, { patienceMs: 0 })).rejects.toThrow(
      'a table it changes is busy; nothing was changed',
    )
    const told: string[] = []
    const migrating = migrate(database.pool, dir, { onBusy: (file) => told.push(file) })
    while (told.length === 0) await new Promise((resolve) => setTimeout(resolve, 50))
    await database.pool.query('select count(*) from one') // not kept waiting meanwhile
    await reader.query('rollback')
    expect([(await migrating).applied, told]).toEqual([['0003_three.sql'], ['0003_three.sql']])
  } finally {
    await reader.query('rollback')
    reader.release()
  }
}, 30_000)
