import type pg from 'pg'
import { lockPerson, type PersonRow, type Standing } from './people.js'
import { transaction, type Db } from './pool.js'
import { recordReading } from './readings.js'
import { insertReplies } from './texts-out.js'

export type UnansweredText = {
  id: number
  receivedAt: Date
  bodySealed: Buffer | null
  phoneSealed: Buffer | null
  standing: Standing
  state: string | null
  language: string
  zone: string
  isAnswered: boolean
}

/** Texts that no rule understood, newest first, and how many there are. Erased ones have nothing to show. */
export async function notUnderstood(
  db: Db,
  max: number,
): Promise<{ texts: UnansweredText[]; count: number }> {
  const { rows: texts } = await db.query<UnansweredText>(
    `select t.id, t.received_at as "receivedAt", t.body_sealed as "bodySealed", p.phone_sealed as "phoneSealed", p.standing,
            p.state, p.language, p.zone,
            exists (select from texts_out a where a.blast_id = 0 and a.in_reply_to = t.id and a.kind = 'answer') as "isAnswered"
       from texts_in t join people p on p.id = t.person_id
      where t.understood = 'not understood' and t.body_sealed is not null order by t.id desc limit $1`,
    [max],
  )
  const { rows } = await db.query<{ count: number }>(
    `select count(*) as count from texts_in where understood = 'not understood' and body_sealed is not null`,
  )
  return { texts, count: rows[0]?.count ?? 0 }
}

export type Answered =
  | { outcome: 'waiting'; person: PersonRow }
  | { outcome: 'no such text' | 'left' | 'forgotten' | 'answered before' }

/**
 * Answers what a person wrote, once; by whom is on record. Nobody who has left is answered, and nobody whom we were told to
 * forget: neither may her words be here any more.
 */
export async function answerText(
  pool: pg.Pool,
  textId: number,
  answer: { bodySealed: Buffer; segments: number; who: string },
): Promise<Answered> {
  return transaction(pool, async (tx) => {
    const { rows } = await tx.query<{ personId: number; hasWords: boolean }>(
      `select person_id as "personId", body_sealed is not null as "hasWords" from texts_in where id = $1`,
      [textId],
    )
    const text = rows[0]
    const person = text && (await lockPerson(tx, text.personId))
    if (!person) return { outcome: 'no such text' }
    if (person.standing === 'left') return { outcome: person.phoneSealed ? 'left' : 'forgotten' }
    if (!text.hasWords) return { outcome: 'forgotten' }
    const { bodySealed, segments, who } = answer
    const written = await insertReplies(tx, [
      {
        ...{ personId: person.id, kind: 'answer', bodySealed, segments, inReplyTo: textId },
        ...{ notBefore: null, expiresAt: null, status: 'pending' as const },
      },
    ])
    if (written.length === 0) return { outcome: 'answered before' }
    await recordReading(tx, { who, what: 'answer', count: 1 })
    return { outcome: 'waiting', person }
  })
}
