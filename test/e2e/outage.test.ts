import { startBot, type Bot } from '../support/bot.js'

jest.setTimeout(60_000)

let bot: Bot
beforeEach(async () => {
  bot = await startBot()
})
afterEach(() => bot.stop())

const phone = '+12055550142'
const answers = (of = phone) =>
  bot.simulator
    .thread(of)
    .filter((text) => text.by === 'app')
    .map((text) => text.body)

/** Texts that came while no worker ran, for so many hours; then one comes. */
async function outage(hours: number, texts: readonly { from?: string; body: string }[]): Promise<void> {
  await bot.roles.find((role) => role.process.spawnargs.includes('work'))?.kill('SIGTERM')
  for (const { from = phone, body } of texts) await bot.simulator.send({ from, body })
  await bot.database.pool.query(
    `update texts_in set received_at = received_at - $1 * interval '1 hour' where applied_at is null`,
    [hours],
  )
  await bot.start('work')
  await bot.settled()
}

test('a seven-hour-old answer is dropped, its facts are kept, and the next one says sorry, once', async () => {
  await bot.say(phone, 'WORK')
  await outage(7, [{ body: '35020' }])
  expect(answers()).toHaveLength(1) // the welcome
  const [next] = await bot.say(phone, 'CALL')
  expect(next?.body).toMatch(/^AFL-CIO: Sorry for the silence, the fault was ours\. /)
  expect(next?.body).toContain('Tuberville')
  const [after] = await bot.say(phone, 'CALL')
  expect(after?.body).toContain('Tuberville')
  expect(after?.body).not.toContain('Sorry')
})

test("a seven-hour-old STOP and HELP are answered, and nobody's place is lost", async () => {
  await bot.say(phone, 'WORK')
  await outage(7, [{ body: 'STOP' }, { from: '+12055550143', body: 'HELP' }])
  expect(answers().slice(1)).toEqual([expect.stringMatching(/^You are unsubscribed from the AFL-CIO/)])
  expect(answers('+12055550143')).toEqual([expect.stringContaining('Reply STOP to cancel')])
})

test('a five-hour-old answer still goes, without an apology', async () => {
  await bot.say(phone, 'WORK')
  await outage(5, [{ body: '35020' }])
  expect(answers()[1]).toMatch(/^AFL-CIO: Thank you! Your senators for Alabama/)
})

test('everything on a machine is killed and started again: who texts then is not made to wait for a web process that is dead', async () => {
  await Promise.all([...bot.roles].map((role) => role.kill('SIGKILL')))
  await bot.start('serve')
  await bot.start('work')
  const begun = performance.now()
  const [help] = await bot.say(phone, 'HELP')
  expect(help?.body).toContain('Reply STOP to cancel')
  expect(performance.now() - begun).toBeLessThan(7_000)
})
