import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// An operator whose settings are not loaded stands before nothing: what she orders reaches nobody, and she is told so.

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'text-action-none-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

async function textaction(args: string, more: NodeJS.ProcessEnv = {}) {
  const { PATH, HOME } = process.env
  const child = spawn(process.execPath, ['dist/cli.js', ...args.split(' ')], {
    env: { PATH, HOME, DATA_DIR: join(dir, 'data'), ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stdout, stderr }
}

const none = () =>
  `There is no trial in ${join(dir, 'data')} and no DATABASE_URL is set: are the settings loaded? npm start begins a trial`

test.each([
  'blast stop-all',
  'blast approve k7m2q',
  'blast pause k7m2q',
  'blast list',
  'blast watch k7m2q',
  'person opt-out +12055550199 --reason asked',
  'person forget +12055550199',
  'person show +12055550199',
  'people stats',
  'people export',
  'people replies',
  'purge',
  'doctor --ledger',
])('without settings %s begins no trial to report success from', async (command) => {
  expect(await textaction(command)).toEqual({ code: 2, stdout: '', stderr: `error: ${none()}.\n` })
  expect(existsSync(join(dir, 'data'))).toBe(false)
})

test('a database that the settings do not name is no new one of our own, though the account is set', async () => {
  const account = {
    TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
    TWILIO_AUTH_TOKEN: '0'.repeat(32),
    TWILIO_API_URL: 'http://127.0.0.1:1',
    PHONE_KEY: Buffer.alloc(32).toString('base64'),
  }
  expect(await textaction('blast stop-all', account)).toMatchObject({
    code: 2,
    stderr: `error: ${none()}.\n`,
  })
  expect(existsSync(join(dir, 'data'))).toBe(false)
})

test('doctor says so, judges the rest, and begins none either', async () => {
  const { code, stdout, stderr } = await textaction('doctor')
  expect(code).toBe(2)
  expect(stdout).toContain(`  FAIL  Settings     ${none()}\n`)
  expect(stdout).toMatch(/^ {2}FAIL {2}Postgres +there is none/m)
  expect(stdout).toMatch(/^ {2}\w+ +Actions +1 file/m)
  expect(stderr).toContain(none())
  expect(existsSync(join(dir, 'data'))).toBe(false)
})
