import { Cluster } from 'ioredis'
import { startBot, type Bot } from '../support/bot.js'
import { crowdFaults, crowdTalks } from '../support/crowd.js'
import { startRedisCluster, type RedisCluster } from '../support/redis-cluster.js'

// Three masters and a replica each; two web processes and two workers on them.

jest.setTimeout(90_000)

let cluster: RedisCluster
let bot: Bot

beforeAll(async () => {
  cluster = await startRedisCluster()
  bot = await startBot({ redisUrl: cluster.url, roles: ['serve', 'work', 'work'] })
})
afterAll(async () => {
  await bot.stop().finally(() => cluster.remove())
})

test('people talk to us over a cluster, and what is kept there is spread over its masters', async () => {
  await crowdTalks(bot, { first: 0, count: 20 })
  await bot.settled()
  expect(crowdFaults(bot, { first: 0, count: 20 })).toEqual([])
  const held = await Promise.all(cluster.masters.map(({ client }) => client.keys('conversation:*')))
  expect(held.flat().length).toBe(20)
  expect(held.every((keys) => keys.length > 0)).toBe(true)
})

test('every key is a conversation, or has a tag in braces that keeps what is used together on one node', async () => {
  const keys = (await Promise.all(cluster.masters.map(({ client }) => client.keys('*')))).flat()
  const tags = new Set(keys.map((key) => /^\{[a-z]+(:\w+)?\}/.exec(key)?.[0] ?? key.replace(/\d+$/, 'N')))
  expect([...tags].sort()).toEqual([
    'conversation:N',
    '{blasts}',
    '{inbound}',
    '{pacing:235246}',
    '{replies}',
  ])
  // And no number of anybody's is in one.
  expect(keys.filter((key) => /555\d{4}/.test(key))).toEqual([])
})

test('doctor and readiness see the three masters', async () => {
  const { stdout } = await bot.run(['doctor'])
  expect(stdout).toMatch(/ok {4}Redis {8}[\d.]+, 3 masters, \d+ ms, AOF on, noeviction/)
  expect((await fetch(`${bot.webUrl}/readyz`)).status).toBe(200)
})

// {pacing:235246} lies beside {inbound}.
test.each(['inbound', 'replies'])(
  'the master that has {%s} is killed while 40 people talk: nobody loses a text or gets one twice',
  async (tag) => {
    const first = 100 + 100 * ['inbound', 'replies'].indexOf(tag)
    const book = new Cluster(cluster.url.split(',').map((url) => url))
    const slot = Number(await book.cluster('KEYSLOT', `{${tag}}`))
    const slots = (await book.cluster('SLOTS')) as unknown as [number, number, [string, number]][]
    book.disconnect()
    const port = slots.find(([from, to]) => from <= slot && slot <= to)?.[2][1]
    const master = cluster.masters.find((node) => node.port === port)
    const failover: Promise<unknown>[] = []
    await crowdTalks(bot, { first, count: 40 }, (sent) => {
      if (sent === 60 && master) failover.push(cluster.failOver(master))
    })
    await Promise.all(failover)
    expect(master?.process.signalCode).toBe('SIGKILL')
    await bot.settled()
    expect(crowdFaults(bot, { first, count: 40 })).toEqual([])
    expect((await fetch(`${bot.webUrl}/readyz`)).status).toBe(200)
  },
)
