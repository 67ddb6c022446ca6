import type { Db } from './pool.js'

export type Standing = 'unknown' | 'invited' | 'joined' | 'held' | 'left'

export type PersonRow = {
  id: number
  phoneSealed: Buffer | null
  standing: Standing
  zip: string | null
  state: string | null
  zone: string
  otherZone: string
  language: 'en' | 'es'
  fewer: boolean
  owesApology: boolean
  lastText: number
  leftText: number
  leftAt: Date | null
  conversation: unknown
  joinedAt: Date | null
  /** Her newest alert of the last month. */
  alertedAt: Date | null
}

const COLUMNS = `id, phone_sealed as "phoneSealed", standing, zip, state, zone, other_zone as "otherZone", language, fewer,
  owes_apology as "owesApology", last_text as "lastText", left_text as "leftText", left_at as "leftAt", conversation, joined_at as "joinedAt",
  (select max(a) from unnest(alerted) a) as "alertedAt"`

/** Locks a person's row until the transaction ends. Everybody locks the person before her texts. */
export async function lockPerson(db: Db, personId: number): Promise<PersonRow | null> {
  const { rows } = await db.query<PersonRow>({
    name: 'lock-person',
    text: `select ${COLUMNS} from people where id = $1 for no key update`,
    values: [personId],
  })
  return rows[0] ?? null
}

/** Finds a person by the keyed hash of her number. */
export async function findPerson(db: Db, phoneHash: Buffer): Promise<PersonRow | null> {
  const { rows } = await db.query<PersonRow>(`select ${COLUMNS} from people where phone_hash = $1`, [
    phoneHash,
  ])
  return rows[0] ?? null
}

/** Writes back what a person's texts changed, and that her number works: it has texted. stopShown: she has just been told how to stop. */
export async function savePerson(db: Db, person: PersonRow, stopShown: boolean): Promise<void> {
  await db.query({
    name: 'save-person',
    text: `update people set standing = $2, zip = $3, state = $4, zone = $5, other_zone = $6, language = $7, fewer = $8,
             owes_apology = $9, last_text = $10, conversation = $11, joined_at = $12, unreachable = null,
             stop_shown_at = case when $13 then now() else stop_shown_at end
           where id = $1`,
    values: [
      person.id,
      person.standing,
      person.zip,
      person.state,
      person.zone,
      person.otherZone,
      person.language,
      person.fewer,
      person.owesApology,
      person.lastText,
      JSON.stringify(person.conversation),
      person.joinedAt,
      stopShown,
    ],
  })
}

/** Her number gets no more blasts until it texts us: the carrier says it is dead or cannot take texts. */
export async function markUnreachable(db: Db, personId: number, why: string): Promise<void> {
  await db.query('update people set unreachable = coalesce(unreachable, $2) where id = $1', [personId, why])
}

/** Counts a block by the carrier. True from the second one in a row on. */
export async function blockedOnceMore(db: Db, personId: number): Promise<boolean> {
  const { rows } = await db.query<{ count: number }>(
    'update people set blocked_count = blocked_count + 1 where id = $1 returning blocked_count as count',
    [personId],
  )
  return (rows[0]?.count ?? 0) >= 2
}

/** A text reached them: blocks by the carrier are counted anew. */
export async function clearBlocks(db: Db, personIds: readonly number[]): Promise<void> {
  await db.query({
    name: 'clear-blocks',
    text: 'update people set blocked_count = 0 where id = any ($1::bigint[]) and blocked_count > 0',
    values: [personIds],
  })
}

/** Whether her own word is newer than a text's claim: she has texted us since, or has come back to us since. */
export async function wordSince(
  db: Db,
  personId: number,
  claimedAt: Date,
  word: 'any' | 'joined',
): Promise<boolean> {
  const { rowCount } = await db.query(
    word === 'any'
      ? 'select from texts_in where person_id = $1 and received_at > $2 limit 1'
      : `select from consents where person_id = $1 and kind in ('joined', 'rejoined') and via in ('text', 'carrier') and at > $2 limit 1`,
    [personId, claimedAt],
  )
  return rowCount === 1
}
