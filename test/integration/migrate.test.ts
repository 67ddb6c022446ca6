import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
