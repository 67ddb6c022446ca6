import type { Db } from './pool.js'

export type Invited = { id: number; language: string; zone: string; otherZone: string }

/**
 * Takes people on a list with --invite who have not been asked yet, the longest waiting first, and marks them as asked. In the
 * caller's transaction, which writes the question.
 */
export async function takeUnasked(db: Db, max: number): Promise<Invited[]> {
  const { rows } = await db.query<Invited>(
    `update people set stop_shown_at = judged_now(), unasked = null
      where id in (select id from people where unasked and standing = 'invited'
                      and phone_sealed is not null and unreachable is null
                    order by id limit $1 for no key update skip locked)
     returning id, language, zone, other_zone as "otherZone"`,
    [max],
  )
  return rows
}

/** Questions whose hour has come, oldest first. */
export async function dueInvites(db: Db, max: number): Promise<{ number: number; segments: number }[]> {
  const { rows } = await db.query<{ number: number; segments: number }>(
    `select number, segments from texts_out_replies
      where status = 'pending' and kind = 'invite' and not_before <= clock_timestamp() order by number limit $1`,
    [max],
  )
  return rows
}
