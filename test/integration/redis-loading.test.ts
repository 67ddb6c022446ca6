import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { openRedis, whenReady } from '../../src/adapters/redis.js'

/** A Redis that has just come up: at the first look it thinks that loading will take an hour, and has loaded a moment later. */
async function startLoading() {
  let looks = 0
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.on('data', (data) => {
      for (const command of String(data)
        .split(/^\*\d+\r\n/m)
        .slice(1)) {
        if (!/^\$4\r\ninfo/i.test(command)) {
          socket.write('+OK\r\n')
          continue
        }
        const info = looks++ === 0 ? 'loading:1\r\nloading_eta_seconds:3600\r\n' : 'loading:0\r\n'
        socket.write(`$${info.length}\r\n${info}\r\n`)
      }
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return { url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`, server }
}

test.each(['quick', 'queue'] as const)(
  'a Redis that loads its data is waited for as long as it loads, not as long as it first thinks (%s)',
  async (use) => {
    const { url, server } = await startLoading()
    const client = openRedis([url], use)
    try {
      await whenReady(client, 3_000)
      expect(client.status).toBe('ready')
    } finally {
      client.disconnect()
      server.close()
    }
  },
)
