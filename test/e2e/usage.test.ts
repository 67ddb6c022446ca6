import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// What somebody reads who types a command for the first time. None of these opens a database.

let dir: string
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'text-action-usage-'))
})
afterAll(() => rmSync(dir, { recursive: true }))

let more: Readonly<Record<string, string>> = {}

async function textaction(...args: readonly string[]) {
  const { PATH, HOME } = process.env
  const env = { PATH, HOME, DATA_DIR: join(dir, 'data'), ...more }
  const child = spawn(process.execPath, ['dist/cli.js', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stdout, stderr: stderr.trim() }
}

test('whoever mistypes a flag is sent to the help of that very command', async () => {
  expect(await textaction('blast', 'create', '--audiance', 'state:AL')).toEqual({
    code: 2,
    stdout: '',
    stderr: 'error: Unknown flag --audiance. Did you mean --audience? See: textaction blast create --help',
  })
  expect((await textaction('blast', 'lunch')).stderr).toMatch(/ See: textaction blast --help$/)
  expect((await textaction('doctor', '--fast')).stderr).toMatch(/ See: textaction doctor --help$/)
  expect((await textaction('lunch')).stderr).toMatch(/ See: textaction --help$/)
})

test('help and --version answer, as everywhere', async () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
  for (const flag of ['--version', '-V'])
    expect(await textaction(flag)).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
  const help = await textaction('--help')
  expect(help.stdout).toContain('--version')
  expect(await textaction('help')).toEqual(help)
  expect(await textaction('help', 'blast', 'create')).toEqual(await textaction('blast', 'create', '--help'))
  expect(await textaction('blast', 'help', 'create')).toEqual(await textaction('blast', 'create', '--help'))
  expect(await textaction('blast', 'help')).toEqual(await textaction('blast', '--help'))
})

test('a slip in a copy of an action file leads to a command that can be run on that copy', async () => {
  const copy = join(dir, 'copies', 'a.yaml')
  mkdirSync(join(dir, 'copies'))
  copyFileSync('actions/pro-act.yaml', copy)
  writeFileSync(copy, readFileSync(copy, 'utf8').replace('{{sen}}', '{{senater}}'))
  const checked = await textaction('action', 'check', copy)
  const [, advised = ''] = /textaction (action show \S+)/.exec(checked.stdout) ?? []
  expect(advised).toBe(`action show ${copy}`)
  expect((await textaction(...advised.split(' '))).stdout).toContain('{{sen}}')
})

test('who puts down a second action file is told which one answers whom', async () => {
  const actions = join(dir, 'actions')
  mkdirSync(actions)
  copyFileSync('actions/pro-act.yaml', join(actions, 'pro-act.yaml'))
  const raise = readFileSync('actions/pro-act.yaml', 'utf8').replace('[WORK]', '[RAISE, WAGES]')
  writeFileSync(join(actions, 'min-wage.yaml'), raise)
  more = { ACTIONS_DIR: actions }
  const line =
    'A keyword picks the action that answers: RAISE or WAGES min-wage, WORK pro-act. Who has texted none is answered by pro-act.\n'
  try {
    expect((await textaction('action', 'list')).stdout).toMatch(new RegExp(`${line}$`))
    expect((await textaction('action', 'check')).stdout).toMatch(new RegExp(`${line}$`))
    const list = JSON.parse((await textaction('action', 'list', '--json')).stdout) as unknown
    expect(list).toMatchObject([
      { id: 'min-wage', answersOthers: false },
      { id: 'pro-act', answersOthers: true },
    ])
  } finally {
    more = {}
  }
  expect((await textaction('action', 'list')).stdout).not.toContain('answered by')
})

test('a file of words is no action file', async () => {
  const words = 'vote-of-a-test.txt'
  writeFileSync(words, 'Call today!')
  try {
    for (const command of ['check', 'show'])
      expect(await textaction('action', command, words)).toMatchObject({
        code: 2,
        stderr: `error: ${words} is no action file: the name of one ends in .yaml. Actions there are: pro-act.`,
      })
  } finally {
    rmSync(words)
  }
})

test('senators update without a way out says so in one sentence', async () => {
  const { code, stderr } = await textaction(
    'senators',
    'update',
    '--from',
    'https://no-such-host.invalid/a.json',
  )
  expect(code).toBe(1)
  expect(stderr).toContain('is this machine online? Nothing was replaced.')
})
