import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { request, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createVault } from '../../src/adapters/vault.js'
import { sign } from '../../src/adapters/twilio-signature.js'
import { startBot, type Bot } from '../support/bot.js'
import { freePort } from '../support/free-port.js'

// What a stranger may try with the webhook, and with what lies around.

const METRICS_TOKEN = 'metrics-token-e2e'
const OLD_TOKEN = 'the-old-token-e2e'

let bot: Bot
let newToken: string
beforeAll(async () => {
  bot = await startBot({ roles: [], env: { METRICS_TOKEN, LOG_LEVEL: 'trace' } })
  newToken = bot.env['TWILIO_AUTH_TOKEN'] ?? ''
  bot.env['TWILIO_AUTH_TOKEN'] = `${newToken},${OLD_TOKEN}`
  await bot.start('serve')
  await bot.start('work')
})
afterAll(() => bot.stop())

let sids = 0
type Sent = {
  token?: string
  signedFor?: string
  headers?: Record<string, string>
  fields?: Record<string, string>
}

/** A webhook by hand, with whatever headers. Resolves with the status. */
async function post(path: string, { token = newToken, signedFor, headers = {}, fields = {} }: Sent = {}) {
  const form = {
    MessageSid: `SM${String(++sids).padStart(32, 'e')}`,
    AccountSid: bot.env['TWILIO_ACCOUNT_SID'] ?? '',
    ...{ From: '+12055550100', To: '235246', Body: 'HELP', NumMedia: '0' },
    ...fields,
  }
  const sending = request(bot.webUrl + path, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-twilio-signature': sign(token, (signedFor ?? bot.webUrl) + path, form),
      ...headers,
    },
  })
  sending.end(new URLSearchParams(form).toString())
  const [response] = (await once(sending, 'response')) as [IncomingMessage]
  response.resume()
  return response.statusCode
}
const MESSAGE = '/webhooks/twilio/message'

describe('the webhook', () => {
  test('behind a proxy that passes on a hostile Host or X-Forwarded-*: only PUBLIC_URL counts', async () => {
    const headers = {
      host: 'evil.example',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
      'x-forwarded-port': '444',
      'x-original-url': '/elsewhere',
      forwarded: 'host=evil.example;proto=https',
    }
    expect(await post(MESSAGE, { headers })).toBe(200)
    expect(await post(MESSAGE, { headers, signedFor: 'https://evil.example' })).toBe(403)
    expect(await post(MESSAGE, { headers, signedFor: 'http://evil.example:444' })).toBe(403)
  })

  test('while a token is rotated both are good, a third is not, and we ourselves sign with the first', async () => {
    expect(await post(MESSAGE)).toBe(200)
    expect(await post(MESSAGE, { token: OLD_TOKEN })).toBe(200)
    expect(await post(MESSAGE, { token: `${newToken},${OLD_TOKEN}` })).toBe(403)
    expect(await post(MESSAGE, { token: '' })).toBe(403)
    // The simulator takes requests of the first token only: whoever texts is answered.
    expect(await bot.say('+12055550101', 'HELP')).toHaveLength(1)
  })

  test("a receipt with another text's MAC, another blast's id or none changes nothing; the right one does", async () => {
    const { mac } = createVault(bot.env['PHONE_KEY'] ?? '')
    await bot.say('+12055550102', 'HELP')
    // After its own receipts: one that came later would move it.
    const takenBack = async () => {
      const { rows } = await bot.database.pool.query<{ number: number }>(
        `update texts_out set status = 'accepted'
          where number = (select max(number) from texts_out) and status = 'delivered' returning number`,
      )
      return rows[0]?.number
    }
    let number = await takenBack()
    for (; number === undefined; number = await takenBack())
      await new Promise((resolve) => setTimeout(resolve, 20))
    const ref = `0-${number}`
    const status = async () => {
      const found = await bot.database.pool.query<{ status: string }>(
        'select status from texts_out where blast_id = 0 and number = $1',
        [number],
      )
      return found.rows[0]?.status
    }
    const fields = { MessageStatus: 'failed', ErrorCode: '21610' }
    const path = (one: string, its: string) => `/webhooks/twilio/status/${one}/${its}`
    for (const forged of [
      path(ref, mac('0-999999')),
      path(ref, mac(`${ref} `)),
      path(ref, mac(ref).slice(0, -1)),
      path(ref, `${mac(ref)}x`),
      path(ref, mac(ref).toLowerCase() === mac(ref) ? mac(ref).toUpperCase() : mac(ref).toLowerCase()),
      path(ref, 'undefined'),
      path(`1-${number}`, mac(`1-${number}`)), // of a blast that is not
      path('0-999999', mac('0-999999')),
      path(`0x0-${number}`, mac(ref)),
      `/webhooks/twilio/status/${ref}`,
    ])
      expect([forged, await post(forged, { fields }), await status()]).toEqual([forged, 200, 'accepted'])
    expect(await post(path(ref, mac(ref)), { fields: { MessageStatus: 'delivered' } })).toBe(200)
    expect(await status()).toBe('delivered')
  })

  test('slow clients by the hundred: texts come in as ever, and each of them is cut off in its turn', async () => {
    const { hostname, port } = new URL(bot.webUrl)
    const open = () => {
      const socket = connect(Number(port), hostname)
      socket.on('error', () => undefined).resume()
      socket.write(`POST ${MESSAGE} HTTP/1.1\r\nHost: x\r\n`)
      return socket
    }
    const inHeader = Array.from({ length: 200 }, open)
    const inBody = Array.from({ length: 100 }, open)
    for (const socket of inBody)
      socket.write('Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 30000\r\n\r\n')
    const sockets = [...inHeader, ...inBody]
    const drip = setInterval(() => {
      for (const [at, socket] of sockets.entries())
        if (socket.writable) socket.write(at < 200 ? 'X-A: b\r\n' : 'a')
    }, 500)
    // A reset is an end as good as any: what she drips may cross what ends her.
    const closed = Promise.all(
      sockets.map(
        (socket) =>
          new Promise<void>((resolve) => (socket.destroyed ? resolve() : void socket.once('close', resolve))),
      ),
    )
    try {
      for (let n = 0; n < 5; n++) {
        const begun = performance.now()
        expect(await post(MESSAGE)).toBe(200)
        expect(performance.now() - begun).toBeLessThan(2_000)
      }
      const begun = Date.now()
      await closed
      expect(Date.now() - begun).toBeLessThan(25_000)
    } finally {
      clearInterval(drip)
      for (const socket of sockets) socket.destroy()
    }
  }, 60_000)
})

describe('secrets', () => {
  test('stand in no log, metric, help, error or line of doctor, also when everything is broken', async () => {
    const passwords = ['database-password-e2e', 'redis-password-e2e']
    const secrets = [
      ...passwords,
      ...[newToken, OLD_TOKEN, METRICS_TOKEN, bot.env['PHONE_KEY'] ?? ''],
      Buffer.from(bot.env['PHONE_KEY'] ?? '', 'base64').toString('hex'),
    ]
    const broken = {
      DATABASE_URL: `postgres://someone:${passwords[0]}@127.0.0.1:${await freePort()}/nowhere`,
      REDIS_URL: `redis://someone:${passwords[1]}@127.0.0.1:${await freePort()}`,
    }
    const outputs: Record<string, string> = {
      logs: bot.roles.flatMap(({ log }) => log).join('\n'),
      metrics: await (
        await fetch(`${bot.webUrl}/metrics`, { headers: { authorization: `Bearer ${METRICS_TOKEN}` } })
      ).text(),
      ready: await (await fetch(`${bot.webUrl}/readyz`)).text(),
    }
    expect((await fetch(`${bot.webUrl}/metrics`)).status).toBe(403)
    for (const [args, env] of [
      ...[
        '',
        'serve',
        'work',
        'migrate',
        'dev',
        'doctor',
        'blast',
        'people',
        'person',
        'senators',
        'action',
      ].map((noun) => [[noun, '--help'].filter(Boolean), {}] as const),
      [['doctor'], {}] as const,
      [['doctor', '--json'], {}] as const,
      [['doctor'], broken] as const,
      [['doctor', '--json'], { ...broken, PUBLIC_URL: `http://u:${passwords[0]}@x.invalid` }] as const,
      [['people', 'stats'], broken] as const,
      [['migrate'], broken] as const,
      [['serve'], broken] as const,
      [['work'], { ...broken, PHONE_KEY: `${bot.env['PHONE_KEY']}x` }] as const,
      [
        ['serve'],
        { DATABASE_URL: `postgress://u:${passwords[0]}@x/y`, REDIS_URL: `rediss//:${passwords[1]}` },
      ] as const,
    ]) {
      const { stdout, stderr } = await bot.run(args, '', env)
      outputs[`${args.join(' ')} ${Object.keys(env).join(' ')}`] = stdout + stderr
    }
    for (const [where, text] of Object.entries(outputs)) {
      expect([where, text.length]).not.toEqual([where, 0])
      for (const secret of secrets) expect([where, text.includes(secret)]).toEqual([where, false])
    }
  }, 60_000)

  test('what dev leaves in its folder only its owner may read', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'text-action-modes-'))
    const { PATH, HOME, REDIS_URL, DATABASE_URL } = bot.env
    await bot.database.pool.query(`delete from deployment where key = 'phone-key'`) // dev makes its own
    const dev = spawn(process.execPath, [join(__dirname, '../../dist/cli.js'), 'dev'], {
      env: {
        PATH,
        HOME,
        REDIS_URL,
        DATABASE_URL,
        DATA_DIR: join(dir, 'data'),
        PORT: String(await freePort()),
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    try {
      for (let screen = ''; !screen.includes('Ctrl-C');)
        screen += String(((await once(dev.stdout, 'data')) as [Buffer])[0])
      const left = readdirSync(join(dir, 'data'), { withFileTypes: true, recursive: true })
      const open = left
        .map((entry) => ({
          name: entry.name,
          mode: statSync(join(entry.parentPath, entry.name)).mode & 0o777,
        }))
        .filter(({ mode }) => (mode & 0o066) !== 0)
      expect(left.map(({ name }) => name)).toEqual(
        expect.arrayContaining(['phone.key', 'simulator.token', 'dev.json', 'dev.log', 'spool']),
      )
      expect(open).toEqual([])
      expect(statSync(join(dir, 'data')).mode & 0o066).toBe(0)
    } finally {
      dev.kill('SIGTERM')
      await once(dev, 'exit')
      rmSync(dir, { recursive: true, force: true })
    }
  }, 60_000)
})
