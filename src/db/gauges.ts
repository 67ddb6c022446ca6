import type pg from 'pg'
import { OVERDUE, unfed } from './posting.js'
import { NOT_HELD } from './restore.js'

/** What stands in the database now. Ages are in seconds; null: there is none. */
export type Gauges = {
  unapplied: number
  unappliedAge: number | null
  repliesWaiting: number
  repliesWaitingAge: number | null
  repliesClaimedAge: number | null
  repliesInDoubt: number
  repliesInDoubtAge: number | null
  blastsWaiting: number
  blastsAnnounced: number
  blastsClaimedAge: number | null
  blastsInDoubt: number
  blastsInDoubtAge: number | null
  blasts: Readonly<Record<string, number>>
  /** Came back from a copy: nothing is claimed until it is known what has left since. */
  isRestored: boolean
  /** Scheduled, and not started a minute after their time. */
  blastsOverdue: number
  /** Running or due, and no worker feeds them. */
  blastsUnfed: number
  webProcesses: number
  webProcessesSpooling: number
  segmentsToday: number
  schemaVersion: number
}

const TIME_MAX_MS = 2_000
// A running blast may have a million texts to go; to know that they are many is enough.
const WAITING_COUNTED_MAX = 100_000
const SERVE_ALIVE_SECONDS = 15
// The only worker writing the audience of a huge blast cannot renew its lease meanwhile.
const FEEDER_SILENT_SECONDS = 30

const age = (column: string) => `extract(epoch from clock_timestamp() - min(${column}))::float8`

// Every part reads a partial index or a table of a few rows: the whole is a matter of milliseconds.
const READ = `
  with unapplied as (
    select count(*) as n, ${age('received_at')} as age from texts_in where applied_at is null
  ), replies_waiting as (
    select count(*) as n, ${age('not_before')} as age from texts_out_replies
     where status = 'pending' and not_before <= clock_timestamp()
  ), replies_open as (
    select count(*) filter (where status = 'in_doubt') as in_doubt,
           ${age(`claimed_at) filter (where status = 'in_doubt'`)} as in_doubt_age,
           ${age(`claimed_at) filter (where status = 'claimed'`)} as claimed_age
      from texts_out_replies where status in ('claimed', 'in_doubt')
  ), blasts_open as (
    select count(*) filter (where status = 'in_doubt') as in_doubt,
           ${age(`claimed_at) filter (where status = 'in_doubt'`)} as in_doubt_age,
           ${age(`claimed_at) filter (where status = 'claimed'`)} as claimed_age
      from texts_out_blasts where status in ('claimed', 'in_doubt')
  ), blasts_waiting as (
    select coalesce(sum(t.n), 0)::bigint as n from blasts b cross join lateral (
      select count(*) filter (where status = 'pending') as n from (
        select status from texts_out_blasts
         where blast_id = b.id and number > b.fed_up_to order by number limit ${WAITING_COUNTED_MAX}) ahead) t
     where b.state = 'running'
  )
  select unapplied.n as unapplied, unapplied.age as "unappliedAge",
         replies_waiting.n as "repliesWaiting", replies_waiting.age as "repliesWaitingAge",
         replies_open.claimed_age as "repliesClaimedAge", replies_open.in_doubt as "repliesInDoubt",
         replies_open.in_doubt_age as "repliesInDoubtAge",
         blasts_waiting.n as "blastsWaiting", (select coalesce(sum(texts), 0)::bigint from blast_ranges) as "blastsAnnounced",
         blasts_open.claimed_age as "blastsClaimedAge", blasts_open.in_doubt as "blastsInDoubt",
         blasts_open.in_doubt_age as "blastsInDoubtAge",
         (select coalesce(json_object_agg(state, n), '{}') from (select state, count(*) as n from blasts group by state) s) as blasts,
         (select count(*) from blasts where ${OVERDUE}) as "blastsOverdue",
         (select count(*) from blasts where ${unfed(FEEDER_SILENT_SECONDS)}) as "blastsUnfed", not (${NOT_HELD}) as "isRestored",
         (select count(*) from serves where seen_at > clock_timestamp() - interval '${SERVE_ALIVE_SECONDS} s') as "webProcesses",
         (select count(*) from serves where seen_at > clock_timestamp() - interval '${SERVE_ALIVE_SECONDS} s'
             and (drained_at is null or drained_at < seen_at - interval '3 s')) as "webProcessesSpooling",
         (select coalesce(sum(segments), 0)::bigint from segments_spent
           where day = (clock_timestamp() at time zone 'Pacific/Honolulu')::date) as "segmentsToday",
         (select coalesce(max(number), 0) from migrations) as "schemaVersion"
    from unapplied, replies_waiting, replies_open, blasts_open, blasts_waiting`

/** One cheap look, given up after two seconds. */
export async function readGauges(pool: pg.Pool): Promise<Gauges> {
  const { rows } = await pool.query<Gauges>({ text: READ, query_timeout: TIME_MAX_MS } as pg.QueryConfig)
  const [gauges] = rows
  if (!gauges) throw new Error('no gauges')
  return gauges
}

export type LiveServe = { publicUrl: string | null; processes: number }

/** The web processes alive, by the address each of them serves. */
export async function liveServes(pool: pg.Pool): Promise<LiveServe[]> {
  const { rows } = await pool.query<LiveServe>(
    `select public_url as "publicUrl", count(*) as processes from serves
      where seen_at > clock_timestamp() - interval '${SERVE_ALIVE_SECONDS} s' group by public_url order by public_url`,
  )
  return rows
}
