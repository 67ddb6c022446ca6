import { Router } from 'express'
import { createWebApp, serverOf } from '../../src/http/app.js'
import { closeServer, listen } from '../../src/serve.js'

test('what Twilio sends is a request of Express from its birth: taking it in changes nothing about it', async () => {
  const kinds = (...these: readonly object[]) => these.map((one) => Object.getPrototypeOf(one) as unknown)
  const taken: unknown[] = []
  const twilio = Router().post('/message', (request, response) => {
    taken.push(...kinds(request, response))
    response.send(request.get('x-word'))
  })
  const server = serverOf(createWebApp({ twilio, health: Router() }))
  const born: unknown[] = []
  server.prependListener('request', (request, response) => born.push(...kinds(request, response)))
  await listen(server, 0, '127.0.0.1')
  try {
    const { port } = server.address() as { port: number }
    const answer = await fetch(`http://127.0.0.1:${port}/webhooks/twilio/message`, {
      method: 'POST',
      headers: { 'x-word': 'WORK', 'content-type': 'application/x-www-form-urlencoded' },
      body: 'Body=WORK',
    })
    expect(await answer.text()).toBe('WORK')
    expect(taken).toHaveLength(2)
    expect(taken.every((kind, n) => kind === born[n])).toBe(true)
  } finally {
    await closeServer(server)
  }
})
