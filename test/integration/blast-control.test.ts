import type pg from 'pg'
import { approvalDigest } from '../../src/blast/approval.js'
import {
  approveBlast,
  editBlast,
  needsApproval,
  refuseOwnWork,
  scheduleBlast as setTime,
} from '../../src/blast/approve.js'
import { cancel, pause, resendUnconfirmed, resume, sentOf, stopAll } from '../../src/blast/control.js'
import { systemClock } from '../../src/adapters/system-clock.js'
import { createFeeder } from '../../src/blast/feed.js'
import { planTimes } from '../../src/blast/schedule.js'
import { startBlast, startPaused } from '../../src/blast/start.js'
import { actionSays } from '../../src/blast/wording.js'
import { countBlast, type BlastCounts } from '../../src/db/blast-counts.js'
import { logBlast, readBlastLog } from '../../src/db/blast-log.js'
import { blastById, blastsToStart, insertBlast, type BlastPlan, type BlastRow } from '../../src/db/blasts.js'
import { fanOutPage } from '../../src/db/fan-out.js'
import { countCappedThen } from '../../src/db/rehearsal.js'
import { OperatorError } from '../../src/errors.js'
import { SAID, WORDING } from '../support/blasts.js'
import { ACTION } from '../support/play.js'
import { freshDatabase, type FreshDatabase } from '../support/services.js'

const PEOPLE = 40_000 // three pages
const window = { from: 0, to: 24 * 60 }
const zones = [{ zone: 'America/Chicago', otherZone: 'America/Chicago' }]
const shape = { languages: ['en'], usualSegments: 1, byState: false, exceptions: [], tellsHowToStop: true }
const startRules = { window, said: SAID, canary: false, alertsPerMonth: 8, needsSenators: false }

let database: FreshDatabase
let codes = 0
beforeAll(async () => {
  database = await freshDatabase()
  await database.pool.query(
    `insert into people (phone_hash, phone_sealed, standing, state, zone, other_zone, joined_at)
     select int4send(n), 'x', 'joined', 'AL', 'America/Chicago', 'America/Chicago', now() from generate_series(1, $1) n`,
    [PEOPLE],
  )
}, 30_000)
afterAll(() => database.drop())

async function draft(plan: Partial<BlastPlan> = {}, who = 'lee'): Promise<BlastRow> {
  const none = planTimes(
    { at: undefined, until: undefined, zone: undefined },
    { now: new Date(), window, zones },
  )
  const whole = {
    name: 'vote',
    action: 'pro-act',
    wording: { en: WORDING },
    audience: '',
    perDay: 1,
    ...none,
    ...plan,
  }
  const blast = await insertBlast(database.pool, `t${String(codes++)}`, whole, who)
  if (!blast) throw new Error('the code is taken')
  await logBlast(database.pool, blast.id, who, 'created')
  return blast
}

const rules = (more = {}) => ({
  approvers: 2 as const,
  window,
  said: SAID,
  people: PEOPLE,
  zones,
  now: new Date(),
  ...more,
})
const now = async ({ id }: BlastRow) =>
  (await blastById(database.pool, id)) ?? Promise.reject(new Error('it is gone'))
const start = async (blast: BlastRow) => {
  await approveBlast(database.pool, blast, 'dana', rules())
  expect(await startBlast(database.pool, blast.id, 'dana', startRules)).toBe(true)
  return now(blast)
}
const counted = async ({ id }: BlastRow) => (await countBlast(database.pool, id)) as BlastCounts
const sum = ({ counts }: BlastCounts) => Object.values(counts).reduce((all, count) => all + count, 0)

async function refused(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => null,
    (cause: unknown) => cause,
  )
  if (!(error instanceof OperatorError)) throw new Error(`no refusal but ${String(error)}`)
  return error.message
}

test('the counts add up at every moment while the audience is written out, paused, resumed and cancelled', async () => {
  const blast = await start(await draft())
  const looks: Promise<BlastCounts>[] = []
  const look = () => looks.push(counted(blast))
  look()
  for (let page = 0; page < 2; page++) {
    const writing = fanOutPage(database.pool, blast.id, shape)
    for (let n = 0; n < 10; n++) {
      look()
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    await writing
  }
  await database.pool.query(
    `update texts_out_blasts set status = (array['claimed', 'delivered', 'failed', 'in_doubt'])[1 + number % 4]::text_status where blast_id = $1`,
    [blast.id],
  )
  look()
  expect(await pause(database.pool, blast, 'dana')).toEqual({ state: 'paused', already: false })
  expect(await pause(database.pool, blast, 'dana')).toEqual({ state: 'paused', already: true })
  look()
  expect(await resume(database.pool, blast, 'dana')).toEqual({ state: 'running', already: false })
  look()
  for (const seen of await Promise.all(looks)) expect([seen.audience, sum(seen)]).toEqual([PEOPLE, PEOPLE])

  const before = await counted(blast)
  expect(before.counts.pending).toBeGreaterThan(0)
  await cancel(database.pool, blast, 'dana')
  const after = await counted(blast)
  expect(after.counts).toMatchObject({
    pending: 0,
    cancelled: before.counts.pending,
    delivered: before.counts.delivered,
  })
  expect(sum(after)).toBe(PEOPLE)
  expect(await fanOutPage(database.pool, blast.id, shape)).toBeNull()
  expect(await cancel(database.pool, blast, 'dana')).toEqual({ state: 'cancelled', already: true })
  expect(await refused(resume(database.pool, blast, 'dana'))).toContain('only a paused one can be resumed')
}, 30_000)

test('whoever wrote the words that stand is not the second person, whatever the case of the name', async () => {
  const blast = await draft()
  expect(await refused(refuseOwnWork(database.pool, blast, 'LEE ', 2))).toContain('since lee wrote it')
  await editBlast(
    database.pool,
    blast.id,
    'dana',
    (plan) => ({ ...plan, wording: { en: '{{org}}: other' } }),
    'body',
  )
  expect(await refused(approveBlast(database.pool, await now(blast), 'dana', rules()))).toContain(
    'since dana wrote it',
  )
  expect(await approveBlast(database.pool, await now(blast), 'lee', rules())).toMatchObject({
    kind: 'approved',
  })
  expect(await approveBlast(database.pool, await now(blast), 'kim', rules())).toEqual({
    kind: 'already',
    by: 'lee',
  })
})

test('a blast that would have ended before anybody got it is neither approved nor started', async () => {
  const inAnHour = new Date(Date.now() + 3_600_000)
  const ends = { untilTyped: '+1h', untilAt: inAnHour }
  const late = await draft({ atTyped: 'now', ...ends })
  const afterwards = rules({ now: new Date(inAnHour.getTime() + 1_000) })
  const words =
    /^The end of blast t\d+, \+1h, has passed: nobody would get it\. Set another: textaction blast schedule/
  expect(await refused(approveBlast(database.pool, late, 'dana', afterwards))).toMatch(words)
  const agreed = await draft({ atTyped: 'now', ...ends })
  await approveBlast(database.pool, agreed, 'dana', rules())
  await database.pool.query(`update blasts set until_at = until_at - interval '2 hours' where id = $1`, [
    agreed.id,
  ])
  await database.pool.query('update blasts set approval = $2 where id = $1', [
    agreed.id,
    approvalDigest(await now(agreed), startRules),
  ])
  expect(await refused(startBlast(database.pool, agreed.id, 'lee', startRules))).toMatch(words)
  expect(await now(agreed)).toMatchObject({ startedAt: null })
})

test('what was changed while somebody read it is not approved', async () => {
  const read = await draft()
  await editBlast(database.pool, read.id, 'lee', (plan) => ({ ...plan, audience: 'state:AL' }), 'audience')
  expect(await refused(approveBlast(database.pool, read, 'dana', rules()))).toContain('has just been changed')
})

test('a schedule that has passed, and an audience of nobody, are not approved', async () => {
  const late = await draft({ atTyped: '2026-11-01 10:00', startsLocal: '2026-11-01T10:00:00' })
  expect(
    await refused(
      approveBlast(database.pool, late, 'dana', rules({ now: new Date('2026-11-02T10:00:00Z') })),
    ),
  ).toContain('has passed')
  expect(await refused(approveBlast(database.pool, await draft(), 'dana', rules({ people: 0 })))).toContain(
    'Nobody is in the audience',
  )
})

test('an approval without a time holds when a time is set; one for a time is void when it is moved', async () => {
  const times = (at: string) =>
    planTimes({ at, until: undefined, zone: undefined }, { now: new Date(), window, zones })
  const blast = await draft()
  await approveBlast(database.pool, blast, 'dana', rules())
  expect(await setTime(database.pool, blast.id, 'lee', times('+2h'), rules())).toEqual({
    state: 'scheduled',
    voided: null,
  })
  expect((await now(blast)).approvedBy).toBe('dana')
  expect(await setTime(database.pool, blast.id, 'lee', times('+3h'), rules())).toEqual({
    state: 'draft',
    voided: 'dana',
  })
  expect(await startBlast(database.pool, blast.id, 'lee', startRules)).toBe(false)
})

test('a time of "now" for what is agreed to starts by itself', async () => {
  const blast = await draft()
  await approveBlast(database.pool, blast, 'dana', rules())
  const times = planTimes(
    { at: 'now', until: undefined, zone: undefined },
    { now: new Date(), window, zones },
  )
  await setTime(database.pool, blast.id, 'dana', times, rules({ now: new Date(Date.now() - 1_000) }))
  expect((await blastsToStart(database.pool)).map(({ id }) => id)).toContain(blast.id)
  await cancel(database.pool, blast, 'dana')
})

test('paused before it started, it goes back to its schedule', async () => {
  const blast = await draft(
    planTimes({ at: '+2h', until: undefined, zone: undefined }, { now: new Date(), window, zones }),
  )
  await approveBlast(database.pool, blast, 'dana', rules())
  await pause(database.pool, blast, 'dana')
  expect(await resume(database.pool, blast, 'dana')).toEqual({ state: 'scheduled', already: false })
})

test('the panic stop pauses all, waits for what is under way, and tells sent from withheld', async () => {
  const blast = await start(await draft())
  while ((await fanOutPage(database.pool, blast.id, shape)) !== null);
  await database.pool.query(
    `update texts_out_blasts set status = case when number % 10 = 0 then 'claimed' else 'sent' end::text_status
      where blast_id = $1 and number % 2 = 0`,
    [blast.id],
  )
  setTimeout(() => {
    void database.pool.query(
      `update texts_out_blasts set status = 'accepted' where blast_id = $1 and status = 'claimed'`,
      [blast.id],
    )
  }, 300)
  const stopped = await stopAll(database.pool, 'dana', () => performance.now())
  const own = stopped.blasts.find(({ id }) => id === blast.id)
  expect(own).toMatchObject({ sent: PEOPLE / 2, atCarrier: PEOPLE / 2, withheld: PEOPLE / 2 })
  expect([stopped.open, stopped.pausedMs < 1_000, (await now(blast)).state]).toEqual([0, true, 'paused'])
  expect(sentOf(await counted(blast)).withheld).toBe(PEOPLE / 2)
  await cancel(database.pool, blast, 'dana')
  expect(sentOf(await counted(blast))).toMatchObject({ sent: PEOPLE / 2, withheld: PEOPLE / 2 })
}, 30_000)

test('what Twilio does not know of goes out once more when a person says so, and it is on record who did', async () => {
  const blast = await start(await draft({ audience: 'limit:20' }))
  await fanOutPage(database.pool, blast.id, shape)
  await database.pool.query(
    `update texts_out_blasts set status = case when number % 2 = 0 then 'not_sent' else 'delivered' end::text_status where blast_id = $1`,
    [blast.id],
  )
  await database.pool.query(`update blasts set state = 'done' where id = $1`, [blast.id])
  const unsure = (await counted(blast)).counts.not_sent
  expect(unsure).toBeGreaterThan(0)
  expect(await resendUnconfirmed(database.pool, blast, 'dana')).toBe(unsure)
  expect(await counted(blast)).toMatchObject({ state: 'running', counts: { pending: unsure, not_sent: 0 } })
  expect((await readBlastLog(database.pool, blast.id)).at(-1)).toMatchObject({
    who: 'dana',
    what: 'sent unconfirmed texts again',
  })
  expect(await resendUnconfirmed(database.pool, blast, 'dana')).toBe(0)
})

test('what somebody sends once more in the very moment in which the blast ends goes, and is not left lying in a blast that is done', async () => {
  const blast = await start(await draft({ audience: 'limit:20' }))
  await fanOutPage(database.pool, blast.id, shape)
  await database.pool.query(`update texts_out_blasts set status = 'not_sent' where blast_id = $1`, [blast.id])
  const query = async (sql: string, values: unknown[]) => {
    const answer = await database.pool.query(sql, values)
    if (String(sql).includes('as claimed')) await resendUnconfirmed(database.pool, blast, 'dana')
    return answer
  }
  const connect = () => database.pool.connect()
  await feed({}, { query, connect } as unknown as pg.Pool)
  expect(await counted(blast)).toMatchObject({ state: 'running', counts: { pending: 20, not_sent: 0 } })
  await cancel(database.pool, blast, 'dana')
})

test('an alert of this morning withholds the one of tonight, not the one of next week', async () => {
  await database.pool.query(
    `update people set alerted = array[now()] where id in (select id from people order by id limit 7)`,
  )
  const capped = (
    plan: { startsAt?: Date; startsLocal?: string; perDay?: number },
    limit: number | null = null,
  ) =>
    countCappedThen(database.pool, { sql: `p.state = $4`, values: ['AL'] }, limit, {
      perDay: 1,
      startsAt: null,
      startsLocal: null,
      ...plan,
    })
  const nextWeek = new Date(Date.now() + 7 * 86_400_000)
  expect(await capped({})).toBe(7)
  expect(await capped({}, 4)).toBe(4)
  expect(await capped({ perDay: 2 })).toBe(0)
  expect(await capped({ startsAt: nextWeek })).toBe(0)
  expect(await capped({ startsLocal: nextWeek.toISOString().slice(0, 19) })).toBe(0)
})

test('who only moved the time or the name has not written the words: the writer is still not the second person', async () => {
  const blast = await draft()
  const later = planTimes(
    { at: '+2h', until: undefined, zone: undefined },
    { now: new Date(), window, zones },
  )
  await setTime(database.pool, blast.id, 'dana', later, rules())
  await editBlast(database.pool, blast.id, 'dana', (plan) => ({ ...plan, name: 'other' }), 'name, at')
  expect(await refused(approveBlast(database.pool, await now(blast), 'lee', rules()))).toContain(
    'since lee wrote it',
  )
  expect(await approveBlast(database.pool, await now(blast), 'dana', rules())).toMatchObject({
    kind: 'approved',
  })
})

test('"call today" does not go days later: neither by itself nor when somebody resumes it', async () => {
  const blast = await draft({ atTyped: '+5s', startsAt: new Date(Date.now() + 5_000), firstAt: new Date() })
  await approveBlast(database.pool, blast, 'dana', rules())
  await pause(database.pool, await now(blast), 'dana')
  await database.pool.query(
    `update blasts set starts_at = starts_at - interval '3 days', first_at = first_at - interval '3 days' where id = $1`,
    [blast.id],
  )
  expect(await refused(resume(database.pool, await now(blast), 'dana'))).toMatch(
    /^The time of blast t\d+, \+5s, has passed/,
  )
  await database.pool.query(`update blasts set state = 'scheduled' where id = $1`, [blast.id])
  await feed()
  expect(await now(blast)).toMatchObject({
    state: 'paused',
    pausedWhy: expect.stringContaining('has passed') as string,
  })
})

test('a blast whose action file is gone waits and says so; the others start', async () => {
  const [gone, other] = [await draft({ action: 'gone', atTyped: 'now' }), await draft({ atTyped: 'now' })]
  await approveBlast(database.pool, gone, 'dana', rules())
  await approveBlast(database.pool, other, 'dana', rules())
  await feed()
  expect(await now(gone)).toMatchObject({ state: 'paused', pausedWhy: 'no file' })
  expect(await now(other)).toMatchObject({ state: 'running' })
  await cancel(database.pool, await now(other), 'dana')
})

test('one that nothing can be made of, for whatever reason, does not keep the others from starting', async () => {
  const [broken, other] = [await draft({ action: 'broken', atTyped: 'now' }), await draft({ atTyped: 'now' })]
  await approveBlast(database.pool, broken, 'dana', rules())
  await approveBlast(database.pool, other, 'dana', rules())
  await feed()
  expect(await now(other)).toMatchObject({ state: 'running' })
  for (const { id } of [broken, other]) await cancel(database.pool, await now({ id } as BlastRow), 'dana')
})

test('a blast that a restored database began without its approval goes on once somebody agrees to it', async () => {
  const blast = await draft()
  await startPaused(database.pool, blast.id, startRules)
  expect(await refused(resume(database.pool, await now(blast), 'dana'))).toContain('is not approved')
  expect(await approveBlast(database.pool, await now(blast), 'dana', rules())).toEqual({
    kind: 'approved',
    next: 'resume',
  })
  expect(await now(blast)).toMatchObject({ state: 'paused', opens: '00:00:00', closes: '24:00:00' })
  expect(await resume(database.pool, await now(blast), 'dana')).toEqual({ state: 'running', already: false })
  await cancel(database.pool, await now(blast), 'dana')
})

test('what the panic stop holds back no second "approve" lets go: only a resume does', async () => {
  const blast = await draft(
    planTimes({ at: '+2h', until: undefined, zone: undefined }, { now: new Date(), window, zones }),
  )
  await approveBlast(database.pool, blast, 'dana', rules())
  await stopAll(database.pool, 'kim', () => performance.now())
  expect(await refused(approveBlast(database.pool, await now(blast), 'dana', rules()))).toMatch(
    /^Blast t\d+ is paused: stop-all by kim\. To let it go on: textaction blast resume t\d+$/,
  )
  expect(await now(blast)).toMatchObject({ state: 'paused' })
  await cancel(database.pool, await now(blast), 'dana')
})

test('the action file changed, or many joined, since she agreed to a blast that waits: she can look again and agree anew', async () => {
  for (const changed of [{ said: 'other words' }, { people: PEOPLE * 2 }]) {
    const blast = await draft()
    await approveBlast(database.pool, blast, 'dana', rules())
    expect(await approveBlast(database.pool, await now(blast), 'kim', rules(changed))).toEqual({
      kind: 'approved',
      next: 'wait',
    })
    expect(await now(blast)).toMatchObject({ state: 'approved', approvedBy: 'kim' })
  }
})

test('a blast agreed to for later by an earlier version is approved anew before its time, and never by its writer', async () => {
  const later = planTimes(
    { at: '+2h', until: undefined, zone: undefined },
    { now: new Date(), window, zones },
  )
  const blast = await draft(later)
  await approveBlast(database.pool, blast, 'dana', rules({ said: '' }))
  expect(await refused(approveBlast(database.pool, await now(blast), 'lee', rules()))).toContain(
    'since lee wrote it',
  )
  expect(await approveBlast(database.pool, await now(blast), 'dana', rules())).toEqual({
    kind: 'approved',
    next: 'scheduled',
  })
  expect(await now(blast)).toMatchObject({ state: 'scheduled', firstAt: later.firstAt })
  await cancel(database.pool, await now(blast), 'dana')
})

test('the action file was changed and work not restarted: what keeps her blast back says so', async () => {
  const blast = await draft({ atTyped: 'now' })
  await approveBlast(database.pool, blast, 'dana', rules({ said: 'what only the desk has read' }))
  await feed()
  expect(await now(blast)).toMatchObject({
    state: 'paused',
    pausedWhy: expect.stringMatching(
      /another action file or TWILIO_SENDER\. Either approve it anew from a terminal with work's settings and files, or restart work with/,
    ) as string,
  })
})

test('an approver whose terminal had other hours than work is told which, and both ways out', async () => {
  const blast = await draft({ atTyped: 'now' })
  await approveBlast(database.pool, blast, 'dana', rules({ window: { from: 540, to: 1_200 } }))
  await feed()
  expect(await now(blast)).toMatchObject({
    state: 'paused',
    pausedWhy: `Blast ${blast.code} changed since dana approved: another SEND_WINDOW (00:00-24:00, not 09:00-20:00). Either approve it anew from a terminal with work's settings and files, or restart work with those it was approved by. Look again: textaction blast rehearse ${blast.code}`,
  })
  const both = await draft({ atTyped: 'now' })
  await approveBlast(
    database.pool,
    both,
    'dana',
    rules({ window: { from: 540, to: 1_200 }, said: 'other words' }),
  )
  await feed()
  expect(await now(both)).toMatchObject({
    pausedWhy: expect.stringContaining('another action file, SEND_WINDOW or TWILIO_SENDER. Either') as string,
  })
})

test('a desk without the short code that work sends by is told of that setting too', async () => {
  const desk = { said: actionSays(ACTION, '12345') } // TWILIO_SENDER has a default, so nobody misses it there
  const blast = await draft()
  await approveBlast(database.pool, blast, 'dana', rules(desk))
  const words = /since dana approved: another action file or TWILIO_SENDER\. Either /
  expect(await refused(startBlast(database.pool, blast.id, 'dana', startRules))).toMatch(words)
  const later = planTimes(
    { at: '+2h', until: undefined, zone: undefined },
    { now: new Date(), window, zones },
  )
  expect(await refused(setTime(database.pool, blast.id, 'dana', later, rules()))).toMatch(words)
})

test('begun at a desk that has read another action file than work: nobody gets the old words, and work says what to do', async () => {
  const desk = { said: 'what only the desk has read' }
  const blast = await draft({ audience: 'limit:20' })
  await approveBlast(database.pool, blast, 'dana', rules({ ...desk, people: 20 }))
  await startBlast(database.pool, blast.id, 'dana', { ...startRules, ...desk })
  await feed()
  const words = expect.stringMatching(
    /Either approve it anew .* or restart work .* Look again: textaction blast rehearse t\d+$/,
  ) as string
  expect(await now(blast)).toMatchObject({ state: 'paused', fannedOut: 0, pausedWhy: words })
  await resume(database.pool, await now(blast), 'dana')
  await feed(desk) // started anew, it has read the file too
  expect(await now(blast)).toMatchObject({ state: 'running', fannedOut: 20 })
  await cancel(database.pool, await now(blast), 'dana')
})

test('the action file is changed in mid-blast: it waits until somebody agrees to the new words', async () => {
  const blast = await start(await draft({ audience: 'limit:20' }))
  await feed()
  expect(await now(blast)).toMatchObject({ state: 'running', fannedOut: 20 })
  const changed = { said: 'the file of this afternoon' }
  await feed(changed)
  expect(await now(blast)).toMatchObject({ state: 'paused' })
  expect(await refused(approveBlast(database.pool, await now(blast), 'lee', rules(changed)))).toContain(
    'since lee wrote it',
  )
  expect(
    await approveBlast(database.pool, await now(blast), 'kim', rules({ ...changed, people: 20 })),
  ).toEqual({
    kind: 'approved',
    next: 'resume',
  })
  await resume(database.pool, await now(blast), 'kim')
  await feed(changed)
  expect(await now(blast)).toMatchObject({ state: 'running', approvedBy: 'kim' })
  await cancel(database.pool, await now(blast), 'dana')
})

test('begun by an earlier version, which knew nothing of the action file, it goes on once somebody agrees to it anew', async () => {
  const blast = await draft({ audience: 'limit:20' })
  await approveBlast(database.pool, blast, 'dana', rules({ said: '', people: 20 }))
  await startBlast(database.pool, blast.id, 'dana', { ...startRules, said: '' })
  await feed()
  expect(needsApproval(await now(blast), rules({ people: 20 }))).toBe(true)
  expect(await approveBlast(database.pool, await now(blast), 'dana', rules({ people: 20 }))).toEqual({
    kind: 'approved',
    next: 'resume',
  })
  expect(needsApproval(await now(blast), rules({ people: 20 }))).toBe(false)
  await resume(database.pool, await now(blast), 'dana')
  await feed()
  expect(await now(blast)).toMatchObject({ state: 'running', fannedOut: 20 })
  await cancel(database.pool, await now(blast), 'dana')
})

test('"now" of yesterday is over too: it goes neither by itself, once a worker is back, nor when somebody resumes it', async () => {
  const blast = await draft({ atTyped: 'now' })
  await approveBlast(database.pool, blast, 'dana', rules({ now: new Date(Date.now() - 86_400_000) }))
  await feed()
  expect(await now(blast)).toMatchObject({
    state: 'paused',
    pausedWhy: expect.stringContaining('has passed') as string,
  })
  expect(await refused(resume(database.pool, await now(blast), 'dana'))).toContain('has passed')
  // Set and agreed to once more, it is now again.
  await setTime(database.pool, blast.id, 'lee', await now(blast), rules())
  expect(await approveBlast(database.pool, await now(blast), 'dana', rules())).toMatchObject({
    next: 'start',
  })
  await feed()
  expect(await now(blast)).toMatchObject({ state: 'running' })
  await cancel(database.pool, await now(blast), 'dana')
})

test('begun at a desk that knows an action file which the workers have not read: it is paused, and says what to do', async () => {
  const gone = await draft({ action: 'gone', audience: 'limit:20' })
  const fine = await draft({ audience: 'limit:20' })
  for (const blast of [gone, fine]) {
    await approveBlast(database.pool, blast, 'dana', rules({ people: 20 }))
    await startBlast(database.pool, blast.id, 'dana', startRules)
  }
  await feed()
  expect(await now(gone)).toMatchObject({ state: 'paused', pausedWhy: 'no file' })
  expect(await now(fine)).toMatchObject({ state: 'running', fannedOut: 20 })
  for (const blast of [gone, fine]) await cancel(database.pool, await now(blast), 'dana')
})

describe('a blast with a person whose two clocks share no hour of SEND_WINDOW', () => {
  const day = { window: { from: 9 * 60, to: 17 * 60 } }
  const person = async (state: string, zone: string, otherZone: string) =>
    database.pool.query(
      `insert into people (phone_hash, phone_sealed, standing, state, zone, other_zone, joined_at)
       values (int4send((select count(*)::int + 1 from people)), 'x', 'joined', $1, $2, $3, now())`,
      [state, zone, otherZone],
    )
  const startBy = async (blast: BlastRow, people: number, who: Partial<typeof startRules> = {}) => {
    await approveBlast(database.pool, blast, 'dana', rules({ ...day, people }))
    await startBlast(database.pool, blast.id, 'dana', { ...startRules, ...day, ...who })
    for (let turns = 0; turns < 3; turns += 1) await feed(day)
  }

  test('a soldier in Korea who votes in Guam: it is too late for her, and the blast ends', async () => {
    await person('GU', 'America/New_York', 'Pacific/Guam')
    const blast = await draft({ audience: 'state:GU' })
    await startBy(blast, 1)
    expect(await counted(blast)).toMatchObject({ state: 'done', counts: { expired: 1, pending: 0 } })
    const log = await readBlastLog(database.pool, blast.id)
    expect(log.map(({ what, detail }) => `${what}: ${detail ?? ''}`)).toContain(
      'too late: 1 person whose two clocks share no hour of SEND_WINDOW',
    )
  })

  test('whose hour comes in the morning still waits for it', async () => {
    const { rows } = await database.pool.query<{ hour: number }>(
      `select extract(hour from now() at time zone 'UTC')::int as hour`,
    )
    // Named the other way round than clocks go: it shows three at night, or eight in the evening.
    const hour = rows[0]?.hour ?? 0
    const offset = hour <= 15 ? hour - 3 : hour - 20
    const asleep = `Etc/GMT${offset < 0 ? '' : '+'}${offset}`
    await person('MP', 'America/New_York', 'Pacific/Saipan')
    await person('MP', asleep, asleep)
    const blast = await draft({ audience: 'state:MP' })
    await startBy(blast, 2)
    expect(await counted(blast)).toMatchObject({ state: 'running', counts: { expired: 1, pending: 1 } })
    await cancel(database.pool, await now(blast), 'dana')
  })
})

/** One turn of a worker's feeder, to which the action "gone" has no file and "broken" is a fault of ours. */
async function feed(read: Partial<typeof startRules> = {}, pool: pg.Pool = database.pool): Promise<void> {
  const feeder = createFeeder({
    ...{ pool, clock: systemClock, holder: 'worker', segmentsPerSecond: 1 },
    queues: { announceRange: () => Promise.resolve() },
    writerOf: ({ action }) => {
      if (action === 'gone') throw new OperatorError('no file')
      if (action === 'broken') throw new Error('broken')
      return { body: () => 'call', shape, needsSenators: false }
    },
    rulesOf: ({ action }) => {
      if (action === 'gone') throw new OperatorError('no file')
      return { ...startRules, ...read }
    },
  })
  await feeder.turn()
  await feeder.close()
}
