import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parse } from 'node:querystring'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { Router } from 'express'
import { Pool } from 'undici'
import { sign } from '../../src/adapters/twilio-signature.js'
import { createVault } from '../../src/adapters/vault.js'
import { createWebApp } from '../../src/http/app.js'
import { twilioRoutes } from '../../src/http/twilio-routes.js'
import { createReceiver } from '../../src/inbound/receive.js'
import { takeIncomingReceipt } from '../../src/outbound/receipt.js'
import { systemClock } from '../../src/adapters/system-clock.js'
import type { Queues } from '../../src/ports.js'
import { freshDatabase, type FreshDatabase } from '../support/services.js'

// `npm run chaos -- --fuzz` asks for 100,000.
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 5_000)
const SEED = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 31)
const PUBLIC_URL = 'https://bot.example.org'
const ACCOUNT = `AC${'0'.repeat(32)}`
const TOKENS = ['new token', 'old token']
const SLOW_MS = 5_000
const HEAP_GROWTH_MAX = 40 * 1024 * 1024

const vault = createVault(Buffer.alloc(32, 9).toString('base64'))
// What no call announces, the sweep finds: nobody sweeps here.
const queues: Queues = {
  announceMail: () => undefined,
  announceReplies: () => undefined,
  announceRange: () => Promise.resolve(),
  close: () => Promise.resolve(),
}

let database: FreshDatabase
let server: Server
let client: Pool
const thrown: unknown[] = []
const ref = { blastId: 0, number: 0 }

beforeAll(async () => {
  database = await freshDatabase()
  const { pool } = database
  const { rows } = await pool.query<{ number: number }>(
    `with person as (insert into people (phone_hash) values ('\\x00') returning id)
     insert into texts_out (blast_id, person_id, kind) select 0, id, 'help' from person returning number`,
  )
  ref.number = rows[0]?.number ?? 0
  const kept = (error: unknown) => {
    thrown.push(error)
    throw error
  }
  const receive = createReceiver({ pool, vault, queues, clock: systemClock })
  const twilio = twilioRoutes({
    twilio: {
      accountSid: ACCOUNT,
      authTokens: TOKENS,
      sender: '235246',
      messagingServiceSid: null,
      apiUrl: '',
    },
    publicUrl: PUBLIC_URL,
    mac: vault.mac,
    onText: (text) => receive(text).catch(kept),
    onReceipt: (receipt) => takeIncomingReceipt(pool, receipt).catch(kept),
  })
  server = createServer(createWebApp({ health: Router(), twilio }))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  client = new Pool(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, {
    connections: 4,
    headersTimeout: SLOW_MS,
    bodyTimeout: SLOW_MS,
  })
})
afterAll(async () => {
  await client.destroy()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await database.drop()
})

const anyText = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
  fc.string({ unit: 'grapheme', maxLength: 400 }),
  fc.constantFrom(
    '',
    '\u0000',
    'STOP',
    'st\u0000op',
    'please \u0000stop\u0000 texting me',
    '\ufeffSTOP',
    'STOP\u202e',
    '1e309',
    '-1',
    '1.5',
    'NaN',
    '__proto__',
    '{{contact}}',
    '{% for i in (1..999999999) %}x{% endfor %}',
    "'; drop table people; --",
    '%00',
    '\\u0000',
    '💪'.repeat(900),
    'a'.repeat(9_000),
  ),
)
const fieldName = fc.oneof(
  fc.constantFrom(
    'MessageSid',
    'From',
    'To',
    'Body',
    'NumMedia',
    'OptOutType',
    'AccountSid',
    'MessageStatus',
    'ErrorCode',
    '__proto__',
    'constructor',
    'toString',
    'Body[]',
    'From[x]',
  ),
  fc.string({ maxLength: 20 }),
)
const sound = fc.record(
  {
    MessageSid: fc.oneof({ weight: 12, arbitrary: fc.stringMatching(/^SM[0-9a-f]{32}$/) }, anyText),
    AccountSid: fc.oneof({ weight: 20, arbitrary: fc.constant(ACCOUNT) }, anyText),
    From: fc.oneof(
      { weight: 5, arbitrary: fc.integer({ min: 100, max: 199 }).map((n) => `+12055550${n}`) },
      anyText,
    ),
    Body: anyText,
    NumMedia: fc.oneof(fc.constantFrom('0', '1', '11'), anyText),
    OptOutType: fc.constantFrom('', 'STOP', 'START', 'HELP', 'stop'),
    MessageStatus: fc.oneof(
      fc.constantFrom('sent', 'delivered', 'failed', 'read', 'toString', '__proto__'),
      anyText,
    ),
    ErrorCode: fc.oneof(
      fc.constantFrom('', '30007', '21610', '99999999999999999999', '2147483648', '-5', '0x1f'),
      anyText,
    ),
  },
  { requiredKeys: ['MessageSid', 'AccountSid', 'From'] },
)
const body = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(sound, fc.array(fc.tuple(fieldName, anyText), { maxLength: 2 }))
      .map(([form, more]) => new URLSearchParams([...Object.entries(form), ...more]).toString()),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 300 }) },
  { weight: 1, arbitrary: fc.array(fieldName, { maxLength: 600 }).map((names) => names.join('=&')) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '%',
      '%E0%A4%A',
      '&&&&',
      '=',
      'a'.repeat(40_000),
      `Body=${'%F0'.repeat(3_000)}`,
    ),
  },
)
const path = fc.oneof(
  { weight: 6, arbitrary: fc.constant('/webhooks/twilio/message') },
  { weight: 3, arbitrary: fc.constant('/webhooks/twilio/status/REF/MAC') },
  fc.constantFrom(
    '/webhooks/twilio/status/REF/wrong',
    '/webhooks/twilio/status/99999999999999999999-1/x',
    '/webhooks/twilio/status/%E0%A4%A/x',
    '/webhooks/twilio/status//../..',
    '/webhooks/twilio/message?x=%00',
    '/webhooks/twilio/message/%',
    '/webhooks/twilio',
  ),
)
const contentType = fc.oneof(
  { weight: 20, arbitrary: fc.constant('application/x-www-form-urlencoded') },
  fc.constantFrom(
    'application/x-www-form-urlencoded; charset=utf-8',
    'application/x-www-form-urlencoded; charset=iso-8859-1',
    'application/x-www-form-urlencoded; charset=utf-16',
    'multipart/form-data; boundary=x',
    'multipart/form-data',
    'application/json',
    'text/plain',
    'x/y; charset="',
    '',
  ),
)
const encoding = fc.oneof(
  { weight: 30, arbitrary: fc.constant('') },
  fc.constantFrom('gzip', 'deflate', 'br', 'nonsense'),
)
const signature = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('good', 'rotated') },
  { weight: 1, arbitrary: fc.constantFrom('none', 'other token', 'other url', 'cut', 'twice as long') },
  { weight: 1, arbitrary: fc.stringMatching(/^[ -~]{0,200}$/) },
)

function signed(kind: string, url: string, form: string): string | null {
  const params = { ...parse(form, undefined, undefined, { maxKeys: 0 }) }
  const good = () => sign(TOKENS[0] ?? '', url, params)
  switch (kind) {
    case 'good':
      return good()
    case 'rotated':
      return sign(TOKENS[1] ?? '', url, params)
    case 'none':
      return null
    case 'other token':
      return sign('another', url, params)
    case 'other url':
      return sign(TOKENS[0] ?? '', `${url}x`, params)
    case 'cut':
      return good().slice(0, 10)
    case 'twice as long':
      return good() + good()
    default:
      return kind
  }
}

const heapAfterCollection = () => {
  setFlagsFromString('--expose_gc')
  ;(runInNewContext('gc') as () => void)()
  return process.memoryUsage().heapUsed
}

test(
  `${RUNS} fuzzed webhooks, forged and signed: never a 5xx, never a hang, memory flat (seed ${SEED})`,
  async () => {
    const statuses: Record<number, number> = {}
    let early = 0
    let runs = 0
    let slowest = 0
    await fc.assert(
      fc.asyncProperty(
        path,
        body,
        contentType,
        encoding,
        signature,
        async (raw, form, type, packed, kind) => {
          if (++runs === Math.floor(RUNS / 2)) early = heapAfterCollection()
          const name = `0-${ref.number}`
          const target = raw.replace('REF', name).replace('MAC', vault.mac(name))
          const header = signed(kind, PUBLIC_URL + target, form)
          const begun = performance.now()
          const response = await client.request({
            path: target,
            method: 'POST',
            headers: {
              ...(type && { 'content-type': type }),
              ...(packed && { 'content-encoding': packed }),
              ...(header !== null && { 'x-twilio-signature': header }),
            },
            body: form,
          })
          const text = await response.body.text()
          slowest = Math.max(slowest, performance.now() - begun)
          statuses[response.statusCode] = (statuses[response.statusCode] ?? 0) + 1
          expect(thrown).toEqual([])
          expect(response.statusCode).toBeLessThan(500)
          expect(text).not.toMatch(/\bat \S+\.[jt]s\b|Error:/)
        },
      ),
      { numRuns: RUNS, seed: SEED, endOnFailure: true },
    )
    const grown = heapAfterCollection() - early
    const { rows } = await database.pool.query<{ n: number }>('select count(*) as n from texts_in')
    process.stdout.write(
      `    fuzz: seed ${SEED}, ${runs} requests, ${rows[0]?.n} taken, answers ${JSON.stringify(statuses)}, ` +
        `slowest ${Math.round(slowest)} ms, heap ${grown > 0 ? '+' : ''}${(grown / 1_048_576).toFixed(1)} MB in the second half\n`,
    )
    expect(rows[0]?.n).toBeGreaterThan(RUNS / 20)
    expect(statuses[403] ?? 0).toBeGreaterThan(0)
    expect(grown).toBeLessThan(HEAP_GROWTH_MAX)
  },
  Math.max(120_000, RUNS * 12),
)
