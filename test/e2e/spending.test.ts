import { blastIs, countTexts, joinPeople, scheduleBlast } from '../support/blasts.js'
import { startBot, type Bot } from '../support/bot.js'

let bot: Bot
beforeAll(async () => {
  bot = await startBot({ env: { SEGMENTS_PER_SECOND: '200', SEGMENTS_PER_DAY: '300', APPROVERS: '1' } })
})
afterAll(() => bot.stop())

test("today's ceiling holds a blast, never an answer, and whoever watches is told", async () => {
  await joinPeople(bot, 900)
  const blast = await scheduleBlast(bot.database.pool)
  await blastIs(bot.database.pool, blast.id, 'running')
  const pending = async () => (await countTexts(bot.database.pool, blast.id))['pending'] ?? 0
  const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
  // The blast found a worker that had just started: its first texts do not wait until a range that was put down comes again (5 s).
  const runningMs = Date.now()
  let before = 0
  while (before === 0 || before === 900) {
    await wait(50)
    before = await pending()
  }
  expect(Date.now() - runningMs).toBeLessThan(4_000)
  while (before > 800) {
    await wait(50)
    before = await pending()
  }
  for (let quiet = 0; quiet < 10; quiet = before === (await pending()) ? quiet + 1 : 0) {
    before = await pending()
    await wait(250)
  }
  // What two workers' worth of a second overshoots is allowed; the other half of the people wait.
  expect(before).toBeGreaterThan(200)
  expect(before).toBeLessThan(620)

  const [welcome] = await bot.say('+12055550118', 'WORK')
  expect(welcome?.body).toContain('Welcome')

  const { stdout: line } = await Promise.race([
    bot.run(['blast', 'watch', blast.code, '--plain']),
    (async () => {
      await wait(3_000)
      await bot.run(['blast', 'cancel', blast.code, '--yes'])
      return new Promise<never>(() => undefined)
    })(),
  ])
  expect(line).toMatch(/running \d+% .*, today's SEGMENTS_PER_DAY are used up/)
  const work = bot.roles.find(({ port }) => port === null)
  expect(work?.log.join('\n')).toContain('"event":"spending.ceiling"')
}, 60_000)

test('a rehearsal says how many days the ceiling makes of it', async () => {
  const { stdout } = await bot.run([
    ...['blast', 'create', '--name', 'later', '--body', '{{program}}: call today. STOP to cancel.'],
    ...['--at', '+2d', '--json'],
  ])
  const { id } = JSON.parse(stdout) as { id: string }
  expect((await bot.run(['blast', 'rehearse', id])).stdout).toContain(
    '300 segments a day (SEGMENTS_PER_DAY): this takes 4 days at least',
  )
}, 30_000)
