import { claimBlastTexts } from '../../src/db/blast-claim.js'
import { recordBlastOutcomes, unclaimBlastTexts } from '../../src/db/blast-outcomes.js'
import { takeNextRange } from '../../src/db/blast-ranges.js'
import { fanOutPage, freezeAudience, PAGE_IDS } from '../../src/db/fan-out.js'
import { letNumbersGo } from '../../src/db/forgetting.js'
import { hasOpenClaim } from '../../src/db/leaving.js'
import { newestAlertsAction } from '../../src/db/outcomes.js'
import { transaction } from '../../src/db/pool.js'
import {
  markApplied,
  peopleWithOldMail,
  recordTextIn,
  recordTextsIn,
  waitingTexts,
} from '../../src/db/texts-in.js'
import { claimReply, dueReplies, nextReply, recordReplyAccepted } from '../../src/db/texts-out.js'
import { takeIncomingReceipts } from '../../src/outbound/receipt.js'
import { explainedPool, type ExplainedPool } from '../support/plans.js'
import { freshDatabase, type FreshDatabase } from '../support/services.js'

// A blast half sent to as many people as have texted us, each answered once: what the biggest tables look like in a vote week.
const PEOPLE = 1_000_000
const SENT = PEOPLE / 2
const [BLAST, NEXT_BLAST] = [1, 2]
// A named statement may get another plan from the sixth time on.
const TIMES = 7
const BIG = /^(texts_|people$)/

let database: FreshDatabase
let explained: ExplainedPool
beforeAll(async () => {
  database = await freshDatabase()
  for (const statement of load()) await database.pool.query(statement)
  await transaction(database.pool, (tx) =>
    freezeAudience(tx, NEXT_BLAST, { sql: `p.standing = 'joined'`, values: [] }, null),
  )
  explained = await explainedPool(database.url)
}, 240_000)
afterAll(async () => {
  await explained?.pool.end()
  await database.drop()
})

const load = () => [
  'set synchronous_commit = off',
  `insert into blasts (code, name, state, action, wording, created_by, opens, closes, people, fanned_out)
   select 'b' || n, 'vote', 'running', 'pro-act', '{"en": "call"}', 'lee', '00:00', '24:00', ${PEOPLE}, case n when ${BLAST} then ${PEOPLE} else 0 end
     from generate_series(1, 2) n`,
  `insert into people (phone_hash, phone_sealed, standing, zip, state, zone, other_zone, stop_shown_at)
   select sha256(int8send(n)), decode(repeat('ab', 40), 'hex'), 'joined', '35020', 'AL', 'America/Chicago', 'America/Chicago', now()
     from generate_series(1, ${PEOPLE}) n`,
  `insert into texts_out (blast_id, number, person_id, kind, status, claimed_at, accepted_at, message_sid)
   select ${BLAST}, n, n, 'blast', case when n <= ${SENT} then 'accepted' else 'pending' end::text_status,
          case when n <= ${SENT} then now() end, case when n <= ${SENT} then now() end, case when n <= ${SENT} then 'SM' || n end
     from generate_series(1, ${PEOPLE}) n`,
  `insert into texts_in (message_sid, person_id, body_sealed, verdict, understood, applied_at)
   select 'SMin' || n, n, '\\x00', 'stay', 'zip', now() from generate_series(1, ${PEOPLE}) n`,
  `insert into texts_out (person_id, kind, status, in_reply_to, claimed_at, accepted_at, message_sid, body_sealed)
   select n, 'senators', 'delivered', n, now(), now(), 'SMre' || n, '\\x00' from generate_series(1, ${PEOPLE}) n`,
  'vacuum analyze people, texts_in, texts_out_blasts, texts_out_replies',
]

/** Runs it some times over; every plan it had must read no more than `most` rows of any big table, and never one from end to end. */
async function readsAtMost(most: number, statement: (time: number) => Promise<unknown>): Promise<void> {
  explained.looks()
  for (let time = 0; time < TIMES; time++) await statement(time)
  const statements = explained.looks()
  const looks = statements.flat().filter(({ table }) => BIG.test(table))
  expect(looks.length).toBeGreaterThanOrEqual(TIMES)
  expect(looks.filter(({ how }) => how === 'Seq Scan')).toEqual([])
  expect(looks.filter(({ rows }) => rows > most)).toEqual([])
}

const RULES = { alertsPerMonth: 8, outage: null, tellsHowToStop: false, early: false }
const PAGE = 50
const claim = (time: number) => {
  const after = SENT + time * 1_000
  const range = { blastId: BLAST, after, upTo: after + 1_000 }
  return claimBlastTexts(explained.pool, range, PAGE, RULES)
}
/** Texts already sent, others each time. */
const page = (time: number) => Array.from({ length: PAGE }, (_, n) => 1 + time * PAGE + n)

test('a claim in the middle of a big blast looks at the texts it claims', async () => {
  await readsAtMost(2 * PAGE, async (time) => {
    expect((await claim(time)).claimed).toHaveLength(PAGE)
  })
})

test('an alert counted on her row touches none of the indexes of people', async () => {
  const { rows } = await database.pool.query(
    `select indexdef from pg_indexes where tablename = 'people' and indexdef ~ 'alerted|stop_shown_at'`,
  )
  expect(rows).toEqual([])
})

test.each([
  { status: 'accepted', errorCode: null },
  { status: 'failed', errorCode: 30005 },
] as const)('POSTs that were $status are written down by looking up just those texts', async (what) => {
  await readsAtMost(PAGE, (time) =>
    recordBlastOutcomes(
      explained.pool,
      page(time).map((number) => ({
        ref: { blastId: BLAST, number },
        attempt: 0,
        messageSid: what.status === 'accepted' ? `SM${number}` : null,
        ...what,
      })),
    ),
  )
})

test('claims are given back by looking at the claims that are open', async () => {
  const open = TIMES * PAGE
  await readsAtMost(open + PAGE, async (time) => {
    const { claimed } = await claim(100 + time)
    await unclaimBlastTexts(explained.pool, claimed, 0)
  })
})

test('receipts look up their own texts and people', async () => {
  await readsAtMost(2 * PAGE, (time) =>
    takeIncomingReceipts(
      explained.pool,
      page(time).map((number) => ({
        ref: { blastId: BLAST, number },
        messageSid: `SM${number}`,
        status: 'delivered',
        errorCode: null,
      })),
    ),
  )
})

test('a report finds the alert it is about by looking up her text of each blast', async () => {
  await readsAtMost(2, async (time) => {
    expect(await newestAlertsAction(explained.pool, 1 + time)).toBe('pro-act')
  })
})

test('the next range is found without walking through what has been sent', async () => {
  await readsAtMost(2 * 500, async (time) => {
    const range = { after: SENT + 100_000 + time * 500, max: 500, early: false }
    expect((await takeNextRange(explained.pool, BLAST, range))?.texts).toBe(500)
  })
})

test('a page of the audience is written by reading the people of that page', async () => {
  const shape = {
    languages: ['en'],
    usualSegments: 1,
    byState: false,
    exceptions: [],
    tellsHowToStop: false,
  }
  await readsAtMost(PAGE_IDS, () => fanOutPage(explained.pool, NEXT_BLAST, shape))
})

const JUDGED = { verdict: 'stay', rule: null } as const
const TAKE_MS = 30_000
const textFrom = (phoneHash: Buffer = Buffer.alloc(0), messageSid = '') => ({
  ...{ messageSid, phoneHash, sealPhone: () => Buffer.from('sealed'), bodySealed: Buffer.from('sealed') },
  ...{ mediaCount: 0, open: JUDGED, held: JUDGED, optOutType: null, receivedAt: new Date() },
})

test('an inbound text finds its sender, and the worker finds her texts and her answers', async () => {
  await readsAtMost(2, async (time) => {
    const { rows } = await explained.pool.query<{ hash: Buffer }>(`select sha256(int8send($1)) as hash`, [
      700_000 + time,
    ])
    const recorded = await recordTextIn(explained.pool, textFrom(rows[0]?.hash, `SMnew${time}`))
    expect(recorded).toMatchObject({ isNew: true })
    expect(await waitingTexts(explained.pool, recorded.personId, 10)).toHaveLength(1)
    await markApplied(explained.pool, recorded.id, 'zip')
    await explained.pool.query(
      `insert into texts_out (number, person_id, kind, in_reply_to, body_sealed) values ($1, $2, 'help', $3, '\\x00')`,
      [5_000_000 + time, recorded.personId, recorded.id],
    )
    expect(await nextReply(explained.pool, recorded.personId)).toMatchObject({ number: 5_000_000 + time })
    expect(await claimReply(explained.pool, 5_000_000 + time)).toMatchObject({ kind: 'help' })
    await recordReplyAccepted(explained.pool, 5_000_000 + time, `SMsent${time}`)
  })
})

test('inbound texts of several people at once find just those people', async () => {
  const together = 50
  await readsAtMost(together, async (time) => {
    const { rows } = await explained.pool.query<{ hash: Buffer }>(
      'select sha256(int8send(600000 + $1::int * $2::int + n)) as hash from generate_series(1, $2) n',
      [time, together],
    )
    const recorded = await recordTextsIn(
      explained.pool,
      rows.map(({ hash }, n) => textFrom(hash, `SMtogether${time}-${n}`)),
      TAKE_MS,
    )
    expect(recorded.every((each) => each?.isNew)).toBe(true)
  })
})

test('a STOP waits for her open claims, and the sweep looks for mail, answers and numbers to let go, without reading what is done', async () => {
  await readsAtMost(TIMES * PAGE * 2, async (time) => {
    expect(await hasOpenClaim(explained.pool, 100 + time, 2_500)).toBe(false)
    expect(await peopleWithOldMail(explained.pool, 1_000, 100)).toEqual([])
    expect(await dueReplies(explained.pool, 1_000, 200)).toEqual([])
    expect(await letNumbersGo(explained.pool)).toEqual([])
  })
})
