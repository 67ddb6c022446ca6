import { Agent, createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * What becomes of a POST of a text:
 * pass; 429 or 500: answered so, and Twilio never sees it; taken-500, taken-silent, taken-reset: Twilio takes it, and the
 * answer is a 500, nothing, or a cut connection; taken-slow: its answer comes after slowMs; held: Twilio sees it when let go.
 */
export type PostFate =
  'pass' | '429' | '500' | 'silent' | 'taken-500' | 'taken-silent' | 'taken-reset' | 'taken-slow' | 'held'

export type TwilioFront = {
  url: string
  port: number
  /** Decides for each POST, by its number from 0. */
  decide(fate: (nth: number) => PostFate): void
  slowMs: number
  /** POSTs that arrived here, whatever became of them. */
  posts: { at: number; fate: PostFate }[]
  waiting(): number
  /** Lets held POSTs go on, or drops their connections. */
  release(how: 'pass' | 'drop'): void
  close(): Promise<void>
}

/** Stands between the bot and its Twilio, and does to POSTs of texts what networks and overloaded servers do. */
export async function openTwilioFront(target: URL): Promise<TwilioFront> {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 })
  const held = new Set<{ go: () => void; drop: () => void }>()
  let decide: (nth: number) => PostFate = () => 'pass'
  let nth = 0

  function forward(
    request: IncomingMessage,
    body: Buffer,
  ): Promise<{ status: number; type: string; text: Buffer }> {
    return new Promise((resolve, reject) => {
      const sent = ask(
        {
          agent,
          host: target.hostname,
          port: target.port,
          method: request.method,
          path: request.url,
          headers: { ...request.headers, 'content-length': String(body.length) },
        },
        (answer) => {
          const chunks: Buffer[] = []
          answer.on('data', (chunk: Buffer) => chunks.push(chunk))
          answer.on('end', () =>
            resolve({
              status: answer.statusCode ?? 500,
              type: answer.headers['content-type'] ?? 'application/json',
              text: Buffer.concat(chunks),
            }),
          )
          answer.on('error', reject)
        },
      )
      sent.on('error', reject)
      sent.end(body)
    })
  }

  const error = (response: ServerResponse, status: number, code: number) =>
    response
      .writeHead(status, {
        'content-type': 'application/json',
        ...(status === 429 && { 'retry-after': '1' }),
      })
      .end(JSON.stringify({ code, status, message: 'injected' }))

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks)
    const isPost = request.method === 'POST'
    const fate = isPost ? decide(nth++) : 'pass'
    if (isPost) front.posts.push({ at: Date.now(), fate })
    if (fate === '429') return void error(response, 429, 20429)
    if (fate === '500') return void error(response, 500, 20500)
    if (fate === 'silent') return
    if (fate === 'held') {
      const goes = await new Promise<boolean>((resolve) => {
        const one = {
          go: () => (held.delete(one), resolve(true)),
          drop: () => (held.delete(one), resolve(false)),
        }
        held.add(one)
        request.on('close', () => setTimeout(one.drop, 20))
      })
      if (!goes) return void response.destroy()
    }
    const answer = await forward(request, body)
    if (fate === 'taken-500') return void error(response, 500, 20500)
    if (fate === 'taken-silent') return
    if (fate === 'taken-reset') return void request.socket.resetAndDestroy()
    if (fate === 'taken-slow') await new Promise((resolve) => setTimeout(resolve, front.slowMs))
    response.writeHead(answer.status, { 'content-type': answer.type }).end(answer.text)
  }

  const server = createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
    handle(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const front: TwilioFront = {
    url: `http://127.0.0.1:${port}`,
    port,
    decide: (next) => (decide = next),
    slowMs: 300,
    posts: [],
    waiting: () => held.size,
    release: (how) => [...held].forEach((one) => (how === 'pass' ? one.go() : one.drop())),
    async close() {
      front.release('drop')
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      agent.destroy()
    },
  }
  return front
}
