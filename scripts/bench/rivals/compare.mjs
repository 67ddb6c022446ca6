// The senders that teams write today on the same fake, in the same run: how fast, at what cost, and what one kill -9 does.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createCpuMeter } from '../rounds.mjs'
import { startHelper } from '../processes.mjs'
import { significant } from '../statistics.mjs'

// The newest that run on Node 20. They live in a folder of the bench: the program itself needs none of them.
const PACKAGES = { 'graphile-worker': '0.17.3', 'pg-boss': '10.4.2' }
const SILENCE_MS = 60_000
// They fetch 500 and 1,000 at a time: between two batches a kill finds nobody under way.
const MIDST_OF_A_BATCH = 250

export const RIVALS = [
  { name: 'sdkLoop', title: 'loop over rows, plain SDK, one UPDATE a text' },
  { name: 'bullmq', title: 'BullMQ, its own limiter, one job a person' },
  { name: 'graphileWorker', title: 'graphile-worker 0.17.3, tuned' },
  { name: 'pgBoss', title: 'pg-boss 10.4.2, batches of 1,000' },
]

/** Puts their packages into a folder of the bench, once. */
export function installRivals(dir) {
  const packages = join(dir, 'rivals')
  mkdirSync(packages, { recursive: true })
  if (Object.keys(PACKAGES).every((name) => existsSync(join(packages, 'node_modules', name)))) return packages
  writeFileSync(join(packages, 'package.json'), '{ "name": "rivals", "private": true }\n')
  const wanted = Object.entries(PACKAGES).map(([name, version]) => `${name}@${version}`)
  const installed = spawnSync('npm', ['install', '--no-audit', '--no-fund', ...wanted], {
    cwd: packages,
    encoding: 'utf8',
  })
  if (installed.status !== 0)
    throw new Error(`npm install ${wanted.join(' ')} failed: ${installed.stderr.trim().split('\n')[0]}`)
  return packages
}

/** One rival: undisturbed, then killed once in the middle and started again. */
export async function measureRival(ground, packages, { name, title }) {
  const count = ground.quick ? 5_000 : 20_000
  const calm = await attempt(ground, packages, name, count, false)
  const killed = await attempt(ground, packages, name, count, true)
  return { title, textsPerSecond: calm.perSecond, cpu: calm.cpu, doubled: killed.doubled, lost: killed.lost }
}

async function attempt(ground, packages, name, count, kill) {
  const deployment = await ground.deploy()
  const { fake } = deployment
  const order = {
    name,
    packages,
    databaseUrl: deployment.database.url,
    redisUrl: ground.redis.url,
    twilio: { ...deployment.signing, apiUrl: deployment.settings.TWILIO_API_URL },
  }
  const start = async () => {
    const sender = await startHelper('rivals/sender.mjs', { pinned: false })
    sender.exited.catch(() => undefined)
    await sender.ask('open', order)
    return sender
  }
  let sender = await start()
  try {
    await sender.ask('enqueue', { count })
    const meter = createCpuMeter({ sender: sender.pid, ...ground.pids })
    await meter.during(
      async () => {
        await sender.ask('run')
        if (kill) {
          while ((await fake.ask('count')) < count * 0.4 + MIDST_OF_A_BATCH) await sleep(5)
          await sender.end('SIGKILL')
          sender = await start()
          await sender.ask('run')
        }
        await untilQuiet(fake, count)
      },
      () => count,
    )
    const { unique, doubled, seconds } = await fake.ask('tell')
    return { perSecond: significant(unique / seconds), cpu: meter.perUnit(), doubled, lost: count - unique }
  } finally {
    await sender.end('SIGKILL')
    await deployment.close()
  }
}

/** Until everybody has been texted and nothing more comes, or nothing has come for a minute. */
async function untilQuiet(fake, count) {
  let last = { count: -1, unique: 0 }
  for (let quietSince = Date.now(); ; await sleep(100)) {
    const now = await fake.ask('tell')
    if (now.count !== last.count) quietSince = Date.now()
    last = now
    const quietMs = Date.now() - quietSince
    if (quietMs > SILENCE_MS || (now.unique >= count && quietMs > 1_000)) return
  }
}
