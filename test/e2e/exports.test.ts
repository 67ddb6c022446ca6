import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { createVault } from '../../src/adapters/vault.js'
import { startBot, type Bot } from '../support/bot.js'

// What an auditor can rely on in a list of people: that it is whole, or says that it is not, and that its reading is on record.

const CLI = join(__dirname, '../../dist/cli.js')
const PEOPLE = 12_050
const LISTS = [
  ['export', 'export'],
  ['export --json', 'export'],
  ['consents', 'consents'],
  ['consents --json', 'consents'],
] as const
const HEAD_AND_FOOT = { csv: 1, json: 2 }

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
  spawn(process.execPath, [CLI, 'people', ...command.split(' ')], {
    env: { ...bot.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
const ended = async (child: ChildProcess) => ((await once(child, 'close')) as [number])[0]
const readings = async () =>
  (await bot.database.pool.query<{ what: string; count: number }>('select what, count from readings')).rows

test.each(LISTS)(
  'people %s that nobody disturbs is whole, and on record with its count',
  async (command, what) => {
    const { code, stdout } = await bot.run(['people', ...command.split(' ')])
    const around = HEAD_AND_FOOT[command.endsWith('--json') ? 'json' : 'csv']
    expect([code, stdout.trimEnd().split('\n').length]).toEqual([0, around + PEOPLE])
    expect(await readings()).toEqual([{ what, count: PEOPLE }])
  },
)

test.each(['export', 'consents'])(
  'a program that reads people %s --json finds what stands in the CSV, under the same names',
  async (command) => {
    const rows = parse((await bot.run(['people', command])).stdout, { columns: true })
    const found = JSON.parse((await bot.run(['people', command, '--json'])).stdout) as Record<
      string,
      string | number | null
    >[]
    expect(found[0]).toMatchObject({ phone: '+12055550100' })
    const asCells = found.map((one) =>
      Object.fromEntries(Object.entries(one).map(([name, value]) => [name, String(value ?? '')])),
    )
    expect(asCells).toEqual(rows)
  },
)

test('a list of nobody is an empty array for a program', async () => {
  const { code, stdout } = await bot.run(['people', 'export', '--json', '--audience', 'state:WV'])
  expect([code, JSON.parse(stdout)]).toEqual([0, []])
})

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
    expect(chunk.toString()).toMatch(command.endsWith('--json') ? /^\[/ : /^phone,/)
    await ended(child)
    const [reading] = await readings()
    expect(reading?.what).toBe(what)
    expect(reading?.count).toBeGreaterThan(0)
  },
)
