import type pg from 'pg'
import { leave } from './leaving.js'
import { findPerson, lockPerson, type PersonRow } from './people.js'
import { transaction, type Db } from './pool.js'

/** Who asked for it: she by a text of hers, or an operator on her behalf. */
export type Forgetting =
  | { personId: number; via: 'text'; textId: number }
  | { personId: number; via: 'operator'; recordedBy: string }

/**
 * Takes her out and erases ZIP, words and history at once. Her number is kept until the last confirmation has left: then
 * letNumbersGo erases it too. What stays for good: the keyed hash, so that no list adds her back, the ledger's bare rows, and a
 * record that says she was forgotten. The caller holds her lock.
 */
export async function forget(db: Db, about: Forgetting): Promise<void> {
  const { personId, via } = about
  const byHand = via === 'operator'
  await leave(db, {
    ...{ personId, kind: 'left', via, textId: byHand ? null : about.textId, rule: 'FORGET' },
    recordedBy: byHand ? about.recordedBy : null,
  })
  await erase(db, personId)
  await db.query(
    `insert into consents (person_id, kind, via, rule, recorded_by, erased_at)
     values ($1, 'forgotten', $2, 'erased at her request', $3, now())`,
    [personId, via, byHand ? about.recordedBy : null],
  )
}

/** When she was alerted stays: it names nobody, and were she to come back today, a second alert would break the cap. */
async function erase(db: Db, personId: number): Promise<void> {
  // last_text 0: the copy of her conversation in Redis is believed no more.
  await db.query(
    `update people set zip = null, state = null, zone = default, other_zone = default, language = default, conversation = null,
            last_text = 0, joined_at = null, stop_shown_at = null, fewer = false, unreachable = null, owes_apology = false
      where id = $1`,
    [personId],
  )
  await eraseWords(db, personId)
}

async function eraseWords(db: Db, personId: number): Promise<void> {
  // What she wrote since, and nobody has read yet, is still to be applied.
  await db.query(
    `update texts_in set body_sealed = null, rule = null
      where person_id = $1 and (applied_at is not null or id <= (select left_text from people where id = $1))`,
    [personId],
  )
  await db.query(`update texts_out set body_sealed = null where blast_id = 0 and person_id = $1`, [personId])
  await db.query(`delete from outcomes where person_id = $1`, [personId])
  await db.query(
    `update consents set words_sealed = null, rule = null, erased_at = clock_timestamp()
      where person_id = $1 and erased_at is null`,
    [personId],
  )
}

const nothingOpen = (person: string, states: string) =>
  `not exists (select from texts_out o where o.blast_id = 0 and o.person_id = ${person} and o.status in (${states}))
  and not exists (select from texts_in i where i.person_id = ${person} and i.applied_at is null)`

// Told, or never to be told; and nothing else is on its way to her, nothing of hers still to be applied.
const MAY_GO = `t.blast_id = 0 and t.kind = 'forget_done' and t.body_sealed is not null and t.status not in ('pending', 'claimed')
  and ${nothingOpen('t.person_id', `'pending', 'claimed'`)}`

// She texted again after her number had gone, and has been answered: an answer in doubt may still go once more.
const MAY_GO_AGAIN = `p.going and ${nothingOpen('p.id', `'pending', 'claimed', 'in_doubt'`)}`

const IS_FORGOTTEN = `(select kind from consents c where c.person_id = p.id order by id desc limit 1) = 'forgotten'`

/**
 * Erases the number of everybody whose last confirmation has left, or never will: an in-doubt one is not repeated. Who texts
 * again after that is answered, and then her number and those words go too. Who came back meanwhile keeps her number. Gives whom
 * it has settled.
 */
export async function letNumbersGo(pool: pg.Pool): Promise<number[]> {
  const { rows } = await pool.query<{ id: number }>(
    `select t.person_id as id from texts_out t where ${MAY_GO}
      union select p.id from people p where ${MAY_GO_AGAIN} limit 100`,
  )
  for (const { id } of rows)
    await transaction(pool, async (tx) => {
      const person = await lockPerson(tx, id)
      // Seen again under her lock: a text of hers may have come in just now, and waits for its answer.
      const told = await tx.query(
        `update texts_out t set body_sealed = null where t.person_id = $1 and ${MAY_GO}`,
        [id],
      )
      const again = await tx.query<{ forgotten: boolean }>(
        `update people p set going = null where p.id = $1 and ${MAY_GO_AGAIN} returning ${IS_FORGOTTEN} as forgotten`,
        [id],
      )
      if (person?.standing !== 'left') return
      if (told.rowCount) await eraseNumber(tx, id)
      else if (again.rows[0]?.forgotten) await eraseAgain(tx, id)
    })
  return rows.map(({ id }) => id)
}

/**
 * Marks who was forgotten and whose number is here all the same: a web process of the version before, which brought it back, knew of
 * no mark. letNumbersGo erases it.
 */
export async function markForgotten(db: Db): Promise<void> {
  await db.query(
    `update people p set going = true
      where p.standing = 'left' and p.phone_sealed is not null and p.going is null and ${IS_FORGOTTEN}`,
  )
}

async function eraseNumber(db: Db, personId: number): Promise<void> {
  await db.query('update people set phone_sealed = null where id = $1', [personId])
  await erase(db, personId)
}

/** Her conversation stays: when she wrote and what we asked last, or each STOP and FORGET would be her first, and no loop would end. */
async function eraseAgain(db: Db, personId: number): Promise<void> {
  await db.query('update people set phone_sealed = null where id = $1', [personId])
  await eraseWords(db, personId)
}

export type ByHand = {
  phoneHash: Buffer
  recordedBy: string
  /** The last confirmation, in her language. */
  farewell: (person: PersonRow) => { bodySealed: Buffer; segments: number }
}

/** confirming: her number goes once she has been told. unknown: we held nothing. already: nothing is left to erase. */
export type Forgotten = { what: 'confirming' | 'erased' | 'unknown' | 'already'; changed: boolean }

/**
 * Forgets a person on her behalf. Only who has live consent is told; who left, or never joined, hears nothing more. A number
 * we do not know is marked too, so that no list brings it in.
 */
export async function forgetByHand(pool: pg.Pool, request: ByHand): Promise<Forgotten> {
  return transaction(pool, async (tx) => {
    const { rowCount: isNew } = await tx.query(
      'insert into people (phone_hash) values ($1) on conflict (phone_hash) do nothing',
      [request.phoneHash],
    )
    const found = await findPerson(tx, request.phoneHash)
    const person = found && (await lockPerson(tx, found.id))
    if (!person) throw new Error('a person that was just recorded is not there')
    if (person.standing === 'left') {
      if (await isBeingTold(tx, person.id)) return { what: 'confirming', changed: false }
      if (!person.phoneSealed) return { what: 'already', changed: false }
    }
    const isIn = person.standing === 'joined' || person.standing === 'held'
    const last = isIn ? request.farewell(person) : null
    await forget(tx, { personId: person.id, via: 'operator', recordedBy: request.recordedBy })
    if (!last) {
      await eraseNumber(tx, person.id)
      // For letNumbersGo: only a worker reaches what Redis still knows of her.
      await tx.query('update people set going = true where id = $1', [person.id])
      return { what: isNew ? 'unknown' : 'erased', changed: true }
    }
    // Written after she left, by the clock that says so: whatever is older goes no more.
    await tx.query(
      `insert into texts_out (person_id, kind, body_sealed, segments, created_at)
       values ($1, 'forget_done', $2, $3, clock_timestamp())`,
      [person.id, last.bodySealed, last.segments],
    )
    return { what: 'confirming', changed: true }
  })
}

/** Her last confirmation is still to leave, or has just left and her number is about to go. */
async function isBeingTold(db: Db, personId: number): Promise<boolean> {
  const { rows } = await db.query(
    `select from texts_out where blast_id = 0 and person_id = $1 and kind = 'forget_done' and body_sealed is not null`,
    [personId],
  )
  return rows.length > 0
}
