import { readGauges } from '../../src/db/gauges.js'
import { freshDatabase, type FreshDatabase } from '../support/services.js'

// What an operator is told of the blasts: whether anybody works on them.

let database: FreshDatabase
beforeEach(async () => {
  database = await freshDatabase()
})
afterEach(() => database.drop())

const blast = (state: string, firstAt = 'null') =>
  database.pool.query(
    `insert into blasts (code, name, action, wording, created_by, state, first_at, people)
     values ('b1', 'vote', 'pro-act', '{"en":"call"}', 'lee', '${state}', ${firstAt}, 50)`,
  )
const lease = (until: string) =>
  database.pool.query(`insert into leases (name, holder, until) values ('feeder', 'w1', ${until})`)
const unfed = async () => (await readGauges(database.pool)).blastsUnfed

test('an operator learns that every worker is gone in the middle of a blast, though none of its texts waits yet', async () => {
  await blast('running')
  expect(await readGauges(database.pool)).toMatchObject({
    blastsWaiting: 0,
    blastsOverdue: 0,
    blastsUnfed: 1,
  })
})

test('she learns it too when they were killed and left their lease behind', async () => {
  await blast('running')
  await lease(`now() - interval '1 minute'`)
  expect(await unfed()).toBe(1)
})

test.each([`now() + interval '1 second'`, `now() - interval '5 seconds'`])(
  'she is told nothing of a worker that feeds, or is busy for seconds: lease until %s',
  async (until) => {
    await blast('running')
    await lease(until)
    expect(await unfed()).toBe(0)
  },
)

test.each([
  ['scheduled', `now() + interval '1 hour'`, 0],
  ['scheduled', `now() - interval '5 seconds'`, 1],
  ['paused', 'null', 0],
  ['done', 'null', 0],
])(
  'without a worker, of a blast that is %s with its start at %s she is told: %i',
  async (state, at, told) => {
    await blast(state, at)
    expect(await unfed()).toBe(told)
  },
)
