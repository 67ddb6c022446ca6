import { fault } from '../observability/events.js'
import type { Queues, WaitingReply } from '../ports.js'

export type OwnReplies = Pick<Queues, 'announceReplies'> & {
  /** Begins no more, and resolves when those it has begun are done. */
  close(): Promise<void>
}

/**
 * A worker sends what it has just written itself, at most `max` at a time. What has to wait goes through the queue, for whoever is
 * free: what the rate does not grant at once, what cannot be claimed at once (`sendNow` resolves with false), and the rest.
 */
export function createOwnReplies(
  max: number,
  sendNow: (reply: WaitingReply) => Promise<boolean>,
  announce: Queues['announceReplies'],
): OwnReplies {
  const underWay = new Set<Promise<void>>()
  let isClosing = false

  function begin(reply: WaitingReply): void {
    const sending = sendNow(reply)
      .then((isDone) => isDone || announce([reply]))
      .catch((error: unknown) => fault('reply', error)) // the row is still there, and the sweep tries again
      .then(() => void underWay.delete(sending))
    underWay.add(sending)
  }

  return {
    announceReplies(replies) {
      const own = isClosing ? [] : replies.slice(0, Math.max(0, max - underWay.size))
      own.forEach(begin)
      announce(replies.slice(own.length))
    },
    async close() {
      isClosing = true
      await Promise.all(underWay)
    },
  }
}
