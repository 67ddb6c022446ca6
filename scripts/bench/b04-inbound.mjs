import { againstExpress } from './against-express.mjs'

const PEOPLE = 20_000

/** Inbound texts a second: the whole handler to its commit, against Express that only verifies. */
export const inbound = {
  id: 'B4',
  parts: [
    { id: 'B4', what: 'inbound texts/s, handler to commit / Express that only verifies', goal: 0.45 },
    {
      id: 'B4b',
      what: 'CPU of serve an inbound text / of Express that only verifies',
      goal: 2.2,
      lower: true,
    },
  ],
  async run(ground) {
    const deployment = await ground.deploy({ people: PEOPLE })
    const count = Math.round(8_000 * ground.seconds)
    let run = 0
    try {
      const { speed, cpu } = await againstExpress(ground, deployment, {
        prepare: (load) => load.ask('texts', { ...deployment.signing, run: ++run, count, people: PEOPLE }),
      })
      return { B4: speed, B4b: cpu }
    } finally {
      await deployment.close()
    }
  },
}
