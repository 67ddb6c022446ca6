import { Cluster } from 'ioredis'
import { openRedis, type RedisClient } from './redis.js'

export type RedisLook = {
  name: 'Redis' | 'Valkey'
  version: string
  ms: number
  masters: number
  isReplica: boolean
  aof: boolean
  aofBroken: boolean
  policy: string
  usedBytes: number
  maxBytes: number
}

/** What a Redis, or each master of a cluster, says of itself. The least well of them stands for all. Rejects with the reason. */
export async function lookAtRedis(urls: readonly string[], timeoutMs: number): Promise<RedisLook> {
  const client = openRedis(urls, 'queue')
  try {
    await ready(client, timeoutMs)
    const startedMs = performance.now()
    await client.ping()
    const ms = Math.max(1, Math.round(performance.now() - startedMs))
    const masters = client instanceof Cluster ? client.nodes('master') : [client]
    const infos = await Promise.all(masters.map(async (master) => said(await master.info())))
    const all = infos.map((info) => ({
      name: info('valkey_version') ? ('Valkey' as const) : ('Redis' as const),
      version: info('valkey_version') || info('redis_version'),
      isReplica: info('role') === 'slave',
      aof: info('aof_enabled') === '1',
      aofBroken: info('aof_enabled') === '1' && info('aof_last_write_status') === 'err',
      policy: info('maxmemory_policy') || 'noeviction', // some hosted ones keep it to themselves
      usedBytes: Number(info('used_memory')),
      maxBytes: Number(info('maxmemory')),
    }))
    const [first] = all
    if (!first) throw new Error('no master')
    const fullest = all.reduce((a, b) => (share(b) > share(a) ? b : a))
    return {
      ...first,
      ms,
      masters: all.length,
      isReplica: all.some((one) => one.isReplica),
      aof: all.every((one) => one.aof),
      aofBroken: all.some((one) => one.aofBroken),
      policy: all.find((one) => one.policy !== 'noeviction')?.policy ?? 'noeviction',
      usedBytes: fullest.usedBytes,
      maxBytes: fullest.maxBytes,
    }
  } finally {
    client.disconnect()
  }
}

/** Used of maxmemory, of the fullest master; null: there is no limit, or it does not say. */
export async function redisMemoryShare(client: RedisClient): Promise<number | null> {
  const masters = client instanceof Cluster ? client.nodes('master') : [client]
  const shares = await Promise.all(
    masters.map(async (master) => {
      const info = said(await master.info('memory'))
      return share({ usedBytes: Number(info('used_memory')), maxBytes: Number(info('maxmemory')) })
    }),
  )
  const fullest = Math.max(...shares)
  return fullest > 0 ? fullest : null
}

const share = (one: { usedBytes: number; maxBytes: number }) =>
  one.maxBytes > 0 ? one.usedBytes / one.maxBytes : 0

const said = (info: string) => (name: string) => new RegExp(`^${name}:(.*?)\r?$`, 'm').exec(info)?.[1] ?? ''

/** The first error is the reason why it is not ready; the client itself would try for ever. */
function ready(client: RedisClient, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })),
      timeoutMs,
    )
    const settle = (then: () => void) => {
      clearTimeout(timer)
      then()
    }
    client.once('ready', () => settle(resolve))
    client.once('error', (error: Error & { lastNodeError?: Error }) =>
      settle(() => reject(error.lastNodeError ?? error)),
    )
  })
}
