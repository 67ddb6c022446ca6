import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createVault } from '../../src/adapters/vault.js'
import { startBot, type Bot } from '../support/bot.js'

// What an auditor can rely on in a list of people: that it is whole, or says that it is not, and that its reading is on record.

const CLI = join(__dirname, '../../dist/cli.js')
const PEOPLE = 12_050
const LISTS = [
  ['export', 'export'],
  ['consents', 'consents'],
] as const

let bot: Bot
beforeAll(async () => {
  bot = await startBot({ roles: [] })
  const sealed = createVault(bot.env['PHONE_KEY'] ?? '').seal('+12055550100')
  await bot.database.pool.query(
    `with everybody as (
       insert into people (phone_hash, phone_sealed, standing, zip, state, joined_at)
       select sha256(int8send(n)), $1, 'joined', '35020', 'AL', now() from generate_series(1, ${PEOPLE}) n returning id)
     insert into consents (person_id, kind, via) select id, 'joined', 'text' from everybody`,
    [sealed],
  )
}, 30_000)
afterAll(() => bot.stop())
beforeEach(() => bot.database.pool.query('truncate readings'))

const started = (command: string) =>
  spawn(process.execPath, [CLI, 'people', command], {
    env: { ...bot.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
const ended = async (child: ChildProcess) => ((await once(child, 'close')) as [number])[0]
const readings = async () =>
  (await bot.database.pool.query<{ what: string; count: number }>('select what, count from readings')).rows

test.each(LISTS)(
  'people %s that nobody disturbs is whole, and on record with its count',
  async (command, what) => {
    const { code, stdout } = await bot.run(['people', command])
    expect([code, stdout.trimEnd().split('\n').length]).toEqual([0, 1 + PEOPLE])
    expect(await readings()).toEqual([{ what, count: PEOPLE }])
  },
)

test.each(LISTS)(
  'people %s that was stopped in the middle does not pass for a whole one',
  async (command, what) => {
    const child = started(command)
    let lines = 0
    await once(child.stdout, 'readable') // nothing is read on until it has been told to stop
    child.kill('SIGTERM')
    child.stdout.on('data', (chunk: Buffer) => (lines += chunk.toString().split('\n').length - 1))
    expect(await ended(child)).toBe(130)
    expect(lines).toBeLessThan(PEOPLE)
    const [reading] = await readings()
    expect(reading?.what).toBe(what)
    expect(reading?.count).toBeGreaterThanOrEqual(lines - 1)
  },
)

test.each(LISTS)(
  'whoever reads only the first lines of people %s is on record too',
  async (command, what) => {
    const child = started(command)
    const [chunk] = (await once(child.stdout, 'data')) as [Buffer]
    child.stdout.destroy()
    expect(chunk.toString()).toMatch(/^phone,/)
    await ended(child)
    const [reading] = await readings()
    expect(reading?.what).toBe(what)
    expect(reading?.count).toBeGreaterThan(0)
  },
)
