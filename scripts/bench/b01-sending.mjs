import { draftBlast, knowHowToStop, onceEach, sendBlast, untilDone } from './blasts.mjs'
import { startHelper } from './processes.mjs'
import { createCpuMeter } from './rounds.mjs'
import { median, significant } from './statistics.mjs'

/** A blast as fast as it goes, strict and encrypted, against loops that only POST. */
export const sending = {
  id: 'B1',
  parts: [
    { id: 'B1', what: 'blast texts/s, strict claim, encrypted / bare undici loop', goal: 0.35 },
    { id: 'B1b', what: 'the same / the SDK over undici', goal: 0.6 },
    { id: 'B12', what: 'CPU a text of our processes / of the bare undici loop', goal: 3, lower: true },
  ],
  async run(ground) {
    const people = ground.quick ? 15_000 : 60_000
    const cpu = { work: [], postgres: [], redis: [], undici: [], sdk: [] }
    const raw = []
    for (let round = 0; round <= ground.rounds; round++) {
      const undici = await bareLoop('undici', people, cpu.undici)
      const sdk = await bareLoop('sdk', people / 4, cpu.sdk)
      const own = await ownBlast(ground, people, cpu)
      if (round === 0) for (const each of Object.values(cpu)) each.length = 0
      else raw.push({ undici, sdk, own })
    }
    const each = Object.fromEntries(
      Object.entries(cpu).map(([name, values]) => [name, Math.round(median(values))]),
    )
    const ratioTo = (arm) => significant(median(raw.map((one) => one.own / one[arm])), 3)
    return {
      B1: { ratio: ratioTo('undici'), raw },
      B1b: { ratio: ratioTo('sdk'), raw: raw.map(({ sdk, own }) => ({ sdk, own })) },
      B12: {
        ratio: significant(median(cpu.work.map((work, i) => work / cpu.undici[i])), 3),
        raw: [{ 'CPU us a text': each }],
      },
    }
  },
}

async function bareLoop(how, count, cpu) {
  const fake = await startHelper('fake-twilio.mjs')
  const sender = await startHelper('bare-sender.mjs', { pinned: false })
  try {
    const { url: apiUrl } = await fake.ask('listen')
    const account = { accountSid: `AC${'0'.repeat(29)}e2e`, authToken: 'bare', sender: '235246' }
    await sender.ask('open', { how, apiUrl, publicUrl: 'https://text.example.org', ...account })
    await sender.ask('run', { count: count / 4 })
    const meter = createCpuMeter({ sender: sender.pid })
    const { seconds } = await meter.during(
      () => sender.ask('run', { first: count, count }),
      () => count,
    )
    cpu.push(meter.perUnit().sender)
    return significant(count / seconds)
  } finally {
    await Promise.all([sender.end(), fake.end()])
  }
}

// As docs/scaling.md says for thousands of texts a second; 64, the default, is more than a code's rate ever fills.
const IN_FLIGHT = 128

async function ownBlast(ground, people, cpu) {
  const deployment = await ground.deploy({ people, env: { SEND_CONCURRENCY: String(IN_FLIGHT) } })
  const blast = async (more) => {
    const id = await draftBlast(deployment, ['--per-day', '2', ...more])
    return async () => {
      await sendBlast(deployment, id)
      await untilDone(deployment)
    }
  }
  try {
    await knowHowToStop(deployment.database.pool)
    const work = await deployment.start('work')
    // A quarter does not count, as in the bare loops.
    await (
      await blast(['--audience', `limit:${people / 4}`])
    )()
    await deployment.fake.ask('reset')
    const meter = createCpuMeter({ work: work.pid, ...ground.pids })
    await meter.during(await blast([]), () => people)
    for (const [name, us] of Object.entries(meter.perUnit())) cpu[name].push(us)
    const { seconds } = await onceEach(deployment, people)
    return significant(people / seconds)
  } finally {
    await deployment.close()
  }
}
