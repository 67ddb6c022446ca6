import { startBalancer, type Balancer } from '../support/balancer.js'
import { startBot, type Bot } from '../support/bot.js'
import { crowdFaults, crowdTalks } from '../support/crowd.js'
import { freePort } from '../support/free-port.js'

// Two web processes behind a balancer, two workers, one Postgres, one Redis.

jest.setTimeout(90_000)

let balancer: Balancer
let bot: Bot
let ports: readonly [number, number]

// Lines of the log come a tenth of a second's worth at a time.
const LOG_GATHERED_MS = 1_000

const serve = (port: number) => bot.start('serve', { PORT: String(port) })
const said = (event: string) =>
  bot.roles.map((role) => role.log.filter((line) => line.includes(`"${event}"`)).length)

beforeAll(async () => {
  balancer = await startBalancer()
  ports = [await freePort(), await freePort()]
  bot = await startBot({
    roles: [],
    publicUrl: balancer.url,
    // What doctor tells to paste: Twilio tries again when a web process went away under it.
    simulator: { webhookUrl: `${balancer.url}/webhooks/twilio/message#rc=2&rp=5xx,ct,rt` },
  })
  for (const port of ports) await serve(port)
  for (let i = 0; i < 2; i++) await bot.start('work')
  balancer.to(ports)
})
afterAll(async () => {
  await bot.stop().finally(() => balancer.close())
})

test('a crowd is shared by all of them, and each person gets her four answers, once', async () => {
  await crowdTalks(bot, { first: 0, count: 40 })
  await bot.settled()
  expect(crowdFaults(bot, { first: 0, count: 40 })).toEqual([])
  await new Promise((resolve) => setTimeout(resolve, LOG_GATHERED_MS))
  const [web, handled] = [said('text.received').slice(0, 2), said('text.handled').slice(2)]
  expect(web.reduce((a, b) => a + b)).toBe(160)
  expect([...web, ...handled].every((count) => count > 0)).toBe(true)
})

test('one is restarted after the other while people talk, as a deploy does: nobody notices', async () => {
  const restarts: Promise<unknown>[] = []
  const restart = async () => {
    for (const port of ports) {
      balancer.to(ports.filter((other) => other !== port)) // the balancer drains first, as a readiness probe makes it
      await bot.roles.find((role) => role.port === port)?.kill('SIGTERM')
      await serve(port)
      balancer.to(ports)
      await bot.roles.filter((role) => role.port === null)[0]?.kill('SIGTERM')
      await bot.start('work')
    }
  }
  await crowdTalks(bot, { first: 100, count: 60 }, (sent) => {
    if (sent === 60) restarts.push(restart())
  })
  await Promise.all(restarts)
  await bot.settled()
  expect(crowdFaults(bot, { first: 100, count: 60 })).toEqual([])
  const { rows } = await bot.database.pool.query(
    "select status from texts_out where status in ('in_doubt', 'not_sent', 'failed')",
  )
  expect(rows).toEqual([])
})

test('a web process is killed in the middle of a sentence: Twilio tries again, and nothing is lost or doubled', async () => {
  const killed: Promise<unknown>[] = []
  await crowdTalks(bot, { first: 200, count: 40 }, (sent) => {
    if (sent === 50)
      killed.push(Promise.resolve(bot.roles.find((role) => role.port === ports[0])?.kill('SIGKILL')))
  })
  await Promise.all(killed)
  await bot.settled()
  expect(crowdFaults(bot, { first: 200, count: 40 })).toEqual([])
  await serve(ports[0])
})
