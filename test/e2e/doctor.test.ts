import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { bundledTable } from '../../src/congress/bundled.js'
import { storeTable } from '../../src/db/senators.js'
import { startBot, type Bot } from '../support/bot.js'
import { freePort } from '../support/free-port.js'
import { ownRedis, type OwnRedis } from '../support/own-redis.js'
import { freshDatabase } from '../support/services.js'
import { openTextaction } from '../support/terminal.js'
import { startTwilioAccount, type TwilioAccountServer } from '../support/twilio-account.js'

// What an operator reads when she runs doctor against a set-up that is well, and against broken ones.

const DAY_MS = 86_400_000
const SERVICE = `MG3f${'0'.repeat(28)}c1`
const RETRIES = '#rc=2&rp=5xx,ct,rt'

let bot: Bot
let redis: OwnRedis
let twilio: TwilioAccountServer
let webhook: string

beforeAll(async () => {
  redis = await ownRedis()
  bot = await startBot({ redisUrl: redis.url })
  webhook = `${bot.webUrl}/webhooks/twilio/message`
  twilio = await startTwilioAccount({
    sid: bot.env['TWILIO_ACCOUNT_SID'] ?? '',
    token: bot.env['TWILIO_AUTH_TOKEN'] ?? '',
    webhookUrl: webhook + RETRIES,
  })
  await storeSenators(1, '2031-01-03')
  await bot.say('+12055550100', 'WORK')
})
afterAll(async () => {
  await bot.stop()
  await twilio.close()
  await redis.remove()
})

const service = (more: object) => ({
  ...{ sid: SERVICE, inbound_request_url: '', inbound_method: 'POST' as const },
  ...{ use_inbound_webhook_on_number: false, ...more },
})

const storeSenators = (ageDays: number, termEnd: string) =>
  storeTable(bot.database.pool, {
    ...bundledTable,
    source: 'a test',
    asOf: new Date(Date.now() - ageDays * DAY_MS).toISOString().slice(0, 10),
    senators: bundledTable.senators.map((senator, index) => ({
      ...senator,
      termEnd: index < 1 ? termEnd : '2031-01-03',
    })),
  })

async function doctor(more: Readonly<Record<string, string>> = {}) {
  const { code, stdout, stderr } = await bot.run(['doctor'], '', { TWILIO_API_URL: twilio.url, ...more })
  const lines = stdout.trimEnd().split('\n')
  /** The line of one check, and the mends below it. */
  const check = (label: string) => {
    const at = lines.findIndex((line) => line.slice(8).startsWith(label))
    const rest = lines.slice(at + 1)
    const next = rest.findIndex((line) => !line.startsWith(' '.repeat(10)))
    return [lines[at] ?? '', ...rest.slice(0, next === -1 ? rest.length : next)].map((line) => line.trim())
  }
  return { code, lines, stdout, stderr, check, last: lines.at(-1) }
}

describe('a set-up that is well', () => {
  test('every line is ok, the address to paste stands below, and it is over in seconds', async () => {
    const startedMs = Date.now()
    const { code, lines, stderr } = await doctor()
    expect(stderr).toBe('')
    const shapes = [
      /^ {2}ok {4}Postgres {5}\d+(\.\d+)*, \d+ ms, schema (\d+) of \2$/,
      /^ {2}ok {4}Redis {8}[\d.]+, \d+ ms, AOF on, noeviction$/,
      /^ {2}ok {4}Phone key {4}[0-9a-f]{4}-[0-9a-f]{4} opens the people here; keep a copy elsewhere$/,
      /^ {2}ok {4}Actions {6}1 file, \d+ texts, English and Spanish$/,
      /^ {2}ok {4}Senators {5}100, 1 day old, no term ended$/,
      /^ {2}ok {4}Clock {8}database [+-]0\.\d s, Twilio [+-][01]\.\d s$/,
      new RegExp(`^ {2}ok {4}Public URL {3}${bot.webUrl} answers in \\d+ ms$`),
      /^ {2}ok {4}Sender {7}235246 at http:\S+, which is not Twilio: no text reaches a phone$/,
      /^ {2}ok {4}Deployment {3}the only one on this sender$/,
      /^ {2}ok {4}Texts {8}none waits, none in doubt$/,
      /^ {2}Paste into Twilio under "A message comes in":$/,
    ]
    for (const [index, shape] of shapes.entries()) expect(lines[index]).toMatch(shape)
    expect(lines.slice(shapes.length)).toEqual([`  ${webhook}${RETRIES}`, '10 checks, all ok.'])
    expect(code).toBe(0)
    expect(Date.now() - startedMs).toBeLessThan(15_000)
  })

  test('it only looks: Twilio is asked with GET alone, and nothing in the database changes', async () => {
    const consents = () => bot.database.pool.query('select count(*) from consents')
    const before = (await consents()).rows
    twilio.asked.length = 0
    await doctor()
    expect(twilio.asked.length).toBeGreaterThan(2)
    expect(twilio.asked.filter((asked) => !asked.startsWith('GET '))).toEqual([])
    expect((await consents()).rows).toEqual(before)
  })

  test('--json is one document with the same findings', async () => {
    const { code, stdout } = await bot.run(['doctor', '--json'], '', { TWILIO_API_URL: twilio.url })
    const report = JSON.parse(stdout) as Record<string, unknown> & { checks: Record<string, unknown>[] }
    expect(report).toMatchObject({ ok: 10, warnings: 0, failed: 0, webhookUrl: webhook + RETRIES })
    expect(report.checks.map(({ name }) => name)).toEqual([
      ...['postgres', 'redis', 'phone-key', 'actions', 'senators', 'clock', 'public-url', 'sender'],
      ...['deployment', 'texts'],
    ])
    expect(report.checks[4]).toEqual({
      name: 'senators',
      level: 'ok',
      text: '100, 1 day old, no term ended',
      mend: [],
    })
    expect(code).toBe(0)
  })
})

describe('broken set-ups', () => {
  test('1. another phone key', async () => {
    const { code, check, last } = await doctor({ PHONE_KEY: randomBytes(32).toString('base64') })
    const [line, mend] = check('Phone key')
    const [, theirs] =
      /^FAIL\s+Phone key\s+[0-9a-f-]{9}, but the people here are locked with ([0-9a-f-]{9})$/.exec(
        line ?? '',
      ) ?? ['', 'no match']
    expect(mend).toBe(`bring back key ${theirs} from its copy; nothing starts without it`)
    expect(last).toBe('10 checks: 9 ok, 1 failed.') // one fault is one line: the address is not blamed for it
    expect(code).toBe(1)
  })

  test('2. a Redis that throws waiting jobs away, and forgets at a restart', async () => {
    await redis.client.config('SET', 'maxmemory-policy', 'allkeys-lru')
    await redis.client.config('SET', 'appendonly', 'no')
    const { code, check, last } = await doctor()
    await redis.client.config('SET', 'maxmemory-policy', 'noeviction')
    await redis.client.config('SET', 'appendonly', 'yes')
    expect(check('Redis')).toEqual([
      'warn  Redis        allkeys-lru: waiting jobs can vanish when memory is short; AOF is off: a restart forgets what waits, and texts leave seconds later',
      'redis-cli config set maxmemory-policy noeviction',
      'redis-cli config set appendonly yes',
    ])
    expect(last).toBe('10 checks: 9 ok, 1 warning.')
    expect(code).toBe(0)
  })

  test('3. Redis down: that is one line, and the others are judged all the same', async () => {
    const port = await freePort()
    const { code, check, last } = await doctor({ REDIS_URL: `redis://someone:secret@127.0.0.1:${port}` })
    expect(check('Redis')).toEqual([
      `FAIL  Redis        Redis at 127.0.0.1:${port} refused the connection`,
      'start it, or mend REDIS_URL; without it we bring our own',
    ])
    expect(last).toBe('10 checks: 9 ok, 1 failed.')
    expect(code).toBe(1)
  })

  test('4. Postgres down: what cannot be known is said not to be known, and no password is shown', async () => {
    const port = await freePort()
    const { code, stdout, check } = await doctor({
      DATABASE_URL: `postgres://someone:secret@127.0.0.1:${port}/bot`,
    })
    expect(check('Postgres')).toEqual([
      `FAIL  Postgres     Postgres at 127.0.0.1:${port} refused the connection`,
      'start it, or mend DATABASE_URL; without it we bring our own',
    ])
    expect(check('Phone key')[0]).toMatch(/^warn .* not compared: Postgres is out of reach/)
    expect(check('Texts')[0]).toMatch(/^warn .* not counted: Postgres is out of reach$/)
    expect(check('Redis')[0]).toMatch(/^ok /)
    expect(check('Actions')[0]).toMatch(/^ok /)
    expect(stdout).not.toContain('secret')
    expect(code).toBe(1)
  })

  test('5. nobody at PUBLIC_URL', async () => {
    const publicUrl = `http://127.0.0.1:${await freePort()}`
    const { code, lines, check } = await doctor({ PUBLIC_URL: publicUrl })
    expect(check('Public URL')).toEqual([
      expect.stringMatching(new RegExp(`^FAIL\\s+Public URL\\s+${publicUrl} refused the connection$`)),
      'is serve running, and does the proxy pass /webhooks to it?',
    ])
    // The serve that runs here has another address, and Twilio calls that one.
    expect(check('Deployment')[0]).toContain(`Twilio sends its texts elsewhere, to ${webhook}`)
    expect(check('Deployment')[0]).toContain(`another PUBLIC_URL on this database: ${bot.webUrl}`)
    expect(lines).toContain(`  ${publicUrl}/webhooks/twilio/message${RETRIES}`)
    expect(code).toBe(1)
  })

  test('5b. another deployment, with another key, at PUBLIC_URL', async () => {
    const other = await startBot({ roles: ['serve'] })
    const { check } = await doctor({ PUBLIC_URL: other.webUrl })
    await other.stop()
    expect(check('Public URL')[0]).toBe(`FAIL  Public URL   somebody else answers at ${other.webUrl}`)
  })

  test('6. Advanced Opt-Out: Twilio has answered a HELP itself', async () => {
    twilio.state.services = [service({ use_inbound_webhook_on_number: true })]
    twilio.state.members[SERVICE] = [{ short_code: '235246' }]
    const unsure = await doctor()
    await bot.say('+12055550101', 'HELP', { optOutType: 'HELP' })
    const sure = await doctor()
    await bot.say('+12055550102', 'STOP')
    const mended = await doctor()
    twilio.state.services = []
    expect(unsure.check('Sender')[0]).toBe(
      "warn  Sender       235246 is in service MG3f..c1; Twilio's API does not tell whether Advanced Opt-Out is on",
    )
    expect(sure.check('Sender')).toEqual([
      'FAIL  Sender       Advanced Opt-Out is on: Twilio swallows STOP, HELP, YES',
      'ask Twilio support to turn it off for service MG3f..c1',
    ])
    expect([sure.code, mended.code]).toEqual([1, 0])
    expect(mended.check('Sender')[0]).toMatch(/^ok /)
  })

  test('7. old senators, one of them with an ended term', async () => {
    await storeSenators(160, '2026-01-03')
    const { code, check } = await doctor()
    await storeSenators(1, '2031-01-03')
    const [first] = bundledTable.senators
    expect(check('Senators')).toEqual([
      `warn  Senators     160 days old; terms ended: ${first?.last} (${first?.state})`,
      'textaction senators update',
    ])
    expect(code).toBe(0)
  })

  test('8. a second deployment on the same database', async () => {
    const port = String(await freePort())
    const before = { ...bot.env }
    Object.assign(bot.env, { PORT: port, PUBLIC_URL: `http://127.0.0.1:${port}` })
    const second = await bot.start('serve')
    Object.assign(bot.env, before)
    await new Promise((resolve) => setTimeout(resolve, 1_500)) // it reports every second
    const { check } = await doctor()
    await second.kill('SIGTERM')
    expect(check('Deployment')).toEqual([
      `warn  Deployment   another PUBLIC_URL on this database: http://127.0.0.1:${port}, named by 1 web process`,
      'one database, one PUBLIC_URL: stop the other deployment, or give all of them the same',
    ])
    expect((await doctor()).check('Deployment')[0]).toMatch(/^ok /)
  })

  test('9. a token that was rotated, and a sender that is another account’s', async () => {
    const refused = await doctor({ TWILIO_AUTH_TOKEN: 'an-old-one' })
    expect(refused.check('Sender')).toEqual([
      'FAIL  Sender       Twilio refuses TWILIO_ACCOUNT_SID with the first TWILIO_AUTH_TOKEN',
      'copy both from the Twilio console, the newest token first',
    ])
    const foreign = await doctor({ TWILIO_SENDER: '54321' })
    expect(foreign.check('Sender')[0]).toMatch(/^FAIL .* 54321 is not a sender of this account/)
  })

  test('10. Twilio sends the texts elsewhere, or would not try again', async () => {
    const [code] = twilio.state.shortCodes
    if (!code) throw new Error('no short code')
    code.sms_url = 'https://old.example.org/sms'
    const elsewhere = await doctor()
    code.sms_url = webhook
    const once = await doctor()
    code.sms_url = webhook + RETRIES
    expect(elsewhere.check('Deployment')).toEqual([
      'FAIL  Deployment   Twilio sends its texts elsewhere, to https://old.example.org/sms',
      'paste the address below into Twilio',
    ])
    expect(once.check('Deployment')[0]).toMatch(/^warn .* its address lacks #rc=2&rp=5xx,ct,rt$/)
  })

  test('10b. Twilio calls with GET, which nothing here answers', async () => {
    const [code] = twilio.state.shortCodes
    if (!code) throw new Error('no short code')
    code.sms_method = 'GET'
    const byNumber = await doctor()
    code.sms_method = 'POST'
    twilio.state.services = [service({ inbound_request_url: webhook + RETRIES, inbound_method: 'GET' })]
    const byService = await doctor({ TWILIO_MESSAGING_SERVICE_SID: SERVICE })
    twilio.state.services = [service({ inbound_request_url: webhook + RETRIES })]
    const mended = await doctor({ TWILIO_MESSAGING_SERVICE_SID: SERVICE })
    twilio.state.services = []
    for (const { check, code: exit } of [byNumber, byService]) {
      expect(check('Deployment')).toEqual([
        'FAIL  Deployment   Twilio brings its texts by GET, and only POST is taken',
        'choose HTTP POST beside the address in Twilio',
      ])
      expect(exit).toBe(1)
    }
    expect(mended.check('Deployment')[0]).toMatch(/^ok /)
  })

  test('10c. a Messaging Service that the account does not have: no text would leave', async () => {
    const { code, check } = await doctor({ TWILIO_MESSAGING_SERVICE_SID: SERVICE })
    expect(check('Sender')).toEqual([
      'FAIL  Sender       this account has no Messaging Service MG3f..c1: nothing leaves',
      'mend TWILIO_MESSAGING_SERVICE_SID, or leave it out to send from TWILIO_SENDER',
    ])
    expect(code).toBe(1)
  })

  test('11. a database without its schema', async () => {
    const empty = await freshDatabase({ empty: true })
    const { code, check } = await doctor({ DATABASE_URL: empty.url })
    await empty.drop()
    expect(check('Postgres')).toEqual([
      expect.stringMatching(/^FAIL\s+Postgres\s+schema 0 of \d+$/),
      'textaction migrate',
    ])
    expect(code).toBe(1)
  })

  test('12. a word in an action file that is no variable names the file and the line', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'text-action-actions-'))
    writeFileSync(join(dir, 'vote.yaml'), 'name: vote\ntitle: 3\n')
    const { code, check } = await doctor({ ACTIONS_DIR: dir })
    rmSync(dir, { recursive: true })
    expect(check('Actions')[0]).toMatch(/^FAIL\s+Actions\s+\S*vote\.yaml/)
    expect(check('Actions')[1]).toBe('textaction action check')
    expect(code).toBe(1)
  })

  test('13. settings that are wrong: each is a line, the rest is judged, and the exit says configuration', async () => {
    const { code, lines, stderr } = await doctor({ PHONE_KEY: 'short', SEND_WINDOW: '20:00-09:00' })
    expect(lines[0]).toMatch(/^ {2}FAIL {2}Settings {5}PHONE_KEY must be 32 bytes in base64/)
    expect(lines[1]).toMatch(/^ {2}FAIL {2}Settings {5}SEND_WINDOW must be HH:MM-HH:MM/)
    expect(lines.some((line) => line.startsWith('  ok    Redis'))).toBe(true)
    expect(stderr).toMatch(/^error: The configuration needs mending: PHONE_KEY must be .*\n$/)
    expect(code).toBe(2)
  })

  test('14. a key that is missing is told once, with what brings it back', async () => {
    const { code, stdout, stderr, check } = await doctor({ PHONE_KEY: '' })
    expect(stdout.match(/PHONE_KEY/g)).toHaveLength(1)
    expect(check('Phone key')).toEqual([
      'FAIL  Phone key    PHONE_KEY is not set',
      expect.stringMatching(/^bring back key .* from its copy; nothing starts without it$/),
    ])
    expect([code, stderr]).toEqual([2, 'error: The configuration needs mending: PHONE_KEY is missing.\n'])
  })
})

test('on a narrow terminal no word is broken', async () => {
  const { PATH, HOME } = process.env
  const publicUrl = `http://127.0.0.1:${await freePort()}`
  const tty = openTextaction('doctor', { ...bot.env, PATH, HOME, PUBLIC_URL: publicUrl }, 40)
  await tty.ended
  const wide = stripVTControlCharacters(tty.screen())
    .split(/\r?\n/)
    .filter((line) => line.length > 40 && / \S/.test(line.trim()))
  expect(wide).toEqual([])
}, 60_000)
