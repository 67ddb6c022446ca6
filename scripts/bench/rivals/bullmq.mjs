import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'

/** BullMQ: one job a person, its own limiter (wide open here), 64 at a time. */
export async function bullmq({ redisUrl, send }) {
  const connection = new Redis(redisUrl, { maxRetriesPerRequest: null })
  const queue = new Queue('texts', { connection, defaultJobOptions: { attempts: 3, removeOnComplete: true } })
  return {
    async enqueue(phones) {
      for (let at = 0; at < phones.length; at += 1_000)
        await queue.addBulk(
          phones
            .slice(at, at + 1_000)
            .map((phone) => ({ name: 'text', data: { phone }, opts: { jobId: phone } })),
        )
    },
    async run() {
      new Worker('texts', ({ data }) => send(data.phone), {
        connection: new Redis(redisUrl, { maxRetriesPerRequest: null }),
        concurrency: 64,
        limiter: { max: 1_000_000, duration: 1_000 },
      })
      await new Promise(() => undefined)
    },
  }
}
