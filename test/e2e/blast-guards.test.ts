import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { blastIs, countTexts, joinPeople, scheduleBlast, type Somebody } from '../support/blasts.js'
import { startBot, type Bot, type BotOptions } from '../support/bot.js'

let bot: Bot
const start = async (env: Record<string, string> = {}, more: BotOptions = {}) => {
  bot = await startBot({ ...more, env: { SEGMENTS_PER_SECOND: '500', ...env } })
}
afterEach(() => bot.stop())

const sent = async (id: number) => {
  const counts = Object.entries(await countTexts(bot.database.pool, id))
  return counts.reduce(
    (sum, [status, count]) => (['pending', 'claimed'].includes(status) ? sum : sum + count),
    0,
  )
}
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

async function pausedWhy(id: number): Promise<string> {
  await blastIs(bot.database.pool, id, 'paused')
  const { stdout } = await bot.run(['blast', 'list', '--json'])
  const { rows } = await bot.database.pool.query<{ why: string; code: string }>(
    'select paused_why as why, code from blasts where id = $1',
    [id],
  )
  expect(stdout).toContain(rows[0]?.code)
  expect((await bot.run(['blast', 'show', rows[0]?.code ?? ''])).stdout).toContain(rows[0]?.why)
  return rows[0]?.why ?? ''
}

/** Every n-th of them has a phone with this fate in the simulator. */
const withFate = (digits: string, every: number) => (n: number) =>
  n % every === 0 ? { phone: `+1${201 + n / every}555${digits}` } : {}

test('over 5,000 people: 200 of all states first, then nobody until these have it', async () => {
  await start({ CANARY: 'on' }, { simulator: { sentMs: 2_500, deliveredMs: 2_500 } })
  const states = ['AL', 'NM', 'WV', 'OH']
  await joinPeople(bot, 5_200, (n): Somebody => ({ state: states[Math.floor(n / 1_300)] ?? 'AL' }))
  const blast = await scheduleBlast(bot.database.pool)
  await blastIs(bot.database.pool, blast.id, 'running')
  while ((await sent(blast.id)) < 200) await wait(50)
  await wait(1_500)
  expect(await sent(blast.id)).toBe(200)
  const { rows } = await bot.database.pool.query<{ state: string; texts: number }>(
    `select p.state, count(*)::int as texts from texts_out t join people p on p.id = t.person_id
      where t.blast_id = $1 and t.accepted_at is not null group by 1`,
    [blast.id],
  )
  expect(rows.map(({ state }) => state).sort()).toEqual([...states].sort())
  for (const { texts } of rows) expect(texts).toBeGreaterThan(20)
  const resumedBy = Date.now() + 15_000
  while ((await sent(blast.id)) === 200 && Date.now() < resumedBy) await wait(50)
  expect(await sent(blast.id)).toBeGreaterThan(200)
}, 90_000)

test('carriers that filter one in ten as spam pause it, and only a person lets it go on', async () => {
  await start()
  await joinPeople(bot, 2_000, withFate('0152', 10))
  const blast = await scheduleBlast(bot.database.pool)
  expect(await pausedWhy(blast.id)).toMatch(
    /^carriers filtered \d+ of the last \d+ texts as spam \(\d+\.\d%, limit 2%\)$/,
  )
  await wait(1_500)
  const before = await sent(blast.id)
  expect(before).toBeLessThan(1_900)
  await wait(1_500)
  expect(await sent(blast.id)).toBe(before)
}, 60_000)

test('when more than 3 in 100 leave after it, it pauses', async () => {
  await start({ SEGMENTS_PER_SECOND: '30' })
  const phones = await joinPeople(bot, 1_000)
  const blast = await scheduleBlast(bot.database.pool)
  while ((await sent(blast.id)) < 25) await wait(50)
  const got = phones.filter((phone) => bot.simulator.thread(phone).length > 0)
  // All are out before a hundred are texted, the fewest it judges by: so it counts them all.
  await Promise.all(got.slice(0, 20).map((from) => bot.simulator.send({ from, body: 'STOP' })))
  expect(await pausedWhy(blast.id)).toMatch(/^20 of \d+ people left after this text \(\d+\.\d%, limit 3%\)$/)
}, 60_000)

test('the action file was changed and a worker restarted in mid-blast: nobody gets words that nobody agreed to', async () => {
  await start({ SEGMENTS_PER_SECOND: '40' }, { roles: ['serve'] })
  const dir = mkdtempSync(join(tmpdir(), 'text-action-changed-'))
  cpSync('actions', dir, { recursive: true })
  const phones = await joinPeople(bot, 600)
  const work = await bot.start('work', { ACTIONS_DIR: dir })
  const blast = await scheduleBlast(bot.database.pool)
  while ((await sent(blast.id)) < 60) await wait(50)
  const file = join(dir, 'pro-act.yaml')
  writeFileSync(file, readFileSync(file, 'utf8').replace('program: AFL-CIO', 'program: Changed'))
  const changed = await bot.start('work', { ACTIONS_DIR: dir }) // beside the old one, which goes on as agreed
  await wait(1_500)
  await work.kill('SIGTERM')
  expect(await pausedWhy(blast.id)).toMatch(
    /^work has another action file or TWILIO_SENDER than dana approved by\. Either .* or restart work/,
  )
  const texts = phones.flatMap((phone) => bot.simulator.thread(phone).map(({ body }) => body))
  expect(texts.length).toBeGreaterThan(60)
  expect(texts.filter((body) => !body.startsWith('AFL-CIO'))).toEqual([])
  await changed.kill('SIGTERM')
  rmSync(dir, { recursive: true })
}, 60_000)

test('twenty failures in a row pause it', async () => {
  await start()
  await joinPeople(bot, 600, withFate('0151', 1))
  const blast = await scheduleBlast(bot.database.pool)
  expect(await pausedWhy(blast.id)).toMatch(/^\d+ texts failed in a row$/)
}, 60_000)

test('credentials that Twilio refuses pause every blast, and nobody loses her text by it', async () => {
  await start({}, { roles: ['serve'] })
  const refused = await bot.start('work', { TWILIO_AUTH_TOKEN: 'f'.repeat(32) })
  const phones = await joinPeople(bot, 300)
  const blast = await scheduleBlast(bot.database.pool)
  expect(await pausedWhy(blast.id)).toContain('Twilio refuses our credentials')
  for (const phone of phones) expect(bot.simulator.thread(phone)).toEqual([])
  expect(await countTexts(bot.database.pool, blast.id)).toEqual({ pending: 300 })
  await refused.kill('SIGTERM')
  await bot.start('work')
  await bot.database.pool.query(`update blasts set state = 'running' where id = $1`, [blast.id])
  await blastIs(bot.database.pool, blast.id, 'done')
  for (const phone of phones) expect(bot.simulator.thread(phone)).toHaveLength(1)
}, 60_000)
