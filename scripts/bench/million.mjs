// One big blast, watched from the start to the end: what it takes of time and memory, and whether it slows down.
import { setTimeout as sleep } from 'node:timers/promises'
import { draftBlast, knowHowToStop, onceEach, sendBlast, untilDone } from './blasts.mjs'
import { residentBytes, runCli } from './processes.mjs'
import { significant } from './statistics.mjs'

const LOOK_EVERY_MS = 100

/**
 * Rehearses a blast to so many people and sends it as fast as it goes. rehearseSeconds; seconds: from its start to the last text;
 * redisBytes: the most that Redis held more than before; resident: the most of each process, and of all together, MB;
 * lastToFirst: how fast the last tenth was claimed, to the first.
 */
export async function bigBlast(ground, people) {
  const deployment = await ground.deploy({ people })
  try {
    const { pool } = deployment.database
    await knowHowToStop(pool)
    const id = await draftBlast(deployment)
    const rehearseSeconds = await secondsOf(() =>
      runCli(['blast', 'rehearse', id, '--json'], deployment.settings),
    )
    const roles = { serve: await deployment.start('serve'), work: await deployment.start('work') }
    const pids = Object.fromEntries(Object.entries(roles).map(([name, { pid }]) => [name, pid]))
    const watch = watchMemory(ground, pids)
    const seconds = await secondsOf(async () => {
      await sendBlast(deployment, id)
      await untilDone(deployment)
    })
    const { redisBytes, resident } = await watch.end()
    await onceEach(deployment, people)
    return {
      people,
      rehearseSeconds,
      seconds,
      redisBytes,
      resident,
      lastToFirst: await lastToFirst(pool, people),
    }
  } finally {
    await deployment.close()
  }
}

async function secondsOf(work) {
  const begun = performance.now()
  await work()
  return significant((performance.now() - begun) / 1_000, 3)
}

/** The most that was in use while it watched. */
function watchMemory(ground, pids) {
  const most = { redisBytes: 0, all: 0, ...Object.fromEntries(Object.keys(pids).map((name) => [name, 0])) }
  let isWatching = true
  const watching = (async () => {
    const before = await redisBytes(ground.redis.client)
    for (; isWatching; await sleep(LOOK_EVERY_MS)) {
      most.redisBytes = Math.max(most.redisBytes, (await redisBytes(ground.redis.client)) - before)
      let all = residentBytes(ground.pids.redis)
      for (const [name, pid] of Object.entries(pids)) {
        const bytes = residentBytes(pid)
        all += bytes
        most[name] = Math.max(most[name], bytes)
      }
      most.all = Math.max(most.all, all)
    }
  })()
  return {
    async end() {
      isWatching = false
      await watching
      const { redisBytes: held, ...resident } = most
      const inMb = Object.entries(resident).map(([name, bytes]) => [name, Math.round(bytes / 2 ** 20)])
      return { redisBytes: held, resident: Object.fromEntries(inMb) }
    },
  }
}

const redisBytes = async (redis) => Number(/^used_memory:(\d+)/m.exec(await redis.info('memory'))[1])

/** By the times in the ledger; the very first second, in which it starts, is not counted. */
async function lastToFirst(pool, people) {
  const { rows } = await pool.query(
    `with claims as (select claimed_at, row_number() over (order by claimed_at) as place from texts_out where blast_id > 0)
     select extract(epoch from claimed_at)::float8 as at from claims where place in (1, $1::int / 10, $1::int - $1::int / 10, $1) order by place`,
    [people],
  )
  const [first, tenth, ninth, last] = rows.map(({ at }) => at)
  return significant((tenth - first) / (last - ninth), 3)
}
