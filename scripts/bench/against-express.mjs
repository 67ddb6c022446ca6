// What B4 and B5 have in common: webhooks as fast as they are answered, to Express that only verifies and to `serve`.
import { startHelper } from './processes.mjs'
import { createCpuMeter, interleave } from './rounds.mjs'
import { significant } from './statistics.mjs'

// As many as Twilio may have open at once; enough that nobody waits for the generator.
const CONNECTIONS = 128

/** prepare(load, round) makes the requests; before and after do what one round of ours takes, and are not counted. */
export async function againstExpress(ground, deployment, { prepare, before, after }) {
  const load = await startHelper('load.mjs')
  const bare = await startHelper('express-verifies.mjs', { pinned: false })
  try {
    const serve = await deployment.start('serve')
    const { port: barePort } = await bare.ask('listen', deployment.signing)
    const bareCpu = createCpuMeter({ express: bare.pid })
    const ownCpu = createCpuMeter({ serve: serve.pid, ...ground.pids })
    const perSecond = async (port, round, cpu) => {
      await prepare(load, round)
      const sent = () => load.ask('send', { port, connections: CONNECTIONS, seconds: ground.seconds })
      const { answered, seconds, ranOut } = await cpu.during(sent, ({ answered }) => answered)
      if (ranOut && seconds < ground.seconds / 2) throw new Error('too few requests were prepared')
      return answered / seconds
    }
    const own = async (round) => {
      await before?.(round)
      const figure = await perSecond(deployment.port, round, ownCpu)
      await after?.(round)
      return figure
    }
    const { ratio, pairs } = await interleave(
      ground.rounds,
      (round) => perSecond(barePort, round, bareCpu),
      own,
    )
    const each = { ...bareCpu.perUnit(), ...ownCpu.perUnit() }
    return {
      speed: { ratio, raw: pairs },
      cpu: { ratio: significant(each.serve / each.express, 3), raw: [{ 'CPU us each': each }] },
    }
  } finally {
    await Promise.all([load.end(), bare.end()])
  }
}
