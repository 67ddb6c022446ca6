import { setTimeout as sleep } from 'node:timers/promises'
import { draftBlast, knowHowToStop, sendBlast } from './blasts.mjs'
import { runCli, startHelper } from './processes.mjs'
import { median, quantile, significant } from './statistics.mjs'

// Ten short codes' worth: what a blast at its full rate costs the machine while people text back.
const BLAST_PER_SECOND = 1_000
const TEXTS_PER_SECOND = 50
const SETTLING_MS = 1_000

/** How long she waits for her answer: while nothing else goes on, and while a blast goes at its full rate. */
export const answers = {
  id: 'B8',
  parts: [
    { id: 'B8', what: 'answer p99 under a full-rate blast / while idle', goal: 1.2, lower: true },
    { id: 'B8b', what: 'answer p99 while idle, webhook in to POST out, ms', goal: 25, lower: true },
  ],
  async run(ground) {
    const phones = await startHelper('phones.mjs')
    const { url } = await phones.ask('listen')
    const count = ground.quick ? 200 : 1_000
    const rounds = ground.quick ? 3 : 5
    const blastSeconds = (rounds + 1) * (count / TEXTS_PER_SECOND + 4)
    const deployment = await ground.deploy({
      people: Math.ceil(BLAST_PER_SECOND * blastSeconds),
      env: { TWILIO_API_URL: url, SEGMENTS_PER_SECOND: String(BLAST_PER_SECOND) },
    })
    try {
      await knowHowToStop(deployment.database.pool)
      await deployment.start('serve')
      await deployment.start('work')
      const blast = await draftBlast(deployment)
      await sendBlast(deployment, blast)
      const order = async (name) => {
        await runCli(['blast', name, blast, '--json'], deployment.settings)
        await sleep(SETTLING_MS)
      }
      const raw = []
      for (let round = 0; round <= rounds; round++) {
        const times = (run) => answerTimes(phones, deployment, { run, count, first: run * count })
        await order('pause')
        const idle = await times(2 * round)
        await order('resume')
        const before = await phones.ask('count')
        const busy = await times(2 * round + 1)
        const blastTexts = (await phones.ask('count')) - before - count
        if (blastTexts < 0.8 * BLAST_PER_SECOND * (count / TEXTS_PER_SECOND))
          throw new Error(`the blast sent only ${blastTexts} texts meanwhile`)
        // What autovacuum does within a minute of the first texts; until then plans are those of an empty table.
        if (round === 0) await deployment.database.pool.query('analyze texts_in, texts_out_replies')
        if (round > 0) raw.push({ idle: idle.p99, busy: busy.p99, 'p50 idle': idle.p50, busyP50: busy.p50 })
      }
      return {
        B8: { ratio: significant(median(raw.map(({ idle, busy }) => busy / idle)), 3), raw },
        B8b: { ratio: median(raw.map(({ idle }) => idle)), raw: [] },
      }
    } finally {
      await phones.end()
      await deployment.close()
    }
  },
}

/** Fifty texts a second, each from another person, and how long each waited for its answer. */
async function answerTimes(phones, deployment, { run, count, first }) {
  const { port, signing } = deployment
  const asked = { port, signing, perSecond: TEXTS_PER_SECOND, count, first, body: 'HELP', run }
  const { waits, unanswered } = await phones.ask('text', asked)
  if (unanswered > 0) throw new Error(`${unanswered} of ${count} texts were not answered within 10 s`)
  return { p50: significant(quantile(waits, 0.5), 3), p99: significant(quantile(waits, 0.99), 3) }
}
