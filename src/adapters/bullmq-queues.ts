import { Queue, Worker, type JobsOptions, type Telemetry } from 'bullmq'
import type { Queues, Range, WaitingReply } from '../ports.js'
import type { RedisClient } from './redis.js'

// One hash tag a queue, so that a Redis Cluster keeps each queue on one node and moving to one moves no data.
export const QUEUE_NAMES = { inbound: 'inbound', replies: 'replies', blasts: 'blasts' } as const
export const queuePrefix = (name: string) => `{${name}}`

// Postgres has the truth and a sweep finds lost calls: jobs leave no trace, done or failed. One fails only when two workers have been
// killed with it, and while it was kept, no new call of its name would be heard.
const JOB: JobsOptions = {
  attempts: 1,
  removeOnComplete: true,
  removeOnFail: true,
  stackTraceLimit: 3,
}

type Mail = { person: number }

type Call = { name: string; data: Mail | WaitingReply; opts: JobsOptions }

/** Several go together. One goes alone: a pipeline is ten kilobytes for each time, which V8 keeps until it collects the old. */
async function add(queue: Queue, calls: readonly Call[]): Promise<void> {
  const [only] = calls
  if (only && calls.length === 1) await queue.add(only.name, only.data, only.opts)
  else await queue.addBulk([...calls])
}

/** The wake-up calls over BullMQ. A call that cannot be made is dropped: the sweep makes up for it. */
export function createQueues(redis: RedisClient, telemetry?: Telemetry): Queues {
  const open = <T>(name: string) => {
    const queue = new Queue<T>(name, {
      ...{ connection: redis, prefix: queuePrefix(name), defaultJobOptions: JOB },
      ...(telemetry && { telemetry }),
    })
    queue.on('error', () => undefined) // told by readiness; every add fails on its own
    return queue
  }
  const inbound = open<Mail>(QUEUE_NAMES.inbound)
  const replies = open<WaitingReply>(QUEUE_NAMES.replies)
  const blasts = open<Range>(QUEUE_NAMES.blasts)
  const drop = () => undefined
  const mail: Call[] = []
  return {
    announceMail(messageSid, personId) {
      const call = { name: 'mail', data: { person: personId }, opts: { jobId: `mail-${messageSid}` } }
      // Each in the trace of its own text.
      if (telemetry) return void add(inbound, [call]).catch(drop)
      // What was recorded together is announced together.
      if (mail.push(call) === 1) setImmediate(() => void add(inbound, mail.splice(0)).catch(drop))
    },
    announceReplies(waiting) {
      const jobs = waiting.map((data) => ({ name: 'reply', data, opts: { jobId: `reply-${data.number}` } }))
      if (jobs.length > 0) add(replies, jobs).catch(drop)
    },
    async announceRange(range) {
      await blasts.add('range', range)
    },
    async close() {
      await Promise.allSettled([inbound.close(), replies.close(), blasts.close()])
    },
  }
}

export type Work = {
  onMail(personId: number): Promise<void>
  onReply(reply: WaitingReply): Promise<void>
  onRange(range: Range): Promise<void>
  /** A job that threw: the row it spoke of is still there, and the sweep tries again. */
  onFault(door: string, error: unknown): void
}

export type Concurrency = { mail: number; replies: number; ranges: number }

/** Starts the workers of one process. close() lets running jobs finish. */
export function startWorkers(
  redis: RedisClient,
  work: Work,
  concurrency: Concurrency,
  telemetry?: Telemetry,
): { close(): Promise<void> } {
  const open = <T>(name: string, slots: number, door: string, process: (data: T) => Promise<void>) => {
    const worker = new Worker<T>(
      name,
      async ({ data }) => {
        try {
          await process(data)
        } catch (error) {
          // Failing the job would only keep a copy of the error in Redis.
          work.onFault(door, error)
        }
      },
      {
        ...{ connection: redis, prefix: queuePrefix(name), concurrency: slots, lockDuration: 30_000 },
        ...(telemetry && { telemetry }),
      },
    )
    worker.on('error', () => undefined)
    return worker
  }
  const workers = [
    open<Mail>(QUEUE_NAMES.inbound, concurrency.mail, 'mail', ({ person }) => work.onMail(person)),
    open<WaitingReply>(QUEUE_NAMES.replies, concurrency.replies, 'reply', (reply) => work.onReply(reply)),
    open<Range>(QUEUE_NAMES.blasts, concurrency.ranges, 'range', (range) => work.onRange(range)),
  ]
  return {
    async close() {
      await Promise.allSettled(workers.map((worker) => worker.close()))
    },
  }
}
