import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startBot, type Bot } from '../support/bot.js'

// What cannot start must end: only then does whoever runs it, like systemd or Kubernetes, know and try again.

jest.setTimeout(60_000)
const PATIENCE_MS = 15_000

let bot: Bot
let dir: string
let taken: Server
let takenPort: string
beforeAll(async () => {
  bot = await startBot({ roles: [] })
  dir = mkdtempSync(join(tmpdir(), 'text-action-failed-start-'))
  taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  takenPort = String((taken.address() as AddressInfo).port)
})
afterAll(async () => {
  taken.close()
  rmSync(dir, { recursive: true })
  await bot.stop()
})

/** Starts a role and waits until it ends by itself. code null: it did not, and had to be killed. */
async function ended(role: 'serve' | 'work', more: Record<string, string>) {
  const child = spawn(process.execPath, [join(__dirname, '../../dist/cli.js'), role], {
    env: { ...bot.env, DATA_DIR: dir, ...more },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: PATIENCE_MS,
    killSignal: 'SIGKILL',
  })
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stderr }
}

test('serve whose port is taken says so and ends, and leaves nothing behind that the workers wait for', async () => {
  expect(await ended('serve', { PORT: takenPort })).toEqual({
    code: 1,
    stderr: expect.stringContaining(`Port ${takenPort} is taken`) as string,
  })
  expect((await bot.database.pool.query('select from serves')).rowCount).toBe(0)
})

test('work whose METRICS_PORT is taken says so and ends', async () => {
  expect(await ended('work', { METRICS_PORT: takenPort })).toEqual({
    code: 1,
    stderr: expect.stringContaining(`Port ${takenPort} is taken`) as string,
  })
})

test('serve on an address that is not of this machine says so and ends', async () => {
  expect(await ended('serve', { HOST: '192.0.2.1' })).toEqual({
    code: 2,
    stderr: expect.stringContaining('HOST 192.0.2.1 is no address of this machine') as string,
  })
})

test.each(['DATA_DIR', 'its spool'])(
  'serve where %s is a file says what cannot be written and what to do, and ends',
  async (what) => {
    const dataDir = mkdtempSync(join(dir, 'data-'))
    const file = join(dataDir, 'spool')
    writeFileSync(file, '')
    const { code, stderr } = await ended('serve', { DATA_DIR: what === 'DATA_DIR' ? file : dataDir })
    expect(stderr).toMatch(
      /^error: DATA_DIR .* cannot be written \(E\w+\): .*spool is to keep texts while Postgres is away\. Free that path, or set DATA_DIR to a folder you may write\.\n$/,
    )
    expect(code).toBe(2)
  },
)
