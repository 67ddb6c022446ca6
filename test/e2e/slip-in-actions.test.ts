import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { joinPeople } from '../support/blasts.js'
import { startBot, type Bot } from '../support/bot.js'
import { freePort } from '../support/free-port.js'

// An organizer has saved an action file with a slip in it, or stands in a folder without any.

jest.setTimeout(60_000)

let bot: Bot
let dir: string
beforeAll(async () => {
  bot = await startBot({ roles: [], env: { APPROVERS: '1' } })
  await joinPeople(bot, 4, () => ({ state: 'AL' }))
  dir = mkdtempSync(join(tmpdir(), 'text-action-slip-'))
  cpSync('actions', dir, { recursive: true })
  writeFileSync(join(dir, 'slip.yaml'), 'name: slip\n  ask: [\n')
})
afterAll(async () => {
  rmSync(dir, { recursive: true })
  await bot.stop()
})

const slipped = (...args: string[]) => bot.run(args, '', { ACTIONS_DIR: dir })

async function scheduled(): Promise<string> {
  const words = '{{program}}: call today, Sen. {{last1}} {{phone1}}. STOP to cancel.'
  const flags = ['--name', 'vote', '--body', words, '--at', '+60m', '--json']
  const { stdout } = await bot.run(['blast', 'create', ...flags])
  const { id } = JSON.parse(stdout) as { id: string }
  await bot.run(['blast', 'approve', id, '--yes'])
  return id
}

test('she still stops every blast, pauses and cancels one, and takes a person out', async () => {
  const id = await scheduled()
  for (const args of [
    ['blast', 'pause', id],
    ['blast', 'stop-all'],
    ['blast', 'cancel', id],
    ['person', 'opt-out', '+12055550100', '--reason', 'asked by phone'],
    ['people', 'export'],
  ])
    expect({ args, ...(await slipped(...args)) }).toMatchObject({ code: 0, stderr: '' })
  expect((await bot.run(['blast', 'list'], '', { ACTIONS_DIR: join(dir, 'none') })).code).toBe(0)
})

test('what needs the words names the slip', async () => {
  for (const args of [['blast', 'create', '--name', 'x', '--body', 'Call today'], ['work']]) {
    const { code, stderr } = await slipped(...args)
    expect(code).toBe(2)
    expect(stderr).toMatch(/^error: .*slip\.yaml/)
  }
})

test('a file that was not saved as UTF-8 is refused by whatever would text its words: nobody gets one with a hole in it', async () => {
  const latin = mkdtempSync(join(tmpdir(), 'text-action-latin-'))
  const yaml = readFileSync('actions/pro-act.yaml', 'utf8').replace('hasta 8', 'español, 8')
  writeFileSync(join(latin, 'latin.yaml'), Buffer.from(yaml, 'latin1'))
  for (const [code, ...args] of [
    [2, 'work'],
    [2, 'action', 'list'],
    [1, 'doctor'],
  ] as const) {
    const { stdout, stderr, ...ended } = await bot.run(args, '', { ACTIONS_DIR: latin })
    expect({ args, ...ended, said: stdout + stderr }).toEqual({
      ...{ args, code },
      said: expect.stringMatching(
        /latin\.yaml\s+is\s+not\s+UTF-8,\s+so\s+its\s+letters\s+cannot\s+be\s+told/,
      ) as string,
    })
  }
  rmSync(latin, { recursive: true })
})

test('the web part starts again, so that her people are heard', async () => {
  const web = await bot.start('serve', { ACTIONS_DIR: dir, PORT: String(await freePort()) })
  await web.kill('SIGTERM')
})
