// Ourselves under the same: as many texts, undisturbed, then with the worker killed in the middle and another one started.
import { setTimeout as sleep } from 'node:timers/promises'
import { settled } from '../b09-killed.mjs'
import { draftBlast, knowHowToStop, sendBlast, untilDone } from '../blasts.mjs'
import { createCpuMeter } from '../rounds.mjs'
import { significant } from '../statistics.mjs'

/** Who was under way at the kill is in doubt, on record: to be settled by receipt or list, and not texted again blindly. */
export async function measureOurs(ground) {
  const people = ground.quick ? 5_000 : 20_000
  const calm = await attempt(ground, people, false)
  const { account } = await attempt(ground, people, true)
  const title = `Text Action; ${account['in doubt after the kills']} in doubt, on record`
  return {
    title,
    textsPerSecond: calm.perSecond,
    cpu: calm.cpu,
    doubled: account.doubled,
    lost: account.lost,
  }
}

async function attempt(ground, people, kill) {
  const deployment = await ground.deploy({ people })
  const { fake } = deployment
  try {
    await knowHowToStop(deployment.database.pool)
    let work = await deployment.start('work')
    const id = await draftBlast(deployment)
    const meter = createCpuMeter({ sender: work.pid, ...ground.pids })
    await meter.during(
      async () => {
        await sendBlast(deployment, id)
        if (kill) {
          while ((await fake.ask('count')) < people * 0.4) await sleep(5)
          await work.end('SIGKILL')
          work = await deployment.start('work')
        } else await untilDone(deployment)
      },
      () => people,
    )
    const account = await settled(deployment, people)
    const { unique, seconds } = await fake.ask('tell')
    return { perSecond: significant(unique / seconds), cpu: meter.perUnit(), account }
  } finally {
    await deployment.close()
  }
}
