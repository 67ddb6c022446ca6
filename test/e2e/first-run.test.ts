import { spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { listen } from '../../src/serve.js'
import { ownDev } from '../support/dev.js'
import { freePort } from '../support/free-port.js'

// What an engineer reads when her first start meets something in its way: one line that says what to do.

jest.setTimeout(60_000)

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'text-action-first-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

async function textaction(args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const { PATH, HOME } = process.env
  const child = spawn(process.execPath, ['dist/cli.js', ...args], {
    env: { PATH, HOME, DATA_DIR: dir, PORT: String(await freePort()), ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  return `${code} ${stderr.trim()}`
}

test('a DATA_DIR that cannot be made', async () => {
  const file = join(dir, 'file')
  writeFileSync(file, '')
  const list = join(dir, 'list.csv')
  writeFileSync(list, 'phone,zip\n+12055550142,35020\n')
  for (const args of [['dev'], ['people', 'import', list, '--consent', 'A sheet'], ['migrate']])
    for (const DATA_DIR of [file, join(file, 'below')])
      expect(await textaction(args, { DATA_DIR })).toMatch(
        /^2 error: .*\/file.* \((EEXIST|ENOTDIR)\)\. .*set DATA_DIR to a folder you may write\.$/i,
      )
})

test('a HOST of another machine, or of none', async () => {
  for (const HOST of ['192.0.2.1', 'no-such-host.invalid'])
    expect(await textaction(['dev'], { HOST })).toBe(
      `2 error: HOST ${HOST} is no address of this machine. Set it to 127.0.0.1, or to 0.0.0.0 for all of its addresses.`,
    )
})

test("a port that is root's, and one taken where ten more would be none", async () => {
  const failing = (code: string) => {
    const events = new EventEmitter()
    const listen = () => events.emit('error', Object.assign(new Error(code), { code }))
    return Object.assign(events, { listen }) as unknown as Server
  }
  await expect(listen(failing('EACCES'), 80, '127.0.0.1')).rejects.toThrow(
    /^Port 80 is not for this user: .* Set PORT to a higher one, like 3000\.$/,
  )
  await expect(listen(failing('EADDRINUSE'), 65_530, '127.0.0.1')).rejects.toThrow(
    /run: PORT=65520 npm start$/,
  )
})

test('the last port of all will do', async () => {
  const dev = await ownDev()
  try {
    await dev.start({ PORT: '65535' })
  } finally {
    await dev.remove()
  }
})

test('a Postgres that takes the connection and stays silent', async () => {
  const silent = createServer().listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const { port } = silent.address() as AddressInfo
  try {
    expect(await textaction(['migrate'], { DATABASE_URL: `postgres://u:p@127.0.0.1:${port}/x` })).toBe(
      `1 error: Postgres at 127.0.0.1:${port} takes connections and does not answer. Look after it, or mend DATABASE_URL. Then: textaction doctor`,
    )
  } finally {
    silent.close()
  }
})

test('a Postgres that is not there is named with its place, and without the password', async () => {
  const port = await freePort()
  const DATABASE_URL = `postgres://dana:s3cret@127.0.0.1:${port}/textaction`
  const words = `1 error: Postgres at 127.0.0.1:${port} refused the connection. Start it or mend DATABASE_URL; without it we bring our own.`
  expect(await textaction(['migrate'], { DATABASE_URL })).toBe(words)
  const deployment = {
    TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
    TWILIO_AUTH_TOKEN: '0'.repeat(32),
    TWILIO_API_URL: 'http://127.0.0.1:1',
    PHONE_KEY: Buffer.alloc(32).toString('base64'),
  }
  expect(await textaction(['blast', 'list'], { DATABASE_URL, ...deployment })).toBe(words)
  expect(
    await textaction(['migrate'], { DATABASE_URL: 'postgres://dana:s3cret@no-such-host.invalid/x' }),
  ).toBe(
    '1 error: Postgres at no-such-host.invalid:5432 has no address: is the name right? Start it or mend DATABASE_URL; without it we bring our own.',
  )
})
