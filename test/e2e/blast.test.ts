import { blastIs, countTexts, joinPeople, scheduleBlast } from '../support/blasts.js'
import { startBot, type Bot } from '../support/bot.js'

let bot: Bot
const start = async (env: Record<string, string> = {}, simulator = {}) => {
  bot = await startBot({ env: { SEGMENTS_PER_SECOND: '2000', SEND_CONCURRENCY: '32', ...env }, simulator })
}
afterEach(() => bot.stop())

const textsOf = (phone: string) => bot.simulator.thread(phone).filter(({ by }) => by === 'app')
async function until<T>(look: () => Promise<T>, isSo: (now: T) => boolean): Promise<T> {
  for (const deadline = Date.now() + 30_000; ;) {
    const now = await look()
    if (isSo(now)) return now
    if (Date.now() > deadline) throw new Error(`still ${JSON.stringify(now)}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
const sum = (counts: Record<string, number>) => Object.values(counts).reduce((all, count) => all + count, 0)

test('everybody of an audience gets one text with her own senators, and the counts add up', async () => {
  await start()
  const phones = await joinPeople(bot, 600, (n) => ({ state: n % 2 ? 'WV' : 'AL' }))
  const blast = await scheduleBlast(bot.database.pool)
  await blastIs(bot.database.pool, blast.id, 'done')
  for (const [n, phone] of phones.entries()) {
    const texts = textsOf(phone)
    expect(texts).toHaveLength(1)
    expect(texts[0]?.body).toContain(n % 2 ? 'Capito' : 'Tuberville')
  }
  expect(sum(await countTexts(bot.database.pool, blast.id))).toBe(600)
}, 60_000)

test('two blasts at once: nobody gets both on one day', async () => {
  await start()
  const phones = await joinPeople(bot, 300)
  const blasts = [
    await scheduleBlast(bot.database.pool),
    await scheduleBlast(bot.database.pool, { name: 'again' }),
  ]
  for (const { id } of blasts) await blastIs(bot.database.pool, id, 'done')
  for (const phone of phones) expect(textsOf(phone)).toHaveLength(1)
  const counts = await Promise.all(blasts.map(({ id }) => countTexts(bot.database.pool, id)))
  expect(counts.reduce((all, one) => all + (one['capped'] ?? 0), 0)).toBe(300)
}, 60_000)

test('two blasts at once share the rate: when the one is done, the other is far along', async () => {
  await start({ SEGMENTS_PER_SECOND: '200' })
  await joinPeople(bot, 1_200, (n) => ({ state: n < 600 ? 'AL' : 'WV' }))
  const firstAt = new Date(Date.now() + 1_500)
  const blasts = [
    await scheduleBlast(bot.database.pool, { firstAt, audience: 'state:AL' }),
    await scheduleBlast(bot.database.pool, { firstAt, audience: 'state:WV', name: 'again' }),
  ]
  const { rows } = await until(
    () =>
      bot.database.pool.query<{ blast: number; left: number }>(
        `select blast_id as blast, count(*) filter (where status = 'pending')::int as left from texts_out where blast_id > 0 group by 1`,
      ),
    ({ rows: now }) => now.length === 2 && now.some(({ left }) => left === 0),
  )
  expect(rows.map(({ blast }) => blast).sort()).toEqual(blasts.map(({ id }) => id))
  expect(Math.max(...rows.map(({ left }) => left))).toBeLessThan(200)
  for (const { id } of blasts) await blastIs(bot.database.pool, id, 'done')
}, 60_000)

test('who says STOP while a blast runs gets nothing more of it', async () => {
  await start({ SEGMENTS_PER_SECOND: '100' })
  const phones = await joinPeople(bot, 200)
  const blast = await scheduleBlast(bot.database.pool)
  await blastIs(bot.database.pool, blast.id, 'running')
  const last = phones.slice(-20)
  await Promise.all(last.map((phone) => bot.simulator.send({ from: phone, body: 'STOP' })))
  await blastIs(bot.database.pool, blast.id, 'done')
  await bot.settled()
  for (const phone of last)
    expect(textsOf(phone).map(({ body }) => body.slice(0, 24))).toEqual(['You are unsubscribed fro'])
  expect(await countTexts(bot.database.pool, blast.id)).toMatchObject({ opted_out: 20 })
}, 60_000)

test('paused, nothing leaves within a second; resumed, it goes on where it was', async () => {
  await start({ SEGMENTS_PER_SECOND: '100' })
  await joinPeople(bot, 200)
  const blast = await scheduleBlast(bot.database.pool)
  await blastIs(bot.database.pool, blast.id, 'running')
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  await bot.database.pool.query(`update blasts set state = 'paused' where id = $1`, [blast.id])
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  const before = (await countTexts(bot.database.pool, blast.id))['pending']
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  expect((await countTexts(bot.database.pool, blast.id))['pending']).toBe(before)
  expect(before).toBeGreaterThan(0)
  await bot.database.pool.query(`update blasts set state = 'running' where id = $1`, [blast.id])
  await blastIs(bot.database.pool, blast.id, 'done')
  expect(bot.simulator.journal.read()).toHaveLength(200)
}, 60_000)
