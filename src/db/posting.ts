import type { Lane } from '../ports.js'
import type { Db } from './pool.js'
import type { Outage } from './serves.js'
import { itsTurn } from './texts-out.js'

const markOf = (lane: Lane) => `posting-${lane}`

/** Some worker has begun a POST in this lane: all of them see it. */
export async function markPosting(db: Db, lane: Lane, worker: string): Promise<void> {
  await db.query(
    `insert into leases (name, holder, until) values ($1, $2, clock_timestamp())
     on conflict (name) do update set holder = excluded.holder, until = excluded.until`,
    [markOf(lane), worker],
  )
}

/** When a POST was last begun by anybody in each lane; null: never. */
export async function postingMarks(db: Db): Promise<Record<Lane, number | null>> {
  const { rows } = await db.query<{ name: string; until: Date }>(
    'select name, until from leases where name = any ($1)',
    [[markOf('replies'), markOf('blasts')]],
  )
  const of = (lane: Lane) => rows.find(({ name }) => name === markOf(lane))?.until.getTime() ?? null
  return { replies: of('replies'), blasts: of('blasts') }
}

/** Whether a worker could claim some answer now that has been due for seconds: judged and locked as the claim does. */
export async function someReplyWaits(db: Db, outage: Outage | null): Promise<boolean> {
  const { rowCount } = await db.query(
    `select from texts_out_replies t join people p on p.id = t.person_id
      where t.status = 'pending' and t.kind <> 'invite' and p.phone_sealed is not null
        and t.not_before <= clock_timestamp() - interval '5 s' and (t.expires_at is null or t.expires_at > clock_timestamp())
        and ${itsTurn({ from: '$1', until: '$2' })}
      limit 1 for update of t skip locked for share of p skip locked`,
    [outage?.from ?? null, outage?.until ?? null],
  )
  return rowCount === 1
}

/** A blast to feed, while no worker has held the feeder's lease for so many seconds, or its last holder gave it back. */
export const unfed = (seconds: number) =>
  `(state = 'running' or (state = 'scheduled' and first_at <= judged_now())) and not exists (
     select from leases where name = 'feeder' and until > clock_timestamp() - interval '${seconds} s')`

/** Whether there are blasts to feed and the feeder's lease has run out. */
export async function nobodyFeeds(db: Db): Promise<boolean> {
  const { rowCount } = await db.query(`select from blasts where ${unfed(0)} limit 1`)
  return rowCount === 1
}

export const OVERDUE = `state = 'scheduled' and first_at < judged_now() - interval '1 minute'`

export type Standing = { blastsOverdue: number; inDoubt: number }

/** What an operator should hear of, however many texts there are: blasts past their start, and texts in doubt. */
export async function readStanding(db: Db): Promise<Standing> {
  const { rows } = await db.query<Standing>(
    `select (select count(*) from blasts where ${OVERDUE}) as "blastsOverdue",
            (select count(*) from texts_out where status = 'in_doubt') as "inDoubt"`,
  )
  return rows[0] ?? { blastsOverdue: 0, inDoubt: 0 }
}
