import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import { createVault } from '../../src/adapters/vault.js'
import { approvalDigest, clockTime } from '../../src/blast/approval.js'
import { actionSays } from '../../src/blast/wording.js'
import { approve, setState } from '../../src/db/blast-states.js'
import { insertBlast, type BlastPlan, type BlastRow } from '../../src/db/blasts.js'
import type { Bot } from './bot.js'
import { ACTION } from './play.js'

/** What the bundled action puts into a blast's texts. */
export const SAID = actionSays(ACTION, '235246')

/** What the start of a blast with WORDING is judged by where its hours are of no interest. */
export const RULES = {
  window: { from: 0, to: 1_440 },
  said: SAID,
  canary: false,
  needsSenators: true,
  alertsPerMonth: 8,
}

export const WORDING =
  '{{program}}: call today, ask for a YES: Sen. {{last1}} {{phone1}}, Sen. {{last2}} {{phone2}}. STOP to cancel.'

export type Somebody = {
  phone?: string
  state?: string
  zone?: string
  otherZone?: string
  language?: string
  ending?: string
}

/** People with live consent, in Alabama where nothing else is said. Their phones are +1 (area block) 2000000 and up. */
export async function joinPeople(
  bot: Pick<Bot, 'database' | 'env'>,
  count: number,
  about: (n: number) => Somebody = () => ({}),
  area = 301,
): Promise<string[]> {
  const vault = createVault(bot.env['PHONE_KEY'] ?? '')
  const people = Array.from({ length: count }, (_, n) => ({
    phone: `+1${area}${String(2_000_000 + n).padStart(7, '0')}`,
    ...about(n),
  }))
  await bot.database.pool.query(
    `insert into people (phone_hash, phone_sealed, standing, zip, state, zone, other_zone, language, joined_at, stop_shown_at)
     select h, s, 'joined', '35020', st, z, oz, l, now(), now()
       from unnest($1::bytea[], $2::bytea[], $3::text[], $4::text[], $5::text[], $6::text[]) as p (h, s, st, z, oz, l)`,
    [
      people.map(({ phone }) => vault.hash(phone)),
      people.map(({ phone }) => vault.seal(phone)),
      people.map(({ state }) => state ?? 'AL'),
      people.map(({ zone }) => zone ?? 'America/Chicago'),
      people.map(({ otherZone, zone }) => otherZone ?? zone ?? 'America/Chicago'),
      people.map(({ language }) => language ?? 'en'),
    ],
  )
  return people.map(({ phone }) => phone)
}

/** A blast that two people have agreed to and that starts by itself now, unless the plan says when. */
export async function scheduleBlast(
  pool: pg.Pool,
  plan: Partial<BlastPlan> = {},
  window = { from: 0, to: 24 * 60 },
): Promise<BlastRow> {
  const whole: BlastPlan = {
    name: 'vote',
    action: 'pro-act',
    wording: { en: WORDING },
    audience: '',
    perDay: 1,
    zone: 'UTC',
    atTyped: 'now',
    startsAt: null,
    startsLocal: null,
    firstAt: new Date(),
    ...{ untilTyped: null, untilAt: null, untilLocal: null },
    ...plan,
  }
  const blast = await insertBlast(pool, randomBytes(3).toString('hex'), whole, 'lee')
  if (!blast) throw new Error('the code is taken')
  await approve(pool, blast.id, {
    by: 'dana',
    digest: approvalDigest(whole, { window, said: SAID }),
    people: 1_000_000,
    opens: clockTime(window.from),
    closes: clockTime(window.to),
  })
  await setState(pool, blast.id, 'scheduled')
  return blast
}

/** Waits until a blast is in this state; gives up after a while, saying where it stands. */
export async function blastIs(pool: pg.Pool, id: number, state: string, patienceMs = 30_000): Promise<void> {
  const deadline = Date.now() + patienceMs
  for (;;) {
    const { rows } = await pool.query<{ state: string; why: string | null }>(
      'select state, paused_why as why from blasts where id = $1',
      [id],
    )
    if (rows[0]?.state === state) return
    if (Date.now() > deadline)
      throw new Error(
        `blast ${id} is ${rows[0]?.state} (${rows[0]?.why}), not ${state}: ${JSON.stringify(await countTexts(pool, id))}`,
      )
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** How many texts of a blast are in each state. */
export async function countTexts(pool: pg.Pool, id: number): Promise<Record<string, number>> {
  const { rows } = await pool.query<{ status: string; count: number }>(
    'select status, count(*) from texts_out where blast_id = $1 group by 1',
    [id],
  )
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]))
}
