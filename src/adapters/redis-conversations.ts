import type { ConversationStore } from '../ports.js'
import type { RedisClient } from './redis.js'

const KEPT_SECONDS = 30 * 24 * 3_600
const key = (personId: number) => `conversation:${personId}`

/** Conversations in Redis: "number of the last text applied" and the state, no number and no words of hers. */
export function createRedisConversations(redis: RedisClient): ConversationStore {
  return {
    async load(personId) {
      const value = await redis.get(key(personId)).catch(() => null)
      const bar = value?.indexOf('|') ?? -1
      if (!value || bar < 1) return null
      return { lastText: Number(value.slice(0, bar)), json: value.slice(bar + 1) }
    },
    async save(personId, { lastText, json }) {
      await redis.set(key(personId), `${lastText}|${json}`, 'EX', KEPT_SECONDS).catch(() => null)
    },
    async drop(personId) {
      await redis.del(key(personId)).catch(() => null)
    },
  }
}
