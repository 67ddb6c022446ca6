import { spawn, type StdioOptions } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readOrNull } from '../../src/adapters/private-server.js'
import { placeOf, removeWithPlace } from '../support/data-dir.js'

// A reader that goes away, or a disk that is full, in the middle of an answer. Nothing else runs on the data meanwhile.

jest.setTimeout(90_000)

const PEOPLE = 3_000
let dir: string
let dataDir: string
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'text-action-unread-'))
  chmodSync(dir, 0o711)
  dataDir = join(dir, 'data')
  const rows = Array.from({ length: PEOPLE }, (_, n) => `+1205556${String(n).padStart(4, '0')},35020`)
  const list = join(dir, 'list.csv')
  writeFileSync(list, ['phone,zip', ...rows].join('\n'))
  const { code, stderr } = await textaction(['people', 'import', list, '--consent', 'Sheet, Oct 4'])
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: `No DATABASE_URL is set: this began a trial in ${dataDir}.\n`,
  })
})
afterAll(() => {
  removeWithPlace(dataDir)
  removeWithPlace(dir)
})

async function textaction(args: readonly string[], output: number | 'head' = 'head', lines = Infinity) {
  const { PATH, HOME } = process.env
  const stdio: StdioOptions = ['ignore', output === 'head' ? 'pipe' : output, 'pipe']
  const child = spawn(process.execPath, ['dist/cli.js', ...args], {
    env: { PATH, HOME, DATA_DIR: dataDir },
    stdio,
  })
  let [stdout, stderr] = ['', '']
  child.stdout?.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
    if (stdout.split('\n').length > lines) child.stdout?.destroy()
  })
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const [code] = (await once(child, 'exit')) as [number | null]
  return { code, stderr, stdout }
}

/** Our own Postgres and Redis on these data, as command lines. */
function ours(): string[] {
  const place = placeOf(dataDir) ?? dataDir
  const port = /^port (\d+)$/m.exec(readFileSync(join(dataDir, 'redis', 'redis.conf'), 'utf8'))?.[1] ?? ''
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => (readOrNull(`/proc/${pid}/cmdline`) ?? '').replaceAll('\0', ' '))
    .filter((line) => line.includes(place) || line.includes(`127.0.0.1:${port}`))
}

test.each([['people', 'export', '--all'], ['people', 'consents', '--json'], ['doctor']])(
  'whoever reads only the first line of %s %s leaves no server of ours running',
  async (...args) => {
    expect(await textaction(args, 'head', 1)).toMatchObject({ code: 0, stderr: '' })
    expect(ours()).toEqual([])
  },
)

test.each([['blast', 'list'], ['people', 'export'], ['people', 'stats', '--json'], ['doctor'], ['--help']])(
  'into a full disk %s %s fails, says why, and leaves no server of ours running',
  async (...args) => {
    const full = openSync('/dev/full', 'w')
    expect(await textaction(args, full)).toMatchObject({
      code: 1,
      stderr: 'error: Cannot write the output: no space left on device.\n',
    })
    closeSync(full)
    expect(ours()).toEqual([])
  },
)
