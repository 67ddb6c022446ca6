import { inHours } from './blast-claim.js'
import type { Db } from './pool.js'

/** Chooses the canary, or so many more: of those whose hour has come, or whose text is too late and only has to be settled, as many from each state as there are, in no particular order. */
export async function chooseCanary(db: Db, blastId: number, people: number): Promise<number> {
  const { rowCount } = await db.query(
    `update texts_out_blasts t set early = true from (
       select t.number from texts_out_blasts t join people p on p.id = t.number join blasts b on b.id = t.blast_id
        where t.blast_id = $1 and t.status = 'pending' and t.early is not true and t.not_before <= judged_now() and p.standing = 'joined'
          and (t.expires_at <= judged_now()
            or (${inHours('p.zone')} and (p.other_zone = p.zone or ${inHours('p.other_zone')})))
        order by row_number() over (partition by p.state order by hashint8(t.number)), t.number limit $2) chosen
      where t.blast_id = $1 and t.number = chosen.number and t.status = 'pending'`,
    [blastId, people],
  )
  return rowCount ?? 0
}

export type CanaryProgress = {
  chosen: number
  /** Not yet sent, and not waiting for an answer of hers. */
  waiting: number
  /** Whose last word has come, or who got none. */
  settled: number
  /** Others could be chosen as well, now or when their hour comes. */
  mayJoin: boolean
  /** Seconds since the last of them left; null: not all have. */
  watchedSeconds: number | null
}

/** How far the canary is. */
export async function canaryProgress(db: Db, blastId: number): Promise<CanaryProgress> {
  const { rows } = await db.query<CanaryProgress>(
    `select count(*)::int as chosen,
            count(*) filter (where t.status in ('pending', 'claimed') and p.standing <> 'held')::int as waiting,
            count(*) filter (where t.status not in ('pending', 'claimed', 'accepted', 'sent', 'in_doubt'))::int as settled,
            exists (select from texts_out_blasts o join people h on h.id = o.number
                     where o.blast_id = $1 and o.status = 'pending' and o.early is not true and h.standing = 'joined' and h.unreachable is null)
              as "mayJoin",
            (select extract(epoch from judged_now() - canary_at)::float8 from blasts where id = $1) as "watchedSeconds"
       from texts_out_blasts t join people p on p.id = t.number where t.blast_id = $1 and t.early`,
    [blastId],
  )
  return rows[0] ?? { chosen: 0, waiting: 0, settled: 0, mayJoin: false, watchedSeconds: null }
}
