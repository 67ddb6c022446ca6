import { leave } from './leaving.js'
import { recordConsent } from './consents.js'
import { transaction } from './pool.js'
import { lockPerson, type PersonRow } from './people.js'
import type pg from 'pg'

/** An operator writes down what a person asked for by other means than a text. */
export type ByHand = { phoneHash: Buffer; phoneSealed: Buffer; reasonSealed: Buffer; recordedBy: string }

/**
 * Takes a person out at her request. Whoever we do not know yet is recorded too, so that no list brings her in. False: she
 * was out before, and nothing changed.
 */
export async function optOut(pool: pg.Pool, request: ByHand): Promise<boolean> {
  return transaction(pool, async (tx) => {
    const person = await findOrCreate(tx, request)
    return leave(tx, {
      personId: person.id,
      kind: 'left',
      via: 'operator',
      textId: null,
      wordsSealed: request.reasonSealed,
      recordedBy: request.recordedBy,
    })
  })
}

/** Brings a person in, or back, at her request. False: she was in before, and nothing changed. */
export async function optIn(pool: pg.Pool, request: ByHand): Promise<boolean> {
  return transaction(pool, async (tx) => {
    const person = await findOrCreate(tx, request)
    if (person.standing === 'joined') return false
    await tx.query(
      `update people set standing = 'joined', joined_at = coalesce(joined_at, now()), phone_sealed = coalesce(phone_sealed, $2),
              unreachable = null -- it may be somebody else's by now; if not, the next alert tells
        where id = $1`,
      [person.id, request.phoneSealed],
    )
    await recordConsent(tx, {
      personId: person.id,
      kind: person.joinedAt ? 'rejoined' : 'joined',
      via: 'operator',
      wordsSealed: request.reasonSealed,
      recordedBy: request.recordedBy,
    })
    return true
  })
}

async function findOrCreate(tx: pg.PoolClient, request: ByHand): Promise<PersonRow> {
  await tx.query(
    'insert into people (phone_hash, phone_sealed) values ($1, $2) on conflict (phone_hash) do nothing',
    [request.phoneHash, request.phoneSealed],
  )
  const { rows } = await tx.query<{ id: number }>('select id from people where phone_hash = $1', [
    request.phoneHash,
  ])
  const person = rows[0] ? await lockPerson(tx, rows[0].id) : null
  if (!person) throw new Error('a person that was just recorded is not there')
  return person
}
