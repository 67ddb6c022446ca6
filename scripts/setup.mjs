#!/usr/bin/env node
// Makes a fresh clone run: dependencies, the build, a Redis server. Silent when there is nothing to do; speaks on stderr.
//   --for-tests         a Redis server also where REDIS_URL names one: tests bring their own; PgBouncer and a browser
//   --dependencies      dependencies only
//   --for-chaos         what the tests need, and a clock that lies for one row of the fault matrix
//   --build             dependencies, and the build in any case
import { browserMissing, installBrowser } from './setup/browser.mjs'
import { build, buildStale } from './setup/build.mjs'
import { dependenciesStale, installDependencies } from './setup/dependencies.mjs'
import { faketimeMissing, installFaketime } from './setup/faketime.mjs'
import { installPgbouncer, pgbouncerMissing } from './setup/pgbouncer.mjs'
import { installRedis, redisMissing } from './setup/redis.mjs'
import { logFile, SetupFailure, withLock } from './setup/tools.mjs'

const flags = new Set(process.argv.slice(2))
const forTests = flags.has('--for-tests') || flags.has('--for-chaos')
const live = process.stderr.isTTY && process.env.TERM !== 'dumb'
const green = live && !process.env.NO_COLOR ? (text) => `\x1b[32m${text}\x1b[39m` : (text) => text

const STEPS = [
  { name: 'dependencies', needed: dependenciesStale, work: installDependencies },
  {
    name: 'build',
    needed: () => !flags.has('--dependencies') && (flags.has('--build') || buildStale()),
    work: () => build({ checkTypes: flags.has('--build') }),
  },
]
const redis = {
  name: 'Redis',
  needed: () => !flags.has('--dependencies') && !flags.has('--build') && redisMissing(forTests),
  work: installRedis,
}
// Few tests need these, and they say so where one is not there.
const orNote = (install) => () =>
  install().catch((error) => process.stderr.write(`  note  set-up     ${error.message}\n`))
const pgbouncer = {
  name: 'PgBouncer',
  needed: () => forTests && pgbouncerMissing(),
  work: orNote(installPgbouncer),
}
const browser = {
  name: 'a browser',
  needed: () => forTests && browserMissing(),
  work: orNote(installBrowser),
}
const faketime = {
  name: 'faketime',
  needed: () => flags.has('--for-chaos') && faketimeMissing(),
  work: orNote(installFaketime),
}
const programs = [redis, pgbouncer, browser, faketime]
const ALL = [...STEPS, ...programs]

const inTurn = (steps) => steps.reduce((before, step) => before.then(() => take(step)), Promise.resolve())

const running = new Map()
const done = new Map()

async function take(step) {
  if (!step.needed()) return
  const begun = Date.now()
  running.set(step.name, begun)
  show()
  await step.work()
  running.delete(step.name)
  done.set(step.name, Math.max(1, Math.round((Date.now() - begun) / 1_000)))
}

function show(waitingFor) {
  if (!live) return
  const parts = [
    summary(),
    ...[...running].map(([name, begun]) => `${name} ${Math.round((Date.now() - begun) / 1_000)} s`),
  ]
  if (waitingFor) parts.push(`waiting for another set-up, process ${waitingFor}`)
  const said = parts.filter(Boolean).join(', ')
  if (said) process.stderr.write(`\r\x1b[K  ...   set-up     ${said}`)
}

function summary() {
  const names = ALL.map(({ name }) => name).filter((name) => done.has(name))
  return names.map((name) => `${name} ${done.get(name)} s`).join(', ')
}

async function takeAll() {
  // The programs come from elsewhere than the dependencies: both at once. apt-get takes one at a time.
  const both = await Promise.allSettled([inTurn(STEPS), inTurn(programs)])
  const failed = both.find(({ status }) => status === 'rejected')
  if (failed) throw failed.reason
}

async function main() {
  const [major] = process.versions.node.split('.').map(Number)
  if (major < 20)
    throw new SetupFailure(
      `Text Action needs Node 20 or newer; this is ${process.versions.node}. Install a newer one: https://nodejs.org`,
    )
  if (!ALL.some((step) => step.needed())) return
  const ticking = setInterval(show, 1_000)
  try {
    await withLock(takeAll, show)
  } finally {
    clearInterval(ticking)
    if (live) process.stderr.write('\r\x1b[K')
  }
  if (done.size > 0) process.stderr.write(`  ${green('ok')}    set-up     ${summary()}\n`)
}

main().catch((error) => {
  const said =
    error instanceof SetupFailure
      ? error.message
      : `Set-up failed: ${error.message}. The whole story is in ${logFile}.`
  process.stderr.write(`error: ${said}\n`)
  process.exitCode = 1
})
