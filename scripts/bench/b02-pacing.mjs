import net from 'node:net'
import { createInterface } from 'node:readline'
import { draftBlast, knowHowToStop, onceEach, sendBlast, untilDone } from './blasts.mjs'
import { startHelper } from './processes.mjs'
import { significant } from './statistics.mjs'

const RATES = [100, 1_000]

/**
 * A blast of one-segment texts through the whole engine at a configured rate. How much arrived is told by Twilio's clock; how many
 * went in the fullest second by Redis's, which the limit is about.
 */
export const paced = {
  id: 'B2',
  parts: [
    { id: 'B2', what: 'a paced blast: sent / configured, the worse of 100 and 1,000 a second', goal: 0.995 },
    {
      id: 'B2b',
      what: "the same: granted in the fullest second by Redis's clock / configured",
      goal: 1.05,
      lower: true,
    },
  ],
  async run(ground) {
    const raw = []
    for (const perSecond of RATES)
      raw.push({ configured: perSecond, ...(await pacedBlast(ground, perSecond)) })
    return {
      B2: { ratio: Math.min(...raw.map(({ achieved }) => achieved)), raw },
      B2b: { ratio: Math.max(...raw.map(({ worst }) => worst)), raw: [] },
    }
  },
}

async function pacedBlast(ground, perSecond) {
  const people = perSecond * (ground.quick ? 5 : 20)
  const deployment = await ground.deploy({ people, env: { SEGMENTS_PER_SECOND: String(perSecond) } })
  const watch = watchGrants(ground.redis.url)
  try {
    await knowHowToStop(deployment.database.pool)
    await deployment.start('work')
    await sendBlast(deployment, await draftBlast(deployment))
    await untilDone(deployment)
    await onceEach(deployment, people)
    const { times } = await deployment.fake.ask('tell', { withTimes: true })
    const arrived = paceOf(times, perSecond)
    const granted = paceOf(watch.grants, perSecond)
    return { achieved: arrived.achieved, worst: granted.worst, 'worst by arrival': arrived.worst }
  } finally {
    watch.end()
    await deployment.close()
  }
}

/**
 * Every segment the pacing script grants, by the clock of Redis: what its monitor tells of the script's own commands. A client
 * library would take the lines for answers.
 */
function watchGrants(redisUrl) {
  const { hostname, port, password } = new URL(redisUrl)
  const socket = net.connect(Number(port), hostname)
  socket.write(`AUTH ${password}\r\nMONITOR\r\n`)
  const grants = []
  let asked = 0
  createInterface({ input: socket }).on('line', (line) => {
    const said = ASKED.exec(line)
    if (said) asked = Number(said[1])
    else if (GRANTED.test(line))
      for (let n = 0; n < asked; n++) grants.push(Number(line.slice(1, line.indexOf(' '))))
  })
  return {
    grants,
    end: () => socket.destroy(),
  }
}

const ASKED = /"evalsha" .* "blasts" "[\d.]+" "(\d+)" "\d+"$/i
const GRANTED = / lua\] "SET" "[^"]+:due"/

/** What of the configured rate the pacing script grants, and how much too much in the worst second. */
export const pacingAlone = {
  id: 'B2c',
  what: 'the pacing script alone: granted / configured, at 100 and 1,000 a second',
  goal: 0.995,
  async run(ground) {
    const pacing = await startHelper('pacing.mjs', { pinned: false })
    try {
      const raw = []
      for (const perSecond of RATES) {
        const order = { redisUrl: ground.redis.url, sender: `bench${perSecond}`, perSecond }
        const grants = await pacing.ask('pace', { ...order, seconds: ground.quick ? 3 : 15 })
        raw.push({ configured: perSecond, ...paceOf(grants, perSecond) })
      }
      return { ratio: Math.min(...raw.map(({ achieved }) => achieved)), raw }
    } finally {
      await pacing.end()
    }
  },
}

/** times: seconds by one clock. achieved: the rate over all of it; worst: the fullest second; both over the configured rate. */
export function paceOf(times, perSecond) {
  const sorted = [...times].sort((a, b) => a - b)
  const achieved = (sorted.length - 1) / (sorted.at(-1) - sorted[0]) / perSecond
  let fullest = 0
  for (let from = 0, to = 0; to < sorted.length; to++) {
    while (sorted[to] - sorted[from] >= 1) from += 1
    fullest = Math.max(fullest, to - from + 1)
  }
  return { achieved: significant(achieved), worst: significant(fullest / perSecond) }
}
