import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { freePort } from './free-port.js'

export type OwnRedis = {
  url: string
  client: Redis
  kill(signal: NodeJS.Signals): Promise<void>
  start(): Promise<void>
  remove(): Promise<void>
}

/** A Redis that a test may kill, pause and flush: always on the same port, with its data kept between starts. */
export async function ownRedis(): Promise<OwnRedis> {
  const dir = mkdtempSync(join(tmpdir(), 'text-action-redis-'))
  const port = await freePort()
  const url = `redis://127.0.0.1:${port}`
  const client = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: null, retryStrategy: () => 50 })
  client.on('error', () => undefined)
  let server: ChildProcess | null = null
  const start = async () => {
    // A second one could not have the port, and the first would be forgotten and never end.
    if (server && server.exitCode === null && server.signalCode === null) return
    server = spawn(
      'redis-server',
      ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--appendonly', 'yes', '--save', ''],
      {
        stdio: 'ignore',
      },
    )
    await client.ping()
  }
  const kill = async (signal: NodeJS.Signals) => {
    const running = server
    if (!running || running.exitCode !== null || running.signalCode !== null) return
    const exited = once(running, 'exit')
    running.kill(signal)
    await exited
  }
  await start()
  return {
    url,
    client,
    kill,
    start,
    async remove() {
      client.disconnect()
      await kill('SIGKILL')
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
