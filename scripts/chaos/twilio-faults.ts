import { sign } from '../../src/adapters/twilio-signature.js'
import { createVault } from '../../src/adapters/vault.js'
import { lasting, must, sleep, type Fault } from './fault.js'
import type { World } from './world.js'

async function underWay(world: World, seconds: number): Promise<{ id: number; phones: string[] }> {
  const people = await world.join(lasting(world, seconds))
  const id = await world.blast()
  await world.untilSent(id, Math.min(50, world.rate / 4))
  return { id, phones: people.map(({ phone }) => phone) }
}

async function countOf(world: World, status: string): Promise<number> {
  const { rows } = await world.pool.query<{ n: number }>(
    'select count(*) as n from texts_out where status = $1::text_status and blast_id <> 0',
    [status],
  )
  return rows[0]?.n ?? 0
}

/** A webhook as somebody else might send it. */
async function forge(
  world: World,
  token: string,
  form: Record<string, string>,
  path = '/webhooks/twilio/message',
) {
  const url = `${world.env['PUBLIC_URL']}${path}`
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-twilio-signature': sign(token, url, form),
    },
    body: new URLSearchParams(form),
  })
  return response.status
}

export const TWILIO_FAULTS: readonly Fault[] = [
  {
    id: 22,
    name: 'Twilio answers 429',
    inject: 'every POST refused with 429 for 30 s (4 s in tests), then every tenth',
    holds: 'all tried again, nothing lost, nothing in doubt',
    inTests: true,
    async run(world) {
      await world.join(lasting(world, 3))
      const id = await world.blast()
      await world.untilSent(id, 50)
      world.front.decide(() => '429')
      await sleep(world.seconds(30, 4))
      world.front.decide((nth) => (nth % 10 === 0 ? '429' : 'pass'))
      world.faultOver()
      await world.blastIs(id, 'done', 120_000)
      const doubt = (await countOf(world, 'in_doubt')) + (await countOf(world, 'not_sent'))
      must(doubt === 0, `${doubt} texts in doubt though 429 says that they were not taken`)
    },
  },
  {
    id: 23,
    name: 'Twilio answers 500, the text taken or not',
    inject:
      'of ten POSTs one is taken and answered 500, one is not taken and answered 500; no receipts for half of them',
    holds:
      'the taken are bound, the others not sent; answers of that kind are sent once more, the blast is reported',
    inTests: true,
    async run(world) {
      world.front.decide((nth) => (nth % 10 === 3 ? 'taken-500' : nth % 10 === 7 ? '500' : 'pass'))
      const { id, phones } = await underWay(world, 2)
      for (const phone of phones.slice(0, 10)) await world.text(phone, 'HELP')
      world.front.decide(() => 'pass')
      world.faultOver()
      await world.blastIs(id, 'done')
      await world.idle()
      const { rows } = await world.pool.query<{ n: number }>(
        `select count(*) as n from texts_out where kind = 'help' and status not in ('accepted', 'sent', 'delivered')`,
      )
      must(rows[0]?.n === 0, `${rows[0]?.n} answers did not arrive`)
      must((await countOf(world, 'not_sent')) > 0, 'no text of the blast was not sent: nothing was tried')
    },
  },
  {
    id: 24,
    name: 'Twilio silent, cutting and slow',
    inject:
      'of twenty POSTs one is never answered, one is taken and cut, one is taken and never answered, two are slow',
    holds: 'the time-out makes them doubtful; answers go on meanwhile',
    async run(world) {
      world.front.slowMs = 3_000
      const fates = {
        3: 'silent',
        7: 'taken-reset',
        11: 'taken-silent',
        15: 'taken-slow',
        17: 'taken-slow',
      } as const
      world.front.decide((nth) => (nth < 400 ? (fates[(nth % 20) as keyof typeof fates] ?? 'pass') : 'pass'))
      const { id, phones } = await underWay(world, 3)
      const begun = Date.now()
      await world.text(phones.at(-1) ?? '', 'HELP')
      while (
        !world.simulator
          .thread(phones.at(-1) ?? '')
          .some(({ by, body }) => by === 'app' && body.includes('STOP'))
      )
        if (Date.now() - begun > 15_000) throw new Error('no answer within 15 s')
        else await sleep(20)
      world.figures['answer in'] = `${Date.now() - begun} ms`
      world.faultOver()
      await world.blastIs(id, 'done', 120_000)
    },
  },
  {
    id: 25,
    name: 'Twilio refuses connections',
    inject: 'its port closed for 5 min (1 min here, 5 s in tests)',
    holds: 'nothing is in doubt that was refused before a byte; it goes on at the rate',
    async run(world) {
      const { id } = await underWay(world, 4)
      await world.twilioRoad.refuse()
      await sleep(world.seconds(60, 5))
      const inDoubt = await countOf(world, 'in_doubt')
      await world.twilioRoad.listen()
      world.faultOver()
      await world.blastIs(id, 'done', 120_000)
      // What was under way at the very moment of the cut may have been taken.
      must(inDoubt <= 64, `${inDoubt} texts in doubt though Twilio refused the connections`)
    },
  },
  {
    id: 26,
    name: 'receipts twice, backwards and too early',
    inject: 'phones whose receipts come twice, in reverse, or before the answer to the POST',
    holds: 'a status never goes back: all end delivered',
    inTests: true,
    async run(world) {
      await world.join(900, ['0160', '0161', '0162'])
      const id = await world.blast()
      await world.blastIs(id, 'done')
      world.faultOver()
      for (const until = Date.now() + 15_000; (await countOf(world, 'delivered')) < 900; await sleep(100))
        if (Date.now() > until) throw new Error(`${await countOf(world, 'delivered')} of 900 are delivered`)
      await sleep(500)
      must((await countOf(world, 'delivered')) === 900, 'a status went back')
    },
  },
  {
    id: 27,
    name: 'forgeries and replays',
    inject:
      'a STOP signed with another token, 40 times; a true one replayed; receipts with a wrong MAC and for texts not ours',
    holds:
      'forgeries are refused and change nothing; a replay changes nothing; a wrong MAC is answered 200 and counted',
    async run(world) {
      const [person, other] = await world.join(2)
      const account = world.env['TWILIO_ACCOUNT_SID'] ?? ''
      const token = world.env['TWILIO_AUTH_TOKEN'] ?? ''
      const stop = {
        MessageSid: `SM${'f'.repeat(32)}`,
        AccountSid: account,
        From: person?.phone ?? '',
        Body: 'STOP',
        To: '235246',
      }
      const refused = []
      for (let i = 0; i < 40; i++) refused.push(await forge(world, 'another token', stop))
      must(
        refused.every((status) => status === 403 || status === 429),
        `a forgery was answered ${refused.join(' ')}`,
      )
      must(
        (await forge(world, token, { ...stop, AccountSid: `AC${'1'.repeat(32)}` })) === 403,
        'a foreign account passed',
      )
      const help = { ...stop, MessageSid: `SM${'e'.repeat(32)}`, From: other?.phone ?? '', Body: 'HELP' }
      for (let i = 0; i < 5; i++)
        must((await forge(world, token, help)) === 200, 'a signed text was refused among forgeries')
      const id = await world.blast()
      await world.blastIs(id, 'done')
      const mac = createVault(world.env['PHONE_KEY'] ?? '').mac(`${id}-${person?.id}`)
      const receipt = {
        MessageSid: `SM${'d'.repeat(32)}`,
        AccountSid: account,
        MessageStatus: 'failed',
        ErrorCode: '21610',
      }
      const wrong = `/webhooks/twilio/status/${id}-${person?.id}/${mac.slice(0, -1)}${mac.endsWith('A') ? 'B' : 'A'}`
      must(
        (await forge(world, token, receipt, wrong)) === 200,
        'a receipt with a wrong MAC was not answered 200',
      )
      const { rows } = await world.pool.query<{ n: number; left: number; helps: number }>(
        `select (select count(*) from people where standing = 'left') as left, (select count(*) from texts_out where kind = 'help') as helps,
                (select count(*) from receipts where message_sid = $1) as n`,
        [receipt.MessageSid],
      )
      must(rows[0]?.left === 0, 'a forged STOP or receipt took a person out')
      must(rows[0]?.helps === 1, `a text replayed five times was answered ${rows[0]?.helps} times`)
      must(rows[0]?.n === 0, 'a receipt with a wrong MAC was recorded')
    },
  },
  {
    id: 28,
    name: 'STOP races the blast',
    inject: 'STOPs from people of the blast at every moment of their claims (1,000; 250 in tests)',
    holds: 'no claim after the STOP has committed, no POST after its 200',
    inTests: true,
    async run(world) {
      const stops = world.isQuick ? 250 : 1_000
      const people = await world.join(stops)
      const id = await world.blast()
      await world.untilSent(id, 1)
      // So many leave that the breaker pauses it, as it must: somebody lets it go on each time.
      const resuming = setInterval(() => {
        void world.pool
          .query(
            `update blasts set state = 'running', judged_consent = (select max(id) from consents) where id = $1 and state = 'paused'`,
            [id],
          )
          .catch(() => undefined)
      }, 50)
      const perSecond = world.rate
      const begun = Date.now()
      const answers = people.map(async ({ phone }, i) => {
        // About when her turn comes, 400 ms early to 50 ms late: a range is claimed before each text has its turn.
        const at = begun + (i / perSecond) * 1_000 + ((i * 37) % 451) - 400
        await sleep(Math.max(0, at - Date.now()))
        return world.text(phone, 'STOP')
      })
      const refused = (await Promise.all(answers)).filter(({ status }) => status !== 200).length
      world.faultOver()
      must(refused === 0, `${refused} STOPs were not answered with 200`)
      await world.blastIs(id, 'done').finally(() => clearInterval(resuming))
      world.figures['opted out in time'] = await countOf(world, 'opted_out')
    },
  },
  {
    id: 29,
    name: 'a text delivered twice at once',
    inject: '50 texts, each by two webhooks at the same time',
    holds: 'one answer each',
    async run(world) {
      const people = await world.join(50)
      const twice = people.map(({ phone }, i) => {
        const sid = `SM${String(i).padStart(32, '0')}`
        return [1, 2].map(() => world.simulator.send({ from: phone, body: 'HELP', sid }))
      })
      await Promise.all(twice.flat())
      world.faultOver()
      await world.idle()
      const { rows } = await world.pool.query<{ n: number }>('select count(*) as n from texts_out')
      must(rows[0]?.n === 50, `${rows[0]?.n} answers to 50 texts`)
    },
  },
  {
    id: 30,
    name: 'no web process for a minute',
    inject: 'kill -9 of every one; people text meanwhile, STOP too; none comes back',
    holds: "the workers take them in from Twilio's list, and the STOP holds",
    async run(world) {
      const people = await world.join(20)
      await Promise.all(world.only('serve').map((role) => role.end('SIGKILL')))
      for (const [i, { phone }] of people.entries()) await world.text(phone, i % 2 ? 'STOP' : 'HELP')
      const begun = Date.now()
      world.faultOver()
      // A look every minute, at what is older than a webhook may take.
      for (;;) {
        const { rows } = await world.pool.query<{ n: number }>(
          'select count(*) as n from texts_in where applied_at is not null',
        )
        if (rows[0]?.n === 20) break
        if (Date.now() - begun > 150_000) throw new Error(`${rows[0]?.n} of 20 texts were taken in`)
        await sleep(200)
      }
      world.figures['taken in after'] = `${Math.round((Date.now() - begun) / 1_000)} s`
      const { rows } = await world.pool.query<{ n: number }>(
        `select count(*) as n from people where standing = 'left'`,
      )
      must(rows[0]?.n === 10, `${rows[0]?.n} of 10 STOPs count`)
    },
  },
  {
    id: 33,
    name: 'a carrier filters',
    inject: '30% of the phones report 30007',
    holds: 'the blast is paused within some 500 receipts, and does not go on by itself',
    async run(world) {
      await world.join(450, ['0152'])
      await world.join(1_050)
      const id = await world.blast()
      await world.blastIs(id, 'paused', 30_000)
      const sent = await world.sent(id)
      await sleep(3_000)
      world.figures['stays open'] = 'yes'
      world.figures['sent before the pause'] = sent
      must((await world.sent(id)) <= sent + 64, 'it went on by itself')
    },
  },
]
