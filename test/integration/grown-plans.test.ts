import { createVault } from '../../src/adapters/vault.js'
import { startBlast } from '../../src/blast/start.js'
import { createBlastWriter } from '../../src/blast/wording.js'
import { recordBlastOutcomes } from '../../src/db/blast-outcomes.js'
import { fanOutPage } from '../../src/db/fan-out.js'
import { lockPerson } from '../../src/db/people.js'
import { recordTextsIn } from '../../src/db/texts-in.js'
import { importPeople } from '../../src/inbound/import.js'
import { RULES, scheduleBlast, WORDING } from '../support/blasts.js'
import { explainedPool, type ExplainedPool } from '../support/plans.js'
import { ACTION, CONGRESS, SHORT_CODE } from '../support/play.js'
import { freshDatabase, type FreshDatabase } from '../support/services.js'

// A worker keeps its connections, and they keep their plans: those of the first day, when hardly anybody was here.
const FEW = 500
const MANY = 20_000
const TIMES = 8
const TOGETHER = 10

const vault = createVault(Buffer.alloc(32, 7).toString('base64'))
const { shape } = createBlastWriter(
  { en: WORDING },
  { action: ACTION, congress: CONGRESS, shortCode: SHORT_CODE },
)

let database: FreshDatabase
let explained: ExplainedPool
beforeAll(async () => {
  database = await freshDatabase()
  // As it is until autovacuum comes by: up to a minute.
  await database.pool.query(
    'alter table people set (autovacuum_enabled = off); alter table texts_out_blasts set (autovacuum_enabled = off)',
  )
  explained = await explainedPool(database.url)
}, 60_000)
afterAll(async () => {
  await explained?.pool.end()
  await database.drop()
})

const phoneOf = (n: number) => `+1205${String(2_000_000 + n)}`

const bringIn = (from: number, to: number) =>
  importPeople(
    { pool: database.pool, vault },
    {
      rows: Array.from({ length: to - from }, (_, i) => ({
        ...{ line: i + 2, phone: phoneOf(from + i), zip: '35020', language: 'en' },
      })),
      ...{ as: 'joined', consent: 'A list made for this test', recordedBy: 'lee' },
      onRejected: (_, reason) => {
        throw new Error(reason)
      },
    },
  )

async function writeBlast(): Promise<number> {
  const { id } = await scheduleBlast(database.pool, { perDay: 2 })
  await startBlast(database.pool, id, 'lee', { ...RULES, alertsPerMonth: 99 })
  while ((await fanOutPage(database.pool, id, shape)) !== null);
  return id
}

let sids = 0
/** What workers ask all day, of people and texts from `first` on. */
async function ask(blastId: number, first: number): Promise<void> {
  const stays = { verdict: 'stay', rule: null } as const
  for (let time = 0; time < TIMES; time++) {
    const numbers = Array.from({ length: TOGETHER }, (_, n) => first + n)
    await recordBlastOutcomes(
      explained.pool,
      numbers.map((number) => ({
        ...{ ref: { blastId, number }, attempt: 1, status: 'accepted', errorCode: null },
        messageSid: `SM${number}`,
      })),
    )
    await recordTextsIn(
      explained.pool,
      numbers.map((number) => ({
        ...{
          messageSid: `SMin${++sids}`,
          phoneHash: vault.hash(phoneOf(number)),
          sealPhone: () => Buffer.from(''),
        },
        ...{ bodySealed: Buffer.from('x'), mediaCount: 0, open: stays, held: stays, optOutType: null },
        receivedAt: new Date(),
      })),
      30_000,
    )
    await lockPerson(explained.pool, first)
  }
}

test('plans from when hardly anybody was here are gone once a list has been brought in and a blast written to it', async () => {
  await bringIn(0, FEW)
  const first = await writeBlast()
  await ask(first, 1)
  let isBusy = true // a worker that is at it all the while
  const worker = (async () => {
    while (isBusy) await ask(first, 1)
  })()
  await bringIn(FEW, MANY)
  const blast = await writeBlast()
  isBusy = false
  await worker
  explained.looks()
  await ask(blast, MANY / 2)
  const looks = explained.looks().flat()
  const big = looks.filter(({ table }) => table === 'people' || table === 'texts_out_blasts')
  expect(big.length).toBeGreaterThanOrEqual(3 * TIMES)
  expect(big.filter(({ how, rows }) => how === 'Seq Scan' || rows > 2 * TOGETHER)).toEqual([])
}, 60_000)
