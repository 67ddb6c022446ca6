import { countBlast } from '../../src/db/blast-counts.js'
import { blastIs, joinPeople, scheduleBlast } from '../support/blasts.js'
import { startBot, type Bot } from '../support/bot.js'

// A longer one by hand: SEASON_PEOPLE=100000 npx jest test/e2e/season.test.ts
const PEOPLE = Number(process.env['SEASON_PEOPLE'] ?? 12_000)
// Half of them are sent in the first evening, which takes so long here.
const EVENING_S = Math.max(20, PEOPLE / 2 / 1_000)
const PER_SECOND = Math.ceil(PEOPLE / 2 / EVENING_S)
const WINDOW = { from: 9 * 60, to: 20 * 60 }
const EASTERN = 'America/New_York'
// The last two ZIPs' sources differ, so that the stricter clock holds; Phoenix has no summer time.
const CLOCKS = [
  { zone: EASTERN, otherZone: EASTERN },
  { zone: 'America/Chicago', otherZone: 'America/Chicago' },
  { zone: 'America/Los_Angeles', otherZone: 'America/Los_Angeles' },
  { zone: 'America/Chicago', otherZone: EASTERN },
  { zone: 'America/Phoenix', otherZone: 'America/Denver' },
]
const SATURDAY = '2026-10-31'
const FIVE_HOURS_S = 5 * 3_600

let bot: Bot
beforeAll(async () => {
  bot = await startBot({
    env: { SEGMENTS_PER_SECOND: String(PER_SECOND), SEND_WINDOW: '09:00-20:00', CANARY: 'off' },
  })
})
afterAll(() => bot.stop())

/** Sets the clock by which hours are judged, running so many times faster than ours. */
async function setClock(to: string, speed: number): Promise<void> {
  await bot.database.pool.query(
    `create or replace function judged_now() returns timestamptz language sql stable parallel safe as
     $$ select timestamptz '${to}' + (now() - timestamptz '${new Date().toISOString()}') * ${speed} $$`,
  )
}

const ask = async <Row extends object>(question: string, values: unknown[] = []): Promise<Row> => {
  const { rows } = await bot.database.pool.query<Row>(question, values)
  if (!rows[0]) throw new Error('no row')
  return rows[0]
}

const hour = `to_char(alerted[1] at time zone zone, 'HH24:MI')`

test('over two evenings with the end of summer time between them, everybody gets one text within hours', async () => {
  // From 18:00 in the East to 20:00 in the West.
  const speed = FIVE_HOURS_S / EVENING_S
  await setClock('2026-10-31 17:30-04', speed)
  const phones = await joinPeople(bot, PEOPLE, (n) => CLOCKS[n % CLOCKS.length] ?? {})
  const blast = await scheduleBlast(
    bot.database.pool,
    { zone: 'local', startsLocal: `${SATURDAY}T18:00:00`, firstAt: new Date(`${SATURDAY}T18:00-04:00`) },
    WINDOW,
  )

  let samples = 0
  const unequal: unknown[] = []
  const sampling = setInterval(() => {
    void countBlast(bot.database.pool, blast.id).then((now) => {
      if (!now || now.audience === 0) return
      samples += 1
      if (Object.values(now.counts).reduce((sum, count) => sum + count, 0) !== PEOPLE) unequal.push(now)
    })
  }, 100)
  const reach = async (moment: string) => {
    while (!(await ask<{ is: boolean }>('select judged_now() >= $1::timestamptz as is', [moment])).is)
      await new Promise((resolve) => setTimeout(resolve, 100))
  }

  await reach('2026-10-31 20:05-07')
  const evening = await ask<{ sent: number; left: number }>(
    `select count(*) filter (where status not in ('pending', 'claimed'))::int as sent,
            count(*) filter (where status = 'pending')::int as left from texts_out_blasts where blast_id = $1`,
    [blast.id],
  )
  expect(evening.sent).toBeGreaterThan(PEOPLE / 20)
  expect(evening.left).toBeGreaterThan(PEOPLE / 20)

  // Sunday, the clocks have gone back: noon in the East is an hour later than yesterday.
  await setClock('2026-11-01 11:30-05', speed)
  await blastIs(bot.database.pool, blast.id, 'done', 120_000 + PEOPLE * 3)
  clearInterval(sampling)
  expect(samples).toBeGreaterThan(20)
  expect(unequal).toEqual([])

  expect(
    await ask(
      `select count(*)::int as people, count(*) filter (where cardinality(alerted) = 1)::int as once,
              count(*) filter (where not hours_open(alerted[1], zone, '09:00', '20:00')
                                  or not hours_open(alerted[1], other_zone, '09:00', '20:00'))::int as "outsideHours",
              min(${hour}) filter (where zone = other_zone and (alerted[1] at time zone zone)::date = $1) as "firstOnSaturday",
              min(least(alerted[1], '2026-11-02')) filter (where zone = '${EASTERN}' and alerted[1] > '2026-11-01 10:00Z') >= '2026-11-01 12:00-05' as "sundayFromNoon"
         from people`,
      [SATURDAY],
    ),
  ).toEqual({
    people: PEOPLE,
    once: PEOPLE,
    outsideHours: 0,
    firstOnSaturday: expect.stringMatching(/^18:/) as string,
    sundayFromNoon: true,
  })
  for (const phone of phones)
    expect(bot.simulator.thread(phone).filter(({ by }) => by === 'app')).toHaveLength(1)
}, 600_000)
