import { connect } from 'node:net'
import { sign } from '../../src/adapters/twilio-signature.js'
import { startBot, type Bot } from '../support/bot.js'

let bot: Bot
beforeAll(async () => {
  bot = await startBot()
})
afterAll(() => bot.stop())

type Sent = {
  path?: string
  form?: Record<string, string>
  body?: string
  token?: string
  headers?: Record<string, string>
}

let sids = 0
const newSid = () => `SM${String(++sids).padStart(32, '0')}`

function form(fields: Record<string, string> = {}): Record<string, string> {
  return {
    MessageSid: newSid(),
    AccountSid: bot.env['TWILIO_ACCOUNT_SID'] ?? '',
    From: '+12055550100',
    To: '235246',
    Body: 'HELP',
    NumMedia: '0',
    ...fields,
  }
}

async function post({
  path = '/webhooks/twilio/message',
  form: fields = form(),
  body,
  token,
  headers = {},
}: Sent = {}) {
  const url = bot.webUrl + path
  const signature = sign(token ?? bot.env['TWILIO_AUTH_TOKEN'] ?? '', url, fields)
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-twilio-signature': signature,
      ...headers,
    },
    body: body ?? new URLSearchParams(fields).toString(),
  })
  return {
    status: response.status,
    type: response.headers.get('content-type') ?? '',
    body: await response.text(),
  }
}

const countTexts = async () =>
  (await bot.database.pool.query<{ n: number }>('select count(*) as n from texts_in')).rows[0]?.n

test('a signed text is answered with 200 and an empty TwiML response, so that Twilio texts nothing of its own', async () => {
  const answer = await post()
  expect(answer).toMatchObject({ status: 200, body: '<Response/>' })
  expect(answer.type).toContain('text/xml')
})

test('a text without a signature, or with one by another token, is refused and leaves no trace', async () => {
  const before = await countTexts()
  expect((await post({ token: 'another token' })).status).toBe(403)
  const bare = await fetch(`${bot.webUrl}/webhooks/twilio/message`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form()).toString(),
  })
  expect(bare.status).toBe(403)
  expect(await countTexts()).toBe(before)
})

test('a tampered body is refused though its signature was good for another one', async () => {
  const fields = form({ Body: 'STOP' })
  expect(
    (await post({ form: fields, body: new URLSearchParams({ ...fields, Body: 'WORK' }).toString() })).status,
  ).toBe(403)
})

test('the signature is checked against PUBLIC_URL, whatever Host and X-Forwarded-* say', async () => {
  const headers = {
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'https',
    forwarded: 'host=evil.example',
  }
  expect((await post({ headers })).status).toBe(200)
})

test("a text signed for somebody else's account is refused", async () => {
  expect((await post({ form: form({ AccountSid: `AC${'1'.repeat(32)}` }) })).status).toBe(403)
})

test('a text without a MessageSid is refused with 400', async () => {
  const rest = form()
  delete rest['MessageSid']
  expect((await post({ form: rest })).status).toBe(400)
})

test('a body over 32 KB is refused with 413', async () => {
  expect((await post({ form: form({ Body: 'x'.repeat(40_000) }) })).status).toBe(413)
})

test.each([
  '',
  '\u0000 nul',
  '日本語 العربية',
  "'; drop table people; --",
  '{{contact}}',
  '💪'.repeat(300),
  '\ud800 lone',
])('she may text anything: %j is taken', async (Body) => {
  // What a browser or Twilio can put on the wire: a lone surrogate becomes the replacement character.
  expect((await post({ form: form({ Body: Body.replace(/\ud800/, '\ufffd') }) })).status).toBe(200)
})

test.each(['235246', '+442071234567', 'anonymous', ''])(
  'a sender that is no US number (%j) gets no text and no retry',
  async (From) => {
    expect((await post({ form: form({ From }) })).status).toBe(200)
  },
)

test('the same MessageSid twice, and twice at once, is answered once', async () => {
  const phone = '+12055550111'
  const fields = form({ From: phone, Body: 'HELP' })
  const answers = await Promise.all([post({ form: fields }), post({ form: fields }), post({ form: fields })])
  expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200])
  await bot.settled()
  expect((await post({ form: fields })).status).toBe(200)
  await bot.settled()
  expect(bot.simulator.thread(phone)).toHaveLength(1)
})

test('parameters that Twilio adds one day are ignored', async () => {
  expect((await post({ form: form({ SomethingNew: '1', ApiVersion: '2031-01-01' }) })).status).toBe(200)
})

test('a receipt for an id that is not ours, or with a wrong mac, is taken with 200 and changes nothing', async () => {
  const receipt = {
    MessageSid: newSid(),
    MessageStatus: 'delivered',
    AccountSid: bot.env['TWILIO_ACCOUNT_SID'] ?? '',
  }
  for (const path of [
    '/webhooks/twilio/status',
    '/webhooks/twilio/status/0-1/AAAA',
    '/webhooks/twilio/status/x/y/z',
  ])
    expect((await post({ path, form: receipt })).status).toBe(200)
  expect((await post({ path: '/webhooks/twilio/status', form: receipt, token: 'wrong' })).status).toBe(403)
  const { rows } = await bot.database.pool.query(`select from receipts where message_sid = $1`, [
    receipt.MessageSid,
  ])
  expect(rows).toHaveLength(0)
})

test('a receipt is good whether or not what follows its address is signed too; a text is not', async () => {
  const receipt = {
    MessageStatus: 'sent',
    MessageSid: newSid(),
    AccountSid: bot.env['TWILIO_ACCOUNT_SID'] ?? '',
  }
  const retries = '#rc=2&rp=5xx,ct,rt'
  expect((await post({ path: `/webhooks/twilio/status/0-1/AAAA${retries}`, form: receipt })).status).toBe(200)
  expect((await post({ path: '/webhooks/twilio/status/0-1/AAAA#rc=9', form: receipt })).status).toBe(403)
  expect((await post({ path: `/webhooks/twilio/message${retries}` })).status).toBe(403)
})

test('a receipt that names no text is refused with 400, as a text is, and one with an id no URL can spell is not ours', async () => {
  const receipt = { MessageStatus: 'delivered', AccountSid: bot.env['TWILIO_ACCOUNT_SID'] ?? '' }
  for (const path of ['', '/', '/0-1/AAAA', '/%ff'].map((below) => `/webhooks/twilio/status${below}`)) {
    expect([path, (await post({ path, form: receipt })).status]).toEqual([path, 400])
    expect([path, (await post({ path, form: { ...receipt, MessageSid: newSid() } })).status]).toEqual([
      path,
      200,
    ])
    expect((await post({ path, form: receipt, token: 'wrong' })).status).toBe(403)
  }
})

test('a text with however many fields is taken as long as it is small, and all of them are signed', async () => {
  const many = Object.fromEntries(Array.from({ length: 1_500 }, (_, n) => [`New${n}`, '']))
  const fields = form(many)
  expect((await post({ form: fields })).status).toBe(200)
  const body = new URLSearchParams({ ...fields, New1499: 'x' }).toString()
  expect((await post({ form: fields, body })).status).toBe(403)
})

test('a stranger cannot keep a web process busy with a small body of nothing but separators', async () => {
  const begun = performance.now()
  for (const body of ['&'.repeat(32_000), 'a&'.repeat(16_000), 'a=&'.repeat(10_000)])
    expect((await post({ body })).status).toBe(403)
  expect(performance.now() - begun).toBeLessThan(1_500)
})

test('GET is not how texts come', async () => {
  expect([404, 405]).toContain((await fetch(`${bot.webUrl}/webhooks/twilio/message`)).status)
})

test('multipart and JSON bodies are refused, not crashed on', async () => {
  for (const type of [
    'multipart/form-data; boundary=x',
    'application/json',
    'text/plain',
    'application/x-www-form-urlencoded; charset=utf-99',
  ]) {
    const answer = await post({ headers: { 'content-type': type } })
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.status).toBeLessThan(500)
    expect(answer.body).not.toMatch(/at .*\.js/)
  }
})

test('garbage on the socket does not take the web part down', async () => {
  const { hostname, port } = new URL(bot.webUrl)
  await new Promise<void>((resolve) => {
    const socket = connect(Number(port), hostname, () => socket.end('\u0000\u0001 GET / nonsense\r\n\r\n'))
    socket
      .resume()
      .on('close', () => resolve())
      .on('error', () => resolve())
  })
  expect((await fetch(`${bot.webUrl}/healthz`)).status).toBe(200)
})

test('healthz and readyz say how it is, and metrics answer this machine', async () => {
  expect((await fetch(`${bot.webUrl}/healthz`)).status).toBe(200)
  const ready = await fetch(`${bot.webUrl}/readyz`)
  expect(ready.status).toBe(200)
  expect(await ready.json()).toMatchObject({ ready: true, reasons: [] })
  const metrics = await (await fetch(`${bot.webUrl}/metrics`)).text()
  expect(metrics).toContain('textaction_texts_in_total')
  expect(metrics).not.toMatch(/\+?1?205555/)
})

test('from the 30th forgery in a minute on, forgers are told to slow down, and good texts still come in', async () => {
  const statuses = []
  for (let i = 0; i < 40; i++) statuses.push((await post({ token: 'forged' })).status)
  expect(statuses.at(-1)).toBe(429)
  expect(statuses.filter((status) => status !== 403 && status !== 429)).toEqual([])
  expect((await post()).status).toBe(200)
})

test('no number and no word of hers is in any log line', async () => {
  await post({ form: form({ From: '+12055550137', Body: 'my secret words about the boss' }) })
  await bot.settled()
  const log = bot.roles.flatMap((role) => role.log).join('\n')
  expect(log).not.toMatch(/2055550137|205.?555|secret words|boss/)
})
