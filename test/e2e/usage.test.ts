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

const textaction = (...args: readonly string[]) => textactionWith({}, ...args)

async function textactionWith(more: Readonly<Record<string, string>>, ...args: readonly string[]) {
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
  const line =
    'A keyword picks the action that answers: RAISE or WAGES min-wage, WORK pro-act. Who has texted none is answered by pro-act.\n'
  const there = (...args: readonly string[]) => textactionWith({ ACTIONS_DIR: actions }, ...args)
  expect((await there('action', 'list')).stdout).toMatch(new RegExp(`${line}$`))
  expect((await there('action', 'check')).stdout).toMatch(new RegExp(`${line}$`))
  const list = JSON.parse((await there('action', 'list', '--json')).stdout) as unknown
  expect(list).toMatchObject([
    { id: 'min-wage', answersOthers: false },
    { id: 'pro-act', answersOthers: true },
  ])
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

describe('an action file with a slip', () => {
  const yaml = readFileSync('actions/pro-act.yaml', 'utf8')
  const folderWith = (name: string, files: Readonly<Record<string, string | Buffer>>) => {
    mkdirSync(join(dir, name))
    for (const [file, words] of Object.entries(files)) writeFileSync(join(dir, name, file), words)
    return join(dir, name)
  }
  const latin = Buffer.from(yaml.replace('hasta 8 alertas', 'español, 8 alertas'), 'latin1')

  test('that was not saved as UTF-8 fails, and is not folded', async () => {
    const folder = folderWith('latin', { 'a.yaml': latin })
    const line = latin
      .subarray(
        0,
        latin.findIndex((byte) => byte > 0x7f),
      )
      .toString('latin1')
      .split('\n').length
    for (const fold of [[], ['--fold']]) {
      const { code, stdout } = await textaction('action', 'check', join(folder, 'a.yaml'), ...fold)
      expect([code, stdout]).toEqual([
        1,
        expect.stringContaining(
          `  FAIL  line ${line}: not UTF-8, so its letters cannot be told for sure. Save it as UTF-8\n`,
        ) as string,
      ])
    }
    expect(readFileSync(join(folder, 'a.yaml')).equals(latin)).toBe(true)
  })

  test('in a text that knows no senators is told what was meant, as in a blast', async () => {
    const folder = folderWith('meant', { 'a.yaml': yaml.replace("What's your 5-digit ZIP?", '{{senater}}') })
    expect((await textaction('action', 'check', join(folder, 'a.yaml'))).stdout).toMatch(
      /FAIL {2}line 44: \{\{senater\}\} is no variable\. Did you mean \{\{sen1\}\}\? It has no value in this text\n/,
    )
  })

  test('that breaks all the rest shows its first faults, and how many more there are', async () => {
    const broken = yaml.replace(/^ {6}(?=\w+: \|$)/gm, (indent, at: number) =>
      at % 2 ? indent : `${indent} `,
    )
    const file = join(folderWith('broken', { 'a.yaml': broken }), 'a.yaml')
    const { stdout } = await textaction('action', 'check', file)
    const { files } = JSON.parse((await textaction('action', 'check', file, '--json')).stdout) as {
      files: { faults: unknown[] }[]
    }
    const all = files[0]?.faults.length ?? 0
    expect(all).toBeGreaterThan(20)
    expect(stdout.match(/FAIL/g)).toHaveLength(5)
    expect(stdout).toContain(`\n  and ${all - 5} more, perhaps all from the first\n`)
    expect(stdout).toContain(`1 file: not valid, ${all} faults.`)
    const { stderr } = await textactionWith({ ACTIONS_DIR: join(dir, 'broken') }, 'action', 'list')
    expect(stderr.split('\n')).toHaveLength(6)
    expect(stderr).toContain(`and ${all - 5} more. See: textaction action check ${file}`)
  })

  test('stands in a folder: all files of the folder are checked', async () => {
    const folder = folderWith('both', { 'a.yaml': yaml, 'b.yaml': yaml.replace('{{sen1}}', '{{senater}}') })
    const { code, stdout } = await textaction('action', 'check', folder)
    expect([code, stdout]).toEqual([1, expect.stringContaining('2 files: 1 not valid') as string])
    writeFileSync(join(folder, 'b.yaml'), yaml)
    expect((await textaction('action', 'check', folder)).stderr).toContain('belongs to two actions, a and b.')
    expect((await textaction('action', 'show', folder)).stderr).toBe(
      `error: ${folder} is a folder. Name an action file in it.`,
    )
  })
})

test('an option left empty, as by a variable of the shell that is not set, is a slip and means nobody', async () => {
  const everybody =
    'error: --audience is empty: is a variable of your shell unset? Without --audience it is everybody.'
  const draft = ['blast', 'create', '--name', 'vote', '--body', 'Call today!']
  for (const command of [draft, ['people', 'export']])
    for (const empty of ['', '  '])
      expect(await textaction(...command, '--audience', empty)).toEqual({
        code: 2,
        stdout: '',
        stderr: everybody,
      })
  for (const flag of ['--at', '--until', '--zone', '--per-day', '--action', '--as'])
    expect(await textaction(...draft, flag, '')).toEqual({
      code: 2,
      stdout: '',
      stderr: `error: ${flag} is empty: is a variable of your shell unset? Give it a value, or leave it away.`,
    })
  expect((await textaction('blast', 'edit', 'k7m2q', '--audience', '')).stderr).toContain(
    '--audience is empty: is a variable of your shell unset? To write to everybody after all, make a new draft without --audience.',
  )
  expect((await textaction('person', 'opt-out', '+12055550142', '--reason', '')).stderr).toContain(
    '--reason is empty',
  )
})

test('help for a noun that does not exist is a slip, not an answer', async () => {
  const unknown = { code: 2, stdout: '', stderr: 'error: Unknown command restore. See: textaction --help' }
  for (const args of [['restore', '--help'], ['help', 'restore'], ['restore', '-h'], ['restore']])
    expect(await textaction(...args)).toEqual(unknown)
  expect((await textaction('blast', 'lunch', '--help')).code).toBe(2)
  expect((await textaction('blasts', '--help')).stderr).toContain('Did you mean blast?')
})

test('whoever forgets the quotes around an answer is told of them', async () => {
  expect(await textaction('people', 'answer', '17', 'hello', 'world')).toEqual({
    code: 2,
    stdout: '',
    stderr:
      'error: Too many words for answer: 3, and it takes 2. Put what has spaces in quotes, like "hello world". See: textaction people answer --help',
  })
})
