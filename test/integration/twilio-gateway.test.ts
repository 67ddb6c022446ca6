import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createTwilioGateway } from '../../src/adapters/twilio-gateway.js'
import type { SendOutcome } from '../../src/ports.js'

// What a POST counts as, by the answer that comes: from Twilio, or from whatever stands between it and us.

let server: Server
let answer: RequestListener
beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume()
    request.on('end', () => answer(request, response))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

async function outcomeOf(given: RequestListener): Promise<SendOutcome | null> {
  answer = given
  const gateway = createTwilioGateway({
    twilio: {
      ...{ accountSid: `AC${'0'.repeat(32)}`, authTokens: ['token'], sender: '235246' },
      ...{ messagingServiceSid: null, apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
    },
    ...{ publicUrl: 'http://127.0.0.1:9', mac: () => 'mac', connections: 1, timeoutMs: 1_000 },
  })
  try {
    return await gateway.send(
      { ref: { blastId: 1, number: 1 }, to: '+12055550101', body: 'call', validitySeconds: 60 },
      () => true,
    )
  } finally {
    server.closeAllConnections()
    await gateway.close()
  }
}

const answering =
  (status: number, body: string): RequestListener =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(body)
  }

test('an answer that trickles on and never ends: her text is in doubt after a while, and the next may have the connection', async () => {
  const outcome = await outcomeOf((_request, response) => {
    response.writeHead(201)
    const drip = setInterval(() => response.write(' '), 50)
    response.on('close', () => clearInterval(drip))
  })
  expect(outcome).toEqual({ kind: 'unsure', why: 'endless answer' })
}, 8_000)

test('an answer without end as fast as it can come fills nobody memory: her text is in doubt', async () => {
  const piece = Buffer.alloc(64 * 1024, ' ')
  const outcome = await outcomeOf((_request, response) => {
    response.writeHead(201)
    const more = () => {
      while (!response.destroyed && response.write(piece));
    }
    response.on('drain', more)
    more()
  })
  expect(outcome).toEqual({ kind: 'unsure', why: 'endless answer' })
}, 8_000)

test('an answer that could not be written down, and with it no other of that moment, is none of Twilio', async () => {
  expect(await outcomeOf(answering(201, '{"sid":"SM\\u0000"}'))).toEqual({
    kind: 'unsure',
    why: 'unreadable answer',
  })
  for (const code of ['1e12', '21610.5', '-1'])
    expect(await outcomeOf(answering(400, `{"code":${code}}`))).toEqual({ kind: 'refused', code: 400 })
})

test('what is no last word stays in doubt; what surely was not taken goes again', async () => {
  expect(await outcomeOf(answering(307, ''))).toEqual({ kind: 'unsure', why: 'http 307' })
  expect(await outcomeOf(answering(503, '{"code":20503}'))).toEqual({ kind: 'unsure', why: 'http 503' })
  expect(await outcomeOf(answering(201, '{"sid":'))).toEqual({ kind: 'unsure', why: 'unreadable answer' })
  expect(await outcomeOf(answering(429, '<html>'))).toEqual({
    kind: 'not-sent',
    why: '429',
    retryAfterMs: 1_000,
  })
  expect(await outcomeOf((request) => request.socket.destroy())).toMatchObject({ kind: 'unsure' })
})

test('each text asks Twilio to bring its receipts again when we are away', async () => {
  let form = ''
  await outcomeOf(answering(201, '{"sid":"SM1"}'))
  server.once('request', (request) => request.on('data', (data: Buffer) => (form += String(data))))
  await outcomeOf(answering(201, '{"sid":"SM1"}'))
  expect(new URLSearchParams(form).get('StatusCallback')).toBe(
    'http://127.0.0.1:9/webhooks/twilio/status/1-1/mac#rc=2&rp=5xx,ct,rt',
  )
})
