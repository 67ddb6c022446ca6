import './resolve-source.cjs'
import { mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { openEmbeddedPostgres } from '../../src/adapters/embedded-postgres.js'
import { openEmbeddedRedis } from '../../src/adapters/embedded-redis.js'
import {
  commandLine,
  endProcess,
  processMark,
  readOrNull,
  type PrivateServer,
} from '../../src/adapters/private-server.js'
import { migrate } from '../../src/db/migrate.js'
import { openPool } from '../../src/db/pool.js'
import { placeOf, removeWithPlace } from './data-dir.js'
import { databaseUrl, TEMPLATE_DATABASE } from './services.js'

const PREFIX = 'text-action-test-'

declare global {
  var stopTestServers: (() => Promise<void>) | undefined
}

/**
 * One Postgres and one Redis for all test files of this run, in a temporary folder. TEST_DATABASE_URL (a superuser's) and
 * TEST_REDIS_URL name others, to run the tests against another version.
 */
export default async function globalSetup(): Promise<void> {
  // Where set-up had to bring a Redis of its own, the tests find it too, as do the programs they start.
  const brought = resolve(process.env['DATA_DIR'] || '.data', 'redis-server', 'bin')
  process.env['PATH'] = [process.env['PATH'], brought].join(delimiter)
  await clearLeftovers()
  const dataDir = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`))
  const opened: PrivateServer[] = []
  globalThis.stopTestServers = async () => {
    await Promise.all(opened.map((server) => server.stop()))
    removeWithPlace(dataDir)
  }
  try {
    // No test pulls the plug of the machine: without fsync the files of many databases are made in half the time.
    const postgres = process.env['TEST_DATABASE_URL'] ? null : openEmbeddedPostgres(dataDir, { fsync: 'off' })
    const redis = process.env['TEST_REDIS_URL'] ? null : openEmbeddedRedis(dataDir)
    for (const one of await Promise.allSettled([postgres, redis]))
      if (one.status === 'fulfilled' && one.value) opened.push(one.value)
    process.env['TEST_DATABASE_URL'] ||= (await postgres)?.url
    process.env['TEST_REDIS_URL'] ||= (await redis)?.url
    await makeTemplate()
  } catch (error) {
    await globalThis.stopTestServers()
    throw error
  }
}

async function makeTemplate(): Promise<void> {
  const server = openPool(databaseUrl(), { max: 1 })
  await server.query(`drop database if exists ${TEMPLATE_DATABASE}`)
  await server.query(`create database ${TEMPLATE_DATABASE}`)
  await server.end()
  const template = openPool(databaseUrl(TEMPLATE_DATABASE), { max: 1 })
  await migrate(template)
  await template.end()
}

// A run that was killed leaves its servers behind; its folder names the process, and they name the folder.
async function clearLeftovers(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const owner = Number(new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1])
    if (!owner || processMark(owner) !== null) continue
    const dir = join(tmpdir(), name)
    try {
      for (const file of pidFiles(dir)) {
        const pid = Number.parseInt(readOrNull(file) ?? '', 10)
        if (/postgres|redis|valkey/.test(processMark(pid) === null ? '' : commandLine(pid)))
          await endProcess(pid, [
            { signal: 'SIGQUIT', waitMs: 2_000 },
            { signal: 'SIGKILL', waitMs: 1_000 },
          ])
      }
      removeWithPlace(dir)
    } catch {
      continue // another user's
    }
  }
}

const pidFiles = (dataDir: string) => [
  join(placeOf(dataDir) ?? dataDir, 'postgres', 'postmaster.pid'),
  join(dataDir, 'redis', 'redis.pid'),
]
