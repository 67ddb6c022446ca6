import { once } from 'node:events'
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { textsAfterStop } from '../support/after-stop.js'
import { blastIs, joinPeople, scheduleBlast } from '../support/blasts.js'
import { startBot, type Bot } from '../support/bot.js'

/** Longer than a STOP's 200 waits for what is under way. */
const ANSWERS_AFTER_MS = 4_000

/** Twilio takes every text at once and answers late. */
async function startSlowly(to: () => string): Promise<Server> {
  const server = createServer((incoming, outgoing) => {
    const upstream = request(
      `${to()}${incoming.url ?? ''}`,
      { method: incoming.method, headers: incoming.headers },
      (answer) =>
        void setTimeout(
          () => {
            outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
            answer.pipe(outgoing)
          },
          incoming.method === 'POST' ? ANSWERS_AFTER_MS : 0,
        ),
    )
    upstream.on('error', () => outgoing.destroy())
    incoming.pipe(upstream)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return server
}

let bot: Bot
let slow: Server
beforeEach(async () => {
  slow = await startSlowly(() => bot.simulator.url)
  const { port } = slow.address() as AddressInfo
  bot = await startBot({
    env: {
      ...{ SEND_CONCURRENCY: '4', SEGMENTS_PER_SECOND: '1000' },
      TWILIO_API_URL: `http://127.0.0.1:${port}`,
    },
  })
})
afterEach(async () => {
  await bot.stop()
  slow.closeAllConnections()
  slow.close()
})

const posts = () => bot.simulator.journal.read(['post']).flatMap((one) => (one.kind === 'post' ? [one] : []))

/** People whose texts were claimed longer ago than the fence and wait for a connection that Twilio still holds. */
async function waiting(phones: readonly string[]): Promise<string[]> {
  const { rows } = await bot.database.pool.query<{ place: number }>(
    `select (t.number - (select min(id) from people))::int as place from texts_out t
      where t.blast_id > 0 and t.status = 'claimed' and t.claimed_at < clock_timestamp() - interval '2.2 s'`,
  )
  const claimed = rows.flatMap(({ place }) => phones[place] ?? [])
  const posted = new Set(posts().map(({ to }) => to))
  return claimed.filter((phone) => !posted.has(phone))
}

test('Twilio is slow, her text waits for a connection, she texts STOP: after its 200 the text does not go', async () => {
  const phones = await joinPeople(bot, 1_200)
  const { id } = await scheduleBlast(bot.database.pool)
  await blastIs(bot.database.pool, id, 'running')
  let left: string[] = []
  for (const until = Date.now() + 60_000; left.length === 0 && Date.now() < until;) {
    await new Promise((resolve) => setTimeout(resolve, 50))
    left = await waiting(phones)
  }
  expect(left).not.toEqual([])
  await Promise.all(left.map((from) => bot.simulator.send({ from, body: 'STOP' })))
  await new Promise((resolve) => setTimeout(resolve, 2 * ANSWERS_AFTER_MS))
  expect(textsAfterStop(bot)).toEqual([])
}, 120_000)
