import type { Condition } from './fan-out.js'
import type { Db } from './pool.js'

/** Why somebody who passes every term gets nothing; each counts once, by the first that holds. */
export const LEFT_OUT = [
  ...(['left', 'held', 'invited', 'never joined', 'unreachable', 'LESS', 'month full'] as const),
  ...(['no senators', 'over the limit'] as const),
] as const

export type LeftOut = Partial<Record<(typeof LEFT_OUT)[number], number>>

/** Counts who is left out. terms: its parameters are numbered from $1. room: the condition of audienceOf for the month's alerts. */
export async function countLeftOut(
  db: Db,
  terms: Condition,
  room: string,
  states: readonly string[] | null,
): Promise<LeftOut> {
  const values = [...terms.values]
  const noSenators =
    states === null ? 'false' : `p.state is null or p.state <> all ($${values.push(states)}::text[])`
  const { rows } = await db.query<{ why: keyof LeftOut | null; people: number }>(
    `select case when p.standing in ('left', 'held', 'invited') then p.standing::text
                 when p.standing = 'unknown' then 'never joined'
                 when p.phone_sealed is null then 'left'
                 when p.unreachable is not null then 'unreachable'
                 when not ${room} then case when p.fewer then 'LESS' else 'month full' end
                 when ${noSenators} then 'no senators' end as why, count(*)::int as people
       from people p where ${terms.sql} group by 1`,
    values,
  )
  return Object.fromEntries(rows.flatMap(({ why, people }) => (why ? [[why, people] as const] : [])))
}

/**
 * People of an audience who, on the day they would get it by their own clock, have had as many alerts as the blast allows. That day
 * is today or later: of a later one nothing is known yet. who: numbered from $4. limit: of the first so many only, as they are frozen.
 */
export async function countCappedThen(
  db: Db,
  who: Condition,
  limit: number | null,
  plan: { perDay: number; startsAt: Date | null; startsLocal: string | null },
): Promise<number> {
  const limited = limit === null ? '' : `order by p.id limit ${Math.floor(limit)}`
  const { rows } = await db.query<{ people: number }>(
    `select count(*)::int as people from (select p.zone, p.alerted from people p where ${who.sql} ${limited}) p
      where p.alerted <> '{}' and (select count(*) from unnest(p.alerted) a
              where (a at time zone p.zone)::date
                  = coalesce($3::timestamp::date, (coalesce($2::timestamptz, judged_now()) at time zone p.zone)::date)) >= $1`,
    [plan.perDay, plan.startsAt, plan.startsLocal, ...who.values],
  )
  return rows[0]?.people ?? 0
}
