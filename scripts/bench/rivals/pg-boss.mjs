/** pg-boss: a job a person, fetched 1,000 at a time and sent 64 at a time. */
export async function pgBoss({ databaseUrl, send, require }) {
  const PgBoss = require('pg-boss')
  const boss = new PgBoss({ connectionString: databaseUrl, max: 10 })
  boss.on('error', () => undefined)
  await boss.start()
  await boss.createQueue('texts')
  return {
    async enqueue(phones) {
      for (let at = 0; at < phones.length; at += 1_000)
        await boss.insert(phones.slice(at, at + 1_000).map((phone) => ({ name: 'texts', data: { phone } })))
    },
    async run() {
      await boss.work('texts', { batchSize: 1_000, pollingIntervalSeconds: 0.5 }, async (jobs) => {
        const waiting = [...jobs]
        const one = async () => {
          for (let job = waiting.pop(); job; job = waiting.pop()) await send(job.data.phone)
        }
        await Promise.all(Array.from({ length: 64 }, one))
      })
      await new Promise(() => undefined)
    },
  }
}
