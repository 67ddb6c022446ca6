import { createBullBoard } from '@bull-board/api'
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter'
import { ExpressAdapter } from '@bull-board/express'
import { Queue } from 'bullmq'
import type { Router } from 'express'
import { QUEUE_NAMES, queuePrefix } from './bullmq-queues.js'
import type { RedisClient } from './redis.js'

export type Board = { router: Router; close(): Promise<void> }

/** A page that shows the wake-up calls and changes none. A call holds ids only: no number, no words. */
export function createBoard(redis: RedisClient, path: string): Board {
  const queues = Object.values(QUEUE_NAMES).map(
    (name) => new Queue(name, { connection: redis, prefix: queuePrefix(name) }),
  )
  for (const queue of queues) queue.on('error', () => undefined) // told by readiness
  const server = new ExpressAdapter()
  server.setBasePath(path)
  createBullBoard({
    queues: queues.map((queue) => new BullMQAdapter(queue, { readOnlyMode: true })),
    serverAdapter: server,
    options: { uiConfig: { boardTitle: 'Wake-up calls' } },
  })
  return {
    router: server.getRouter() as Router,
    async close() {
      await Promise.allSettled(queues.map((queue) => queue.close()))
    },
  }
}
