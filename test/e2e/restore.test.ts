import { Redis } from 'ioredis'
import { setState } from '../../src/db/blast-states.js'
import { blastIs, countTexts, joinPeople, scheduleBlast } from '../support/blasts.js'
import { startBot, type Bot } from '../support/bot.js'
import { copyDatabase, restoreCopy } from '../support/copy.js'
import { freshDatabase, type FreshDatabase } from '../support/services.js'

// The database is lost in the middle of a blast, and what comes back is a copy from some seconds before: it knows nothing of the
// texts that have left since. Who has had hers must not get it again, and everybody else must get hers.

let bot: Bot
let restored: FreshDatabase
afterEach(async () => {
  await bot.stop()
  await restored.drop()
})

const posts = () =>
  bot.simulator.journal.read().flatMap((entry) => (entry.kind === 'post' && entry.sid ? [entry] : []))
const postsTo = (phone: string) => posts().filter(({ to }) => to === phone)
/** A blast's texts, those that left in one figure: their receipts may still be on the way. */
async function left(id: number): Promise<Record<string, number>> {
  const { accepted = 0, sent = 0, delivered = 0, ...others } = await countTexts(restored.pool, id)
  return { left: accepted + sent + delivered, ...others }
}
async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  patienceMs = 60_000,
): Promise<void> {
  for (const deadline = Date.now() + patienceMs; !(await holds());) {
    if (Date.now() > deadline) throw new Error(`${what} did not come`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

test('a copy from mid-blast, restored with --after-restore: the rest goes out, and nobody gets anything twice', async () => {
  bot = await startBot({ env: { SEGMENTS_PER_SECOND: '50' } }) // there is a rest to go out at the kill, however busy the machine
  restored = await freshDatabase()
  const { pool } = bot.database
  const phones = await joinPeople(bot, 500, (n) => ({ state: n < 400 ? 'AL' : 'WV' }))
  const inMaine = await joinPeople(bot, 600, () => ({ state: 'ME' }), 302)
  const [early = '', late = ''] = [phones[0], phones[390]]
  const stranger = '+12055550142'
  const running = await scheduleBlast(pool, {
    audience: 'state:AL',
    wording: { en: 'Alabama, call today. STOP to cancel.' },
  })
  // Due only after the copy was made: the copy has not even its audience.
  const due = await scheduleBlast(pool, {
    ...{ name: 'due', audience: 'state:WV', wording: { en: 'West Virginia, call today. STOP to cancel.' } },
    firstAt: new Date(Date.now() + 6_000),
  })
  // A draft in the copy, which somebody starts afterwards.
  const byHand = await scheduleBlast(pool, {
    ...{ name: 'by hand', audience: 'state:ME', wording: { en: 'Maine, call today. STOP to cancel.' } },
  })
  await setState(pool, byHand.id, 'draft')

  await until('the first hundred', () => posts().length >= 100)
  const copy = await copyDatabase(pool)
  const before = posts().length
  await setState(pool, byHand.id, 'scheduled')

  await bot.simulator.send({ from: late, body: 'STOP' })
  await bot.simulator.send({ from: stranger, body: 'WORK' })
  await until('her welcome', () => postsTo(stranger).length === 1)
  await until('her confirmation', () => postsTo(late).length === 1)
  await until('West Virginia', () => posts().some(({ body }) => body.startsWith('West')))
  await until('Maine', () => inMaine.filter((phone) => postsTo(phone).length > 0).length >= 10)
  await until('two hundred more', () => posts().length >= before + 150)
  await Promise.all([...bot.roles].map((role) => role.kill('SIGKILL')))
  await new Promise((resolve) => setTimeout(resolve, 500)) // what they had sent when they died still arrives
  const lost = posts().length
  expect(phones.filter((phone) => postsTo(phone).length === 0).length).toBeGreaterThan(0) // there is a rest to go out
  const inMaineBefore = inMaine.filter((phone) => postsTo(phone).length > 0).length
  expect(inMaineBefore).toBeLessThan(600)

  await restoreCopy(restored.pool, copy)
  const redis = new Redis(bot.redis.url)
  await redis.flushdb()
  redis.disconnect()
  const there = { DATABASE_URL: restored.url, SEGMENTS_PER_SECOND: '150' }
  await bot.start('serve', there)
  const work = await bot.start('work', there, ['--after-restore'])
  // Somebody writes meanwhile: she is heard, and answered once all is settled.
  await bot.simulator.send({ from: early, body: 'HELP' })
  const settledLine = () => work.log.find((line) => line.includes('"restore.settled"'))
  await until('all to be settled', () => settledLine() !== undefined)
  const settled = JSON.parse(settledLine() ?? '{}') as { time: number }
  expect(posts().filter(({ at }) => at <= settled.time)).toHaveLength(lost) // until then nothing left
  for (const { id } of [running, due]) await blastIs(restored.pool, id, 'done')
  await until('the answer to HELP', () => postsTo(early).length === 2)

  const twice = phones.filter(
    (phone) => postsTo(phone).filter(({ body }) => body.includes('call today')).length > 1,
  )
  expect(twice).toEqual([])
  expect(phones.filter((phone) => postsTo(phone).length === 0)).toEqual([])
  // She left after the copy was made: told so once, and never texted again.
  expect(postsTo(late).map(({ body }) => body.includes('call today'))).toEqual([false])
  expect(postsTo(stranger)).toHaveLength(1)
  expect(await left(running.id)).toEqual({ left: 399, opted_out: 1 })
  expect(await left(due.id)).toEqual({ left: 100 })
  // Started after the copy was made: who has had it is marked, and whether the others get it a person says.
  await blastIs(restored.pool, byHand.id, 'paused')
  expect(await left(byHand.id)).toEqual({ left: inMaineBefore, pending: 600 - inMaineBefore })
  await restored.pool.query("update blasts set state = 'running' where id = $1", [byHand.id])
  await blastIs(restored.pool, byHand.id, 'done')
  expect(inMaine.map((phone) => postsTo(phone).length)).toEqual(inMaine.map(() => 1))
  expect(settled).toMatchObject({ inDoubt: 0 })
}, 120_000)
