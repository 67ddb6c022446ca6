import { isPooled, openPool, transaction } from '../../src/db/pool.js'
import { startBot, type Bot } from '../support/bot.js'
import { crowdFaults, crowdTalks } from '../support/crowd.js'
import { findPgbouncer, startPgbouncer, type Pgbouncer } from '../support/pgbouncer.js'
import { freshDatabase } from '../support/services.js'

// PgBouncer in transaction mode gives each transaction another session: nothing may lie in a session from one to the next.

jest.setTimeout(60_000)

const program = findPgbouncer()
if (!program)
  process.stderr.write(
    'skipped: PgBouncer is not here. Install it (apt-get install pgbouncer), then run this again.\n',
  )
const described = program ? describe : describe.skip

described('behind PgBouncer in transaction mode', () => {
  let pgbouncer: Pgbouncer
  let bot: Bot

  beforeAll(async () => {
    pgbouncer = await startPgbouncer(program ?? '', 3)
    bot = await startBot({ databaseUrl: (direct) => pgbouncer.behind(direct) })
  })
  afterAll(async () => {
    await bot.stop()
    await pgbouncer.stop()
  })

  test('a statement with a name works in whichever session it comes to', async () => {
    const pool = openPool(bot.env['DATABASE_URL'] ?? '', { max: 8 })
    const one = () => pool.query<{ n: number }>({ name: 'one', text: 'select $1::int as n', values: [1] })
    const answers = await Promise.all(Array.from({ length: 200 }, one))
    const client = await pool.connect()
    expect(await isPooled(client)).toBe(true)
    client.release()
    await pool.end()
    expect(answers.every(({ rows }) => rows[0]?.n === 1)).toBe(true)
  })

  test.each([true, false])(
    'a transaction ends after half a minute at rest, also in a session newer than its connection (pipeline: %s)',
    async (pipeline) => {
      const database = await freshDatabase({ empty: true })
      const pool = openPool(pgbouncer.behind(database.url), { max: 1, pipeline })
      try {
        await pool.query('reset idle_in_transaction_session_timeout') // as in a session that PgBouncer has just opened
        const limit = () => transaction(pool, (tx) => tx.query('show idle_in_transaction_session_timeout'))
        expect((await limit()).rows).toEqual([{ idle_in_transaction_session_timeout: '30s' }])
      } finally {
        await pool.end()
        await database.drop()
      }
    },
  )

  test('40 people talk to us through three sessions, and each gets her four answers, once', async () => {
    await crowdTalks(bot, { first: 0, count: 40 })
    await bot.settled()
    expect(crowdFaults(bot, { first: 0, count: 40 })).toEqual([])
    const logs = bot.roles
      .flatMap((role) => role.log)
      .filter((line) => /"level":(50|60)|"event":"fault"/.test(line))
    expect(logs).toEqual([])
  })

  test('the commands work through it too: migrate, an import with COPY, an export, purge, doctor', async () => {
    await bot.importPeople(
      `phone,zip\n${Array.from({ length: 50 }, (_, i) => `(212) 555-01${String(i).padStart(2, '0')},10001`).join('\n')}\n`,
    )
    const migrated = await bot.run(['migrate'])
    expect(migrated.stdout).toMatch(/^The schema is up to date/)
    const exported = await bot.run(['people', 'export'])
    expect(exported.stdout.split('\n').filter((line) => line.includes('212555')).length).toBe(50)
    expect(await bot.run(['purge'])).toMatchObject({ code: 0 })
    const { stdout } = await bot.run(['doctor'])
    expect(stdout).toMatch(/ok {4}Postgres {5}[\d.]+, \d+ ms, by way of a pooler, schema/)
  })

  test('a schema is made through it, by two at once', async () => {
    const empty = await freshDatabase({ empty: true })
    const env = { DATABASE_URL: pgbouncer.behind(empty.url) }
    const both = await Promise.all([bot.run(['migrate'], '', env), bot.run(['migrate'], '', env)])
    await empty.drop()
    expect(both.map(({ code, stderr }) => [code, stderr])).toEqual([
      [0, ''],
      [0, ''],
    ])
  })
})

test('a direct connection keeps the names: each statement is planned once a session', async () => {
  const database = await freshDatabase({ max: 1 })
  await database.pool.query({ name: 'kept', text: 'select 1' })
  const { rows } = await database.pool.query('select name from pg_prepared_statements')
  await database.drop()
  expect(rows).toEqual([{ name: 'kept' }])
})
