import type { Standing } from './people.js'
import type { Db } from './pool.js'

export type UnansweredText = {
  id: number
  receivedAt: Date
  bodySealed: Buffer | null
  phoneSealed: Buffer | null
  standing: Standing
  state: string | null
  language: string
  zone: string
}

/** Texts that no rule understood, newest first, and how many there are. Erased ones have nothing to show. */
export async function notUnderstood(
  db: Db,
  max: number,
): Promise<{ texts: UnansweredText[]; count: number }> {
  const { rows: texts } = await db.query<UnansweredText>(
    `select t.id, t.received_at as "receivedAt", t.body_sealed as "bodySealed", p.phone_sealed as "phoneSealed", p.standing,
            p.state, p.language, p.zone
       from texts_in t join people p on p.id = t.person_id
      where t.understood = 'not understood' and t.body_sealed is not null order by t.id desc limit $1`,
    [max],
  )
  const { rows } = await db.query<{ count: number }>(
    `select count(*) as count from texts_in where understood = 'not understood' and body_sealed is not null`,
  )
  return { texts, count: rows[0]?.count ?? 0 }
}
