import { stripVTControlCharacters } from 'node:util'
import { joinPeople, WORDING } from '../support/blasts.js'
import { startBot, type Bot } from '../support/bot.js'
import { openTextaction } from '../support/terminal.js'

// What an organizer is asked on a terminal before something cannot be taken back. No worker runs.

let bot: Bot
beforeAll(async () => {
  bot = await startBot({ roles: [], env: { APPROVERS: '1' } })
  await joinPeople(bot, 12)
}, 30_000)
afterAll(() => bot.stop())

async function draft(...more: string[]): Promise<string> {
  const args = ['blast', 'create', '--name', 'vote', '--body', WORDING, ...more]
  return (await bot.run(args)).stdout.trim()
}

/** Types these keys at the question of a command; the exit code, and what the screen showed from there on. */
async function answered(command: string, question: string, keys: string) {
  const terminal = openTextaction(command, bot.env)
  await terminal.shows(question)
  terminal.type(keys)
  const code = await terminal.ended
  const [, after = ''] = stripVTControlCharacters(terminal.screen()).replaceAll('\r', '').split(question)
  return { code, after }
}

test('Ctrl-C at a question leaves all as it was, and its exit says that it was Ctrl-C', async () => {
  const id = await draft()
  for (const [command, question] of [
    [`blast approve ${id}`, 'press Enter to leave it: '],
    [`blast cancel ${id}`, 'for good? y/N: '],
    ['person forget +12055550142', 'Type FORGET to go on: '],
  ] as const)
    expect(await answered(command, question, '\u0003')).toEqual({
      code: 130,
      after: '\nerror: Nothing was changed.\n',
    })
  expect((await bot.run(['blast', 'list'])).stdout).toContain('draft')
}, 60_000)

test('Enter, and the end of the input, leave all as it was too', async () => {
  const id = await draft()
  for (const keys of ['\r', '\u0004'])
    expect(await answered(`blast approve ${id}`, 'press Enter to leave it: ', keys)).toEqual({
      code: 1,
      after: '\nerror: Nothing was changed.\n',
    })
}, 60_000)

test('whoever approves is told first of those who have had their alert today', async () => {
  await bot.database.pool.query(`update people set alerted = array[now()]`)
  const id = await draft()
  const { stderr } = await bot.run(['blast', 'approve', id])
  await bot.database.pool.query(`update people set alerted = '{}'`)
  expect(stderr).toMatch(
    new RegExp(
      `^  12 people, 12 segments, \\$0\\.12\\.\n  12 of them have had their alert today and will not get it\\. For them too: textaction blast edit ${id} --per-day 2\n$`,
    ),
  )
}, 30_000)
