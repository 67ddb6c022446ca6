import pg from 'pg'

/** A pool, or one connection inside a transaction. */
export type Db = pg.Pool | pg.PoolClient

// Counts and ids fit a double: blast and person numbers stay far below 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)
pg.types.setTypeParser(pg.types.builtins.NUMERIC, Number)
// A date is a calendar day, not an instant.
pg.types.setTypeParser(pg.types.builtins.DATE, (day) => day)

/** Opens a pool. Statements are given up after statementTimeoutMs, so that a lock storm cannot hang a worker. */
export function openPool(
  url: string,
  options: { max?: number; name?: string; statementTimeoutMs?: number } = {},
): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max ?? 10,
    application_name: options.name ?? 'textaction',
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    query_timeout: options.statementTimeoutMs ?? 30_000,
  })
  // An idle connection that breaks is replaced by the pool; whoever needs one next sees the error itself.
  pool.on('error', () => undefined)
  return pool
}

/** Runs work in one transaction: all of it or nothing. */
export async function transaction<T>(pool: pg.Pool, work: (tx: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let broken: Error | undefined
  try {
    await client.query('begin')
    const result = await work(client)
    await client.query('commit')
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
