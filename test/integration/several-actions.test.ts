import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadActions } from '../../src/adapters/action-files.js'
import { createRedisConversations } from '../../src/adapters/redis-conversations.js'
import { openRedis, type RedisClient } from '../../src/adapters/redis.js'
import { systemClock } from '../../src/adapters/system-clock.js'
import { createVault } from '../../src/adapters/vault.js'
import { audienceWhere, parseAudience } from '../../src/blast/audience.js'
import { bundledTable } from '../../src/congress/bundled.js'
import { buildCongress } from '../../src/congress/congress.js'
import { openPool } from '../../src/db/pool.js'
import { recordTextIn } from '../../src/db/texts-in.js'
import { handleMail, type HandleContext } from '../../src/inbound/handle.js'
import { freshDatabase, freshRedis, type FreshDatabase, type FreshRedis } from '../support/services.js'

const vault = createVault(Buffer.alloc(32, 7).toString('base64'))
const congress = buildCongress(bundledTable)
const PRO_ACT = readFileSync('actions/pro-act.yaml', 'utf8')
const MIN_WAGE = PRO_ACT.replace('keywords: [WORK]', 'keywords: [RAISE]')
  .replace(/^program: .*$/m, 'program: Raise the Wage Team')
  .replace(/^( +ask: ).*$/gm, '$1raise the wage')

let database: FreshDatabase
let redis: FreshRedis
let client: RedisClient
let pool: ReturnType<typeof openPool>
let context: HandleContext
const dirs: string[] = []

beforeEach(async () => {
  database = await freshDatabase()
  redis = await freshRedis()
  client = openRedis([redis.url], 'quick')
  pool = openPool(database.url, { pipeline: true })
  context = contextWith({ 'pro-act': PRO_ACT, 'min-wage': MIN_WAGE })
})
afterEach(async () => {
  await pool.end()
  client.disconnect()
  await redis.drop()
  await database.drop()
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true })
})

function contextWith(files: Record<string, string>): HandleContext {
  const dir = mkdtempSync(join(tmpdir(), 'text-action-actions-'))
  dirs.push(dir)
  for (const [name, yaml] of Object.entries(files)) writeFileSync(join(dir, `${name}.yaml`), yaml)
  return {
    ...{ pool, vault, clock: systemClock, shortCode: '235246', window: { from: 0, to: 1_440 } },
    conversations: createRedisConversations(client),
    queues: { announceReplies: () => undefined },
    congress: () => congress,
    actions: loadActions(dir),
  }
}

let sids = 0

/** She texts this, and it is handled; gives what we say to it. */
async function say(body: string, phone = '+12055550123'): Promise<string> {
  const stays = { verdict: 'stay' as const, rule: null }
  const { personId } = await recordTextIn(database.pool, {
    messageSid: `SM${++sids}`,
    phoneHash: vault.hash(phone),
    sealPhone: () => vault.seal(phone),
    bodySealed: vault.seal(body),
    ...{ mediaCount: 0, open: stays, held: stays, optOutType: null, receivedAt: new Date() },
  })
  await handleMail(context, personId)
  const { rows } = await database.pool.query<{ body: Buffer }>(
    `update texts_out set status = 'delivered' where status = 'pending' and kind <> 'nudge' and blast_id = 0 returning body_sealed as body`,
  )
  return rows.map((row) => vault.open(row.body)).join('\n')
}

/** An alert of this action went to everybody just now. */
const alerted = (action: string) =>
  database.pool.query(
    `with blast as (
       insert into blasts (code, name, state, action, wording, created_by, opens, closes, started_at)
       values ($1, $1, 'running', $1, '{"en": "call"}', 'lee', '00:00', '24:00', now()) returning id
     ), texts as (
       insert into texts_out (blast_id, number, person_id, kind, status, claimed_at)
       select blast.id, people.id, people.id, 'blast', 'sent', clock_timestamp() from blast, people
     )
     update people set alerted = alerted || clock_timestamp()`,
    [action],
  )

const reportedOn = async () =>
  (await database.pool.query<{ action: string }>('select action from outcomes order by id')).rows.map(
    ({ action }) => action,
  )

test.each([
  { 'pro-act': PRO_ACT, 'min-wage': MIN_WAGE },
  { 'pro-act': PRO_ACT, 'the-raise': MIN_WAGE },
])(
  "she joins by any action's keyword and gets that action's words, however the files are called",
  async (files) => {
    context = contextWith(files)
    expect(await say('WORK', '+12055550123')).toMatch(/^Welcome to the AFL-CIO Text Action Team/)
    expect(await say('Raise, please', '+12055550124')).toMatch(/^Welcome to the Raise the Wage Team/)
    const { rows } = await database.pool.query('select standing from people')
    expect(rows).toEqual([{ standing: 'joined' }, { standing: 'joined' }])
    const { rows: shown } = await database.pool.query<{ label: string }>(
      'select label from consents c join wordings w on w.id = c.wording_id order by c.id',
    )
    expect(shown.map(({ label }) => label)).toEqual([
      expect.stringMatching(/^welcome, pro-act /),
      expect.stringMatching(/^welcome, (?:min-wage|the-raise) /),
    ])
  },
)

test('what she asked for by a keyword is what she gets from then on, also when Redis has forgotten it, until she texts another', async () => {
  await say('RAISE')
  expect(await say('35020')).toContain('raise the wage')
  await redis.drop()
  redis = await freshRedis()
  client.disconnect()
  client = openRedis([redis.url], 'quick')
  context = { ...context, conversations: createRedisConversations(client) }
  expect(await say('CALL')).toContain('raise the wage')
  await say('WORK')
  expect(await say('CALL')).toContain('PRO Act')
})

test('a stranger is told of WORK, and who nearly wrote RAISE is asked whether she meant that', async () => {
  expect(await say('hello')).toContain('Text WORK to join')
  expect(await say('RAISEE', '+12055550124')).toContain('did you mean RAISE?')
  expect(await say('WROK', '+12055550125')).toContain('did you mean WORK?')
})

test('her call after an alert is put down to what the alert was about, and she is of those who have called for it', async () => {
  await say('WORK 35020')
  await alerted('min-wage')
  await alerted('strike')
  await say('1a')
  expect(await reportedOn()).toEqual(['strike'])
  const called = async (expression: string) => {
    const { sql, values } = audienceWhere(parseAudience(expression, { actions: ['strike', 'pro-act'] }))
    return (await database.pool.query(`select from people p where ${sql}`, [...values])).rowCount
  }
  expect([
    await called('called:strike'),
    await called('-called:strike'),
    await called('called:pro-act'),
  ]).toEqual([1, 0, 0])
})

test('without an alert her call is put down to the action whose keyword she texted', async () => {
  for (const body of ['RAISE', '35020', '1a']) await say(body)
  await alerted('pro-act')
  await say('2b')
  expect(await reportedOn()).toEqual(['min-wage', 'pro-act'])
})

test('an alert that never reached her is nothing she called about, and neither is one before she asked for another action', async () => {
  for (const body of ['WORK', '35020']) await say(body)
  await alerted('strike')
  await database.pool.query(`update texts_out set status = 'failed' where blast_id > 0`)
  await say('1a')
  await database.pool.query(`update texts_out set status = 'sent' where blast_id > 0`)
  await database.pool.query(`update people set alerted = array[now() - interval '1 hour']`)
  for (const body of ['RAISE', '1b']) await say(body)
  expect(await reportedOn()).toEqual(['pro-act', 'min-wage'])
})

test('who has reported one senator and texts the keyword of another action has both still to call for it', async () => {
  await say('WORK')
  await say('35020')
  expect(await say('left a vm for tuberville')).toContain('call reported')
  await say('RAISE')
  expect(await say('1')).toContain('Which office was that?')
})
