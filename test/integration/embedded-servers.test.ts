import { spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { once } from 'node:events'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import pg from 'pg'
import { openEmbeddedPostgres } from '../../src/adapters/embedded-postgres.js'
import { openEmbeddedRedis } from '../../src/adapters/embedded-redis.js'
import { processMark, type PrivateServer } from '../../src/adapters/private-server.js'
import { openStores } from '../../src/adapters/stores.js'
import { placeOf, removeWithPlace } from '../support/data-dir.js'

jest.setTimeout(60_000)

let dataDir: string
const opened: PrivateServer[] = []

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'text-action-servers-'))
  chmodSync(dataDir, 0o711)
})

afterEach(async () => {
  for (const server of opened.splice(0)) await server.stop()
  removeWithPlace(dataDir)
})

async function open(opening: Promise<PrivateServer>): Promise<PrivateServer> {
  const server = await opening
  opened.push(server)
  return server
}

async function sql<Row extends pg.QueryResultRow>(url: string, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query<Row>(text)).rows
  } finally {
    await client.end()
  }
}

// Elsewhere, where root's clone lies in a folder that Postgres cannot enter.
const postgresData = () => join(placeOf(dataDir) ?? dataDir, 'postgres')
const postmasterPid = () =>
  Number(readFileSync(join(postgresData(), 'postmaster.pid'), 'utf8').split('\n')[0])
const redisPid = () => Number(readFileSync(join(dataDir, 'redis', 'redis.pid'), 'utf8'))

describe('our own Postgres', () => {
  test('keeps what she wrote over a stop and a start', async () => {
    const first = await openEmbeddedPostgres(dataDir)
    expect(first).toMatchObject({ name: 'Postgres', started: true })
    expect(first.version).toMatch(/^\d+\.\d+$/)
    await sql(first.url, 'create table kept (word text)')
    await sql(first.url, `insert into kept values ('¡hola!')`)
    const pid = postmasterPid()
    await first.stop()
    expect(processMark(pid)).toBeNull()

    const second = await open(openEmbeddedPostgres(dataDir))
    expect(await sql(second.url, 'select word from kept')).toEqual([{ word: '¡hola!' }])
    const [settings] = await sql(
      second.url,
      `select current_setting('server_encoding') as encoding, current_setting('fsync') as fsync,
              current_setting('max_connections') as connections, current_setting('listen_addresses') as listens`,
    )
    expect(settings).toEqual({ encoding: 'UTF8', fsync: 'on', connections: '200', listens: '127.0.0.1' })
  })

  test('lets nobody in who does not know the password, which only its owner can read', async () => {
    const server = await open(openEmbeddedPostgres(dataDir))
    expect(statSync(join(dataDir, 'postgres.password')).mode & 0o077).toBe(0)
    const wrong = server.url.replace(/:[0-9a-f]{48}@/, ':guess@')
    await expect(sql(wrong, 'select 1')).rejects.toMatchObject({ code: '28P01' })
  })

  test('opened twice at once is one server, which the last one out stops', async () => {
    const [a, b] = await Promise.all([openEmbeddedPostgres(dataDir), openEmbeddedPostgres(dataDir)])
    expect(a.url).toBe(b.url)
    expect([a.started, b.started].sort()).toEqual([false, true])
    await a.stop()
    expect(await sql(b.url, 'select 1 as one')).toEqual([{ one: 1 }])
    const pid = postmasterPid()
    await b.stop()
    expect(processMark(pid)).toBeNull()
  })

  test('left running by a program that was killed is found again, and stopped by the next one', async () => {
    const orphaned = await openEmbeddedPostgres(dataDir)
    const pid = postmasterPid()
    // As if its program had been killed: its entry names a process that is gone.
    const users = join(dataDir, 'postgres.users')
    rmSync(users, { recursive: true })
    mkdirSync(users)
    writeFileSync(join(users, '4194303-1'), '4194303 1')
    const next = await openEmbeddedPostgres(dataDir)
    expect(next).toMatchObject({ url: orphaned.url, started: false })
    await next.stop()
    expect(processMark(pid)).toBeNull()
  })

  test('killed with kill -9 comes back with everything committed', async () => {
    const server = await open(openEmbeddedPostgres(dataDir))
    await sql(server.url, 'create table kept as select 42 as answer')
    process.kill(postmasterPid(), 'SIGKILL')
    const again = await open(openEmbeddedPostgres(dataDir))
    expect(again.started).toBe(true)
    expect(await sql(again.url, 'select answer from kept')).toEqual([{ answer: 42 }])
  })

  test('a pid file whose number now belongs to a stranger does not keep it from starting', async () => {
    const server = await openEmbeddedPostgres(dataDir)
    const file = join(postgresData(), 'postmaster.pid')
    const lines = readFileSync(file, 'utf8').split('\n')
    await server.stop()
    // The stranger runs as the user Postgres runs as: of another user's process Postgres would not be afraid.
    const { uid, gid } = statSync(postgresData())
    const stranger = spawn('sleep', ['60'], { uid, gid, cwd: '/', stdio: 'ignore' })
    try {
      writeFileSync(file, [stranger.pid, ...lines.slice(1)].join('\n'))
      expect(await open(openEmbeddedPostgres(dataDir))).toMatchObject({ started: true })
    } finally {
      stranger.kill('SIGKILL')
    }
  })

  test('a lost password file says what to do', async () => {
    const server = await open(openEmbeddedPostgres(dataDir))
    writeFileSync(join(dataDir, 'postgres.password'), 'another\n')
    await expect(openEmbeddedPostgres(dataDir)).rejects.toThrow(
      /postgres\.password .* Bring the old file back/,
    )
    expect(server.started).toBe(true)
  })

  const asRoot = process.getuid?.() === 0 ? test : test.skip
  asRoot('under a home that only root may enter keeps its data elsewhere, and says so', async () => {
    chmodSync(dataDir, 0o700)
    const server = await openEmbeddedPostgres(dataDir)
    expect(server.note).toMatch(/cannot enter .* its data are in \/var\/tmp\/text-action-/)
    await sql(server.url, 'create table kept as select 7 as answer')
    await server.stop()
    const again = await open(openEmbeddedPostgres(dataDir))
    expect(await sql(again.url, 'select answer from kept')).toEqual([{ answer: 7 }])
    const owner = spawnSync('stat', ['-c', '%U', postgresData()])
    expect(owner.stdout.toString().trim()).not.toBe('root')
  })

  asRoot('goes on as the user who began its data, whoever has come to the machine since', async () => {
    const before = await openEmbeddedPostgres(dataDir)
    await sql(before.url, 'create table kept as select 7 as answer')
    await before.stop()
    const stranger = '54321' // neither postgres nor nobody
    expect(spawnSync('chown', ['-R', stranger, postgresData()]).status).toBe(0)
    const again = await open(openEmbeddedPostgres(dataDir))
    expect(await sql(again.url, 'select answer from kept')).toEqual([{ answer: 7 }])
  })
})

describe('our own Redis', () => {
  test('never throws work away, keeps it over kill -9, and runs the queues', async () => {
    const server = await open(openEmbeddedRedis(dataDir))
    const client = new Redis(server.url)
    client.on('error', () => undefined)
    expect(await client.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction'])
    expect(await client.config('GET', 'append*')).toEqual(
      expect.arrayContaining(['appendonly', 'yes', 'appendfsync', 'everysec']),
    )
    await client.set('kept', 'yes')
    process.kill(redisPid(), 'SIGKILL')
    client.disconnect()

    const again = await open(openEmbeddedRedis(dataDir))
    expect(again.started).toBe(true)
    const reader = new Redis(again.url, { maxRetriesPerRequest: null })
    expect(await reader.get('kept')).toBe('yes')
    const shared = { connection: reader, prefix: '{replies}' }
    const queue = new Queue('replies', shared)
    const worker = new Worker('replies', (job) => Promise.resolve(job.data as unknown), shared)
    const done = new Promise((resolve) => worker.on('completed', (job) => resolve(job.data)))
    await queue.add('mail', { she: 'texted' })
    expect(await done).toEqual({ she: 'texted' })
    await worker.close()
    await queue.close()
    reader.disconnect()
  })

  test('lets nobody in without the password', async () => {
    const server = await open(openEmbeddedRedis(dataDir))
    expect(statSync(join(dataDir, 'redis.password')).mode & 0o077).toBe(0)
    expect(statSync(join(dataDir, 'redis', 'redis.conf')).mode & 0o077).toBe(0)
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
    socket.write('GET kept\r\n')
    const [answer] = (await once(socket, 'data')) as [Buffer]
    expect(answer.toString()).toContain('NOAUTH')
    socket.destroy()
  })

  test('opened twice at once is one server, which the last one out stops', async () => {
    const [a, b] = await Promise.all([openEmbeddedRedis(dataDir), openEmbeddedRedis(dataDir)])
    expect(a.url).toBe(b.url)
    expect([a.started, b.started].sort()).toEqual([false, true])
    const pid = redisPid()
    await a.stop()
    expect(processMark(pid)).not.toBeNull()
    await b.stop()
    expect(processMark(pid)).toBeNull()
  })
})

describe('the stores', () => {
  test('are our own where the configuration names none, and say so', async () => {
    const stores = await openStores({ databaseUrl: null, redisUrls: null, dataDir })
    expect(stores.describe).toMatch(/^(Redis|Valkey) [\d.]+ and Postgres [\d.]+, our own, in /)
    expect(stores.started).toBe(true)
    const pids = [postmasterPid(), redisPid()]
    await stores.close()
    expect(pids.map(processMark)).toEqual([null, null])
  })

  test('are those the configuration names, and nothing is started', async () => {
    const stores = await openStores({
      databaseUrl: 'postgres://db/x',
      redisUrls: ['redis://a', 'redis://b'],
      dataDir,
    })
    expect(stores).toMatchObject({
      databaseUrl: 'postgres://db/x',
      redisUrls: ['redis://a', 'redis://b'],
      started: false,
    })
    expect(existsSync(postgresData())).toBe(false)
    await stores.close()
  })

  test('one that cannot be opened stops the other and says why', async () => {
    writeFileSync(join(dataDir, 'redis'), 'in the way')
    await expect(openStores({ databaseUrl: null, redisUrls: null, dataDir })).rejects.toThrow()
    expect(existsSync(join(postgresData(), 'postmaster.pid'))).toBe(false)
  })
})
