import { fault } from '../observability/events.js'
import type { Queues, WaitingReply } from '../ports.js'

export type OwnReplies = Pick<Queues, 'announceReplies'> & {
  /** Resolves when those it has begun are done. */
  close(): Promise<void>
}

/**
 * A worker sends what it has just written itself, at most `max` at a time; the rest is announced, for whoever is free. The way
 * through the queue is a sixth of what an answer costs, and of how long she waits for it.
 */
export function createOwnReplies(
  max: number,
  send: (reply: WaitingReply) => Promise<void>,
  announce: Queues['announceReplies'],
): OwnReplies {
  const underWay = new Set<Promise<void>>()

  function sendNow(reply: WaitingReply): void {
    const sending = send(reply)
      .catch((error: unknown) => fault('reply', error)) // the row is still there, and the sweep tries again
      .finally(() => underWay.delete(sending))
    underWay.add(sending)
  }

  return {
    announceReplies(replies) {
      const own = replies.slice(0, Math.max(0, max - underWay.size))
      own.forEach(sendNow)
      announce(replies.slice(own.length))
    },
    async close() {
      while (underWay.size > 0) await Promise.all(underWay)
    },
  }
}
