import { setTimeout as sleep } from 'node:timers/promises'
import { draftBlast, knowHowToStop, sendBlast } from './blasts.mjs'
import { median, significant } from './statistics.mjs'

const PER_SECOND = 1_000
const WORKERS = 3
// As long as Twilio takes to answer: what is in flight when a worker dies is what may be in doubt.
const TWILIO_MS = 100

/**
 * A paced blast of three workers, in windows by turns: one undisturbed, one that begins with kill -9 of a worker, started again
 * at once as its supervisor would. Nobody is texted twice; whoever was not texted stands on record as in doubt.
 */
export const killedWorkers = {
  id: 'B9',
  what: 'texts/s with a worker killed -9 every 10 s / undisturbed; 0 doubled, 0 lost',
  goal: 0.95,
  async run(ground) {
    const windowMs = ground.quick ? 4_000 : 10_000
    const rounds = ground.quick ? 2 : 4
    const people = Math.round(PER_SECOND * ((windowMs / 1_000) * 2 * rounds + 5))
    const deployment = await ground.deploy({ people, env: { SEGMENTS_PER_SECOND: String(PER_SECOND) } })
    try {
      await deployment.fake.ask('set', { delayMs: TWILIO_MS })
      await knowHowToStop(deployment.database.pool)
      const workers = []
      while (workers.length < WORKERS) workers.push(await deployment.start('work'))
      await sendBlast(deployment, await draftBlast(deployment))
      await sleep(2_000)
      const during = async (work) => {
        const before = await deployment.fake.ask('count')
        const begun = performance.now()
        await Promise.all([work(), sleep(windowMs)])
        return ((await deployment.fake.ask('count')) - before) / ((performance.now() - begun) / 1_000)
      }
      const pairs = []
      for (let round = 0; round < rounds; round++) {
        const calm = await during(() => undefined)
        const killed = await during(async () => {
          await workers.shift().end('SIGKILL')
          workers.push(await deployment.start('work'))
        })
        pairs.push({ calm: significant(calm), killed: significant(killed) })
      }
      const account = await settled(deployment, people)
      if (account.doubled > 0 || account.lost > 0)
        throw new Error(`${account.doubled} were texted twice and ${account.lost} are lost`)
      const ratio = significant(median(pairs.map((pair) => pair.killed / pair.calm)), 3)
      return { ratio, raw: [...pairs, account] }
    } finally {
      await deployment.close()
    }
  },
}

/** Waits until nothing is pending. doubled and lost: by Twilio's count and the ledger's together. */
export async function settled({ database, fake }, people) {
  for (const until = Date.now() + 60_000; ; await sleep(200)) {
    const { rows } = await database.pool.query(
      `select count(*) filter (where status = 'pending')::int as pending,
              count(*) filter (where status = 'accepted')::int as accepted,
              count(*) filter (where status in ('claimed', 'in_doubt', 'not_sent'))::int as unsure,
              count(*) filter (where status = 'claimed' and claimed_at > now() - interval '3 seconds')::int as fresh
         from texts_out where blast_id > 0`,
    )
    const { pending, accepted, unsure, fresh } = rows[0]
    if (pending > 0 || fresh > 0 || accepted + unsure < people) {
      if (Date.now() < until) continue
      return { doubled: 0, lost: people - accepted - unsure + pending }
    }
    const { unique, doubled } = await fake.ask('tell')
    return { doubled, lost: people - Math.min(people, unique + unsure), 'in doubt after the kills': unsure }
  }
}
