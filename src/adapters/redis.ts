import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { Cluster, Redis } from 'ioredis'

export type RedisClient = Redis | Cluster

/** queue: waits for Redis to come back, as BullMQ needs. quick: fails at once, so that nobody waits for a Redis that is down. */
export type RedisUse = 'queue' | 'quick'

/** One URL: a single server. Several: the start nodes of a cluster. */
export function openRedis(urls: readonly string[], use: RedisUse): RedisClient {
  const options = {
    maxRetriesPerRequest: use === 'queue' ? null : 0,
    enableOfflineQueue: use === 'queue',
    retryStrategy: (attempt: number) => Math.min(50 * 2 ** Math.min(attempt, 5), 1_000),
    ...(use === 'quick' && { commandTimeout: 500, connectTimeout: 2_000 }),
    // Redis's first guess at how long it will load may be hours, and ioredis believes up to ten seconds of it.
    maxLoadingRetryTime: 200,
    // A node that vanished without a word leaves a connection that looks whole for a quarter of an hour. BullMQ itself waits 10 s.
    socketTimeout: use === 'queue' ? 30_000 : 3_000,
  }
  const first = urls[0]
  if (first === undefined) throw new Error('no Redis URL')
  const client: RedisClient =
    urls.length > 1
      ? new Cluster(
          urls.map((url) => ({ host: new URL(url).hostname, port: Number(new URL(url).port || 6379) })),
          {
            redisOptions: { ...options, ...credentials(first) },
            enableOfflineQueue: use === 'queue',
          },
        )
      : new Redis(first, options)
  // Connection errors come back on every command; a listener keeps the process alive through an outage.
  client.on('error', () => undefined)
  return client
}

/** Waits until Redis answers, for so long at most: who starts while it is away starts all the same. */
export async function whenReady(client: RedisClient, withinMs: number): Promise<void> {
  if (client.status === 'ready') return
  const ready = once(client, 'ready').catch(() => undefined) // away: no need to wait longer
  await Promise.race([ready, sleep(withinMs, undefined, { ref: false })])
}

function credentials(url: string) {
  const { username, password, protocol } = new URL(url)
  return {
    ...(username && { username: decodeURIComponent(username) }),
    ...(password && { password: decodeURIComponent(password) }),
    ...(protocol === 'rediss:' && { tls: {} }),
  }
}
