import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { startBot, type Bot } from '../support/bot.js'
import { BotHost } from '../support/bot-host.js'
import { formatTranscript, parseTranscript, replay } from '../support/transcript.js'

const DIR = join(__dirname, '../transcripts')
const needsTime = (source: string) => /^= later/m.test(source)

jest.setTimeout(60_000)

let bot: Bot
beforeAll(async () => {
  bot = await startBot()
})
afterAll(() => bot.stop())

// The same dialogues that the pure core is held to, by phone through webhook, Redis, Postgres, BullMQ and Twilio's API.
// Those that wait for days are played in memory only.
const transcripts = readdirSync(DIR)
  .filter((name) => name.endsWith('.txt'))
  .map((name) => ({ name, source: readFileSync(join(DIR, name), 'utf8') }))
  .filter(({ source }) => !needsTime(source))

test.each(transcripts)('by phone it goes as in $name', async ({ source }) => {
  await bot.database.pool.query('truncate tallies')
  const lines = parseTranscript(source)
  expect(formatTranscript(await replay(lines, new BotHost(bot)))).toBe(formatTranscript(lines))
})
