// The pacing script alone: as many takers as are allowed at once, and by Redis's own clock when each was let go.
import { createRedisPacing } from '../../dist/adapters/redis-pacing.js'
import { openRedis } from '../../dist/adapters/redis.js'
import { answerOrders } from './answering.mjs'

const TAKERS = 32

answerOrders({
  async pace({ redisUrl, sender, perSecond, seconds }) {
    const redis = openRedis([redisUrl], 'queue')
    const pacing = createRedisPacing(redis, sender, perSecond)
    const grants = []
    const until = performance.now() + seconds * 1_000
    const taker = async () => {
      while (performance.now() < until) {
        // The second command follows the first on the same connection: it reads the clock right after the grant.
        const [waitMs, [second, micros]] = await Promise.all([pacing.take('blasts', 1), redis.time()])
        if (waitMs === 0) grants.push(Number(second) + Number(micros) / 1e6)
        else await new Promise((resolve) => setTimeout(resolve, waitMs))
      }
    }
    await Promise.all(Array.from({ length: TAKERS }, taker))
    redis.disconnect()
    return grants
  },
})
