import { startHelper } from './processes.mjs'
import { quantile, significant } from './statistics.mjs'

/** How long she waits for her answer while nothing else goes on. */
export const idleAnswers = {
  id: 'B8b',
  what: 'answer p99 while idle, webhook in to POST out, ms',
  goal: 25,
  lower: true,
  async run(ground) {
    const phones = await startHelper('phones.mjs')
    const { url } = await phones.ask('listen')
    const count = ground.quick ? 300 : 1_000
    const deployment = await ground.deploy({
      people: (ground.rounds + 1) * count,
      env: { TWILIO_API_URL: url },
    })
    try {
      await deployment.start('serve')
      await deployment.start('work')
      await answerTimes(phones, deployment, { run: 0, count: 100, first: 0 })
      const p99 = []
      for (let run = 1; run <= ground.rounds; run++)
        p99.push(await answerTimes(phones, deployment, { run, count, first: run * count }))
      const worst = [...p99].sort((a, b) => a.p99 - b.p99)
      return { ratio: worst[worst.length >> 1].p99, raw: p99 }
    } finally {
      await phones.end()
      await deployment.close()
    }
  },
}

/** Fifty texts a second, each from another person, and how long each waited for its answer. */
export async function answerTimes(phones, deployment, { run, count, first }) {
  const { port, signing } = deployment
  const asked = { port, signing, perSecond: 50, count, first, body: 'HELP', run }
  const { waits, unanswered } = await phones.ask('text', asked)
  if (unanswered > 0) throw new Error(`${unanswered} of ${count} texts were not answered within 10 s`)
  return { p50: significant(quantile(waits, 0.5), 3), p99: significant(quantile(waits, 0.99), 3) }
}
