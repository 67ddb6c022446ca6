// What every figure stands on: our own Postgres and Redis with fsync on, a fresh database each, and what the machine is.
import { randomBytes } from 'node:crypto'
import { fdatasyncSync, closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { availableParallelism, cpus, totalmem } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { openEmbeddedPostgres } from '../../dist/adapters/embedded-postgres.js'
import { openEmbeddedRedis } from '../../dist/adapters/embedded-redis.js'
import { openRedis } from '../../dist/adapters/redis.js'
import { createVault } from '../../dist/adapters/vault.js'
import { migrate } from '../../dist/db/migrate.js'
import { openPool } from '../../dist/db/pool.js'
import { importPeople } from '../../dist/inbound/import.js'
import { startHelper, startRole } from './processes.mjs'
import { median, significant } from './statistics.mjs'
import { phoneOf } from './webhooks.mjs'

const TEMPLATE = 'bench_template'
const ACCOUNT_SID = `AC${'0'.repeat(29)}e2e`
// Everywhere in the country, so that every zone is among them.
const ZIPS = ['35020', '10001', '60601', '80202', '90001', '98101', '25301', '73301', '33101', '48201']

/** Opens the stores under DATA_DIR/bench. close() stops them and drops every database of the run. */
export async function openGround({ quick, full }) {
  const dataDir = resolve(process.env.DATA_DIR || '.data')
  const dir = join(dataDir, 'bench')
  // Where set-up had to bring a Redis of its own.
  process.env.PATH = [process.env.PATH, join(dataDir, 'redis-server', 'bin')].join(delimiter)
  mkdirSync(dir, { recursive: true })
  const [postgres, redis] = await Promise.all([openEmbeddedPostgres(dir), openEmbeddedRedis(dir)])
  const admin = openPool(postgres.url, { max: 2 })
  const quickRedis = openRedis([redis.url], 'queue')
  await dropDatabases(admin)
  await quickRedis.flushall()
  await admin.query(`create database ${TEMPLATE}`)
  const template = openPool(urlOf(postgres.url, TEMPLATE), { max: 1 })
  await migrate(template)
  await template.end()
  const pids = { postgres: await postmaster(admin), redis: await redisPid(quickRedis) }
  let databases = 0

  async function freshDatabase() {
    const name = `bench_${process.pid}_${++databases}`
    await admin.query(`create database ${name} template ${TEMPLATE}`)
    const url = urlOf(postgres.url, name)
    const pool = openPool(url, { max: 4, statementTimeoutMs: 600_000 })
    const drop = async () => {
      await pool.end()
      await admin.query(`drop database ${name} with (force)`)
    }
    return { url, pool, drop }
  }

  return {
    dir,
    quick,
    full,
    rounds: quick ? 3 : 5,
    seconds: quick ? 1.5 : 3,
    pids,
    postgres,
    redis: { ...redis, client: quickRedis },
    freshDatabase,
    deploy: (options) => deploy({ dir, redisUrl: redis.url, freshDatabase, redis: quickRedis }, options),
    async close() {
      await quickRedis.flushall()
      quickRedis.disconnect()
      await dropDatabases(admin)
      await admin.end()
      await Promise.all([postgres.stop(), redis.stop()])
    },
  }
}

async function postmaster(admin) {
  const { rows } = await admin.query('show data_directory')
  return Number(readFileSync(join(rows[0].data_directory, 'postmaster.pid'), 'utf8').split('\n')[0])
}

const redisPid = async (client) => Number(/^process_id:(\d+)/m.exec(await client.info('server'))[1])

async function dropDatabases(admin) {
  const { rows } = await admin.query(`select datname from pg_database where datname like 'bench\\_%'`)
  for (const { datname } of rows) await admin.query(`drop database ${datname} with (force)`)
}

const urlOf = (url, database) => Object.assign(new URL(url), { pathname: `/${database}` }).href

/**
 * A deployment of its own: a database with so many people, an empty Redis, a fake Twilio, and the roles as real processes.
 * The web part listens on a port that only this run knows.
 */
async function deploy({ dir, redisUrl, redis, freshDatabase }, { people = 0, env = {} } = {}) {
  await redis.flushall()
  const database = await freshDatabase()
  const fake = await startHelper('fake-twilio.mjs')
  const { url: apiUrl, port: apiPort } = await fake.ask('listen')
  const port = 20_000 + Math.floor(Math.random() * 12_000)
  const phoneKey = randomBytes(32).toString('base64')
  const authToken = randomBytes(16).toString('hex')
  const publicUrl = 'https://text.example.org' // as behind a proxy: signatures are made from it, requests come to the port
  const logFile = join(dir, 'roles.log')
  rmSync(logFile, { force: true })
  closeSync(openSync(logFile, 'a'))
  const roles = new Set()
  const settings = {
    PATH: process.env.PATH ?? '',
    HOME: process.env.HOME ?? '',
    DATA_DIR: join(dir, 'roles'),
    PORT: String(port),
    PUBLIC_URL: publicUrl,
    DATABASE_URL: database.url,
    REDIS_URL: redisUrl,
    TWILIO_ACCOUNT_SID: ACCOUNT_SID,
    TWILIO_AUTH_TOKEN: authToken,
    TWILIO_API_URL: apiUrl,
    PHONE_KEY: phoneKey,
    SEND_WINDOW: '00:00-24:00',
    SEGMENTS_PER_SECOND: '1000000',
    ...env,
  }
  if (people > 0) await bringIn(database.pool, createVault(phoneKey), people)
  return {
    database,
    fake,
    apiPort,
    port,
    phoneKey,
    publicUrl,
    settings,
    signing: { publicUrl, accountSid: ACCOUNT_SID, authToken },
    logFile,
    async start(role, more = {}) {
      const started = await startRole(role, { ...settings, ...more }, { logFile })
      roles.add(started)
      void started.exited.then(() => roles.delete(started))
      return started
    },
    async close() {
      await Promise.all([...roles].map((role) => role.end()))
      await fake.end()
      await database.drop()
    },
  }
}

/** Joined people with the first numbers, by the program's own import. */
export async function bringIn(pool, vault, count) {
  const rows = function* () {
    for (let n = 0; n < count; n++)
      yield {
        line: n + 2,
        phone: phoneOf(n),
        zip: ZIPS[n % ZIPS.length],
        language: n % 10 === 0 ? 'es' : 'en',
      }
  }
  const tally = await importPeople(
    { pool, vault },
    {
      rows: rows(),
      as: 'joined',
      consent: 'A list made for this bench',
      recordedBy: 'bench',
      onRejected: (row, reason) => {
        throw new Error(`row ${row.line}: ${reason}`)
      },
    },
  )
  await pool.query('vacuum (analyze) people')
  return tally
}

/** What the figures were taken on, in words. */
export function machine(ground) {
  const version = (name) =>
    JSON.parse(
      readFileSync(join(import.meta.dirname, '..', '..', 'node_modules', name, 'package.json'), 'utf8'),
    ).version
  return {
    cores: availableParallelism(),
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
    postgres: ground.postgres.version,
    redis: `${ground.redis.name} ${ground.redis.version}`,
    bullmq: version('bullmq'),
    undici: version('undici'),
    twilio: version('twilio'),
    express: version('express'),
    fsyncMs: fsyncMs(ground.dir),
  }
}

/** Milliseconds from a small write to its being safe on disk: what every commit waits for at least. */
function fsyncMs(dir) {
  const file = join(dir, 'fsync')
  const fd = openSync(file, 'w')
  const taken = Array.from({ length: 200 }, () => {
    const begun = performance.now()
    writeSync(fd, Buffer.alloc(512))
    fdatasyncSync(fd)
    return performance.now() - begun
  })
  closeSync(fd)
  rmSync(file)
  return significant(median(taken), 2)
}
