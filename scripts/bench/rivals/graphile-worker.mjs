/** graphile-worker, tuned: a job a person, 64 at a time. */
export async function graphileWorker({ databaseUrl, send, require }) {
  const { run, makeWorkerUtils, Logger } = require('graphile-worker')
  const logger = new Logger(() => () => undefined)
  const utils = await makeWorkerUtils({ connectionString: databaseUrl, logger })
  await utils.migrate()
  return {
    async enqueue(phones) {
      for (let at = 0; at < phones.length; at += 1_000)
        await utils.addJobs(
          phones.slice(at, at + 1_000).map((phone) => ({ identifier: 'text', payload: { phone } })),
        )
    },
    async run() {
      const runner = await run({
        connectionString: databaseUrl,
        logger,
        concurrency: 64,
        maxPoolSize: 20,
        pollInterval: 200,
        preset: { worker: { localQueue: { size: 500 }, completeJobBatchDelay: 5, failJobBatchDelay: 5 } },
        taskList: { text: ({ phone }) => send(phone) },
      })
      await runner.promise
    },
  }
}
