import { execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import type * as FileSystem from 'node:fs'
import type * as FileSystemPromises from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createFileSpool, spoolBytes } from '../../src/adapters/file-spool.js'
import { createVault } from '../../src/adapters/vault.js'

const KEY = randomBytes(32).toString('base64')
const vault = createVault(KEY)

const fs = jest.requireActual<typeof FileSystem>('node:fs')
const fsPromises = jest.requireActual<typeof FileSystemPromises>('node:fs/promises')
/** As when its file system has been mounted anew, read-only. The answer makes it writable again. */
function readOnly(): () => void {
  const refused = Object.assign(new Error('EROFS: read-only file system'), { code: 'EROFS' })
  const { open: really } = fsPromises
  const spies = [
    jest.spyOn(fs, 'rmSync').mockImplementation(() => {
      throw refused
    }),
    jest
      .spyOn(fsPromises, 'open')
      .mockImplementation((path, flags) => (flags === 'r' ? really(path, flags) : Promise.reject(refused))),
  ]
  return () => spies.forEach((spy) => spy.mockRestore())
}

let dir: string
beforeEach(() => {
  dir = join(mkdtempSync(join(tmpdir(), 'text-action-spool-')), 'spool')
})
afterEach(() => rmSync(join(dir, '..'), { recursive: true, force: true }))

const open = () => createFileSpool<string>(dir, vault)
const spooled = () => readdirSync(dir).filter((name) => name.endsWith('.spool'))
const only = () => join(dir, spooled()[0] ?? '')

async function drained(spool = open()): Promise<string[]> {
  const taken: string[] = []
  await spool.drain((entry) => {
    taken.push(entry)
    return Promise.resolve('taken')
  })
  return taken
}

/** As when its process was killed a while ago. */
async function untilQuiet(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 3_100))
}

test('what she wrote lies on disk sealed, in files and a folder only we may read', async () => {
  await open().append('+12055550100: please STOP')
  expect(readFileSync(only(), 'utf8')).not.toMatch(/2055550100|STOP/)
  expect(statSync(only()).mode & 0o777).toBe(0o600)
  expect(statSync(dir).mode & 0o777).toBe(0o700)
})

test('texts come back in the order they came in, once, and then the spool is empty', async () => {
  const spool = open()
  const texts = Array.from({ length: 200 }, (_, i) => `text ${i}`)
  await Promise.all(texts.map((text) => spool.append(text)))
  expect(spool.isEmpty()).toBe(false)
  expect(await drained(spool)).toEqual(texts)
  expect(spool.isEmpty()).toBe(true)
  expect(await drained(spool)).toEqual([])
  expect(await spoolBytes(dir)).toEqual({ waiting: 0, setAside: 0 })
})

test('a drain that stops in the middle loses neither the rest nor what comes in meanwhile', async () => {
  const spool = open()
  for (const text of ['a', 'b', 'c']) await spool.append(text)
  const stopped = spool.drain((text) =>
    text === 'b' ? Promise.reject(new Error('away again')) : Promise.resolve('taken'),
  )
  await expect(stopped).rejects.toThrow('away again')
  await spool.append('d')
  await expect(spool.drain(() => Promise.reject(new Error('still away')))).rejects.toThrow()
  await spool.append('e')
  expect(await drained(spool)).toEqual(['b', 'c', 'd', 'e'])
  expect(readdirSync(dir)).toEqual([])
})

test('texts that come in during a drain are drained too, and none overtakes another', async () => {
  const spool = open()
  const taken: string[] = []
  await spool.append('0')
  let next = 1
  await spool.drain(async (text) => {
    taken.push(text)
    if (next < 50) await spool.append(String(next++))
    return 'taken'
  })
  expect(taken).toEqual(Array.from({ length: 50 }, (_, i) => String(i)))
  expect(spool.isEmpty()).toBe(true)
})

test('what is left for later comes again in its place with the next drain, and what was taken does not', async () => {
  const spool = open()
  for (const text of ['her first', 'another', 'her second']) await spool.append(text)
  const offered: string[] = []
  await spool.drain((text) => {
    offered.push(text)
    return Promise.resolve(text.startsWith('her') ? 'later' : 'taken')
  })
  expect(offered).toEqual(['her first', 'another', 'her second'])
  expect(spool.isEmpty()).toBe(false)
  await spool.append('her third')
  expect(await drained(spool)).toEqual(['her first', 'her second', 'her third'])
  expect(spool.isEmpty()).toBe(true)
  expect(readdirSync(dir)).toEqual([])
})

test('a last line torn by a crash holds up nobody: it was never acknowledged, and all others come back', async () => {
  const spool = open()
  await spool.append('whole')
  appendFileSync(only(), `\n${vault.seal('torn').toString('base64').slice(0, 20)}`)
  expect(await drained(spool)).toEqual(['whole'])
  expect(readdirSync(dir)).toEqual([])
})

test('a line that a full disk left half-written does not spoil the one written after it', async () => {
  const spool = open()
  await spool.append('before')
  appendFileSync(only(), `\n${vault.seal('half').toString('base64').slice(0, 20)}`)
  await spool.append('after')
  expect(await drained(spool)).toEqual(['before', 'after'])
})

test('a whole line that cannot be opened, or that nobody can ever take, is kept aside for a person, not thrown away', async () => {
  const spool = open()
  await spool.append('good')
  appendFileSync(only(), `\n${randomBytes(60).toString('base64')}\n`)
  await spool.append('poison')
  await spool.append('last')
  const taken: string[] = []
  await spool.drain((text) => {
    taken.push(text)
    return Promise.resolve(text === 'poison' ? 'never' : 'taken')
  })
  expect(taken).toEqual(['good', 'poison', 'last'])
  expect(spool.isEmpty()).toBe(true)
  const aside = readFileSync(join(dir, 'set-aside'), 'utf8').split('\n').filter(Boolean)
  expect(aside).toHaveLength(2)
  expect(vault.open(Buffer.from(aside[1] ?? '', 'base64'))).toBe('"poison"')
  expect(statSync(join(dir, 'set-aside')).mode & 0o777).toBe(0o600)
  // It is told apart from what waits: nothing drains it, and nobody is to be woken for it until it is.
  expect(await spoolBytes(dir)).toEqual({ waiting: 0, setAside: statSync(join(dir, 'set-aside')).size })
  await spool.append('next')
  expect((await spoolBytes(dir)).waiting).toBe(statSync(only()).size)
})

test('what a killed process left is taken over by another one on the same folder, once it is quiet', async () => {
  await open().append('left behind')
  const other = open()
  expect(other.isEmpty()).toBe(false)
  expect(await drained(other)).toEqual([])
  expect(other.isEmpty()).toBe(false)
  await untilQuiet()
  expect(await drained(other)).toEqual(['left behind'])
  expect(other.isEmpty()).toBe(true)
}, 10_000)

test('what a killed process wrote by a clock that was ahead is taken over all the same', async () => {
  await open().append('left behind')
  const ahead = new Date(Date.now() + 3_600_000)
  utimesSync(only(), ahead, ahead)
  expect(await drained(open())).toEqual(['left behind'])
})

test('while the disk is too full to set a line aside the other texts are taken in; it is set aside once there is room', async () => {
  const spool = open()
  await spool.append('poison')
  await spool.append('good')
  const taken: string[] = []
  const drain = () =>
    spool.drain((text) => {
      taken.push(text)
      return Promise.resolve(text === 'poison' ? 'never' : 'taken')
    })
  const again = readOnly()
  await expect(drain()).rejects.toThrow('EROFS') // it is told
  again()
  expect(taken).toEqual(['poison', 'good'])
  expect(spool.isEmpty()).toBe(false)
  await drain()
  expect(taken.filter((text) => text === 'good')).toHaveLength(1)
  expect(readFileSync(join(dir, 'set-aside'), 'utf8').split('\n').filter(Boolean)).toHaveLength(1)
  expect(spool.isEmpty()).toBe(true)
})

test('two web processes on one folder, both writing and both draining: every text is handed over, none is lost', async () => {
  const spools = [open(), open()]
  const taken = new Set<string>()
  const written: string[] = []
  const until = Date.now() + 4_000
  const drain = async (spool: (typeof spools)[number]) => {
    while (Date.now() < until)
      await spool.drain((text) => {
        taken.add(text)
        return Promise.resolve('taken')
      })
  }
  const write = async (spool: (typeof spools)[number], name: string) => {
    for (let i = 0; Date.now() < until; i++) {
      await spool.append(`${name}${i}`)
      written.push(`${name}${i}`)
    }
  }
  await Promise.all(spools.flatMap((spool, n) => [write(spool, `${n}-`), drain(spool)]))
  await untilQuiet()
  for (const spool of spools) for (const text of await drained(spool)) taken.add(text)
  expect(written.length).toBeGreaterThan(100)
  expect(written.filter((text) => !taken.has(text))).toEqual([])
  expect(spooled()).toEqual([])
}, 20_000)

test.each([1, 20])(
  'after %i texts a quiet process writes again while two others drain its file, one of them done with it: nothing is lost',
  async (before) => {
    const writer = open()
    const texts = Array.from({ length: before }, (_, i) => `text ${10 + i}`)
    for (const text of texts) await writer.append(text)
    const file = only()
    await untilQuiet()
    const taken: string[] = []
    await open().drain(async (text) => {
      taken.push(text)
      if (text !== texts.at(-1)) return 'taken'
      rmSync(file) // the other one has taken them all
      await writer.append('text 99')
      expect(only()).toBe(file)
      return 'taken'
    })
    await untilQuiet()
    expect([...taken, ...(await drained())]).toEqual([...texts, 'text 99'])
  },
  20_000,
)

test('a process killed while it writes: every text it had called safe comes back', async () => {
  const program = `
    import { createFileSpool } from ${JSON.stringify(join(__dirname, '../../dist/adapters/file-spool.js'))}
    import { createVault } from ${JSON.stringify(join(__dirname, '../../dist/adapters/vault.js'))}
    const spool = createFileSpool(${JSON.stringify(dir)}, createVault(${JSON.stringify(KEY)}))
    for (let i = 0; ; i++) { await spool.append('text ' + i); process.stdout.write(i + '\\n') }`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let out = ''
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString()
    if (out.split('\n').length > 200) child.kill('SIGKILL')
  })
  await once(child, 'close')
  const safe = out.trim().split('\n').length
  await untilQuiet()
  const taken = await drained()
  expect(safe).toBeGreaterThanOrEqual(200)
  expect(taken.slice(0, safe)).toEqual(Array.from({ length: safe }, (_, i) => `text ${i}`))
}, 15_000)

test('where nothing can be written, both the text and the probe are refused', async () => {
  const spool = open()
  rmSync(dir, { recursive: true })
  writeFileSync(dir, 'a file where the folder was')
  await expect(spool.append('text')).rejects.toThrow()
  await expect(spool.probe()).rejects.toThrow()
})

test('a folder that somebody removed is made again for the next text', async () => {
  const spool = open()
  rmSync(dir, { recursive: true })
  expect(await drained(spool)).toEqual([])
  await spool.append('text')
  expect(statSync(dir).mode & 0o777).toBe(0o700)
  expect(await drained(spool)).toEqual(['text'])
})

test.each([0, 1])(
  'with a file where the folder was, and %i texts gone with it, nothing waits: texts go to Postgres as ever, and to the spool once it can be one',
  async (before) => {
    const spool = open()
    if (before > 0) await spool.append('gone')
    rmSync(dir, { recursive: true })
    writeFileSync(dir, 'a file where the folder was')
    await expect(spool.append('refused')).rejects.toThrow()
    expect(await drained(spool)).toEqual([])
    expect(spool.isEmpty()).toBe(true)
    await expect(spool.append('refused')).rejects.toThrow()
    expect(spool.isEmpty()).toBe(true)
    rmSync(dir)
    await spool.append('text')
    expect(spool.isEmpty()).toBe(false)
    expect(await drained(spool)).toEqual(['text'])
  },
)

test('with a disk that became read-only a text that was handed over holds up nobody, and its file goes when it can', async () => {
  const spool = open()
  await spool.append('STOP')
  const mended = readOnly()
  try {
    expect(await drained(spool)).toEqual(['STOP'])
    expect(spool.isEmpty()).toBe(true)
    await expect(spool.append('refused')).rejects.toThrow('read-only')
    expect(spool.isEmpty()).toBe(true)
    expect(await drained(spool)).toEqual([])
    expect(spooled()).toHaveLength(1)
  } finally {
    mended()
  }
  await spool.append('START')
  expect(spool.isEmpty()).toBe(false)
  expect(await drained(spool)).toEqual(['START'])
  expect(readdirSync(dir)).toEqual([])
})

test('a text that a living process adds to a file which could not be removed is handed over too', async () => {
  const writer = open()
  await writer.append('first')
  const other = open()
  await untilQuiet()
  const mended = readOnly()
  expect(await drained(other)).toEqual(['first'])
  mended()
  await writer.append('second')
  expect(spooled()).toHaveLength(1)
  expect(await drained(other)).toEqual([])
  expect(other.isEmpty()).toBe(false)
  await untilQuiet()
  expect(await drained(other)).toEqual(['second'])
  expect(other.isEmpty()).toBe(true)
  expect(spooled()).toEqual([])
}, 15_000)

test('on a full disk the probe is refused, though a file can still be made there, and leaves nothing behind', async () => {
  const program = `
    import { createFileSpool } from ${JSON.stringify(join(__dirname, '../../dist/adapters/file-spool.js'))}
    await createFileSpool(${JSON.stringify(dir)}, null).probe().then(() => console.log('fine'), (error) => console.log(error.code))`
  const probed = async (limit: string) => {
    const args = [
      '-c',
      `ulimit -f ${limit}; exec "$0" --input-type=module -e "$1"`,
      process.execPath,
      program,
    ]
    return (await promisify(execFile)('bash', args)).stdout.trim()
  }
  expect(await probed('unlimited')).toBe('fine')
  expect(await probed('1')).toBe('EFBIG') // no file may be longer than 1 KB: as near to a full disk as a test gets without being root
  expect(readdirSync(dir)).toEqual([])
})

test('however often /readyz is asked, the disk is asked once in five seconds', async () => {
  const spool = open()
  const opened = jest.spyOn(fsPromises, 'open')
  const clock = jest.spyOn(performance, 'now')
  try {
    clock.mockReturnValue(1_000)
    await Promise.all([spool.probe(), spool.probe()])
    clock.mockReturnValue(5_900)
    await spool.probe()
    expect(opened).toHaveBeenCalledTimes(1)
    clock.mockReturnValue(6_100)
    await spool.probe()
    expect(opened).toHaveBeenCalledTimes(2)
  } finally {
    opened.mockRestore()
    clock.mockRestore()
  }
})
