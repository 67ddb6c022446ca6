import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { freePort } from './free-port.js'
import { databaseUrl } from './services.js'

/** Where PgBouncer is: on PATH, where Debian keeps it, or where set-up has unpacked it. null: nowhere. */
export function findPgbouncer(): string | null {
  const dirs = [
    ...(process.env['PATH'] ?? '').split(delimiter),
    '/usr/sbin',
    resolve(process.env['DATA_DIR'] || '.data', 'pgbouncer', 'bin'),
  ]
  return dirs.map((dir) => join(dir, 'pgbouncer')).find((path) => existsSync(path)) ?? null
}

export type Pgbouncer = {
  /** The same database, by way of PgBouncer. */
  behind(direct: string): string
  stop(): Promise<void>
}

/** PgBouncer in transaction mode before the test server, with few sessions, so that nobody keeps one. */
export async function startPgbouncer(program: string, sessions: number): Promise<Pgbouncer> {
  const port = await freePort()
  const server = new URL(databaseUrl())
  const dir = mkdtempSync(join(tmpdir(), 'text-action-pgbouncer-'))
  const ini = join(dir, 'pgbouncer.ini')
  const users = join(dir, 'users.txt')
  const user = decodeURIComponent(server.username)
  const password = decodeURIComponent(server.password)
  writeFileSync(users, `"${user}" "${password}"\n`)
  writeFileSync(
    ini,
    `[databases]
* = host=${server.hostname} port=${server.port || 5432}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = plain
auth_file = ${users}
pool_mode = transaction
default_pool_size = ${sessions}
max_client_conn = 500
ignore_startup_parameters = extra_float_digits
log_connections = 0
log_disconnections = 0
`,
  )
  // It refuses to run as root.
  const isRoot = process.getuid?.() === 0
  if (isRoot)
    for (const [path, mode] of [
      [dir, 0o755],
      [ini, 0o644],
      [users, 0o644],
    ] as const)
      chmodSync(path, mode)
  const child = spawn(program, [...(isRoot ? ['-u', 'nobody'] : []), ini], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = once(child, 'exit')
  let log = ''
  await new Promise<void>((resolve, reject) => {
    const take = (chunk: Buffer) => {
      log += chunk.toString()
      if (/process up/.test(log)) resolve()
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    void exited.then(() => reject(new Error(`PgBouncer ended at its start: ${log}`)))
  })
  return {
    behind(direct) {
      const url = new URL(direct)
      url.hostname = '127.0.0.1'
      url.port = String(port)
      url.search = ''
      return url.href
    },
    async stop() {
      child.kill('SIGKILL')
      await exited
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
