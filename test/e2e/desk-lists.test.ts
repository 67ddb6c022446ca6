import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createVault } from '../../src/adapters/vault.js'
import { importPeople } from '../../src/inbound/import.js'
import { LIMITS } from '../../src/limits.js'
import { startBot, type Bot } from '../support/bot.js'

// What an organizer reads who brings in a list that is not quite right, or words that are not.

let bot: Bot
let dir: string
beforeAll(async () => {
  bot = await startBot({ roles: [] })
  dir = mkdtempSync(join(tmpdir(), 'text-action-lists-'))
}, 30_000)
afterAll(async () => {
  rmSync(dir, { recursive: true })
  await bot.stop()
})

function written(name: string, content: string | Buffer): string {
  const path = join(dir, name)
  writeFileSync(path, content)
  return path
}

const phone = (n: number, area = 301) => `+1${area}${2_000_000 + n}`
const list = (rows: number, area?: number) =>
  Array.from({ length: rows }, (_, n) => `${phone(n, area)},35020\n`).join('')
const importing = (path: string) => ['people', 'import', path, '--consent', 'A test list']

async function peopleHere(): Promise<number> {
  const { rows } = await bot.database.pool.query<{ people: number }>(
    'select count(*)::int as people from people',
  )
  return rows[0]?.people ?? 0
}

async function refusal(...args: string[]): Promise<string> {
  const { code, stderr } = await bot.run(args)
  return `${code} ${stderr.trim()}`
}

test('a quote that is never closed is named with its line, and what is in by then is told', async () => {
  const small = written('small.csv', `phone,zip\n${list(3)}"${phone(3)},35020\n${list(2)}`)
  expect(await refusal(...importing(small))).toBe(
    `1 error: ${small} line 5 has a quote that is never closed. Mend that line and run it again. Nothing was imported.`,
  )
  const lines = written(
    'lines.csv',
    `phone,zip,name\n${phone(0)},35020,"two\nlines"\n\n${phone(1)},35020,"x\n`,
  )
  expect(await refusal(...importing(lines))).toContain(`${lines} line 5 has a quote that is never closed.`)
  const large = written('large.csv', `phone,zip\n${list(60_000)}"${phone(0)},35020\n`)
  expect(await refusal(...importing(large))).toBe(
    `1 error: ${large} line 60,002 has a quote that is never closed. Mend that line and run it again. Rows already in do not change.`,
  )
}, 60_000)

test('a list of nothing but bad rows does not say that some are in', async () => {
  const bad = written('bad.csv', 'phone,zip\n555-01,35020\n')
  expect(await refusal(...importing(bad))).toMatch(
    /^1 error: 1 of 1 rows rejected\. Mend .*bad\.rejected\.csv and import it\. Nothing was imported\.$/,
  )
}, 20_000)

test('the bar moves on also while all rows are bad', async () => {
  const seen: number[] = []
  const bad = Array.from({ length: LIMITS.importBatchRows * 2 }, (_, n) => ({
    ...{ line: n + 2, phone: '555-01', zip: '35020', language: '' },
  }))
  await importPeople(
    { pool: bot.database.pool, vault: createVault(bot.env['PHONE_KEY'] ?? '') },
    {
      ...{ rows: bad, as: 'joined', consent: 'A test list', recordedBy: 'dana' },
      onRejected: () => undefined,
      onProgress: ({ rows }) => seen.push(rows),
    },
  )
  expect(seen).toEqual([LIMITS.importBatchRows, LIMITS.importBatchRows * 2])
})

test('an import that is stopped by Ctrl-C ends with 130 and says how to go on', async () => {
  const before = await peopleHere()
  const path = written('long.csv', `phone,zip\n${list(400_000, 302)}`)
  const child = spawn(process.execPath, ['dist/cli.js', ...importing(path)], {
    env: bot.env,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const closed = once(child, 'close')
  while ((await peopleHere()) === before) await new Promise((resolve) => setTimeout(resolve, 20))
  child.kill('SIGINT')
  const [code] = (await closed) as [number]
  expect([code, stderr]).toEqual([
    130,
    expect.stringMatching(
      /^error: Stopped after [\d,]+ rows\. Run it again to go on\. Rows already in do not change\.\n$/,
    ),
  ])
}, 60_000)

test('words that are not UTF-8 are refused: nobody gets a text with a hole in it', async () => {
  const latin = written('vote.txt', Buffer.from('{{program}}: ¡Llama hoy! STOP to cancel.', 'latin1'))
  expect(await refusal('blast', 'create', '--name', 'x', '--body-file', latin)).toBe(
    `2 error: ${latin} is not UTF-8, so its letters cannot be told for sure. Save it as UTF-8.`,
  )
  const marked = written('marked.txt', '\ufeff{{program}}: Llama hoy. STOP to cancel.')
  const { code, stderr } = await bot.run(['blast', 'create', '--name', 'x', '--body-file', marked])
  expect([code, stderr]).toEqual([0, expect.stringContaining('Draft x: ') as string])
}, 20_000)
