import { bigBlast } from './million.mjs'
import { median, significant } from './statistics.mjs'

const SMALL = 10_000

/** What grows with the audience and what does not: blasts as fast as they go, each to ten times as many people as the one before. */
export const growth = {
  id: 'B6',
  parts: [
    { id: 'B6', what: 'bytes Redis holds at most for a blast, a recipient', goal: 0.5, lower: true },
    {
      id: 'B7',
      what: 'resident memory of serve, work and Redis, largest blast / smallest',
      goal: 1.1,
      lower: true,
    },
    { id: 'B10', what: 'claim rate in the last tenth of the largest blast / in the first', goal: 0.95 },
    { id: 'B13', what: 'seconds to rehearse the largest blast', goal: 10, lower: true },
    {
      id: 'B14',
      what: 'seconds for ten times the people / seconds, the worst step',
      goal: 10.5,
      lower: true,
    },
  ],
  async run(ground) {
    const sizes = ground.quick ? [SMALL, 30_000] : [SMALL, 100_000, 1_000_000]
    if (ground.full) sizes.push(5_000_000)
    const small = []
    for (let round = 0; round < (ground.quick ? 1 : 3); round++) small.push(await bigBlast(ground, SMALL))
    const blasts = [middle(small)]
    for (const people of sizes.slice(1)) blasts.push(await bigBlast(ground, people))
    const largest = blasts.at(-1)
    const note = largest.people < 1_000_000 ? `${largest.people} people only` : undefined
    return {
      B6: {
        ratio: significant(largest.redisBytes / largest.people, 3),
        raw: blasts.map(({ people, redisBytes }) => ({ people, bytes: redisBytes })),
        note,
      },
      B7: {
        ratio: significant(largest.resident.all / blasts[0].resident.all, 3),
        raw: blasts.map(({ people, resident }) => ({ people, MB: resident })),
        note,
      },
      B10: {
        ratio: largest.lastToFirst,
        raw: blasts.map(({ people, lastToFirst: to }) => ({ people, to })),
        note,
      },
      B13: {
        ratio: largest.rehearseSeconds,
        raw: blasts.map(({ people, rehearseSeconds: seconds }) => ({ people, seconds })),
        note,
      },
      B14: {
        ratio: significant(Math.max(...steps(blasts)), 3),
        raw: blasts.map(({ people, seconds }) => ({ people, seconds })),
        note,
      },
    }
  },
}

/** Of the same blast some times over, the one whose time is in the middle. */
const middle = (blasts) => {
  const seconds = median(blasts.map((one) => one.seconds))
  return blasts.find((one) => one.seconds === seconds) ?? blasts[0]
}

/** Between one size and the next, as if it were ten times. */
const steps = (blasts) =>
  blasts.slice(1).map((one, i) => (one.seconds / blasts[i].seconds) * (10 / (one.people / blasts[i].people)))
