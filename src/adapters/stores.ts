import { openEmbeddedPostgres } from './embedded-postgres.js'
import { openEmbeddedRedis } from './embedded-redis.js'
import { becomeKeeper, type Opening } from './private-keeper.js'
import type { PrivateServer } from './private-server.js'

export type Stores = {
  databaseUrl: string
  redisUrls: readonly string[]
  /** "Redis 7.0.15 and Postgres 18.4, our own, in .data" */
  describe: string
  /** What a person should know about where they run. */
  notes: readonly string[]
  /** Our own servers among them. */
  own: readonly PrivateServer[]
  /** Did this call start a server? */
  started: boolean
  /** Stops our own, unless another program still uses them. */
  close(): Promise<void>
}

/** The Postgres and the Redis to use: those the configuration names, and our own under dataDir where it names none. */
export async function openStores(
  config: { databaseUrl: string | null; redisUrls: readonly string[] | null; dataDir: string },
  how: Opening = {},
): Promise<Stores> {
  const leave = how.isKeeper ? becomeKeeper(config.dataDir) : () => undefined
  const opening = [
    config.redisUrls === null ? openEmbeddedRedis(config.dataDir, how) : Promise.resolve(null),
    config.databaseUrl === null ? openEmbeddedPostgres(config.dataDir, {}, how) : Promise.resolve(null),
  ] as const
  try {
    const [redis, postgres] = await Promise.all(opening)
    const own = [redis, postgres].filter((server) => server !== null)
    return {
      databaseUrl: postgres?.url ?? config.databaseUrl ?? '',
      redisUrls: redis ? [redis.url] : (config.redisUrls ?? []),
      describe: describe(redis, postgres, config.dataDir),
      notes: own.flatMap((server) => server.note ?? []),
      own,
      started: own.some((server) => server.started),
      close: async () => {
        leave()
        await Promise.all(own.map((server) => server.stop()))
      },
    }
  } catch (error) {
    leave()
    for (const one of await Promise.allSettled(opening))
      if (one.status === 'fulfilled') await one.value?.stop()
    throw error
  }
}

function describe(redis: PrivateServer | null, postgres: PrivateServer | null, dataDir: string): string {
  const called = (server: PrivateServer) => `${server.name} ${server.version}`
  if (redis && postgres) return `${called(redis)} and ${called(postgres)}, our own, in ${dataDir}`
  if (redis) return `${called(redis)}, our own, in ${dataDir}; Postgres by DATABASE_URL`
  if (postgres) return `${called(postgres)}, our own, in ${dataDir}; Redis by REDIS_URL`
  return 'Redis by REDIS_URL, Postgres by DATABASE_URL'
}
