import type pg from 'pg'
import { logBlast } from '../db/blast-log.js'
import { setCanary } from '../db/blast-states.js'
import { lockBlast, type BlastRow, type CanaryState } from '../db/blasts.js'
import { canaryProgress, chooseCanary } from '../db/canary.js'
import { startPass } from '../db/blast-ranges.js'
import { transaction } from '../db/pool.js'
import { LIMITS } from '../limits.js'

const SHARE = 0.01
const PEOPLE_MIN = 200
const SETTLED_SHARE = 0.9

/** So many go first: at least 200, 1 % of a large audience. */
export const canaryPeople = (people: number): number => Math.max(PEOPLE_MIN, Math.ceil(people * SHARE))

/**
 * Moves the canary of a blast on. true: its texts may be announced now (while it is sending, the canary's only); null: neither,
 * until the hour of more people has come.
 */
export async function turnCanary(pool: pg.Pool, blast: BlastRow): Promise<boolean | null> {
  switch (blast.canary) {
    case 'none':
    case 'passed':
      return true
    case 'waiting': {
      if (blast.fannedOut < blast.people) return false
      const chosen = await chooseCanary(pool, blast.id, canaryPeople(blast.people))
      if (chosen === 0) return null
      await move(pool, blast, 'sending', `canary of ${chosen} people`)
      return false
    }
    case 'sending': {
      const { chosen, waiting, mayJoin } = await canaryProgress(pool, blast.id)
      if (waiting > 0) return true
      // The first hour may be that of three people in Guam: nobody can tell by them how it goes.
      const lacking = canaryPeople(blast.people) - chosen
      if (lacking > 0 && mayJoin) return (await chooseCanary(pool, blast.id, lacking)) > 0 ? true : null
      await move(pool, blast, 'watched', null)
      return false
    }
    case 'watched': {
      const { chosen, settled, watchedSeconds } = await canaryProgress(pool, blast.id)
      const isSettled = settled >= chosen * SETTLED_SHARE
      if (!isSettled && (watchedSeconds ?? 0) < LIMITS.canaryWatchedSeconds) return false
      await move(pool, blast, 'passed', `canary passed: ${settled} of ${chosen} settled`)
      return false
    }
  }
}

async function move(pool: pg.Pool, blast: BlastRow, to: CanaryState, told: string | null): Promise<void> {
  await transaction(pool, async (tx) => {
    const now = await lockBlast(tx, blast.id)
    if (now?.canary !== blast.canary) return
    await setCanary(tx, blast.id, to)
    await startPass(tx, blast.id)
    if (told !== null) await logBlast(tx, blast.id, 'Text Action', told)
  })
}
