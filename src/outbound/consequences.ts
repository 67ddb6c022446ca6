import type pg from 'pg'
import { leave } from '../db/leaving.js'
import { blockedOnceMore, markUnreachable } from '../db/people.js'
import { transaction } from '../db/pool.js'
import { personLeft } from '../observability/events.js'
import { consequenceOf, wordsFor } from './error-codes.js'
import { persistently } from './persistently.js'

/**
 * Does for the person what an error code from Twilio asks for: the carrier may know first that she left or that her number is dead.
 * Keeps trying while Postgres is away: the code is on record by then, and nobody would look at it again.
 */
export const applyConsequence = (pool: pg.Pool, personId: number, code: number): Promise<void> =>
  persistently(() => apply(pool, personId, code))

async function apply(pool: pg.Pool, personId: number, code: number): Promise<void> {
  switch (consequenceOf(code)) {
    case 'left':
      return carrierSaysLeft(pool, personId, code, 'left')
    case 'blocked':
      if (await blockedOnceMore(pool, personId))
        await carrierSaysLeft(pool, personId, code, 'carrier-blocked')
      return
    case 'unreachable':
      return markUnreachable(pool, personId, wordsFor(code))
    case 'stop-all':
    case 'pause-blast':
    case 'none':
      return
  }
}

async function carrierSaysLeft(
  pool: pg.Pool,
  personId: number,
  code: number,
  kind: 'left' | 'carrier-blocked',
): Promise<void> {
  const left = await transaction(pool, (tx) =>
    leave(tx, { personId, kind, via: 'carrier', textId: null, rule: `${code}: ${wordsFor(code)}` }),
  )
  if (left) personLeft({ via: 'carrier' })
}
