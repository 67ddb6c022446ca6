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

async function textaction(...args: readonly string[]) {
  const { PATH, HOME } = process.env
  const env = { PATH, HOME, DATA_DIR: join(dir, 'data') }
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
