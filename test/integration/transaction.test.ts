import { openPool, transaction } from '../../src/db/pool.js'
import { freshDatabase, type FreshDatabase } from '../support/services.js'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase({ empty: true })
})
afterAll(() => database.drop())

const WRITE = 'insert into notes values ($1)'

describe('a transaction whose statements are sent without waiting', () => {
  let pool: ReturnType<typeof openPool>
  beforeEach(async () => {
    await database.pool.query('drop table if exists notes; create table notes (words text primary key)')
    pool = openPool(database.url, { max: 1, pipeline: true })
  })
  afterEach(() => pool.end())

  const notes = async () =>
    (await database.pool.query<{ words: string }>('select words from notes order by words')).rows.map(
      ({ words }) => words,
    )

  test('all it wrote is there for everybody once it resolves, what was given to the end too', async () => {
    const result = await transaction(pool, async (tx, atLast) => {
      await tx.query(WRITE, ['a'])
      atLast(tx.query(WRITE, ['b']))
      atLast(tx.query(WRITE, ['c']))
      return 'done'
    })
    expect(result).toBe('done')
    expect(await notes()).toEqual(['a', 'b', 'c'])
  })

  test('one refused among those given to the end: nothing is left, and whoever waits is told which', async () => {
    const refused = transaction(pool, async (tx, atLast) => {
      await tx.query(WRITE, ['a'])
      atLast(tx.query(WRITE, ['b']))
      atLast(tx.query(WRITE, ['a']))
      atLast(tx.query(WRITE, ['c']))
    })
    await expect(refused).rejects.toThrow('notes_pkey')
    expect(await notes()).toEqual([])
  })

  test('one that cannot even be sent: nothing is left either, though Postgres never heard of it', async () => {
    const unsendable = {
      toPostgres: () => {
        throw new Error('no such value')
      },
    }
    const refused = transaction(pool, async (tx, atLast) => {
      await tx.query(WRITE, ['a'])
      atLast(tx.query(WRITE, [unsendable]))
      atLast(tx.query(WRITE, ['b']))
    })
    await expect(refused).rejects.toThrow('no such value')
    expect(await notes()).toEqual([])
  })

  test('work that throws with statements under way leaves nothing, and the connection is good for the next', async () => {
    const refused = transaction(pool, (tx, atLast) => {
      atLast(tx.query(WRITE, ['a']))
      atLast(tx.query(WRITE, [{ toPostgres: () => 'a' }]))
      return Promise.reject(new Error('no such wording'))
    })
    await expect(refused).rejects.toThrow('no such wording')
    await transaction(pool, (tx) => tx.query(WRITE, ['b']))
    expect(await notes()).toEqual(['b'])
  })

  test('a `begin` that is refused: what comes after it is not written as a transaction of its own', async () => {
    pool.on('connect', (client) => {
      const query = client.query.bind(client) as (...args: unknown[]) => unknown
      client.query = ((first: unknown, ...rest: unknown[]) =>
        query(first === 'begin' ? 'begin isolation level none' : first, ...rest)) as typeof client.query
    })
    const refused = transaction(pool, async (tx) => {
      await tx.query('select')
      await tx.query(WRITE, ['a'])
    })
    await expect(refused).rejects.toThrow('syntax error')
    expect(await notes()).toEqual([])
  })

  test('Postgres cuts the connection in the midst: it rejects, nothing is left, and the pool opens another', async () => {
    const cut = transaction(pool, async (tx, atLast) => {
      const { rows } = await tx.query<{ pid: number }>('select pg_backend_pid() as pid')
      atLast(tx.query(WRITE, ['a']))
      atLast(tx.query('select pg_sleep(5)'))
      atLast(tx.query(WRITE, ['b']))
      await database.pool.query('select pg_terminate_backend($1)', [rows[0]?.pid])
    })
    await expect(cut).rejects.toThrow()
    await transaction(pool, (tx) => tx.query(WRITE, ['c']))
    expect(await notes()).toEqual(['c'])
  })

  test('on a connection that sends one after the other nobody can leave a statement to the end', async () => {
    const refused = transaction(database.pool, (tx, atLast) => {
      atLast(tx.query(WRITE, ['a']))
      return Promise.resolve()
    })
    await expect(refused).rejects.toThrow('pipeline')
    expect(await notes()).toEqual([])
  })
})

test('a worker stopped in the midst of a transaction does not keep a row for hours, and goes on when it wakes', async () => {
  await database.pool.query('create table rows (id int); insert into rows values (1)')
  const pool = openPool(database.url, { max: 1 })
  try {
    const { rows } = await pool.query('show idle_in_transaction_session_timeout')
    expect(rows).toEqual([{ idle_in_transaction_session_timeout: '30s' }])
    const stopped = transaction(pool, async (tx) => {
      await tx.query(`set local idle_in_transaction_session_timeout = '300ms'`) // for a test, half a minute is long
      await tx.query('select from rows for update')
      await new Promise((resolve) => setTimeout(resolve, 1_000))
      await tx.query('insert into rows values (2)')
    })
    await expect(stopped).rejects.toThrow()
    expect((await pool.query('select from rows')).rowCount).toBe(1)
  } finally {
    await pool.end()
  }
})
