import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import twilio from 'twilio'
import { openPhoneLine } from '../../src/simulator/phone-line.js'
import { playLines } from '../../src/simulator/play-lines.js'
import { startSimulator, type Simulator } from '../../src/simulator/server.js'
import type { SimulatorOptions } from '../../src/simulator/options.js'
import { startEchoBot, type EchoBot } from '../support/echo-bot.js'

const SID = `AC${'1'.repeat(32)}`
const TOKEN = 'a-token'
const SENT_MS = 20
const DELIVERED_MS = 60
const QUIET_MS = 200 // long enough for what must not come
const PATIENCE_MS = 5_000

let bot: EchoBot
let simulator: Simulator
let folder: string

async function start(options: Partial<SimulatorOptions> = {}): Promise<Simulator> {
  return startSimulator({
    botUrl: bot.url,
    accountSid: SID,
    authToken: TOKEN,
    sentMs: SENT_MS,
    deliveredMs: DELIVERED_MS,
    ...options,
  })
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'simulator-'))
  bot = await startEchoBot(TOKEN)
  simulator = await start()
})

afterEach(async () => {
  await simulator.stop()
  await bot.close()
  rmSync(folder, { recursive: true })
})

/** Checks again and again until it holds: receipts take the time they take. */
async function eventually(check: () => void | Promise<void>): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await pause(10))
    try {
      return await check()
    } catch {
      // not yet
    }
  await check()
}

const receiptsBecome = (receipts: string[], sid?: string) =>
  eventually(() => expect(bot.receipts(sid)).toEqual(receipts))
const stateBecomes = (phone: string, state: string) =>
  eventually(() => expect(simulator.thread(phone)).toMatchObject([{ state }]))

type Answer = { status: number; headers: Headers; json: Record<string, unknown> }

async function call(
  method: string,
  path: string,
  form?: Record<string, string>,
  token = TOKEN,
): Promise<Answer> {
  const response = await fetch(`${simulator.url}/2010-04-01/Accounts/${SID}/${path}`, {
    method,
    headers: { authorization: `Basic ${Buffer.from(`${SID}:${token}`).toString('base64')}` },
    ...(form && { body: new URLSearchParams(form) }),
    signal: AbortSignal.timeout(1_000),
  })
  return {
    status: response.status,
    headers: response.headers,
    json: (await response.json()) as Record<string, unknown>,
  }
}

const form = (to: string, more: Record<string, string> = {}) => ({
  To: to,
  From: '235246',
  Body: 'Thank you!',
  StatusCallback: `${bot.url}/webhooks/twilio/status/0-1/mac?a=1`,
  ...more,
})
const post = (to: string, more: Record<string, string> = {}) => call('POST', 'Messages.json', form(to, more))
const list = async (query: Record<string, string>) =>
  (await call('GET', `Messages.json?${new URLSearchParams(query).toString()}`)).json as {
    messages: { sid: string; body: string; status: string; direction: string }[]
    next_page_uri: string | null
  }

describe('a text from a phone', () => {
  test("reaches the app as Twilio's signed webhook", async () => {
    const { sid, answer } = await simulator.send({ from: '+12055550101', body: 'Work please, ñ & co' })
    expect(answer.status).toBe(200)
    expect(sid).toMatch(/^SM[0-9a-f]{32}$/)
    expect(bot.heard).toHaveLength(1)
    expect(bot.heard[0]).toMatchObject({
      signed: true,
      path: '/webhooks/twilio/message',
      params: {
        MessageSid: sid,
        SmsSid: sid,
        SmsMessageSid: sid,
        AccountSid: SID,
        From: '+12055550101',
        To: '235246',
        Body: 'Work please, ñ & co',
        NumMedia: '0',
        NumSegments: '1',
        SmsStatus: 'received',
        ApiVersion: '2010-04-01',
        FromCountry: 'US',
      },
    })
    expect(simulator.thread('+12055550101')).toMatchObject([{ by: 'person', state: 'sent' }])
  })

  test('may be a photo without words', async () => {
    const { sid } = await simulator.send({ from: '+12055550101', body: '', media: 1 })
    expect(sid).toMatch(/^MM/)
    expect(bot.heard[0]?.params).toMatchObject({ Body: '', NumMedia: '1', MediaContentType0: 'image/jpeg' })
  })

  test('can come twice under one id, and stands once on the phone', async () => {
    const { sid } = await simulator.send({ from: '+12055550101', body: 'WORK' })
    await simulator.send({ from: '+12055550101', body: 'WORK', sid })
    expect(bot.heard.map(({ params }) => params['MessageSid'])).toEqual([sid, sid])
    expect(simulator.thread('+12055550101')).toHaveLength(1)
  })

  test('is not tried again after a 500, and is shown as not delivered', async () => {
    bot.answerWith(500, 'text/xml', '')
    const { answer } = await simulator.send({ from: '+12055550101', body: 'WORK' })
    expect(answer).toMatchObject({ status: 500, tries: 1 })
    expect(simulator.thread('+12055550101')).toMatchObject([
      { state: 'failed', why: 'Text Action answered 500' },
    ])
  })

  test('is tried once more when nobody answers the door', async () => {
    await bot.close()
    const { answer } = await simulator.send({ from: '+12055550101', body: 'WORK' })
    expect(answer).toMatchObject({ status: null, tries: 2 })
  })

  test("is tried again after a 500 where the URL's fragment says so", async () => {
    await simulator.stop()
    simulator = await start({ webhookUrl: `${bot.url}/webhooks/twilio/message#rc=2&rp=5xx,ct,rt` })
    bot.answerWith(503, 'text/xml', '')
    const { answer } = await simulator.send({ from: '+12055550101', body: 'WORK' })
    expect(answer).toMatchObject({ status: 503, tries: 3 })
    expect(bot.heard.every(({ signed }) => signed)).toBe(true)
  })

  test('answered in text/plain is answered on her phone: the trap shows', async () => {
    bot.answerWith(200, 'text/plain', 'OK')
    await simulator.send({ from: '+12055550101', body: 'WORK' })
    expect(simulator.thread('+12055550101').map(({ by, body }) => `${by} ${body}`)).toEqual([
      'person WORK',
      'app OK',
    ])
  })
})

describe('a text to a phone', () => {
  test("is answered as Twilio answers, and is delivered with signed receipts at the app's very URL", async () => {
    const { status, json } = await post('+12055550101')
    expect(status).toBe(201)
    expect(json).toMatchObject({
      account_sid: SID,
      to: '+12055550101',
      from: '235246',
      body: 'Thank you!',
      status: 'queued',
      num_segments: '1',
      direction: 'outbound-api',
      error_code: null,
      date_sent: null,
      messaging_service_sid: null,
    })
    await receiptsBecome(['sent', 'delivered'], json['sid'] as string)
    expect(bot.heard.map(({ path, signed }) => `${path} ${signed}`)).toEqual([
      '/webhooks/twilio/status/0-1/mac?a=1 true',
      '/webhooks/twilio/status/0-1/mac?a=1 true',
    ])
    expect(bot.heard[1]?.params['RawDlrDoneDate']).toMatch(/^\d{10}$/)
    expect((await call('GET', `Messages/${json['sid'] as string}.json`)).json).toMatchObject({
      status: 'delivered',
    })
  })

  test('has its receipts tried again where its own callback says so', async () => {
    bot.answerWith(503, 'text/xml', '')
    await post('+12055550101', { StatusCallback: `${bot.url}/webhooks/twilio/message#rc=2&rp=5xx` })
    for (const until = Date.now() + 5_000; bot.heard.length < 6 && Date.now() < until;)
      await new Promise((resolve) => setTimeout(resolve, 20))
    expect(
      bot.heard.map(({ path, signed, params }) => `${path} ${signed} ${params['MessageStatus']}`).toSorted(),
    ).toEqual([
      ...Array.from({ length: 3 }, () => '/webhooks/twilio/message true delivered'),
      ...Array.from({ length: 3 }, () => '/webhooks/twilio/message true sent'),
    ])
  })

  test('has an id of its own, every time', async () => {
    const sids = await Promise.all(
      Array.from({ length: 50 }, async () => (await post('+12055550101')).json['sid']),
    )
    expect(new Set(sids).size).toBe(50)
  })

  test.each([
    ['0150', 201, null, ['sent', 'undelivered 30003'], 'failed'],
    ['0151', 201, null, ['sent', 'undelivered 30005'], 'failed'],
    ['0152', 201, null, ['sent', 'undelivered 30007'], 'failed'],
    ['0153', 400, 21610, [], 'failed'],
    ['0154', 400, 21211, [], 'failed'],
    ['0156', 500, 20500, ['sent', 'delivered'], 'delivered'],
    ['0157', 500, 20500, [], 'unsure'],
    ['0159', 201, null, [], 'sent'],
    ['0160', 201, null, ['sent', 'sent', 'delivered', 'delivered'], 'delivered'],
    ['0161', 201, null, ['delivered', 'sent'], 'delivered'],
    ['0162', 201, null, ['sent', 'delivered'], 'delivered'],
  ])('ending in %s meets its fate: %d, %p', async (digits, http, code, receipts, state) => {
    const to = `+1907555${digits}`
    const { status, json } = await post(to)
    expect(status).toBe(http)
    if (code !== null) {
      const more_info = `https://www.twilio.com/docs/errors/${code}`
      expect(json).toMatchObject({ code, status: http, message: expect.any(String) as string, more_info })
    }
    if (digits === '0162') expect(bot.receipts()).toEqual(receipts) // before the answer
    if (receipts.length === 0) await pause(QUIET_MS)
    await receiptsBecome(receipts)
    await stateBecomes(to, state)
    expect((await list({ To: to })).messages).toHaveLength(http === 201 || digits === '0156' ? 1 : 0)
  })

  test('ending in 0155 is refused with 429 once, then taken: one bubble, one text', async () => {
    const first = await post('+12055550155')
    expect(first).toMatchObject({ status: 429, json: { code: 20429 } })
    expect(first.headers.get('retry-after')).toBe('1')
    expect(simulator.thread('+12055550155')).toMatchObject([{ state: 'waiting' }])
    expect((await post('+12055550155')).status).toBe(201)
    await receiptsBecome(['sent', 'delivered'])
    await stateBecomes('+12055550155', 'delivered')
    expect((await post('+12055550155')).status).toBe(429) // the next text again
  })

  test('ending in 0158 is never answered, and yet the list has it', async () => {
    await expect(post('+12055550158')).rejects.toThrow(/timeout/i)
    expect(simulator.thread('+12055550158')).toMatchObject([{ state: 'unsure' }])
    expect((await list({ To: '+12055550158' })).messages).toMatchObject([{ status: 'delivered' }])
    expect(simulator.thread('+12055550158')).toMatchObject([{ state: 'delivered' }])
    expect(bot.receipts()).toEqual([])
  })

  test('ending in 0157 is known not to be sent once the app has asked twice', async () => {
    await post('+12055550157')
    await list({ To: '+12055550157' })
    expect(simulator.thread('+12055550157')).toMatchObject([{ state: 'unsure' }])
    await list({ To: '+12055550157' })
    expect(simulator.thread('+12055550157')).toMatchObject([{ state: 'failed', why: 'Twilio never took it' }])
  })

  test.each([
    ['no number', { To: '' }, 21604],
    ['no real number', { To: '12345' }, 21211],
    ['no words', { Body: '' }, 21602],
    ['too many words', { Body: 'x'.repeat(1_601) }, 21617],
    ['no sender', { From: '' }, 21603],
    ["somebody else's sender", { From: '+12055550100' }, 21606],
    ['a service that is not ours', { MessagingServiceSid: `MG${'0'.repeat(32)}` }, 21705],
    ['a callback that is no URL', { StatusCallback: 'nowhere' }, 21609],
    ['a life too long', { ValidityPeriod: '36001' }, 21624],
  ])('with %s is refused', async (_what, fields, code) => {
    expect(await post('+12055550101', fields)).toMatchObject({ status: 400, json: { code, status: 400 } })
    expect(simulator.journal.read()).toMatchObject([{ outcome: 'refused', code, sid: null }])
  })

  test('without the right token is nobody: 401', async () => {
    expect(await call('POST', 'Messages.json', form('+12055550101'), 'wrong')).toMatchObject({
      status: 401,
      json: { code: 20003 },
    })
    expect(simulator.journal.read()).toEqual([])
  })

  test('goes through a Messaging Service where there is one', async () => {
    await simulator.stop()
    simulator = await start({ messagingServiceSid: `MG${'0'.repeat(32)}` })
    const { json } = await post('+12055550101', { From: '', MessagingServiceSid: `MG${'0'.repeat(32)}` })
    expect(json).toMatchObject({ status: 'accepted', from: null, num_segments: '0' })
  })
})

test('the list is newest first, filtered, in pages that do not shift', async () => {
  for (const body of ['one', 'two', 'three']) await post('+12055550101', { Body: body })
  await post('+12055550102', { Body: 'elsewhere' })
  await simulator.send({ from: '+12055550101', body: 'WORK' })

  const ours = await list({ To: '+12055550101', From: '235246', PageSize: '2' })
  expect(ours.messages.map(({ body }) => body)).toEqual(['three', 'two'])
  await post('+12055550101', { Body: 'four' })
  const path = ours.next_page_uri?.split(`${SID}/`)[1] ?? ''
  const next = (await call('GET', path)).json as typeof ours
  expect(next.messages.map(({ body }) => body)).toEqual(['one'])
  expect(next.next_page_uri).toBeNull()

  const toUs = await list({ To: '235246' })
  expect(toUs.messages).toMatchObject([{ body: 'WORK', direction: 'inbound', status: 'received' }])
  expect((await list({})).messages).toHaveLength(6)
})

test("Twilio's own library works with it", async () => {
  const client = twilio(SID, TOKEN, { lazyLoading: true })
  client.api.baseUrl = simulator.url
  const made = await client.messages.create({ to: '+12055550101', from: '235246', body: 'Thank you!' })
  expect(made).toMatchObject({
    status: 'queued',
    numSegments: '1',
    direction: 'outbound-api',
    errorCode: null,
  })
  expect(made.dateCreated.getTime()).toBeGreaterThan(Date.now() - 5_000)
  expect((await client.messages(made.sid).fetch()).sid).toBe(made.sid)
  expect((await client.messages.list({ to: '+12055550101' })).map(({ sid }) => sid)).toEqual([made.sid])
  await expect(
    client.messages.create({ to: '+12055550153', from: '235246', body: 'x' }),
  ).rejects.toMatchObject({
    status: 400,
    code: 21610,
  })
})

test('the journal tells of every POST, text and receipt, with its outcome', async () => {
  await simulator.send({ from: '+12055550101', body: 'WORK' })
  const { json } = await post('+12055550101')
  await post('+12055550157')
  await eventually(() => expect(simulator.journal.totals()['receipt']).toBe(2))
  const lines = async (query = '') => {
    const text = await (await fetch(`${simulator.url}/journal${query}`)).text()
    return text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
  }
  expect(await lines()).toMatchObject([
    {
      kind: 'post',
      to: '+12055550101',
      body: 'Thank you!',
      sid: json['sid'],
      outcome: 'accepted',
      http: 201,
    },
    { kind: 'post', to: '+12055550157', sid: null, outcome: 'error-not-taken', http: 500, code: 20500 },
  ])
  expect((await lines('?kinds=inbound,receipt')).map(({ kind, status }) => [kind, status])).toEqual([
    ['inbound', undefined],
    ['receipt', 'sent'],
    ['receipt', 'delivered'],
  ])
  const totals = await (await fetch(`${simulator.url}/journal/totals`)).json()
  expect(totals).toEqual({ inbound: 1, post: 2, accepted: 1, 'error-not-taken': 1, segments: 2, receipt: 2 })
})

test('started again, it still has the thread', async () => {
  await simulator.stop()
  simulator = await start({ dataDir: folder })
  await simulator.send({ from: '+12055550101', body: 'WORK' })
  const { json } = await post('+12055550101')
  await eventually(() => expect(simulator.journal.totals()['receipt']).toBe(2))
  const before = simulator.thread('+12055550101')
  await simulator.stop()
  appendFileSync(join(folder, 'simulator-texts.jsonl'), '{"sid":"SM') // a line torn by a power cut
  simulator = await start({ dataDir: folder })
  expect(simulator.thread('+12055550101')).toEqual(before)
  expect((await call('GET', `Messages/${json['sid'] as string}.json`)).json).toMatchObject({
    status: 'delivered',
  })
})

test("the app's log adds its stations to the road, and says what answers what", async () => {
  const appLog = join(folder, 'dev.log')
  await simulator.stop()
  simulator = await start({ appLog })
  const first = await simulator.send({ from: '+12055550101', body: 'WORK' })
  const second = await simulator.send({ from: '+12055550101', body: '35020' })
  const { json } = await post('+12055550101')
  const log = (line: object) => `${JSON.stringify({ level: 30, time: Date.now(), ...line })}\n`
  writeFileSync(
    appLog,
    log({ event: 'text.received', messageSid: second.sid, ms: 3 }) +
      log({ event: 'text.handled', messageSid: second.sid, understood: 'zip', from: 'zip', to: 'outcome' }) +
      'not json\n' +
      log({ event: 'text.accepted', messageSid: json['sid'], inReplyTo: second.sid, lane: 'replies', ms: 2 }),
  )
  await eventually(() => {
    const [one, two, answer] = simulator.thread('+12055550101')
    const places = (text: typeof one) => text?.stages.map(({ place, words }) => `${place}: ${words}`)
    expect(one?.sid).toBe(first.sid)
    expect(places(two)).toEqual(expect.arrayContaining(['stored: in Postgres', 'state: zip, zip -> outcome']))
    expect(places(answer)).toContain('queue: replies')
    expect(answer?.answerTo).toBe(second.sid)
  })
})

describe('the phones', () => {
  const page = (path: string, init?: RequestInit) => fetch(`${simulator.url}${path}`, init)
  const send = (message: unknown, type = 'application/json') =>
    page('/phone/texts', { method: 'POST', headers: { 'content-type': type }, body: JSON.stringify(message) })

  test('come with a page that loads nothing from elsewhere', async () => {
    const response = await page('/phone')
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    const html = await response.text()
    expect(html).not.toMatch(/(src|href)="(?!\/phone\/)/)
    for (const [, path = ''] of html.matchAll(/(?:src|href)="([^"]+)"/g))
      expect((await page(path)).status).toBe(200)
    expect((await page('/phone/../server.ts')).status).toBe(404)
  })

  test('get the one table of fates', async () => {
    const setup = (await (await page('/phone/setup')).json()) as { fates: { digits: string; says: string }[] }
    expect(setup.fates).toHaveLength(13)
    expect(setup).toMatchObject({ shortCode: '235246', keyword: 'WORK', organization: 'AFL-CIO' })
  })

  test('that she texts from stay on top of a blast, and another one is nobody’s, after a restart too', async () => {
    type List = { phones: { phone: string; hers: boolean }[]; more: number; fresh: string }
    const list = async () => (await (await page('/phone/setup')).json()) as List
    const receivers = (area: string) =>
      Array.from({ length: 50 }, (_, n) => `+1${area}5550${String(n + 100)}`)
    await simulator.stop()
    simulator = await start({ dataDir: folder, keep: 300, receipts: false })
    expect((await list()).fresh).toBe('+12055550103')
    for (const from of ['+12055550104', '+13345550107']) await simulator.send({ from, body: 'WORK' })
    for (const to of [...receivers('205'), ...receivers('251'), ...receivers('907')]) await post(to)
    for (const isNew of [true, false]) {
      const { phones, more, fresh } = await list()
      expect(phones.filter(({ hers }) => hers).map(({ phone }) => phone)).toEqual([
        ...['+12055550101', '+12055550102'],
        ...['+13345550107', '+12055550104'], // she got the blast's text on this one
      ])
      expect(phones).toHaveLength(9)
      expect(fresh).toBe('+12565550101')
      if (!isNew) break
      expect(more).toBe(142)
      await simulator.stop()
      simulator = await start({ dataDir: folder, keep: 50 })
      expect(simulator.thread('+13345550107')).toHaveLength(1)
    }
  })

  test('send only what a phone could, and only from here', async () => {
    expect((await send({ from: '(205) 555-0101', body: 'WORK' })).status).toBe(201)
    expect((await send({ from: '0101', body: 'WORK' })).status).toBe(400)
    expect((await send({ from: '+12055550101', body: '  ' })).status).toBe(400)
    expect((await send({ from: '+12055550101', body: 'x'.repeat(1_601) })).status).toBe(400)
    expect((await send({ from: '+12055550101', body: 'WORK' }, 'text/plain')).status).toBe(415)
  })

  test('hear of the app, of their thread, and of every change to it', async () => {
    await simulator.send({ from: '+12055550101', body: 'WORK' })
    const seen: string[] = []
    const stop = new AbortController()
    const listening = (async () => {
      for await (const texts of openPhoneLine(simulator.url, '+12055550101').changes(stop.signal))
        seen.push(texts.map(({ by, state }) => `${by} ${state}`).join(', '))
    })().catch(() => undefined)
    await eventually(() => expect(seen).toHaveLength(1))
    await post('+12055550101')
    await post('+12055550102')
    await eventually(() => expect(seen.at(-1)).toBe('app delivered'))
    stop.abort()
    await listening
    expect(seen[0]).toBe('person sent')
    expect([...new Set(seen.slice(1))]).toEqual(['app accepted', 'app sent', 'app delivered'])
  })

  describe('in a pipe', () => {
    async function play(lines: string, from = '+12055550101') {
      const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
      stdin.end(lines)
      const same = (words: string) => words
      const { signal } = new AbortController()
      const wrap = (line: string) => [line]
      const terminal = { stdin, stdout, stderr, signal, dim: same, red: same, wrap }
      const ending = await playLines(openPhoneLine(simulator.url, from), terminal, {
        quietMs: 150,
        silentMs: 150,
        answerMs: 600,
      })
      return { ending, out: String(stdout.read() ?? ''), err: String(stderr.read() ?? '') }
    }

    test('print the dialogue; a line without an answer is followed after the wait', async () => {
      bot.onText(({ From = '', Body = '' }) => {
        if (Body === 'WORK') setTimeout(() => void post(From, { Body: 'Welcome!\nYour ZIP?' }), 50)
        if (Body === '35020') setTimeout(() => void post(From, { Body: 'Thank you!' }), 200)
      })
      expect(await play('WORK\n\nok\n35020\n')).toEqual({
        ending: 'done',
        out: '> WORK\n< Welcome!\n  Your ZIP?\n> ok\n> 35020\n< Thank you!\n',
        err: '',
      })
    })

    test('say on stderr what did not arrive', async () => {
      bot.onText(({ From = '' }) => void post(From, { Body: 'Welcome!' }))
      expect(await play('WORK\n', '+12055550150')).toEqual({
        ending: 'done',
        out: '> WORK\n< Welcome!\n',
        err: 'Not delivered: phone off or out of reach (30003)\n',
      })
      expect((await play('WORK\n', '+12055550153')).out).toBe('> WORK\n')
    })

    test('a last line that nothing answers is no success', async () => {
      bot.onText(() => undefined)
      expect(await play('WORK\n')).toEqual({ ending: 'unanswered', out: '> WORK\n', err: '' })
    })

    test('wait for a text that Twilio at first refused with 429', async () => {
      bot.onText(({ From = '' }) => {
        void post(From, { Body: 'Welcome!' })
        setTimeout(() => void post(From, { Body: 'Welcome!' }), 300)
      })
      expect((await play('WORK\n', '+12055550155')).out).toBe('> WORK\n< Welcome!\n')
    })

    test('tell when the app is not there', async () => {
      await bot.close()
      expect(await play('WORK\n')).toMatchObject({
        ending: 'refused',
        err: 'Not delivered: Text Action is not answering\n',
      })
    })
  })
})
