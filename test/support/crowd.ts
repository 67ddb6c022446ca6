import type { Bot } from './bot.js'

const PATIENCE_MS = 40_000

/** What each of them texts, and what she must get for it: one text each, in this order, once. */
const TALK: readonly (readonly [string, RegExp])[] = [
  ['WORK', /^Welcome to the /],
  ['35020', /Your senators for Alabama/],
  ['left a vm for britt', /call reported from Alabama/],
  ['STOP', /You are unsubscribed/],
]

/** From 0150 on the simulator gives each number a fate of its own. */
const crowdPhone = (number: number): string =>
  `+1${205 + Math.floor(number / 50)}55501${String(number % 50).padStart(2, '0')}`

/**
 * People who all talk to us at once, each waiting for an answer before she goes on. `between` is called before each of their
 * texts, with how many have been sent so far. Rejects when somebody's text is not taken, or an answer does not come.
 */
export async function crowdTalks(
  bot: Bot,
  people: { first: number; count: number },
  between: (sent: number) => void = () => undefined,
): Promise<void> {
  let sent = 0
  const phones = Array.from({ length: people.count }, (_, index) => crowdPhone(people.first + index))
  await Promise.all(
    phones.map(async (phone) => {
      for (const [index, [body]] of TALK.entries()) {
        between(sent++)
        const { answer } = await bot.simulator.send({ from: phone, body })
        if (answer.status !== 200)
          throw new Error(`${body} was answered ${answer.status ?? 'not at all'}: ${answer.fault}`)
        for (const until = Date.now() + PATIENCE_MS; answersTo(bot, phone).length <= index;) {
          if (Date.now() > until) throw new Error(`no answer to text ${index + 1} of 4 in ${PATIENCE_MS} ms`)
          await new Promise((resolve) => setTimeout(resolve, 10))
        }
      }
    }),
  )
}

const answersTo = (bot: Bot, phone: string) => bot.simulator.thread(phone).filter((text) => text.by === 'app')

/** Who of them did not get exactly her four answers, in order, each POSTed once; empty: nothing lost, nothing twice. */
export function crowdFaults(bot: Bot, people: { first: number; count: number }): string[] {
  return Array.from({ length: people.count }, (_, index) => crowdPhone(people.first + index)).flatMap(
    (phone) => {
      const posts = bot.simulator.journal
        .read(['post'])
        .filter((one) => one.kind === 'post' && one.to === phone)
      const bodies = posts.map((one) => (one.kind === 'post' ? one.body : ''))
      const isWell =
        bodies.length === TALK.length && TALK.every(([, wanted], at) => wanted.test(bodies[at] ?? ''))
      return isWell ? [] : [`${phone} got ${JSON.stringify(bodies.map((body) => body.slice(0, 30)))}`]
    },
  )
}
