import type pg from 'pg'
import type { SendWindow } from '../compliance/quiet-hours.js'
import { plural } from '../conversation/plural.js'
import { logBlast } from '../db/blast-log.js'
import { expireInZones, waitingZones } from '../db/blast-ranges.js'
import { judgedNow, lockBlast } from '../db/blasts.js'
import { transaction } from '../db/pool.js'
import { neverOpen } from './goes-on.js'

/** Whose two clocks share no hour of the window never gets her text: it counts as too late, so that the blast ends without her. */
export async function expireNeverOpen(pool: pg.Pool, blastId: number, window: SendWindow): Promise<void> {
  const never = neverOpen(await waitingZones(pool, blastId), await judgedNow(pool), window)
  if (never.length === 0) return
  await transaction(pool, async (tx) => {
    if ((await lockBlast(tx, blastId))?.state !== 'running') return
    const count = await expireInZones(tx, blastId, never)
    if (count === 0) return
    const why = `${plural(count, 'person', 'people')} whose two clocks share no hour of SEND_WINDOW`
    await logBlast(tx, blastId, 'Text Action', 'too late', why)
  })
}
