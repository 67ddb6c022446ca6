import type pg from 'pg'
import { leave } from '../db/leaving.js'
import { blockedOnceMore, markUnreachable, wordSince } from '../db/people.js'
import { transaction } from '../db/pool.js'
import { personLeft } from '../observability/events.js'
import { consequenceOf, wordsFor } from './error-codes.js'
import { persistently } from './persistently.js'

/**
 * Does for the person what an error code from Twilio asks for: the carrier may know first that she left or that her number is dead.
 * Of a text claimed a while ago that may be over: her own word since then counts. Keeps trying while Postgres is away: the code is on
 * record by then, and nobody would look at it again.
 */
export const applyConsequence = (
  pool: pg.Pool,
  personId: number,
  code: number,
  claimedAt: Date | null = null,
): Promise<void> => persistently(() => apply(pool, personId, code, claimedAt))

async function apply(pool: pg.Pool, personId: number, code: number, claimedAt: Date | null): Promise<void> {
  const isOver = async (word: 'any' | 'joined') =>
    claimedAt !== null && (await wordSince(pool, personId, claimedAt, word))
  switch (consequenceOf(code)) {
    case 'left':
      if (await isOver('joined')) return
      return carrierSaysLeft(pool, personId, code, 'left')
    case 'blocked':
      if (await isOver('joined')) return
      if (await blockedOnceMore(pool, personId))
        await carrierSaysLeft(pool, personId, code, 'carrier-blocked')
      return
    case 'unreachable':
      if (await isOver('any')) return
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
