import { startHelper } from './processes.mjs'
import { significant } from './statistics.mjs'

/** What of the configured rate the pacing script grants, and how much too much in the worst second. */
export const pacingAlone = {
  id: 'B2c',
  what: 'the pacing script alone: granted / configured, at 100 and 1,000 a second',
  goal: 0.995,
  async run(ground) {
    const pacing = await startHelper('pacing.mjs', { pinned: false })
    try {
      const raw = []
      for (const perSecond of [100, 1_000]) {
        const order = { redisUrl: ground.redis.url, sender: `bench${perSecond}`, perSecond }
        const grants = await pacing.ask('pace', { ...order, seconds: ground.quick ? 5 : 15 })
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
