import { loadActions } from '../../src/adapters/action-files.js'
import { createRedisConversations } from '../../src/adapters/redis-conversations.js'
import { openRedis, type RedisClient } from '../../src/adapters/redis.js'
import { systemClock } from '../../src/adapters/system-clock.js'
import { createVault } from '../../src/adapters/vault.js'
import { bundledTable } from '../../src/congress/bundled.js'
import { MAY_BE_TEXTED } from '../../src/blast/audience.js'
import { buildCongress } from '../../src/congress/congress.js'
import { forgetByHand, letNumbersGo } from '../../src/db/forgetting.js'
import { leave } from '../../src/db/leaving.js'
import { optIn, optOut } from '../../src/db/opting.js'
import { markUnreachable } from '../../src/db/people.js'
import { openPool } from '../../src/db/pool.js'
import { purge } from '../../src/db/retention.js'
import { recordTextIn } from '../../src/db/texts-in.js'
import { claimReply } from '../../src/db/texts-out.js'
import { handleMail, handleOldMail, type HandleContext } from '../../src/inbound/handle.js'
import type { WaitingReply } from '../../src/ports.js'
import { freshDatabase, freshRedis, type FreshDatabase, type FreshRedis } from '../support/services.js'

const vault = createVault(Buffer.alloc(32, 7).toString('base64'))
const congress = buildCongress(bundledTable)

let database: FreshDatabase
let redis: FreshRedis
let client: RedisClient
let pool: ReturnType<typeof openPool>
let announced: WaitingReply[]
let context: HandleContext

beforeEach(async () => {
  database = await freshDatabase()
  redis = await freshRedis()
  client = openRedis([redis.url], 'quick')
  pool = openPool(database.url, { pipeline: true }) // as the workers have it
  announced = []
  context = {
    ...{ pool, vault, clock: systemClock, shortCode: '235246', window: { from: 0, to: 1_440 } },
    conversations: createRedisConversations(client),
    queues: { announceReplies: (replies) => void announced.push(...replies) },
    congress: () => congress,
    actions: loadActions('actions'),
  }
})
afterEach(async () => {
  await pool.end()
  client.disconnect()
  await redis.drop()
  await database.drop()
})

let sids = 0
type Sent = { phone?: string; verdict?: 'stay' | 'leave' | 'unclear'; receivedAt?: Date }

async function texts(body: string, sent: Sent = {}): Promise<number> {
  const { phone = '+12025550123', verdict = 'stay', receivedAt = null } = sent
  const stays = { verdict, rule: null }
  const recorded = await recordTextIn(database.pool, {
    messageSid: `SM${++sids}`,
    phoneHash: vault.hash(phone),
    sealPhone: () => vault.seal(phone),
    bodySealed: vault.seal(body),
    ...{ mediaCount: 0, open: stays, held: stays, optOutType: null, receivedAt },
  })
  return recorded.personId
}

/** What she is to be sent, in its order. */
const answers = async () =>
  (
    await database.pool.query<{ kind: string; number: number }>(
      `select kind, number from texts_out where status = 'pending' and kind <> 'nudge' order by number`,
    )
  ).rows

test('each text of hers is answered once, in the order she wrote them, however many workers are at them', async () => {
  const her = await texts('WORK')
  await texts('20500')
  await texts('HELP')
  await Promise.all(Array.from({ length: 8 }, () => handleMail(context, her)))
  const kinds = (await answers()).map(({ kind }) => kind)
  expect(kinds[0]).toBe('welcome')
  expect(kinds.at(-1)).toBe('help')
  expect(kinds.filter((kind) => kind === 'welcome' || kind === 'help')).toHaveLength(2)
  // The first of hers is called; each wakes the next.
  expect(announced.map(({ number }) => number)).toEqual([(await answers())[0]?.number])
})

test('a worker that had to wait for her row sees that another has applied her text meanwhile', async () => {
  const her = await texts('WORK')
  const other = await database.pool.connect()
  await other.query('begin')
  await other.query('select from people where id = $1 for no key update', [her])
  const handled = handleMail(context, her)
  await new Promise((resolve) => setTimeout(resolve, 200))
  await other.query('update texts_in set applied_at = now() where person_id = $1', [her])
  await other.query('commit')
  other.release()
  await handled
  expect(await answers()).toEqual([])
  expect(announced).toEqual([])
})

test('what one of her texts would change is refused by Postgres: none of it is there, nobody is called, and it is told', async () => {
  const her = await texts('WORK')
  await database.pool.query(
    `create function refuse() returns trigger language plpgsql as $$ begin raise 'full'; end $$;
     create trigger refuse before update on texts_in for each row execute function refuse()`,
  )
  await expect(handleMail(context, her)).rejects.toThrow('full')
  expect(await answers()).toEqual([])
  expect(announced).toEqual([])
  await database.pool.query('drop trigger refuse on texts_in')
  await handleMail(context, her)
  expect((await answers()).map(({ kind }) => kind)).toEqual(['welcome'])
  expect(announced).toHaveLength(1)
})

test('one whose texts cannot be applied keeps nobody else waiting: the sweep applies theirs', async () => {
  const her = await texts('WORK')
  const others = [
    await texts('WORK', { phone: '+12025550124' }),
    await texts('WORK', { phone: '+12025550125' }),
  ]
  await database.pool.query(
    `create function refuse() returns trigger language plpgsql as $$ begin raise 'her row is broken'; end $$;
     create trigger refuse before update on people for each row when (old.id = ${her}) execute function refuse();
     update texts_in set received_at = now() - interval '1 minute'`,
  )
  await handleOldMail(context)
  const { rows } = await database.pool.query<{ person_id: number }>(
    'select person_id from texts_in where applied_at is not null order by id',
  )
  expect(rows.map((row) => row.person_id)).toEqual(others)
})

test("a number the carrier called dead texts WORK: it works after all, or is somebody else's now, and gets alerts", async () => {
  const her = await texts('WORK')
  await handleMail(context, her)
  await markUnreachable(database.pool, her, 'number gone')
  const mayBeAlerted = async () =>
    (await database.pool.query(`select from people p where id = ${her} and ${MAY_BE_TEXTED}`)).rowCount === 1
  expect(await mayBeAlerted()).toBe(false)
  await texts('WORK')
  await handleMail(context, her)
  expect(await mayBeAlerted()).toBe(true)
  // Or it is somebody's who signs up at the hall, where an operator writes it down.
  const byHand = {
    ...{ phoneHash: vault.hash('+12025550123'), phoneSealed: vault.seal('+12025550123') },
    ...{ reasonSealed: vault.seal('at the hall'), recordedBy: 'dana' },
  }
  await optOut(database.pool, byHand)
  await markUnreachable(database.pool, her, 'number gone')
  await optIn(database.pool, byHand)
  expect(await mayBeAlerted()).toBe(true)
})

test('FORGET twice in one go: what her first one asked is taken back, and the last word to her is called at once', async () => {
  const her = await texts('WORK')
  await handleMail(context, her)
  await database.pool.query(`update texts_out set status = 'delivered'`)
  announced = []
  await texts('FORGET')
  await texts('FORGET')
  await handleMail(context, her)
  const [last, ...others] = await answers()
  expect(last?.kind).toBe('forget_done')
  expect(others).toEqual([])
  expect(announced.map(({ number }) => number)).toEqual([last?.number])
})

test('asked to confirm, she texts FORGET and right behind it STOP: she is erased, and gets the one goodbye of her STOP', async () => {
  const her = await texts('WORK')
  for (const body of ['35020', 'FORGET ME']) await texts(body)
  await handleMail(context, her)
  await database.pool.query(`update texts_out set status = 'delivered' where status = 'pending'`)
  await stopped(her, 'FORGET')
  await handleMail(context, her)
  const { rows } = await database.pool.query(
    `select zip, state, (select array_agg(kind order by id) from consents) as consents,
            (select count(*)::int from texts_in where body_sealed is not null) as words from people`,
  )
  expect(rows).toEqual([{ zip: null, state: null, consents: ['joined', 'left', 'forgotten'], words: 0 }])
  const sent: string[] = []
  for (const { number } of await answers()) {
    const claim = await claimReply(database.pool, number)
    if (claim) sent.push(claim.kind)
    await database.pool.query(`update texts_out set status = 'sent' where status = 'claimed'`)
  }
  expect(sent).toEqual(['stop'])
  await letNumbersGo(database.pool)
  expect((await database.pool.query('select phone_sealed from people')).rows).toEqual([
    { phone_sealed: null },
  ])
})

test('FORGET that nobody had asked her to confirm, and STOP right behind it: she is out, and not erased', async () => {
  const her = await texts('WORK')
  await texts('35020')
  await handleMail(context, her)
  await stopped(her, 'FORGET')
  await handleMail(context, her)
  const { rows } = await database.pool.query('select standing, zip from people')
  expect(rows).toEqual([{ standing: 'left', zip: '35020' }])
})

/** Her text and a STOP right behind it, both recorded before any is handled. */
async function stopped(her: number, body: string): Promise<void> {
  await texts(body)
  await texts('STOP', { verdict: 'leave' })
  const { rows } = await database.pool.query<{ id: number }>('select max(id)::int as id from texts_in')
  await leave(database.pool, { personId: her, kind: 'left', via: 'text', textId: rows[0]?.id ?? 0 })
}

test('her WORK is handled seven hours late: no welcome goes, and nothing says that she has seen one', async () => {
  const her = await texts('WORK', { receivedAt: new Date(Date.now() - 7 * 3_600_000) })
  await handleMail(context, her)
  const { rows } = await database.pool.query(
    `select p.standing, p.stop_shown_at as "stopShownAt", c.kind, c.wording_id as wording, t.kind as said, t.status
       from people p join consents c on c.person_id = p.id join texts_out t on t.person_id = p.id and t.kind <> 'nudge'`,
  )
  expect(rows).toEqual([
    {
      standing: 'joined',
      stopShownAt: null,
      kind: 'joined',
      wording: null,
      said: 'welcome',
      status: 'expired',
    },
  ])
})

test('her "stop?" is handled seven hours late: she is held, so she is asked all the same', async () => {
  const her = await texts('WORK')
  await texts('35020')
  await handleMail(context, her)
  await texts('stop?', { verdict: 'unclear', receivedAt: new Date(Date.now() - 7 * 3_600_000) })
  await handleMail(context, her)
  const { rows } = await database.pool.query<{ standing: string }>('select standing from people')
  expect(rows).toEqual([{ standing: 'held' }])
  expect((await answers()).at(-1)?.kind).toBe('unclear')
})

test('a week and an alert after a report of hers she calls again: she is asked which office it was', async () => {
  const aWeekAgo = new Date(Date.now() - 7 * 86_400_000)
  const then = { ...context, clock: { ...systemClock, now: () => aWeekAgo } }
  for (const body of ['WORK', '35020', '1', 'A'])
    await handleMail(then, await texts(body, { receivedAt: aWeekAgo }))
  const lastAnswer = async () => (await answers()).at(-1)?.kind
  expect(await lastAnswer()).toBe('thanks_first')
  // The order of the alerts is that of their writing: one may have been put back after a restore.
  await database.pool.query(
    `update people set alerted = array[now() - interval '1 day', now() - interval '20 days']`,
  )
  await handleMail(context, await texts('1'))
  expect(await lastAnswer()).toBe('which')
})

const nudges = async () =>
  (
    await database.pool.query<{ status: string }>(
      `select status from texts_out where kind = 'nudge' order by number`,
    )
  ).rows.map(({ status }) => status)

test('who sends her ZIP in one go with WORK is not reminded of it a day later', async () => {
  const her = await texts('WORK')
  await texts('35020')
  await handleMail(context, her)
  expect((await answers()).map(({ kind }) => kind)).toEqual(['welcome', 'senators'])
  expect(await nudges()).toEqual(['cancelled'])
})

test('who says hello and then WORK, and no more, is reminded', async () => {
  const her = await texts('hello')
  await texts('WORK')
  await handleMail(context, her)
  expect(await nudges()).toEqual(['pending'])
})

describe('she was forgotten, her number has gone, and she texts once more', () => {
  let her: number
  beforeEach(async () => {
    her = await texts('WORK')
    for (const body of ['20500', 'FORGET', 'FORGET']) await texts(body)
    await handleMail(context, her)
    await allSent()
    await letNumbersGo(database.pool)
    expect(await kept()).toEqual({ number: false, words: [] })
  })

  const allSent = () => database.pool.query(`update texts_out set status = 'sent' where status = 'pending'`)

  async function kept(): Promise<{ number: boolean; words: string[] }> {
    const { rows: people } = await database.pool.query<{ phone_sealed: Buffer | null }>(
      'select * from people',
    )
    const { rows: words } = await database.pool.query<{ body: Buffer }>(
      `select body_sealed as body from texts_in where body_sealed is not null
       union all select body_sealed from texts_out where body_sealed is not null and kind <> 'help'
       union all select words_sealed from consents where words_sealed is not null`,
    )
    return { number: people[0]?.phone_sealed !== null, words: words.map(({ body }) => vault.open(body)) }
  }

  test('"thank you": that goes too, and so does the number it brought', async () => {
    await texts('thank you so much, from Maria')
    await letNumbersGo(database.pool)
    expect((await kept()).words).toEqual(['thank you so much, from Maria']) // still to be read
    await handleMail(context, her)
    expect(await letNumbersGo(database.pool)).toEqual([her])
    expect(await kept()).toEqual({ number: false, words: [] })
    expect(await letNumbersGo(database.pool)).toEqual([])
  })

  test('HELP is answered, and only then her number goes', async () => {
    await texts('HELP')
    await handleMail(context, her)
    expect((await answers()).map(({ kind }) => kind)).toEqual(['help'])
    await letNumbersGo(database.pool)
    expect((await kept()).number).toBe(true)
    await database.pool.query(`update texts_out set status = 'in_doubt' where status = 'pending'`)
    await letNumbersGo(database.pool)
    expect((await kept()).number).toBe(true)
    await database.pool.query(`update texts_out set status = 'sent' where status = 'in_doubt'`)
    await letNumbersGo(database.pool)
    expect(await kept()).toEqual({ number: false, words: [] })
  })

  test('her third STOP of the day gets no goodbye, and FORGET is asked once, though her number goes between each two of them', async () => {
    for (const body of ['STOP', 'STOP', 'STOP', 'FORGET', 'FORGET']) {
      await texts(body, { verdict: body === 'STOP' ? 'leave' : 'stay' })
      await handleMail(context, her)
      await allSent()
      for (const id of await letNumbersGo(database.pool)) await context.conversations.drop(id)
      expect(await kept()).toEqual({ number: false, words: [] })
    }
    const { rows } = await database.pool.query<{ kind: string }>(
      'select kind from texts_out order by number desc limit 4',
    )
    expect(rows.map(({ kind }) => kind).reverse()).toEqual(['stop', 'stop', 'forget_ask', 'forget_done'])
  })

  test('to a web process of the version before, which leaves no mark that her number is to go: within a day it goes too', async () => {
    await database.pool.query('update people set phone_sealed = $1', [vault.seal('+12025550123')])
    await texts('thanks, from Maria')
    await handleMail(context, her)
    await purge(database.pool, { inboundBodyDays: 90, receiptDays: 30 }, new AbortController().signal)
    await letNumbersGo(database.pool)
    expect(await kept()).toEqual({ number: false, words: [] })
  })

  test('WORK brings her back, and she is a person like any other: her number stays, also when she leaves again', async () => {
    await texts('WORK')
    await handleMail(context, her)
    await allSent()
    await letNumbersGo(database.pool)
    await optOut(database.pool, {
      ...{ phoneHash: vault.hash('+12025550123'), phoneSealed: vault.seal('+12025550123') },
      ...{ reasonSealed: vault.seal('by phone'), recordedBy: 'dana' },
    })
    await letNumbersGo(database.pool)
    expect(await kept()).toMatchObject({ number: true, words: expect.arrayContaining(['WORK']) as string[] })
  })
})

test('who lives in Pittsburgh and votes in Hawaii is texted when it is day in both, whichever she said first or again', async () => {
  const zones = async () =>
    (await database.pool.query<object>('select zip, state, zone, other_zone as "otherZone" from people')).rows
  const says = async (...bodies: string[]) => {
    for (const body of bodies) await handleMail(context, await texts(body))
    return zones()
  }
  const pittsburgh = { zip: '15213', zone: 'America/New_York' }
  const both = [{ ...pittsburgh, state: 'HI', otherZone: 'Pacific/Honolulu' }]
  expect(await says('WORK', '15213', 'I vote in Hawaii')).toEqual(both)
  expect(await says('I vote in Hawaii')).toEqual(both)
  expect(await says('96813')).toEqual([
    { zip: '96813', state: 'HI', zone: 'Pacific/Honolulu', otherZone: 'Pacific/Honolulu' },
  ])
  expect(await says('15213')).toEqual([{ ...pittsburgh, state: 'PA', otherZone: 'America/New_York' }])
  expect(await says('I vote in Hawaii')).toEqual(both)
})

test('whose ZIP an earlier version threw away keeps the hours she was given for it when she names her state again', async () => {
  await handleMail(context, await texts('WORK'))
  await handleMail(context, await texts('I vote in Hawaii'))
  await database.pool.query(`update people set zone = 'America/New_York', other_zone = 'Pacific/Honolulu'`)
  await handleMail(context, await texts('I vote in Hawaii'))
  const { rows } = await database.pool.query('select zip, zone from people')
  expect(rows).toEqual([{ zip: null, zone: 'America/New_York' }])
})

test('who had left and is forgotten by hand: what Redis knows of her calls goes too', async () => {
  const her = await texts('WORK')
  for (const body of ['20500', '1']) await texts(body)
  await handleMail(context, her)
  await texts('STOP', { verdict: 'leave' })
  await handleMail(context, her)
  await database.pool.query(`update texts_out set status = 'sent' where status = 'pending'`)
  await optOut(database.pool, {
    ...{ phoneHash: vault.hash('+12025550123'), phoneSealed: vault.seal('+12025550123') },
    ...{ reasonSealed: vault.seal('by phone'), recordedBy: 'dana' },
  })
  expect(await context.conversations.load(her)).not.toBeNull()
  const farewell = () => ({ bodySealed: vault.seal('bye'), segments: 1 })
  const { what } = await forgetByHand(database.pool, {
    ...{ phoneHash: vault.hash('+12025550123'), recordedBy: 'dana', farewell },
  })
  expect(what).toBe('erased')
  for (const id of await letNumbersGo(database.pool)) await context.conversations.drop(id)
  expect(await context.conversations.load(her)).toBeNull()
  expect(await letNumbersGo(database.pool)).toEqual([])
})

test.each([
  ['a minute by its own clock after her STOP, from a spool or a list', 55_000, 'left'],
  ['by a clock that agrees, minutes after it', 300_000, 'joined'],
])('a WORK that comes in late, %s: she is %s', async (_when, afterMs, standing) => {
  const her = await texts('WORK')
  await handleMail(context, her)
  await optOut(database.pool, {
    ...{ phoneHash: vault.hash('+12025550123'), phoneSealed: vault.seal('+12025550123') },
    ...{ reasonSealed: vault.seal('by phone'), recordedBy: 'dana' },
  })
  const { rows } = await database.pool.query<{ at: Date }>(
    `update people set left_at = now() - interval '10 minutes' returning left_at as at`,
  )
  await texts('WORK', { receivedAt: new Date((rows[0]?.at.getTime() ?? 0) + afterMs) })
  await handleMail(context, her)
  const { rows: now } = await database.pool.query<{ standing: string }>('select standing from people')
  expect(now).toEqual([{ standing }])
})

test('her STOP and her START right behind it both waited in a spool: their order is known, and she is back', async () => {
  const her = await texts('WORK')
  await handleMail(context, her)
  const at = Date.now() - 60_000
  await texts('STOP', { verdict: 'leave', receivedAt: new Date(at) })
  const { rows } = await database.pool.query<{ id: number }>('select max(id) as id from texts_in')
  await database.pool.query(`update people set standing = 'left', left_text = $1, left_at = $2`, [
    rows[0]?.id,
    new Date(at),
  ])
  await texts('START', { receivedAt: new Date(at + 20_000) })
  await handleMail(context, her)
  const { rows: now } = await database.pool.query<{ standing: string }>('select standing from people')
  expect(now).toEqual([{ standing: 'joined' }])
})
