import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MIGRATIONS_DIR, expectedSchema, migrate } from '../../src/db/migrate.js'
import { startBot, type Bot } from '../support/bot.js'
import { crowdFaults, crowdTalks } from '../support/crowd.js'

// The order of a safe deploy: migrate, then work, then serve. What runs works on beside a schema that has grown under it.

jest.setTimeout(90_000)

const NEXT = [
  'alter table people add column nickname text',
  'alter table texts_in add column heard_by text',
  'alter table texts_out add column carrier text',
  'create table next_things (id bigint generated always as identity primary key, what text)',
]

let bot: Bot
let next: string

beforeAll(async () => {
  bot = await startBot()
  next = mkdtempSync(join(tmpdir(), 'text-action-next-'))
  cpSync(MIGRATIONS_DIR, next, { recursive: true })
  // What the version after this one might bring: it only adds, one busy table a file. Two in one transaction wait for a claim
  // that waits for them, and Postgres ends one of the two (seen: nothing was lost, yet the log was full of deadlocks).
  for (const [index, sql] of NEXT.entries())
    writeFileSync(join(next, `${String(expectedSchema() + 1 + index).padStart(4, '0')}_next.sql`), sql)
})
afterAll(async () => {
  await bot.stop()
  rmSync(next, { recursive: true })
})

test('the schema grows while people talk to the old processes: nothing is lost, nothing goes twice', async () => {
  const migrated: Promise<{ applied: string[] }>[] = []
  await crowdTalks(bot, { first: 0, count: 40 }, (sent) => {
    if (sent === 60) migrated.push(migrate(bot.database.pool, next))
  })
  expect((await Promise.all(migrated)).flatMap(({ applied }) => applied)).toHaveLength(NEXT.length)
  await crowdTalks(bot, { first: 100, count: 20 })
  await bot.settled()
  expect(crowdFaults(bot, { first: 0, count: 40 })).toEqual([])
  expect(crowdFaults(bot, { first: 100, count: 20 })).toEqual([])
  const faults = bot.roles.flatMap(({ log }) => log).filter((line) => line.includes('"event":"fault"'))
  expect(faults).toEqual([])
})

test('an old program that is started anew refuses the newer schema, and says what to do', async () => {
  for (const role of ['serve', 'work'] as const)
    await expect(bot.start(role)).rejects.toThrow(/this program knows only \d+. Start the newer version/)
  const { code, stderr } = await bot.run(['migrate'])
  expect([code, stderr]).toEqual([
    1,
    `error: The database has schema ${expectedSchema() + NEXT.length}, this program knows only ${expectedSchema()}. Start the newer version of Text Action.\n`,
  ])
})
