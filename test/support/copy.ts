import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { startCopy } from '../../src/db/pool.js'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'

export type DatabaseCopy = { tables: Map<string, Buffer>; sequences: Map<string, number> }

/**
 * What pg_dump keeps of a database under traffic: all rows of all tables as they stood at one moment, by COPY in one snapshot.
 * (Debian's pg_dump is older than the embedded server and refuses it.)
 */
export async function copyDatabase(pool: pg.Pool): Promise<DatabaseCopy> {
  const client = await pool.connect()
  try {
    await client.query('begin isolation level repeatable read read only')
    const { rows: names } = await client.query<{ name: string }>(
      `select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`,
    )
    const tables = new Map<string, Buffer>()
    for (const { name } of names) {
      const chunks: Buffer[] = []
      for await (const chunk of startCopy(client, copyTo(`copy ${name} to stdout`)))
        chunks.push(chunk as Buffer)
      tables.set(name, Buffer.concat(chunks))
    }
    const { rows: sequences } = await client.query<{ name: string; last: number | null }>(
      `select sequencename as name, last_value as last from pg_sequences where schemaname = 'public'`,
    )
    await client.query('commit')
    return { tables, sequences: new Map(sequences.map(({ name, last }) => [name, last ?? 1])) }
  } finally {
    client.release()
  }
}

/** Brings a copy into a database that has the schema and no rows, as a restore does: without triggers. */
export async function restoreCopy(pool: pg.Pool, { tables, sequences }: DatabaseCopy): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query(`set session_replication_role = replica`)
    for (const [name, rows] of tables) {
      await client.query(`delete from ${name}`)
      await pipeline(Readable.from([rows]), startCopy(client, copyFrom(`copy ${name} from stdin`)))
    }
    for (const [name, last] of sequences) await client.query('select setval($1, $2)', [name, last])
    await client.query('analyze')
  } finally {
    client.release(true)
  }
}
