import { randomBytes } from 'node:crypto'
import { Redis } from 'ioredis'
import type pg from 'pg'
import { openPool } from '../../src/db/pool.js'

/** Has had every migration; each test file gets a copy. */
export const TEMPLATE_DATABASE = 'text_action_template'

const REDIS_DATABASES = 64

/** The URL of a database on the test server; without a name, of the one to manage others from. */
export function databaseUrl(name?: string): string {
  const url = new URL(process.env['TEST_DATABASE_URL'] ?? '')
  if (name) url.pathname = `/${name}`
  return url.href
}

async function onServer(statement: string): Promise<void> {
  const server = openPool(databaseUrl(), { max: 1 })
  try {
    await server.query(statement)
  } finally {
    await server.end()
  }
}

export type FreshDatabase = { url: string; pool: pg.Pool; drop(): Promise<void> }

/** A migrated, empty database that nobody else uses. empty: without the schema too. */
export async function freshDatabase(options: { empty?: boolean; max?: number } = {}): Promise<FreshDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`
  await onServer(`create database ${name}${options.empty ? '' : ` template ${TEMPLATE_DATABASE}`}`)
  const url = databaseUrl(name)
  const pool = openPool(url, { max: options.max ?? 10 })
  return {
    url,
    pool,
    drop: async () => {
      if (!pool.ended) await pool.end()
      await onServer(`drop database if exists ${name} with (force)`)
    },
  }
}

export type FreshRedis = { url: string; drop(): Promise<void> }

/**
 * An empty Redis database (of 64) that nobody else uses. FLUSHDB is yours; FLUSHALL, CLIENT PAUSE and the like reach the
 * other test files too: for those open one of your own with openEmbeddedRedis in a temporary folder (30 ms).
 */
export async function freshRedis(): Promise<FreshRedis> {
  const base = new URL(process.env['TEST_REDIS_URL'] ?? '')
  const book = new Redis(base.href) // database 0 says who has which
  try {
    for (let number = 1; number < REDIS_DATABASES; number++) {
      if ((await book.set(`taken:${number}`, process.pid, 'NX')) === null) continue
      const url = new URL(base)
      url.pathname = `/${number}`
      await withRedis(url.href, (client) => client.flushdb())
      return {
        url: url.href,
        drop: async () => {
          await withRedis(url.href, (client) => client.flushdb())
          await withRedis(base.href, (client) => client.del(`taken:${number}`))
        },
      }
    }
  } finally {
    book.disconnect()
  }
  throw new Error('every Redis database is taken: a test file does not drop() its own')
}

async function withRedis(url: string, work: (client: Redis) => Promise<unknown>): Promise<void> {
  const client = new Redis(url)
  try {
    await work(client)
  } finally {
    client.disconnect()
  }
}
