import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { stripVTControlCharacters } from 'node:util'
import { isOpen } from '../../src/compliance/quiet-hours.js'
import { setState } from '../../src/db/blast-states.js'
import { findBlast, insertBlast } from '../../src/db/blasts.js'
import { fanOutPage } from '../../src/db/fan-out.js'
import { joinPeople, WORDING } from '../support/blasts.js'
import { startBot, type Bot } from '../support/bot.js'
import { openTextaction } from '../support/terminal.js'

// What an organizer reads about a blast at every step of its life. No worker runs: what she sees stands still.

const PEOPLE = 12
const shape = { languages: ['en'], usualSegments: 1, byState: false, exceptions: [], tellsHowToStop: true }
const window = { from: 9 * 60, to: 20 * 60 }

let bot: Bot
/** A zone in which it is out of hours now, and one in which texts may leave. */
let closed: string
beforeAll(async () => {
  bot = await startBot({ roles: [], env: { APPROVERS: '1' } })
  const zones = ['America/New_York', 'Asia/Tokyo', 'Europe/Berlin', 'Pacific/Auckland']
  closed = zones.find((zone) => !isOpen(new Date(), { zone, otherZone: zone }, window)) ?? ''
  await joinPeople(bot, PEOPLE)
  await joinPeople(bot, 2, () => ({ state: 'WV', zone: closed }), 302)
}, 30_000)
afterAll(() => bot.stop())

const blast = (...args: string[]) => bot.run(['blast', ...args])
const inHours = (...args: string[]) => bot.run(['blast', ...args], '', { SEND_WINDOW: '09:00-20:00' })

async function draft(audience: string | null = 'state:AL', ...more: string[]): Promise<string> {
  const terms = audience === null ? [] : ['--audience', audience]
  const { stdout, stderr } = await blast(
    ...['create', '--name', 'pro-act-vote', '--body', WORDING, ...terms, ...more],
  )
  if (stdout === '') throw new Error(stderr)
  return stdout.trim()
}

async function numberOf(code: string): Promise<number> {
  const { rows } = await bot.database.pool.query<{ id: number }>('select id from blasts where code = $1', [
    code,
  ])
  return rows[0]?.id ?? 0
}

test('no line of a screen about a blast is wider than the terminal it was drawn for', async () => {
  const id = await draft('state:AL', '--at', 'now')
  const rehearsed = await blast('rehearse', id)
  await blast('approve', id)
  for (const { stdout } of [rehearsed, await blast('show', id), await blast('report', id)])
    for (const line of stdout.split('\n')) expect(line.length <= 80 ? '' : line).toBe('')
}, 30_000)

test('of a blast that is under way the head says since when', async () => {
  const id = await draft('state:AL', '--at', 'now')
  await blast('approve', id)
  await fanOutPage(bot.database.pool, await numberOf(id), shape)
  await bot.database.pool.query(
    `update texts_out_blasts set status = 'accepted', accepted_at = now() where blast_id = $1 and number % 2 = 0`,
    [await numberOf(id)],
  )
  const running = /running, approved by .*\s+since \w{3} \w{3} \d+, \d\d:\d\d E[SD]T\n/
  expect((await blast('show', id)).stdout).toMatch(running)
  expect((await blast('report', id)).stdout).toMatch(running)
  await blast('cancel', id)
  expect((await blast('show', id)).stdout).toMatch(
    /cancelled, approved by .*\s+\w{3} \w{3} \d+, \d\d:\d\d to \d\d:\d\d E[SD]T\n/,
  )
  const watched = await blast('watch', id)
  expect(watched.stdout).toMatch(/ cancelled 50% delivered 0 /)
}, 30_000)

test('on a terminal too a cancelled blast neither starts nor goes on, and on a narrow one each count has a line', async () => {
  const id = await draft('state:AL', '--at', 'now')
  await blast('approve', id)
  await blast('cancel', id)
  const tty = async (command: string, columns: number) => {
    const terminal = openTextaction(command, bot.env, columns)
    await terminal.ended
    return stripVTControlCharacters(terminal.screen())
  }
  const watched = await tty(`blast watch ${id}`, 80)
  expect(watched).toMatch(/ 0% {3}0 of 12\r?\n[\s\S]* Cancelled 12 people will not get it\r?\n/)
  expect(watched).not.toMatch(/Starts|goes on/)
  const shown = await tty(`blast show ${id}`, 40)
  expect(shown).toMatch(/^ {2}in_doubt +0\r?\n {2}not_sent +0\r?\n {2}together +12 = the audience\r?$/m)
  expect(shown).toMatch(/^ {2}cancelled +12\r?$/m)
}, 30_000)

test('a blast nobody has approved is not waited for', async () => {
  const id = await draft('state:AL', '--at', '+2h')
  const watched = await blast('watch', id)
  expect(watched).toMatchObject({
    code: 1,
    stderr: `error: Blast ${id} is not approved, so it will not start. Run: textaction blast approve ${id}\n`,
  })
  expect(watched.stdout).toMatch(/^\d\d:\d\d:\d\d E[SD]T draft 0% delivered 0 failed 0 left 0\n$/)
}, 30_000)

test('out of hours approve and watch say when the first texts leave', async () => {
  const id = await draft('state:WV', '--at', 'now')
  const when = /\w{3} \w{3} \d+, \d\d:\d\d E[SD]T/.source
  expect((await inHours('approve', id)).stdout).toMatch(
    new RegExp(`it has started; the first texts leave ${when}\\. Look: textaction blast watch ${id}`),
  )
  const blastId = await numberOf(id)
  await fanOutPage(bot.database.pool, blastId, shape)
  const child = spawn(process.execPath, ['dist/cli.js', 'blast', 'watch', id], {
    env: { ...bot.env, SEND_WINDOW: '09:00-20:00' },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const [seen] = (await once(child.stdout, 'data')) as [Buffer]
  await setState(bot.database.pool, blastId, 'done')
  await once(child, 'close')
  expect(seen.toString()).toMatch(
    new RegExp(
      `^\\d\\d:\\d\\d:\\d\\d E[SD]T running 0% delivered 0 failed 0 left 0, goes on ${when}, .* first\\n`,
    ),
  )
}, 30_000)

test('a rehearsal says whom its figures count where some have had their alert today', async () => {
  await bot.database.pool.query(
    `update people set alerted = array[now()] where id in (select id from people where state = 'AL' order by id limit 5)`,
  )
  const { stdout } = await blast('rehearse', await draft())
  await bot.database.pool.query(`update people set alerted = '{}'`)
  expect(stdout).toMatch(/^ {2}Audience +12 people +English 12$/m)
  expect(stdout).toMatch(/^ {2}Gets it +7 people$/m)
  expect(stdout).toMatch(
    /^ {2}Withheld +5 +have had their alert today; --per-day 2 lets them get this one too$/m,
  )
  expect(stdout).toMatch(/^ {2}Segments +12 .* at most \$0\.12 /m)
  expect(stdout).toMatch(/^ {2}Next: textaction blast approve /m)
}, 30_000)

test('where all have had their alert today a rehearsal says that nobody gets it, and names the way out', async () => {
  const alerted = (days: string) =>
    bot.database.pool.query(`update people set alerted = array[${days}]::timestamptz[]`)
  await alerted('now()')
  const id = await draft()
  const { stdout } = await blast('rehearse', id)
  const { people } = JSON.parse((await blast('rehearse', id, '--json')).stdout) as { people: number }
  await blast('edit', id, '--per-day', '3')
  await alerted('now(), now(), now()')
  const most = await blast('rehearse', id)
  await alerted('')
  expect(stdout).toMatch(/^ {2}Gets it +0 people$/m)
  expect(stdout).not.toMatch(/first text|^ {2}Calls/m)
  expect(stdout).toContain(
    `  Next: nobody gets it today; one more alert: textaction blast edit ${id} --per-day 2\n`,
  )
  expect(people).toBe(PEOPLE)
  expect(most.stdout).toContain(
    `  Next: nobody gets it today; another day: textaction blast edit ${id} --at TIME\n`,
  )
}, 30_000)

test('a program reads the cost of a rehearsal in whole cents', async () => {
  const { stdout } = await bot.run(['blast', 'rehearse', await draft(), '--json'], '', {
    PRICE_PER_SEGMENT: '0.0121',
  })
  expect(stdout).toContain('"cost":0.15,')
}, 30_000)

test('the log counts people and texts as everywhere else', async () => {
  const id = await draft('limit:1', '--at', 'now')
  await blast('approve', id)
  expect((await blast('log', id)).stdout).toMatch(/approved: 1 person\n.* started: 1 person\n/)
}, 30_000)

test('who is left out and how many stand on one line, however narrow', async () => {
  await joinPeople(bot, 1, () => ({ state: 'PR' }), 303)
  await bot.database.pool.query(`insert into people (phone_hash, phone_sealed, standing, zone, other_zone)
    select int4send(n), 'x', (case when n <= 100 then 'held' when n <= 110 then 'invited' else 'unknown' end)::standing,
           'America/New_York', 'America/New_York'
      from generate_series(1, 120) n`)
  const { stdout } = await blast('rehearse', await draft(null))
  for (const label of ['held 100', 'invited 10', 'never joined 10', 'no senators 1'])
    expect(stdout).toContain(label)
}, 30_000)

test('the list says how many more there are, and no people of a blast whose audience is not frozen yet', async () => {
  const { pool } = bot.database
  const one = await findBlast(pool, await draft())
  for (let count = 0; one && count < 20; count++) await insertBlast(pool, `copy${count}`, one, 'lee')
  const { stdout } = await blast('list')
  const all = JSON.parse((await blast('list', '--json')).stdout) as { state: string; people?: number }[]
  expect(stdout).toMatch(new RegExp(`\\n  and ${all.length - 20} more: textaction blast list --json\\n$`))
  expect(all.filter(({ state }) => state === 'draft').map(({ people }) => people ?? 'untold')).toContain(
    'untold',
  )
  expect(all.filter(({ people }) => people === 0)).toEqual([])
  expect(all.find(({ state }) => state === 'cancelled')?.people).toBe(PEOPLE)
}, 60_000)

test('whom we forgot, we say so once', async () => {
  const phone = '+12055550119'
  await bot.importPeople(`phone,zip\n${phone},35020\n`)
  await bot.run(['person', 'forget', phone, '--yes'])
  const { stdout } = await bot.run(['person', 'show', phone])
  const [, below = ''] = /forgotten .*\n(.*)\n/.exec(stdout) ?? []
  expect(below.trim()).toBe('the words were erased at her request')
}, 30_000)
