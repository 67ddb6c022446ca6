import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type pg from 'pg'
import { OperatorError } from '../errors.js'
import { transaction } from './pool.js'

/** Beside src and dist alike. */
export const MIGRATIONS_DIR = fileURLToPath(new URL('../../migrations', import.meta.url))

const LOCK = 4_107_235_246 // any number, the same for every version of this program
const OTHER_MIGRATOR_WAIT = '10min'
// A change that waits for a busy table makes everybody behind it wait too: better to let them by and try again.
const BUSY_TABLE_WAIT = '3s'
const BUSY_PAUSE_MS = 2_000
const PATIENCE_MS = 60_000
const STATEMENT_MS = 6 * 3_600_000

type Migration = { number: number; file: string; sql: string; digest: string }
type Applied = { number: number; name: string; digest: string }

/**
 * Brings the schema up to this code: each file in one transaction of its own, under a lock that ends with it (safe
 * behind PgBouncer). Two at once share the work. A table that is busy is tried again for `patienceMs`, and `onBusy` told.
 * Refuses a schema newer than the code, and a file changed after it ran.
 */
export async function migrate(
  pool: pg.Pool,
  dir = MIGRATIONS_DIR,
  { patienceMs = PATIENCE_MS, onBusy = () => undefined }: Patience = {},
): Promise<{ applied: string[]; version: number }> {
  const migrations = readMigrations(dir)
  const applied: string[] = []
  for (let since = performance.now(); ;) {
    try {
      const file = await applyNext(pool, migrations)
      if (file === null) return { applied, version: latest(migrations) }
      applied.push(file)
      since = performance.now()
    } catch (error) {
      if (!(error instanceof BusyTable) || performance.now() - since > patienceMs) throw error
      onBusy(error.file)
      await new Promise((resolve) => setTimeout(resolve, BUSY_PAUSE_MS))
    }
  }
}

type Patience = { patienceMs?: number; onBusy?: (file: string) => void }

class BusyTable extends OperatorError {
  constructor(readonly file: string) {
    super(
      'Migration stopped: a table it changes is busy; nothing was changed. Run it again in a quiet moment: textaction migrate',
    )
  }
}

/** The number of the newest migration the database has had; 0 for an empty one. */
export async function schemaVersion(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ there: boolean }>(
    `select to_regclass('migrations') is not null as there`,
  )
  if (!rows[0]?.there) return 0
  const { rows: newest } = await pool.query<{ number: number }>(
    'select coalesce(max(number), 0)::int as number from migrations',
  )
  return newest[0]?.number ?? 0
}

/** Where the database stands, and where this code wants it. */
export async function schemaState(
  pool: pg.Pool,
  dir = MIGRATIONS_DIR,
): Promise<{ version: number; expected: number }> {
  return { version: await schemaVersion(pool), expected: latest(readMigrations(dir)) }
}

/** The newest migration this code has. */
export function expectedSchema(dir = MIGRATIONS_DIR): number {
  return latest(readMigrations(dir))
}

/** Refuses a database whose schema this code does not fit, saying what to do. */
export async function requireSchema(pool: pg.Pool, dir = MIGRATIONS_DIR): Promise<void> {
  const { version, expected } = await schemaState(pool, dir)
  if (version > expected) throw newerSchema(version, expected)
  if (version < expected)
    throw new OperatorError(
      `The database has schema ${version}, this program needs ${expected}. Run: textaction migrate`,
    )
}

async function applyNext(pool: pg.Pool, migrations: readonly Migration[]): Promise<string | null> {
  let current: Migration | undefined
  try {
    return await transaction(pool, async (tx) => {
      await tx.query(`set local lock_timeout = '${OTHER_MIGRATOR_WAIT}'; set local statement_timeout = 0`)
      await tx.query({ text: `select pg_advisory_xact_lock(${LOCK})`, ...patiently })
      await tx.query(`set local lock_timeout = '${BUSY_TABLE_WAIT}'`)
      await tx.query(`create table if not exists migrations (
        number int primary key, name text not null, digest text not null, applied_at timestamptz not null default now())`)
      const { rows } = await tx.query<Applied>('select number, name, digest from migrations order by number')
      compare(rows, migrations)
      current = migrations.find(({ number }) => number > (rows.at(-1)?.number ?? 0))
      if (!current) return null
      await tx.query({ text: current.sql, ...patiently })
      await tx.query('insert into migrations (number, name, digest) values ($1, $2, $3)', [
        current.number,
        current.file,
        current.digest,
      ])
      return current.file
    })
  } catch (error) {
    throw explain(error, current)
  }
}

// The pool gives up on a query after some seconds; a migration may take longer.
const patiently = { query_timeout: STATEMENT_MS } as object

function compare(applied: readonly Applied[], migrations: readonly Migration[]): void {
  const newest = applied.at(-1)?.number ?? 0
  if (newest > latest(migrations)) throw newerSchema(newest, latest(migrations))
  for (const one of applied) {
    const ours = migrations.find(({ number }) => number === one.number)
    if (ours?.digest !== one.digest)
      throw new OperatorError(
        `Migration ${one.name} was changed after this database had it. Bring the file back as it was; a change goes into a new file.`,
      )
  }
}

const newerSchema = (there: number, ours: number) =>
  new OperatorError(
    `The database has schema ${there}, this program knows only ${ours}. Start the newer version of Text Action.`,
  )

function explain(error: unknown, current: Migration | undefined): unknown {
  if (error instanceof OperatorError || !(error instanceof Error)) return error
  const code = 'code' in error ? error.code : undefined
  const name = current?.file ?? 'the table of migrations'
  if (current && (code === '55P03' || code === '40P01')) return new BusyTable(current.file)
  if (code === '55P03')
    return new OperatorError(
      'Migration stopped: another migration is running; nothing was changed. Run it again in a quiet moment: textaction migrate',
    )
  if (code === '42501')
    return new OperatorError(
      `Migration stopped: the database user may not do that (${error.message}). Give it the right to create in its schema.`,
    )
  // A connection that failed is not the file's fault.
  if (!current || typeof code !== 'string' || !/^[0-9A-Z]{5}$/.test(code)) return error
  return new OperatorError(`Migration ${name} failed and left nothing behind: ${error.message}.`)
}

const latest = (migrations: readonly Migration[]) => migrations.at(-1)?.number ?? 0

function readMigrations(dir: string): Migration[] {
  const migrations = readdirSync(dir)
    .filter((file) => /^\d{4}_[a-z0-9_]+\.sql$/.test(file))
    .sort()
    .map((file): Migration => {
      const sql = readFileSync(join(dir, file), 'utf8').replaceAll('\r\n', '\n')
      return {
        number: Number(file.slice(0, 4)),
        file,
        sql,
        digest: createHash('sha256').update(sql).digest('hex'),
      }
    })
  const wrong = migrations.find(({ number }, index) => number !== index + 1)
  if (wrong)
    throw new OperatorError(`Migrations are numbered 0001, 0002 and so on: ${wrong.file} is out of line.`)
  return migrations
}
