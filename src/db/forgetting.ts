import type pg from 'pg'
import { transaction } from './pool.js'

/**
 * Erases her number, ZIP, words and history, for good. What stays: the keyed hash, so that no list adds her back, the ledger's
 * bare rows, and a record that says she was forgotten. Harmless when done twice.
 */
export async function eraseForgotten(pool: pg.Pool, personId: number): Promise<void> {
  await transaction(pool, async (tx) => {
    const { rows } = await tx.query<{ sealed: boolean }>(
      `select phone_sealed is not null as sealed from people where id = $1 for no key update`,
      [personId],
    )
    if (!rows[0]?.sealed) return
    await tx.query(
      `update people set phone_sealed = null, zip = null, state = null, zone = default, other_zone = default, standing = 'left',
              conversation = null, joined_at = null, stop_shown_at = null, fewer = false, unreachable = null, owes_apology = false
        where id = $1`,
      [personId],
    )
    await tx.query(`update texts_in set body_sealed = null, rule = null where person_id = $1`, [personId])
    await tx.query(`update texts_out set body_sealed = null where blast_id = 0 and person_id = $1`, [
      personId,
    ])
    await tx.query(`delete from outcomes where person_id = $1`, [personId])
    await tx.query(
      `update consents set words_sealed = null, rule = null, erased_at = clock_timestamp()
        where person_id = $1 and erased_at is null`,
      [personId],
    )
    await tx.query(
      `insert into consents (person_id, kind, via, rule, erased_at) values ($1, 'forgotten', 'text', 'erased at her request', now())`,
      [personId],
    )
  })
}
