import { findBlast, insertBlast } from '../../src/db/blasts.js'
import { joinPeople, WORDING } from '../support/blasts.js'
import { startBot, type Bot } from '../support/bot.js'

// What an organizer reads about a blast at every step of its life. No worker runs: what she sees stands still.

const PEOPLE = 12

let bot: Bot
beforeAll(async () => {
  bot = await startBot({ roles: [], env: { APPROVERS: '1' } })
  await joinPeople(bot, PEOPLE)
}, 30_000)
afterAll(() => bot.stop())

const blast = (...args: string[]) => bot.run(['blast', ...args])

async function draft(audience = 'state:AL', ...more: string[]): Promise<string> {
  const { stdout, stderr } = await blast(
    ...['create', '--name', 'pro-act-vote', '--body', WORDING, '--audience', audience, ...more],
  )
  if (stdout === '') throw new Error(stderr)
  return stdout.trim()
}

test('no line of a screen about a blast is wider than the terminal it was drawn for', async () => {
  const id = await draft('state:AL', '--at', 'now')
  const rehearsed = await blast('rehearse', id)
  await blast('approve', id)
  for (const { stdout } of [rehearsed, await blast('show', id), await blast('report', id)])
    for (const line of stdout.split('\n')) expect(line.length <= 80 ? '' : line).toBe('')
}, 30_000)

test('the list says how many more there are, and no people of a blast whose audience is not frozen yet', async () => {
  const { pool } = bot.database
  const one = await findBlast(pool, await draft())
  for (let count = 0; one && count < 20; count++) await insertBlast(pool, `copy${count}`, one, 'lee')
  const { stdout } = await blast('list')
  const all = JSON.parse((await blast('list', '--json')).stdout) as { state: string; people?: number }[]
  expect(stdout).toMatch(new RegExp(`\\n  and ${all.length - 20} more: textaction blast list --json\\n$`))
  expect(all.filter(({ state }) => state === 'draft').map(({ people }) => people ?? 'untold')).toContain(
    'untold',
  )
  expect(all.filter(({ people }) => people === 0)).toEqual([])
}, 60_000)
