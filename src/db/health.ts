import type pg from 'pg'
import { isPooled, type Db } from './pool.js'

export type ServerFacts = {
  version: string
  versionNumber: number
  encoding: string
  synchronousCommit: string
  isReplica: boolean
  connections: number
  connectionsMax: number
  /** Something like PgBouncer stands between. */
  isPooled: boolean
}

/** What kind of server this is. */
export async function readServer(pool: pg.Pool): Promise<ServerFacts> {
  const client = await pool.connect()
  try {
    return { ...(await readSettings(client)), isPooled: await isPooled(client) }
  } finally {
    client.release()
  }
}

async function readSettings(db: Db): Promise<Omit<ServerFacts, 'isPooled'>> {
  const { rows } = await db.query<Omit<ServerFacts, 'isPooled'>>(
    `select split_part(current_setting('server_version'), ' ', 1) as version,
            current_setting('server_version_num')::int as "versionNumber",
            current_setting('server_encoding') as encoding,
            current_setting('synchronous_commit') as "synchronousCommit",
            pg_is_in_recovery() as "isReplica",
            (select count(*) from pg_stat_activity where backend_type = 'client backend') as connections,
            current_setting('max_connections')::int as "connectionsMax"`,
  )
  const [facts] = rows
  if (!facts) throw new Error('no answer')
  return facts
}

/** The sealed number of somebody here: whoever has the key can open it. null: nobody is here yet. */
export async function someSealedPhone(db: Db): Promise<Buffer | null> {
  const { rows } = await db.query<{ sealed: Buffer }>(
    'select phone_sealed as sealed from people where phone_sealed is not null order by id desc limit 1',
  )
  return rows[0]?.sealed ?? null
}

export type OptOutTraces = {
  /** When Twilio last answered a text itself (OptOutType): Advanced Opt-Out was on. */
  answeredByTwilioAt: Date | null
  /** When a STOP last came without that: it was off. */
  ownStopAt: Date | null
}

/** What the newest texts tell about Advanced Opt-Out, which no API of Twilio's does. */
export async function optOutTraces(db: Db): Promise<OptOutTraces> {
  const { rows } = await db.query<OptOutTraces>(
    `select max(received_at) filter (where opt_out_type is not null) as "answeredByTwilioAt",
            max(received_at) filter (where opt_out_type is null and verdict = 'leave') as "ownStopAt"
       from (select opt_out_type, verdict, received_at from texts_in order by id desc limit 20000) newest
      where received_at > now() - interval '30 days'`,
  )
  return rows[0] ?? { answeredByTwilioAt: null, ownStopAt: null }
}
