import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createVault } from '../../src/adapters/vault.js'
import { openPool } from '../../src/db/pool.js'
import { blastIs } from '../support/blasts.js'
import { startBot, type Bot, type Role } from '../support/bot.js'
import { ownRedis, type OwnRedis } from '../support/own-redis.js'
import { databaseUrl } from '../support/services.js'
import { dumpDatabase, found, numberMark, readAll, wordsMark } from '../support/traces.js'

jest.setTimeout(240_000)

// Nobody else's: a ZIP of Montgomery for the two who will be forgotten.
const ZIP = '36109'
const BY_TEXT = '+12055550121'
const BY_HAND = '+12055550122'
const LEFT_BEFORE = '+12055550123'
const IMPORTED = Array.from({ length: 20 }, (_, n) => `+1334555${String(100 + n).padStart(4, '0')}`)
const INVITED = '+12565550144'
const FATES = Array.from({ length: 13 }, (_, n) => `+1205555${String(150 + n).padStart(4, '0')}`)
const STAYING = ['+12055550101', '+12055550102', '+12055550103', ...FATES]
const FOREIGN = '+447700900123'

const HERS = 'my foreman at gate seven locks the doors at night'
const HIS = 'nuestro delegado pregunta por las horas extra del s\u00e1bado'
const AT_NIGHT = 'the night shift wants to know who else signed'
const LEAVING = 'please stop texting me, my boss Hal reads along'
const ANSWER = 'We will ring you before your shift on Friday.'
const REASON = 'rang us from the canteen, asked to be left out'
const WORDS = [HERS, HIS, AT_NIGHT, LEAVING, ANSWER, REASON]

const everybody = [BY_TEXT, BY_HAND, LEFT_BEFORE, INVITED, ...IMPORTED, ...STAYING]

let bot: Bot
let redis: OwnRedis
let dataDir: string
const vault = () => createVault(bot.env['PHONE_KEY'] ?? '')
const logs: Role[] = []
const told: string[] = []
let spooled = ''

beforeAll(async () => {
  redis = await ownRedis()
  dataDir = mkdtempSync(join(tmpdir(), 'text-action-data-'))
  bot = await startBot({ redisUrl: redis.url, env: { DATA_DIR: dataDir, LOG_LEVEL: 'trace' } })
  logs.push(...bot.roles)
  await busyRun()
})
afterAll(async () => {
  await bot.stop()
  await redis.remove()
  rmSync(dataDir, { recursive: true })
})

/** Runs a command; what it says to the operator beside its answer is kept, like a log. */
async function run(...args: string[]): Promise<string> {
  const { stdout, stderr } = await bot.run(args)
  told.push(stderr)
  return stdout
}

/** Everything this program may leave somewhere: dialogues, lists, blasts, doubts, an outage of Postgres, a killed worker. */
async function busyRun(): Promise<void> {
  for (const phone of [BY_TEXT, BY_HAND])
    for (const body of ['WORK', ZIP, 'left a vm for britt', HERS]) await bot.say(phone, body)
  for (const body of ['WORK', '35020', LEAVING]) await bot.say(LEFT_BEFORE, body)
  for (const body of ['hola', 'WORK', '42223', '2', HIS]) await bot.say('+12055550101', body)
  await Promise.all(FATES.map((from) => bot.simulator.send({ from, body: 'WORK' })))
  await bot.simulator.send({ from: FOREIGN, body: HERS })
  await bot.simulator.send({ from: '+12055550103', body: AT_NIGHT, optOutType: 'STOP' })

  const list = join(dataDir, 'list.csv')
  const rows = [...IMPORTED.map((phone) => `${phone},35020`), '205555,35020', '+12055550149,350']
  writeFileSync(list, `phone,zip\n${rows.join('\n')}\n`)
  await run('people', 'import', list, '--consent', 'A sheet at the gate')
  for (const file of [list, join(dataDir, 'list.rejected.csv')]) rmSync(file) // the operator's own
  await bot.importPeople(`phone,zip\n${INVITED},35020\n`, true)
  await run('person', 'opt-out', IMPORTED[0] ?? '', '--reason', REASON)
  await run('person', 'show', BY_HAND)
  await run('person', 'show', '+1205555012')
  await run('people', 'export', '--all')
  const replies = JSON.parse(await run('people', 'replies', '--json')) as { id: number; text: string }[]
  await run('people', 'answer', String(replies.find(({ text }) => text === HIS)?.id), ANSWER)

  const blast = JSON.parse(
    await run(
      'blast',
      'create',
      '--name',
      'vote',
      '--body',
      'Call {{last1}} {{phone1}}',
      '--at',
      'now',
      '--json',
    ),
  ) as { id: string }
  await run('blast', 'rehearse', blast.id)
  await run('blast', 'test', blast.id, '--to', BY_TEXT)
  await bot.settled() // an answer that is just being sent would be in doubt for longer than anybody waits here
  await run('blast', 'approve', blast.id)
  await bot.roles.find(({ port }) => port === null)?.kill('SIGKILL')
  logs.push(await bot.start('work'))
  const { rows: ids } = await bot.database.pool.query<{ id: number }>('select id from blasts')
  await blastIs(bot.database.pool, ids[0]?.id ?? 0, 'done', 60_000)
  await run('blast', 'report', blast.id)

  await withoutPostgres(async () => {
    const { answer } = await bot.simulator.send({ from: '+12055550102', body: AT_NIGHT })
    expect(answer.status).toBe(200)
    spooled = readAll(join(dataDir, 'spool'))
  })
  await fetch(`${bot.webUrl}/webhooks/twilio/message?From=${encodeURIComponent(BY_TEXT)}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': 'forged' },
    body: new URLSearchParams({ From: BY_HAND, Body: HERS, MessageSid: 'SM1' }),
  })
  await bot.settled()
}

/** Nobody can reach this database for a while: texts go to the spool. */
async function withoutPostgres(work: () => Promise<void>): Promise<void> {
  const name = new URL(bot.database.url).pathname.slice(1)
  const server = openPool(databaseUrl(), { max: 1 })
  try {
    await server.query(`alter database ${name} allow_connections false`)
    await server.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name])
    await work()
  } finally {
    await server.query(`alter database ${name} allow_connections true`)
    await server.end()
  }
  for (const deadline = Date.now() + 30_000; Date.now() < deadline;) {
    const { rows } = await bot.database.pool.query<{ n: number }>(
      `select count(*)::int as n from texts_in i join people p on p.id = i.person_id where p.phone_hash = $1`,
      [vault().hash('+12055550102')],
    )
    if (rows[0]?.n === 1) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('the spooled text never came back')
}

/** What lies about now, by place. */
async function traces() {
  await bot.settled()
  const database = await dumpDatabase(bot.database.pool, vault())
  const figures = await Promise.all(
    bot.roles
      .filter(({ port }) => port !== null)
      .map(async () => (await fetch(`${bot.webUrl}/metrics`)).text()),
  )
  return {
    opened: database.opened,
    places: {
      'the database': database.plain,
      // Not rewritten: every command since the start is in it.
      Redis: readAll((await redis.client.config('GET', 'dir'))[1] ?? ''),
      'the spool, while Postgres was away': spooled,
      'the data folder': readAll(dataDir),
      'the logs': logs.flatMap(({ log }) => log).join('\n'),
      'what the figures say': figures.join('\n'),
      'what commands said on stderr': told.join('\n'),
    },
  }
}

test('on a busy run no number and no word lies anywhere in clear, nor as a hash without a key', async () => {
  const { places, opened } = await traces()
  const marks = [...everybody, FOREIGN].map(numberMark).concat(WORDS.map(wordsMark))
  // It looks where something is, with marks that can be found.
  expect(places['the database']).toContain('-- texts_out_blasts\n')
  expect(places.Redis).toContain('conversation:')
  expect(places['the spool, while Postgres was away'].length).toBeGreaterThan(100)
  const events = [
    'text.received',
    'text.accepted',
    'text.refused',
    'text.unsure',
    'text.not-sent',
    'text.spooled',
  ]
  expect(events.filter((event) => !places['the logs'].includes(`"${event}"`))).toEqual([])
  expect(found(opened, everybody.map(numberMark)).length).toBeGreaterThanOrEqual(everybody.length)
  expect(found(opened, WORDS.map(wordsMark)).length).toBeGreaterThanOrEqual(WORDS.length)

  let looked = 0
  for (const [place, all] of Object.entries(places)) {
    expect([place, found(all, marks)]).toEqual([place, []])
    looked += all.length
  }
  const forms = marks.reduce((sum, mark) => sum + mark.forms.length, 0)
  process.stdout.write(
    `at rest: ${forms} forms of ${marks.length} secrets, ${looked} bytes in 7 places: found 0\n`,
  )
})

test('of whom we were told to forget nothing is left, not even under the key', async () => {
  for (const body of ['FORGET ME', 'FORGET']) await bot.say(BY_TEXT, body)
  await run('person', 'forget', BY_HAND)
  await run('person', 'forget', LEFT_BEFORE)
  for (const deadline = Date.now() + 20_000; Date.now() < deadline;) {
    const { rows } = await bot.database.pool.query('select from people where phone_sealed is null')
    if (rows.length === 3) break
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  const { places, opened } = await traces()
  const marks = [BY_TEXT, BY_HAND, LEFT_BEFORE].map(numberMark).concat([HERS, LEAVING].map(wordsMark))
  let looked = 0
  for (const [place, all] of Object.entries({ ...places, 'the database, opened with the key': opened })) {
    expect([place, found(all, marks)]).toEqual([place, []])
    looked += all.length
  }
  expect(places['the database']).not.toMatch(new RegExp(`(^|[\\t ":,])${ZIP}($|[\\t ":,}])`, 'm'))
  expect(opened).not.toContain(ZIP)
  expect(found(opened, [numberMark('+12055550101'), wordsMark(HIS)])).not.toEqual([])
  const forms = marks.reduce((sum, mark) => sum + mark.forms.length, 0)
  process.stdout.write(
    `forgotten: ${forms} forms of ${marks.length} secrets, ${looked} bytes in 8 places: found 0\n`,
  )
})
