import { finished, type Readable, type Writable } from 'node:stream'
import pg from 'pg'

/** A pool, or one connection inside a transaction. */
export type Db = pg.Pool | pg.PoolClient

// Counts and ids fit a double: blast and person numbers stay far below 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)
pg.types.setTypeParser(pg.types.builtins.NUMERIC, Number)
// A date is a calendar day, not an instant.
pg.types.setTypeParser(pg.types.builtins.DATE, (day) => day)

/**
 * Opens a pool. Statements are given up after statementTimeoutMs, so that a lock storm cannot hang a worker. pipeline: statements of
 * one connection go out without waiting for each other's answers, and are done in their order; there is no COPY then.
 */
export function openPool(
  url: string,
  options: {
    max?: number
    name?: string
    statementTimeoutMs?: number
    pipeline?: boolean
  } = {},
): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max ?? 10,
    application_name: options.name ?? 'textaction',
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    pipeline: options.pipeline ?? false,
    query_timeout: options.statementTimeoutMs ?? 30_000,
    verify: (client, done) => void prepare(client).then(() => done(), done),
  })
  // An idle connection that breaks is replaced by the pool; whoever needs one next sees the error itself.
  pool.on('error', () => undefined)
  // One that breaks between two statements of a transaction tells nobody else: unheard, it would end the process. The next
  // statement fails, and that is told.
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

// A process that was stopped in the midst of a transaction would hold her row, and every text of hers, for as long as that lasts.
// Nothing of ours rests so long between two statements of one.
const IDLE_IN_TRANSACTION = '30s'

const BEGIN = `begin; set local idle_in_transaction_session_timeout = '${IDLE_IN_TRANSACTION}'`

/** Told in a query: as a parameter of the start PgBouncer would refuse it. */
async function prepare(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ pid: number }>(
    `select pg_backend_pid() as pid, set_config('idle_in_transaction_session_timeout', $1, false)`,
    [IDLE_IN_TRANSACTION],
  )
  if (rows[0]?.pid !== ownPid(client)) keepNothingInSession(client)
}

/**
 * A named statement lies in one session of Postgres. A pooler like PgBouncer may give the next query another session, which
 * does not know the name (before 1.21 it cannot, later only where it is told to). So behind one, names are left out: each
 * statement is planned anew, and all of them work. And each transaction sets its time limit itself: the session it comes to may be
 * newer than this connection. A pooler shows by the id of the session: it gives one of its own.
 */
function keepNothingInSession(client: pg.ClientBase): void {
  const query = client.query.bind(client) as (...args: unknown[]) => unknown
  client.query = ((first: unknown, ...rest: unknown[]) =>
    query(
      isNamed(first) ? { ...first, name: undefined } : first === 'begin' ? BEGIN : first,
      ...rest,
    )) as typeof client.query
}

/** Whether something stands between this connection and Postgres. */
export async function isPooled(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
  return rows[0]?.pid !== ownPid(client)
}

const ownPid = (client: pg.ClientBase) => (client as { processID?: number }).processID

// A cursor or a COPY is an object too, with methods that a copy would not have.
const isNamed = (query: unknown): query is pg.QueryConfig =>
  typeof query === 'object' && query !== null && 'name' in query && !('submit' in query)

/**
 * Starts a COPY. pg gives it the time limit of a statement, which only a callback ends; a stream has none that anybody calls, and
 * the limit would go on when it is done: the process could not end, and a COPY long over would fail.
 */
export function startCopy<T extends (Readable | Writable) & pg.Submittable>(
  client: pg.ClientBase,
  copy: T,
): T {
  const running = client.query(copy)
  finished(running, () => (running as { callback?: () => void }).callback?.())
  return running
}

/** Takes a statement whose answer nothing in the transaction needs: it is awaited together with the commit. */
export type AtLast = (statement: Promise<unknown>) => void

/**
 * Runs work in one transaction: all of it or nothing. On a pipelined connection `begin` goes out together with the first statement,
 * and `commit` right behind those given to atLast: where Postgres refuses one of them, its commit is a rollback. On any other
 * connection pg sends one statement after the other, and there is no atLast.
 */
export async function transaction<T>(
  pool: pg.Pool,
  work: (tx: pg.PoolClient, atLast: AtLast) => Promise<T>,
): Promise<T> {
  const client = await pool.connect()
  const isPipelined = 'pipeline' in client && client.pipeline === true
  const statements: Promise<unknown>[] = []
  let failure: { cause: Error } | undefined
  const keep = (statement: Promise<unknown>) => {
    statements.push(statement)
    statement.catch((cause: Error) => (failure ??= { cause }))
  }
  // Without its `begin` each statement would be a transaction of its own: once one has been refused, no more are sent.
  const tx = Object.create(client) as pg.PoolClient
  tx.query = ((...args: Parameters<typeof client.query>) =>
    failure ? Promise.reject(failure.cause) : client.query(...args)) as typeof client.query
  const atLast: AtLast = (statement) => {
    keep(statement)
    if (!isPipelined) throw new Error('atLast needs a pool opened with pipeline')
  }
  let broken: Error | undefined
  try {
    keep(client.query('begin'))
    if (!isPipelined) await statements[0]
    const result = await work(tx, atLast)
    // What pg could not even send has failed by then; Postgres knows nothing of it and would commit the rest.
    if (isPipelined) await new Promise(setImmediate)
    if (failure) throw failure.cause
    await Promise.all([...statements, client.query('commit')])
    return result
  } catch (cause) {
    await client.query('rollback').catch((error: Error) => {
      broken = error
    })
    throw cause
  } finally {
    client.release(broken)
  }
}
