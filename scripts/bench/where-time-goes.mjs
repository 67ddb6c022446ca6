import { join } from 'node:path'
import { startBlast } from '../../dist/blast/start.js'
import { fanOutPage } from '../../dist/db/fan-out.js'
import { PLAIN_RULES, PLAIN_SHAPE, draftBlast, knowHowToStop } from './blasts.mjs'
import { runCli, startHelper } from './processes.mjs'
import { createCpuMeter } from './rounds.mjs'

/** What one text of a blast costs at each stage: microseconds of our CPU, of Postgres's and Redis's, and of the clock. */
export async function stagesOf(ground) {
  const people = ground.quick ? 10_000 : 50_000
  const deployment = await ground.deploy({ people })
  const stages = await startHelper('stages.mjs', { pinned: false })
  try {
    const { pool } = deployment.database
    await knowHowToStop(pool)
    await runCli(['blast', 'approve', await draftBlast(deployment), '--json'], deployment.settings)
    const { rows } = await pool.query('select id from blasts')
    await startBlast(pool, rows[0].id, 'bench', PLAIN_RULES)
    while ((await fanOutPage(pool, rows[0].id, PLAIN_SHAPE)) !== null);
    await pool.query('vacuum (analyze) texts_out_blasts')
    const names = await stages.ask('open', {
      ...deployment.signing,
      databaseUrl: deployment.database.url,
      redisUrl: ground.redis.url,
      apiUrl: deployment.settings.TWILIO_API_URL,
      phoneKey: deployment.phoneKey,
      logFile: join(ground.dir, 'stages.log'),
    })
    const measured = []
    for (const name of names) {
      const meter = createCpuMeter(ground.pids)
      const { own, wall } = await meter.during(
        () => stages.ask('stage', { name, people }),
        () => people,
      )
      measured.push({ stage: name, own, ...meter.perUnit(), wall })
    }
    return measured
  } finally {
    await stages.end()
    await deployment.close()
  }
}
