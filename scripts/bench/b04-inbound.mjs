import { againstExpress } from './against-express.mjs'

const PEOPLE = 20_000

/** Inbound texts a second: the whole handler to its commit, against Express that only verifies. */
export const inbound = {
  id: 'B4',
  what: 'inbound texts/s, handler to commit / Express that only verifies',
  goal: 0.45,
  async run(ground) {
    const deployment = await ground.deploy({ people: PEOPLE })
    const count = Math.round(8_000 * ground.seconds)
    let run = 0
    try {
      return await againstExpress(ground, deployment, {
        prepare: (load) => load.ask('texts', { ...deployment.signing, run: ++run, count, people: PEOPLE }),
      })
    } finally {
      await deployment.close()
    }
  },
}
