import { readdirSync, rmSync, mkdtempSync, readFileSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openEmbeddedPostgres } from '../../src/adapters/embedded-postgres.js'
import { processMark, type PrivateServer } from '../../src/adapters/private-server.js'
import { migrate } from '../../src/db/migrate.js'
import { openPool } from '../../src/db/pool.js'
import { ownRedis, type OwnRedis } from '../../test/support/own-redis.js'
import { openTcpProxy, type TcpProxy } from './tcp-proxy.js'

const TEMPLATE = 'chaos_template'

/** The stores that the faults are done to, of our own and in a temporary folder. */
export type Ground = {
  redis: OwnRedis & { pid(): Promise<number>; dir(): Promise<string>; cutTail(bytes: number): Promise<void> }
  postgres: {
    /** By the road on which faults are injected. */
    url(database: string): string
    /** By a road of our own, on which there are none. */
    directUrl(database: string): string
    road: TcpProxy
    /** The way of a crash: no checkpoint, connections cut. */
    crash(): Promise<void>
    start(): Promise<void>
    onServer(statement: string): Promise<void>
    /** Where its files lie: they tell as whom it runs. */
    dataDir(): string
  }
  template: string
  dir: string
  close(): Promise<void>
}

/** Starts Postgres and Redis for a run of the matrix. */
export async function openGround(): Promise<Ground> {
  // Where set-up had to bring a Redis of its own, it is found too.
  process.env['PATH'] = [
    process.env['PATH'],
    resolve(process.env['DATA_DIR'] || '.data', 'redis-server', 'bin'),
  ].join(delimiter)
  const dir = mkdtempSync(join(tmpdir(), `text-action-chaos-${process.pid}-`))
  const handles: PrivateServer[] = []
  const open = async () => {
    // A killed process loses nothing that the system's page cache has: without fsync rows are quicker, and prove the same.
    handles.push(await openEmbeddedPostgres(dir, { fsync: 'off', max_connections: '150' }))
    return new URL(handles.at(-1)?.url ?? '')
  }
  let base = await open()
  const road = await openTcpProxy(Number(base.port))
  const redis = await ownRedis()
  const place = () => readOrNull(join(dir, 'postgres.place')) ?? dir
  const postmaster = () =>
    Number(readFileSync(join(place(), 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0])
  const named = (database: string, port: number) => {
    const url = new URL(base)
    url.pathname = `/${database}`
    url.port = String(port)
    return url.href
  }
  const redisDir = async () => (await redis.client.config('GET', 'dir'))[1] ?? ''

  async function onServer(statement: string): Promise<void> {
    const pool = openPool(base.href, { max: 1 })
    await pool.query(statement).finally(() => pool.end())
  }

  await onServer(`create database ${TEMPLATE}`)
  const template = openPool(named(TEMPLATE, Number(base.port)), { max: 1 })
  await migrate(template)
  await template.end()
  return {
    dir,
    template: TEMPLATE,
    redis: {
      ...redis,
      pid: async () => Number(/process_id:(\d+)/.exec(await redis.client.info('server'))?.[1]),
      dir: redisDir,
      async cutTail(bytes) {
        const folder = join(await redisDir(), 'appendonlydir')
        await redis.kill('SIGKILL')
        for (const name of readdirSync(folder).filter((file) => file.endsWith('.incr.aof'))) {
          const path = join(folder, name)
          truncateSync(path, Math.max(0, readFileSync(path).length - bytes))
        }
      },
    },
    postgres: {
      url: (database) => named(database, road.port),
      directUrl: (database) => named(database, Number(base.port)),
      road,
      async crash() {
        const pid = postmaster()
        process.kill(pid, 'SIGQUIT')
        while (processMark(pid) !== null) await sleep(20)
      },
      async start() {
        base = await open()
        road.aimAt(Number(base.port))
      },
      onServer,
      dataDir: () => join(place(), 'postgres'),
    },
    async close() {
      await road.close()
      await redis.remove()
      for (const handle of handles) await handle.stop()
      const at = readOrNull(join(dir, 'postgres.place'))
      if (at) rmSync(at, { recursive: true, force: true })
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return null
  }
}
