import { claimBlastTexts } from '../../src/db/blast-claim.js'
import { explainedPool, type ExplainedPool } from '../support/plans.js'
import { freshDatabase, type FreshDatabase } from '../support/services.js'

// As seen: autovacuum took its statistics just before or in the midst of the second blast, and the planner was misled.
const PEOPLE = 60_000
const EARLIER = 15_000
const MOST = 32
const [BEFORE, BLAST] = [1, 2]

let database: FreshDatabase
let explained: ExplainedPool
beforeAll(async () => {
  database = await freshDatabase()
  for (const statement of load()) await database.pool.query(statement)
  explained = await explainedPool(database.url)
}, 60_000)
afterAll(async () => {
  await explained?.pool.end()
  await database.drop()
})

const load = () => [
  'alter table texts_out_blasts set (autovacuum_enabled = off)',
  `insert into blasts (code, name, state, action, wording, created_by, opens, closes, people, fanned_out)
   select 'b' || n, 'vote', 'running', 'pro-act', '{"en": "call"}', 'lee', '00:00', '24:00', ${PEOPLE}, ${PEOPLE}
     from generate_series(1, 2) n`,
  `insert into people (phone_hash, phone_sealed, standing, zip, state, zone, other_zone, stop_shown_at)
   select sha256(int8send(n)), decode(repeat('ab', 40), 'hex'), 'joined', '35020', 'AL', 'America/Chicago', 'America/Chicago', now()
     from generate_series(1, ${PEOPLE}) n`,
  `insert into texts_out (blast_id, number, person_id, kind, status, claimed_at, accepted_at, message_sid)
   select ${BEFORE}, n, n, 'blast', 'accepted', now(), now(), 'SM' || n from generate_series(1, ${EARLIER}) n`,
  'vacuum analyze people, texts_out_blasts',
  `insert into texts_out (blast_id, number, person_id, kind) select ${BLAST}, n, n, 'blast' from generate_series(1, ${PEOPLE}) n`,
]

const RULES = { alertsPerMonth: 8, outage: null, tellsHowToStop: true, early: false }

/** Claims some times over on one connection, and expects each to have read what it claimed and little more. */
async function claimsReadLittle(): Promise<void> {
  explained.looks()
  for (let time = 0; time < 12; time++) {
    const range = { blastId: BLAST, after: 0, upTo: 2_000 }
    const { claimed } = await claimBlastTexts(explained.pool, range, MOST, RULES)
    expect(claimed).toHaveLength(MOST)
  }
  const looks = explained.looks().map((plan) => plan.filter(({ table }) => /^(texts_|people$)/.test(table)))
  expect(looks.filter((plan) => plan.length > 0)).toHaveLength(12)
  // From the beginning of the range each time: those claimed before are read once more.
  expect(looks.flat().filter(({ rows }) => rows > 25 * MOST)).toEqual([])
}

test('a claim reads its own texts and people when statistics know only the blasts before', claimsReadLittle)

test('… and when they were taken in the midst of it', async () => {
  await database.pool.query('analyze people, texts_out_blasts')
  await claimsReadLittle()
})
