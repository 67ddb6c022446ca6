import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { unpackPrivately } from './debian.mjs'
import { onPath } from './tools.mjs'

// For the tests alone: the program runs behind PgBouncer, and a test shows it.
const ours = join(resolve(process.env.DATA_DIR || '.data'), 'pgbouncer')

/** Debian's package is unpacked, not installed: installed it would start a server for the whole machine. */
export function pgbouncerMissing() {
  const isHere = onPath('pgbouncer') || existsSync('/usr/sbin/pgbouncer')
  return !isHere && !existsSync(join(ours, 'bin', 'pgbouncer')) && onPath('apt-get')
}

export async function installPgbouncer() {
  await unpackPrivately(ours, {
    packages: ['pgbouncer'],
    program: 'usr/sbin/pgbouncer',
    versionFlag: '--version',
    orElse: 'Its tests are skipped.',
  })
}
