import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startBot, type Bot } from '../support/bot.js'

let bot: Bot
afterEach(() => bot.stop())

const PHONE = '+12055550117'
const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${bot.webUrl}${path}`, { headers, redirect: 'manual' })

test('without a token this machine sees metrics and wake-up calls, and nobody behind a proxy on it does', async () => {
  await startBotWith({})
  await bot.say(PHONE, 'WORK')
  expect((await get('/metrics')).status).toBe(200)
  const page = await get('/queues')
  expect(page.status).toBe(200)
  expect(await page.text()).toContain('Wake-up calls')
  const policy = page.headers.get('content-security-policy') ?? ''
  for (const kind of ['default', 'script', 'style', 'font'])
    expect(policy).toMatch(new RegExp(`${kind}-src 'self'(?! https:)`))
  const queues = await (await get('/queues/api/queues')).text()
  for (const name of ['inbound', 'replies', 'blasts']) expect(queues).toContain(`"name":"${name}"`)
  expect(queues).not.toMatch(/5550117|WORK/)
  for (const header of ['X-Forwarded-For', 'Forwarded'])
    for (const path of ['/metrics', '/queues', '/queues/api/queues'])
      expect((await get(path, { [header]: 'for=203.0.113.9' })).status).toBe(403)
}, 30_000)

test('where only the web part is scraped, it shows the limits of the sender, and no ceiling looks reached', async () => {
  bot = await startBot({ roles: ['serve'], env: { SEGMENTS_PER_SECOND: '70' } })
  const figures = await (await get('/metrics')).text()
  expect(figures).toMatch(/^textaction_segments_today 0$/m)
  expect(figures).toMatch(/^textaction_segments_per_day_ceiling \+Inf$/m)
  expect(figures).toMatch(/^textaction_segments_per_second_limit 70$/m)
}, 30_000)

test('with a token only who has it sees them, in a browser as the password', async () => {
  await startBotWith({ METRICS_TOKEN: 'long and secret' })
  const basic = (password: string) => `Basic ${Buffer.from(`lee:${password}`).toString('base64')}`
  for (const path of ['/metrics', '/queues', '/queues/api/queues']) {
    for (const authorization of [
      '',
      'Bearer wrong',
      'Bearer Long And Secret',
      basic('wrong'),
      basic(''),
      'Basic ???',
    ])
      expect([401, 403]).toContain((await get(path, { authorization })).status)
    // The scheme's name has no case (RFC 9110); a token has.
    for (const authorization of [
      ...['Bearer long and secret', 'bearer long and secret', 'BEARER long and secret'],
      ...[basic('long and secret'), basic('long and secret').replace('Basic', 'basic')],
    ])
      expect((await get(path, { authorization })).status).toBe(200)
  }
  expect((await get('/queues')).headers.get('www-authenticate')).toBe('Basic realm="Text Action"')
}, 30_000)

test('nobody changes a wake-up call through the page', async () => {
  await startBotWith({})
  for (const action of ['pause', 'empty', 'promote', 'clean/completed'])
    expect(
      (await fetch(`${bot.webUrl}/queues/api/queues/inbound/${action}`, { method: 'PUT' })).status,
    ).not.toBe(200)
}, 30_000)

test('traces tell how one text became an answer, and name nobody', async () => {
  const bodies: string[] = []
  const collector = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      bodies.push(body)
      response.setHeader('content-type', 'application/json').end('{}')
    })
  })
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve))
  try {
    const { port } = collector.address() as AddressInfo
    await startBotWith({ OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` })
    // A worker that has just started sends nothing until the web part has said that its spool is empty, and then by its sweep.
    await new Promise((resolve) => setTimeout(resolve, 2_000))
    await bot.say(PHONE, 'WORK')
    for (const role of [...bot.roles]) await role.kill('SIGTERM') // what is held is handed over
  } finally {
    collector.close()
  }
  type Span = { name: string; traceId: string }
  const spans = bodies.flatMap((body) =>
    (JSON.parse(body) as { resourceSpans: { scopeSpans: { spans: Span[] }[] }[] }).resourceSpans.flatMap(
      ({ scopeSpans }) => scopeSpans.flatMap(({ spans: some }) => some),
    ),
  )
  const taken = spans.find(({ name }) => name === 'take in a text')
  const posted = spans.find(({ name }) => name === 'POST a text')
  expect(taken).toBeDefined()
  expect(posted?.traceId).toBe(taken?.traceId)
  expect(bodies.join()).not.toMatch(/5550117|WORK/)
}, 30_000)

async function startBotWith(env: Record<string, string>) {
  bot = await startBot({ env })
}
