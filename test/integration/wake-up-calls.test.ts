import { Worker } from 'bullmq'
import { createQueues, QUEUE_NAMES, queuePrefix, startWorkers } from '../../src/adapters/bullmq-queues.js'
import { openRedis, whenReady, type RedisClient } from '../../src/adapters/redis.js'
import { ownRedis } from '../support/own-redis.js'
import { freshRedis, type FreshRedis } from '../support/services.js'

let redis: FreshRedis
let client: RedisClient
beforeEach(async () => {
  redis = await freshRedis()
  client = openRedis([redis.url], 'queue')
})
afterEach(async () => {
  client.disconnect()
  await redis.drop()
})

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** A worker takes the next call and is killed with it; another finds out. */
async function takeAndDie(): Promise<void> {
  const dying = new Worker(QUEUE_NAMES.replies, null, {
    ...{ connection: client, prefix: queuePrefix(QUEUE_NAMES.replies), autorun: false },
    ...{ lockDuration: 50, skipLockRenewal: true, stalledInterval: 10 },
  })
  const look = () => (dying as unknown as { moveStalledJobsToWait(): Promise<void> }).moveStalledJobsToWait()
  expect(await dying.getNextJob('killed')).toBeDefined()
  await sleep(100)
  for (let n = 0; n < 3; n++) {
    await look()
    await sleep(20)
  }
  await dying.close(true)
}

test('two workers were killed with her answer in hand: the next call for it is heard, and she gets it', async () => {
  const queues = createQueues(client)
  const answered: number[] = []
  queues.announceReplies([{ number: 7, segments: 1 }])
  await sleep(100)
  await takeAndDie()
  await takeAndDie()
  const onReply = ({ number }: { number: number }) => Promise.resolve(void answered.push(number))
  const nothing = () => Promise.resolve()
  const workers = startWorkers(
    client,
    { onReply, onMail: nothing, onRange: nothing, onFault: () => undefined },
    { mail: 1, replies: 1, ranges: 1 },
  )
  try {
    // As the sweep does, every second.
    for (let n = 0; n < 20 && answered.length === 0; n++) {
      queues.announceReplies([{ number: 7, segments: 1 }])
      await sleep(100)
    }
    expect(answered).toContain(7)
  } finally {
    await workers.close()
    await queues.close()
  }
}, 20_000)

test('a Redis that vanished without a word is given up within seconds: whoever answers at its address is found', async () => {
  const vanished = await ownRedis()
  const quick = openRedis([vanished.url], 'quick')
  try {
    await whenReady(quick, 5_000)
    void vanished.kill('SIGSTOP') // which ends with it, at the end
    const lost = new Promise((resolve) => quick.once('close', resolve))
    await expect(quick.ping()).rejects.toThrow()
    const begun = performance.now()
    await lost
    expect(performance.now() - begun).toBeLessThan(5_000)
  } finally {
    quick.disconnect()
    await vanished.remove()
  }
}, 20_000)
