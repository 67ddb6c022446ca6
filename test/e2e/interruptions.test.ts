import { startBot, type Bot } from '../support/bot.js'
import { ownRedis, type OwnRedis } from '../support/own-redis.js'

jest.setTimeout(60_000)

let bot: Bot
let redis: OwnRedis
beforeEach(async () => {
  redis = await ownRedis()
  bot = await startBot({ redisUrl: redis.url })
})
afterEach(async () => {
  await redis.start().catch(() => undefined)
  await bot.stop()
  await redis.remove()
})

const phone = '+12055550142'
const DIALOGUE = ['WORK', 'banana', '42223', 'TN', '1', 'a']

/** The dialogue as it goes when nothing happens, so that every interruption can be held against it. */
async function undisturbed(other: string): Promise<string[][]> {
  const answers: string[][] = []
  for (const body of DIALOGUE) answers.push((await bot.say(other, body)).map((text) => text.body))
  await bot.database.pool.query('truncate tallies')
  return answers
}

const untilApplied = async (count: number) => {
  for (;;) {
    const { rows } = await bot.database.pool.query<{ n: number }>(
      'select count(*) as n from texts_in where applied_at is not null',
    )
    if ((rows[0]?.n ?? 0) >= count) return
    await new Promise((resolve) => setTimeout(resolve, 3))
  }
}

test('a worker killed between commit and saving the state changes no word of the dialogue', async () => {
  const expected = await undisturbed('+12055550143')
  const heard: string[][] = []
  for (const [i, body] of DIALOGUE.entries()) {
    if (i === 2) {
      // Redis takes no writes: the sweep applies the text, and the state cannot be saved.
      await redis.client.call('CLIENT', 'PAUSE', '60000', 'WRITE')
      const before = bot.simulator.thread(phone).length
      await bot.simulator.send({ from: phone, body })
      await untilApplied(DIALOGUE.length + i + 1)
      await bot.roles.find((role) => role.process.spawnargs.includes('work'))?.kill('SIGKILL')
      await redis.client.call('CLIENT', 'UNPAUSE')
      await bot.start('work')
      await bot.settled()
      heard.push(
        bot.simulator
          .thread(phone)
          .slice(before)
          .filter((text) => text.by === 'app')
          .map((text) => text.body),
      )
    } else heard.push((await bot.say(phone, body)).map((text) => text.body))
  }
  expect(heard).toEqual(expected)
}, 60_000)

test('a flushed Redis in mid-dialogue: she notices nothing', async () => {
  const expected = await undisturbed('+12055550143')
  const heard: string[][] = []
  for (const body of DIALOGUE) {
    heard.push((await bot.say(phone, body)).map((text) => text.body))
    await redis.client.flushall()
  }
  expect(heard).toEqual(expected)
}, 60_000)

test('a Redis killed in mid-dialogue, away for a while and back: every text is answered, in order, once', async () => {
  const expected = await undisturbed('+12055550143')
  const heard: string[][] = []
  for (const [i, body] of DIALOGUE.entries()) {
    if (i === 2) await redis.kill('SIGKILL')
    if (i === 4) await redis.start()
    heard.push((await bot.say(phone, body)).map((text) => text.body))
  }
  expect(heard).toEqual(expected)
}, 60_000)

test('two texts at once from one phone are answered in their order', async () => {
  await bot.say(phone, 'WORK')
  await bot.simulator.send({ from: phone, body: '35020' })
  await bot.simulator.send({ from: phone, body: 'ESPANOL' })
  await bot.settled()
  const answers = bot.simulator.thread(phone).filter((text) => text.by === 'app')
  expect(answers[1]?.body).toContain('Tuberville')
  expect(answers[2]?.body).toContain('español')
}, 30_000)

test('texts received while no worker runs wait, and are answered when one comes', async () => {
  await bot.roles.find((role) => role.process.spawnargs.includes('work'))?.kill('SIGTERM')
  await bot.simulator.send({ from: phone, body: 'WORK' })
  await bot.simulator.send({ from: phone, body: '35020' })
  expect(bot.simulator.thread(phone).filter((text) => text.by === 'app')).toHaveLength(0)
  await bot.start('work')
  await bot.settled()
  expect(bot.simulator.thread(phone).filter((text) => text.by === 'app')).toHaveLength(2)
}, 30_000)
