import fc from 'fast-check'
import { expireClaims } from '../../src/db/in-doubt.js'
import { settleDoubts } from '../../src/outbound/in-doubt.js'
import { takeIncomingReceipt } from '../../src/outbound/receipt.js'
import type { SendOutcome } from '../../src/ports.js'
import { oneText, vaultOfOneText, wordsOfOneText, type Flight, type OneText } from '../support/one-text.js'
import { freshDatabase, type FreshDatabase } from '../support/services.js'

// The life of one text, in any order that can happen: claims, what comes of POSTs, crashes, leases, receipts, looks at Twilio's
// list, a STOP, a pause. Against the program's own statements on a real Postgres.

const SEED = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 31)
const SECONDS = Number(process.env['FUZZ_SECONDS'] ?? 8)

// Leases and looks are for all texts of a database: lives side by side have one each.
const LANES = 4
let databases: FreshDatabase[]
beforeAll(async () => {
  databases = await Promise.all(Array.from({ length: LANES }, () => freshDatabase({ max: 3 })))
})
afterAll(() => Promise.all(databases.map((database) => database.drop())))

/** What must be true, kept beside the database. */
type Model = {
  hasLeft: boolean
  isPaused: boolean
  /** POSTs that may have reached Twilio. */
  reached: number
  flights: Flight[]
  /** How far the text's row has come: never a step back. */
  rank: number
}
type Command = fc.AsyncCommand<Model, OneText>

const seen: Record<string, number> = {}
const count = (what: string) => (seen[what] = (seen[what] ?? 0) + 1)

const LAST = ['delivered', 'undelivered', 'failed', 'opted_out', 'cancelled']
const rankOf = (status: string) =>
  LAST.includes(status) ? 3 : status === 'sent' ? 2 : status === 'accepted' ? 1 : 0

/** What must hold after every step. */
async function check(model: Model, text: OneText): Promise<void> {
  const { status } = await text.row()
  expect(model.reached).toBeLessThanOrEqual(text.kind === 'blast' ? 1 : 2)
  expect([status, rankOf(status) >= model.rank]).toEqual([status, true])
  model.rank = rankOf(status)
}

const command = (
  name: string,
  run: (model: Model, text: OneText) => Promise<void>,
  when: (model: Model) => boolean = () => true,
): Command => ({
  check: when,
  async run(model, text) {
    count(name)
    await run(model, text)
    await check(model, text)
  },
  toString: () => name,
})

/** Some worker asks for the text; several at once after a flush of Redis, when every call is made anew. */
async function claim(model: Model, text: OneText, workers: number): Promise<void> {
  const got = (await Promise.all(Array.from({ length: workers }, () => text.claim()))).flatMap(
    (one) => one ?? [],
  )
  expect(got.length).toBeLessThanOrEqual(1)
  if (got.length === 0) return
  count('claimed')
  expect({ hasLeft: model.hasLeft, isPaused: model.isPaused }).toEqual({ hasLeft: false, isPaused: false })
  // Twilio may have it already: a blast's text never again, an answer once more at most.
  expect(model.reached).toBeLessThan(text.kind === 'blast' ? 1 : 2)
  model.flights.push(...got)
}

type Fate = { outcome: (sid: string) => SendOutcome; isTaken: boolean; mayHaveReached: boolean }
const FATES: Readonly<Record<string, Fate>> = {
  'taken, 201': { outcome: (sid) => ({ kind: 'accepted', sid }), isTaken: true, mayHaveReached: true },
  'taken, no answer': {
    outcome: () => ({ kind: 'unsure', why: 'time-out' }),
    isTaken: true,
    mayHaveReached: true,
  },
  'not taken, 500': {
    outcome: () => ({ kind: 'unsure', why: 'http 500' }),
    isTaken: false,
    mayHaveReached: true,
  },
  '429': {
    outcome: () => ({ kind: 'not-sent', why: '429', retryAfterMs: 0 }),
    ...{ isTaken: false, mayHaveReached: false },
  },
  'refused for good': {
    outcome: () => ({ kind: 'refused', code: 30_008 }),
    ...{ isTaken: false, mayHaveReached: false },
  },
}

let sids = 0
const posting = (name: string, fate: Fate): Command =>
  command(
    `POST: ${name}`,
    (model, text) => {
      const flight = model.flights.find(({ outcome }) => outcome === null)
      if (!flight) return Promise.resolve()
      const sid = `SM${++sids}`
      flight.outcome = fate.outcome(sid)
      if (fate.mayHaveReached) model.reached += 1
      if (fate.isTaken)
        text.twilioHas.push({
          ...{ sid, body: wordsOfOneText, status: 'queued', errorCode: null },
          createdAt: new Date(),
        })
      return Promise.resolve()
    },
    ({ flights }) => flights.some(({ outcome }) => outcome === null),
  )

const hasFlight = ({ flights }: Model) => flights.length > 0

const record = command(
  'record',
  async (model) => {
    const at = model.flights.findIndex(({ outcome }) => outcome !== null)
    const [flight] = model.flights.splice(at, 1)
    if (flight?.outcome) await flight.record(flight.outcome)
  },
  ({ flights }) => flights.some(({ outcome }) => outcome !== null),
)

const crash = command('crash', (model) => (model.flights.pop(), Promise.resolve()), hasFlight)

/** 30 s go by. Long before, the fence has stopped whoever had not POSTed. */
const lease = command('the lease runs out', async (model, { pool }) => {
  model.flights = model.flights.filter(({ outcome }) => outcome !== null)
  await expireClaims(pool, 0)
})

async function look({ pool, gateway }: OneText): Promise<void> {
  const timing = { leaseMs: 3_600_000, firstPollMs: 0, pollMs: 0 }
  await settleDoubts({
    pool,
    gateway,
    timing,
    vault: vaultOfOneText,
    blastBody: () => Promise.resolve(wordsOfOneText),
  })
}

const receipt = (status: string): Command =>
  command(`receipt: ${status}`, async (_model, { pool, ref, twilioHas }) => {
    const messageSid = twilioHas.at(-1)?.sid
    if (messageSid) await takeIncomingReceipt(pool, { ref, messageSid, status, errorCode: null })
  })

const setState = (state: 'paused' | 'running'): Command =>
  command(state, async (model, { pool, blastId }) => {
    if (blastId === 0) return
    await pool.query('update blasts set state = $2::blast_state where id = $1', [blastId, state])
    model.isPaused = state === 'paused'
  })

const steps = fc.commands(
  [
    fc.constant(command('claim', (model, text) => claim(model, text, 1))),
    fc.constant(command('flush: two claim at once', (model, text) => claim(model, text, 2))),
    ...Object.entries(FATES).map(([name, fate]) => fc.constant(posting(name, fate))),
    fc.constantFrom(record, record, crash, lease),
    fc.constant(record),
    fc.constant(command("a look at Twilio's list", (_model, text) => look(text))),
    fc.constantFrom(...['queued', 'sent', 'delivered', 'undelivered'].map(receipt)),
    fc.constant(
      command('STOP', async (model, text) => {
        await text.stop()
        model.hasLeft = true
      }),
    ),
    fc.constantFrom(setState('paused'), setState('running'), setState('running')),
  ],
  { size: '+1', maxCommands: 24 },
)

/** Everybody gone, everything settled: where the text has come to. */
async function atTheEnd(model: Model, text: OneText): Promise<void> {
  await setState('running').run(model, text)
  for (let round = 0; round < 4; round++) {
    model.flights = []
    await expireClaims(text.pool, 0)
    for (let looks = 0; looks < 3; looks++) await look(text)
    await claim(model, text, 1)
    const [flight] = model.flights
    if (!flight) break
    model.reached += 1
    const sid = `SM${++sids}`
    text.twilioHas.push({
      sid,
      body: wordsOfOneText,
      status: 'queued',
      errorCode: null,
      createdAt: new Date(),
    })
    await flight.record({ kind: 'accepted', sid })
  }
  await check(model, text)
  const { status, sid } = await text.row()
  const isTaken = text.twilioHas.length > 0
  count(`ends ${status}`)
  if (isTaken) expect(['accepted', 'sent', 'delivered', 'undelivered']).toContain(status)
  else expect(['failed', 'not_sent', 'opted_out', 'cancelled']).toContain(status)
  if (isTaken) expect(text.twilioHas.map((one) => one.sid)).toContain(sid)
}

test.each(['blast', 'answer'] as const)(
  `a text of kind %s, whatever happens in whatever order: sent once at most, never after a STOP, and accounted for (seed ${SEED})`,
  async (kind) => {
    let runs = 0
    for (const name of Object.keys(seen)) delete seen[name]
    const life = ({ pool }: FreshDatabase) =>
      fc.asyncProperty(steps, async (commands) => {
        runs += 1
        const text = await oneText(pool, kind)
        const model: Model = { hasLeft: false, isPaused: false, reached: 0, flights: [], rank: 0 }
        await fc.asyncModelRun(() => ({ model, real: text }), commands)
        await atTheEnd(model, text)
      })
    const until = Date.now() + SECONDS * 1_000
    // A failure names the seed of its batch: FUZZ_SEED with that number begins there.
    const live = async (database: FreshDatabase, seed: number) => {
      for (let batch = 0; Date.now() < until; batch++)
        await fc.assert(life(database), { seed: seed + batch, numRuns: 10 })
    }
    const lanes = await Promise.allSettled(
      databases.map((database, lane) => live(database, SEED + lane * 100_000)),
    )
    for (const lane of lanes) if (lane.status === 'rejected') throw lane.reason
    process.stdout.write(`    one text, ${kind}: seed ${SEED}, ${runs} lives, ${JSON.stringify(seen)}\n`)
    // Each road has really been taken.
    for (const what of [
      'claimed',
      'crash',
      'STOP',
      'record',
      'the lease runs out',
      'ends not_sent',
      'ends delivered',
    ])
      if (!(kind === 'answer' && what === 'ends not_sent'))
        expect([what, seen[what] ?? 0]).not.toEqual([what, 0])
  },
  120_000,
)
