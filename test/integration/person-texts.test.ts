import { cancel } from '../../src/blast/control.js'
import { startBlast } from '../../src/blast/start.js'
import { fanOutPage } from '../../src/db/fan-out.js'
import { pendingFor } from '../../src/db/person-texts.js'
import { RULES, scheduleBlast } from '../support/blasts.js'
import { freshDatabase, type FreshDatabase } from '../support/services.js'

const shape = { languages: ['en'], usualSegments: 1, byState: false, exceptions: [], tellsHowToStop: true }

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
  await database.pool.query(
    `insert into people (phone_hash, phone_sealed, standing, state, zone, other_zone, joined_at)
     select int4send(n), 'x', 'joined', 'AL', 'America/Chicago', 'America/Chicago', now() from generate_series(1, 2) n`,
  )
})
afterAll(() => database.drop())

test('nothing of a cancelled blast waits for her any more; what was on its way when it was cancelled still does', async () => {
  const { pool } = database
  const { rows } = await pool.query<{ id: number }>('select id from people order by id')
  const [waits, leaving] = [rows[0]?.id ?? 0, rows[1]?.id ?? 0]
  const blast = await scheduleBlast(pool)
  expect(await startBlast(pool, blast.id, 'dana', RULES)).toBe(true)
  await fanOutPage(pool, blast.id, shape)
  expect(await pendingFor(pool, waits)).toMatchObject([{ status: 'pending', blast: 'vote' }])
  await pool.query(`update texts_out_blasts set status = 'claimed' where blast_id = $1 and number = $2`, [
    blast.id,
    leaving,
  ])
  await cancel(pool, blast, 'dana')
  expect(await pendingFor(pool, waits)).toEqual([])
  expect(await pendingFor(pool, leaving)).toMatchObject([{ status: 'claimed', blast: 'vote' }])
})
