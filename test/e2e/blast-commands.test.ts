import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { joinPeople } from '../support/blasts.js'
import { startBot, type Bot } from '../support/bot.js'

const WORDS =
  '{{program}}: call today, ask for a YES: Sen. {{last1}} {{phone1}}, Sen. {{last2}} {{phone2}}. STOP to cancel.'
const ES = '{{program}}: llama hoy: Sen. {{last1}} {{phone1}}, Sen. {{last2}} {{phone2}}. ALTO para cancelar.'

let bot: Bot
let dir: string
beforeAll(async () => {
  bot = await startBot({ env: { APPROVERS: '2', SEGMENTS_PER_SECOND: '1000' } })
  await joinPeople(bot, 60, (n) => ({ state: n % 3 ? 'AL' : 'NM', language: n % 4 ? 'en' : 'es' }))
  dir = mkdtempSync(join(tmpdir(), 'text-action-words-'))
}, 30_000)
afterAll(async () => {
  rmSync(dir, { recursive: true })
  await bot.stop()
})

const blast = (...args: string[]) => bot.run(['blast', ...args])

async function json<T = Record<string, unknown>>(...args: string[]): Promise<T> {
  const { code, stdout, stderr } = await blast(...args, '--json')
  if (code !== 0) throw new Error(`exit ${code}: ${stderr}`)
  return JSON.parse(stdout) as T
}

async function draft(more: string[] = []): Promise<string> {
  const { id } = await json<{ id: string }>(
    'create',
    '--name',
    'vote',
    '--body',
    WORDS,
    '--as',
    'lee',
    ...more,
  )
  return id
}

async function refusal(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await blast(...args)
  expect(stdout).toBe('')
  expect(stderr).not.toMatch(/\n\s+at /)
  return `${code} ${stderr.trim()}`
}

test('from a draft to a report: each step names the next, and everybody is accounted for', async () => {
  writeFileSync(join(dir, 'vote.txt'), WORDS.replace('YES:', '“YES”:'))
  writeFileSync(join(dir, 'vote.es.txt'), ES)
  const created = await blast(
    'create',
    '--name',
    'pro-act-vote',
    '--body-file',
    join(dir, 'vote.txt'),
    '--at',
    'now',
    '--as',
    'lee',
  )
  expect(created.stdout).toMatch(/^[a-hj-km-np-z2-9]{5}\n$/)
  const id = created.stdout.trim()
  expect(created.stderr).toContain('Draft pro-act-vote: 60 people, as soon as it is approved.')
  expect(created.stderr).toContain('two curly quotes made straight')
  expect(created.stderr).toContain(`Next: textaction blast rehearse ${id}`)

  const rehearsed = await blast('rehearse', id)
  expect(rehearsed.stdout).toContain('rehearsal, nothing was sent')
  expect(rehearsed.stdout).toMatch(
    /Gets it +60 people +English 45 +Spanish 15|Gets it +60 people +Spanish 15 +English 45/,
  )
  expect(rehearsed.stdout).toMatch(/Segments +\d+ .*\$/)
  expect(rehearsed.stdout).toContain('if 2 in 100 call, to each of Tuberville, Britt 1')
  expect(rehearsed.stdout).toContain(`somebody else runs textaction blast approve ${id} --as NAME`)
  expect(bot.simulator.journal.read()).toEqual([])

  expect(await refusal('approve', id, '--as', 'Lee')).toBe(
    `1 error: Blast ${id} needs a second person, since lee wrote it. Somebody else runs: textaction blast approve ${id} --as NAME`,
  )
  const approved = await blast('approve', id, '--as', 'dana')
  expect(approved.stdout).toContain('Approved by dana; it has started.')
  const watched = await blast('watch', id)
  expect(watched.code).toBe(0)
  // Sixty people may be through before the watch is up: then its first line is its last.
  expect(watched.stdout).toMatch(/^\d\d:\d\d:\d\d E[SD]T (running|done) /)
  expect(watched.stdout).toMatch(/\d\d:\d\d:\d\d E[SD]T done 100% /)
  const shown = await json<{ state: string; audience: number; counts: Record<string, number> }>('show', id)
  expect(shown).toMatchObject({ state: 'done', audience: 60 })
  expect(Object.keys(shown.counts)).toHaveLength(13)
  expect(Object.values(shown.counts).reduce((sum, count) => sum + count, 0)).toBe(60)
  await bot.settled()
  const reported = await blast('report', id)
  expect(reported.stdout).toMatch(/pro-act-vote \(.{5}\) {3}done, approved by dana/)
  expect(reported.stdout).toMatch(/Delivered +\d+ /)
  expect((await blast('report', id, '--csv')).stdout).toContain('audience,,60')
  expect((await blast('log', id)).stdout).toMatch(
    /lee +created[\s\S]*dana +approved: 60 people[\s\S]*dana +started/,
  )
  expect((await blast('list')).stdout).toContain(id)
  expect((await blast('start', id)).code).toBe(0)
}, 60_000)

test('a rehearsal says who a limit leaves out, and who gets English for want of Spanish words', async () => {
  const id = await draft(['--audience', 'limit:40'])
  await bot.database.pool.query(`update people set alerted = '{}'`) // they have had their alert of the day
  const { stdout } = await blast('rehearse', id)
  expect(stdout).toMatch(/Gets it +40 people +English 40/)
  expect(stdout).toMatch(/Left out +20 +over the limit 20/)
  expect(stdout).toMatch(/In English +10 +chose Spanish; there is no Spanish wording/)
  expect(stdout).not.toMatch(/Random.*Spanish/)
  const one = await draft(['--audience', 'limit:1'])
  expect((await blast('rehearse', one)).stdout).toMatch(/Gets it +1 person /)
}, 30_000)

test('an edit voids the approval; a copy is a new draft', async () => {
  const id = await draft()
  await json('approve', id, '--as', 'dana')
  const edited = await blast('edit', id, '--body', `${WORDS} Now!`, '--as', 'lee')
  expect(edited.stderr).toContain('The approval by dana is void.')
  // What was not named stays, what was named is new: the old words must never go out after an edit.
  await json('edit', id, '--audience', 'state:AL')
  await json('edit', id, '--name', 'vote again', '--per-day', '2')
  const { rows } = await bot.database.pool.query(
    `select name, wording->>'en' as words, audience, per_day from blasts where code = $1`,
    [id],
  )
  expect(rows).toEqual([{ name: 'vote again', words: `${WORDS} Now!`, audience: 'state:AL', per_day: 2 }])
  expect(await refusal('start', id)).toBe(
    `1 error: Blast ${id} is not approved. Run: textaction blast approve ${id}`,
  )
  const copied = await json<{ id: string }>('copy', id)
  expect(copied.id).not.toBe(id)
  expect((await json<{ state: string }>('show', copied.id)).state).toBe('draft')
  await json('cancel', id)
  const cancelled = await json<{ counts: Record<string, number>; audience: number }>('show', id)
  expect(cancelled.counts['cancelled']).toBe(cancelled.audience)
}, 20_000)

test('the panic stop pauses everything within a second, and says what is where', async () => {
  await bot.database.pool.query(`update people set alerted = '{}'`)
  const id = await draft(['--at', 'now', '--audience', 'state:AL'])
  await json('approve', id, '--as', 'dana')
  const stopped = await json<{ pausedMs: number; blasts: { id: string; sent: number; withheld: number }[] }>(
    'stop-all',
  )
  expect(stopped.pausedMs).toBeLessThan(1_000)
  const later = await json<{ state: string; counts: Record<string, number>; audience: number }>('show', id)
  if (later.state === 'paused') {
    expect(stopped.blasts.map((one) => one.id)).toContain(id)
    expect((await json<{ state: string }>('resume', id)).state).toBe('running')
  }
  expect((await blast('watch', id)).stdout).toMatch(/ done 100% /)
  expect((await blast('stop-all')).stdout).toBe('No blast was scheduled or running.\n')
}, 40_000)

test('a blast that was cancelled ends the watch with 1', async () => {
  const id = await draft()
  await json('cancel', id)
  const watched = await blast('watch', id)
  expect(watched).toMatchObject({ code: 1, stderr: `error: Blast ${id} was cancelled.\n` })
  expect(watched.stdout).toMatch(/ cancelled 0% delivered 0 /)
}, 20_000)

test('one real text to a phone that has joined, and to no other', async () => {
  const phone = '+12055550130'
  await bot.say(phone, 'WORK')
  await bot.say(phone, '35020')
  const id = await draft()
  expect((await blast('test', id, '--to', '(205) 555-0130')).stdout).toContain('On its way')
  await bot.settled()
  expect(bot.simulator.thread(phone).at(-1)?.body).toContain('call today, ask for a YES: Sen. Tuberville')
  expect(await refusal('test', id, '--to', '+12055550131')).toBe(
    '1 error: That phone has not joined. Text WORK from it first, then your ZIP.',
  )
  await bot.say(phone, 'STOP')
  expect(await refusal('test', id, '--to', phone)).toContain('That person has left')
}, 30_000)

describe('what an organizer reads when something is wrong', () => {
  const create = (...more: string[]) => refusal('create', '--name', 'x', '--body', WORDS, ...more)

  test.each([
    [['--audiance', 'x'], '2 error: Unknown flag --audiance. Did you mean --audience?'],
    [['--audience', 'sate:AL'], '2 error: --audience has no term "sate:AL". Did you mean state:AL?'],
    [['--audience', `state:AL';drop`], '2 error: --audience: "state:AL\';drop" names no state.'],
    [
      ['--audience', 'called:pro-akt'],
      '2 error: --audience: "called:pro-akt" names no action. Did you mean pro-act?',
    ],
    [['--at', 'tomorrow'], '2 error: --at "tomorrow" is no time. Write it like'],
    [['--at', '2020-01-01 10:00'], '2 error: --at 2020-01-01 10:00 is past. Nearest:'],
    [
      ['--zone', 'eastern', '--at', 'now'],
      '2 error: --zone has no "eastern". Did you mean America/New_York?',
    ],
    [['--per-day', '4'], '2 error: --per-day takes 1, 2 or 3'],
    [['--action', 'hero'], '2 error: There is no action "hero". There is: pro-act.'],
    [['--at', '+15m', '--until', '+10m'], '2 error: --until must be after --at'],
  ])('%j', async (flags, words) => {
    expect(await create(...flags)).toContain(words)
  })

  test.each([
    [['create', '--body', WORDS], '2 error: A blast needs a name to be found by.'],
    [['create', '--name', 'x'], '2 error: A blast needs words.'],
    [
      ['create', '--name', 'x', '--body', '{{senater}}'],
      '2 error: --body line 1, column 1: {{senater}} is no variable.',
    ],
    [
      ['create', '--name', 'x', '--body', ' '],
      '2 error: --body is empty: is a variable of your shell unset?',
    ],
    [['create', '--name', 'x', '--body-file', 'none.txt'], '2 error: Cannot read none.txt.'],
    [['show', 'zzzzz'], '1 error: There is no blast "zzzzz".'],
    [['report', 'zzzzz'], '1 error: There is no blast "zzzzz".'],
    [['approve'], '2 error: It needs id.'],
    [['lunch'], '2 error: Unknown command lunch.'],
  ])('%j', async (args, words) => {
    expect(await refusal(...args)).toContain(words)
  })

  test('a time at night is refused with the nearest that can be', async () => {
    const night = await startBot({ env: { SEND_WINDOW: '09:00-20:00' }, roles: [] })
    try {
      const day = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10)
      const { code, stderr } = await night.run([
        'blast',
        'create',
        '--name',
        'x',
        '--body',
        WORDS,
        '--at',
        `${day} 21:30`,
      ])
      expect(code).toBe(2)
      expect(stderr).toMatch(
        /^error: --at 21:30 is outside 09:00-20:00, when texts may leave.*Nearest: --at "\d{4}-\d\d-\d\d \d\d:\d\d"/,
      )
    } finally {
      await night.stop()
    }
  }, 20_000)
})

test('start is now: what was agreed to for tomorrow is refused where two must agree, and goes where one is enough', async () => {
  await bot.database.pool.query(`update people set alerted = '{}'`)
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)
  const id = await draft(['--at', `${tomorrow} 13:00`, '--audience', 'state:NM limit:5'])
  await json('approve', id, '--as', 'dana')
  expect(await refusal('start', id, '--as', 'dana')).toMatch(
    new RegExp(
      `^1 error: Blast ${id} is approved for .*To send it now: textaction blast schedule ${id} --at now`,
    ),
  )
  const alone = await bot.run(['blast', 'start', id, '--as', 'dana', '--json'], undefined, { APPROVERS: '1' })
  expect(JSON.parse(alone.stdout)).toMatchObject({ state: 'running' })
  const watched = await blast('watch', id, '--plain')
  expect(watched.code).toBe(0)
  expect((await json<{ counts: Record<string, number> }>('show', id)).counts['pending']).toBe(0)
}, 30_000)

test('many joined since somebody agreed: start is refused, and what it names leads to the start', async () => {
  await joinPeople(bot, 10, () => ({ state: 'WV' }), 302)
  const id = await draft(['--audience', 'state:WV'])
  await json('approve', id, '--as', 'dana')
  await joinPeople(bot, 10, () => ({ state: 'WV' }), 303)
  expect(await refusal('start', id, '--as', 'lee')).toContain(`Look again: textaction blast rehearse ${id}`)
  expect((await blast('rehearse', id)).stdout).toContain(`textaction blast approve ${id} --as NAME`)
  await json('approve', id, '--as', 'dana')
  expect((await blast('rehearse', id)).stdout).toContain(`Next: textaction blast show ${id}`)
  expect(await json('start', id, '--as', 'lee')).toMatchObject({ state: 'running' })
}, 30_000)

test('a start that is refused leaves a blast of tomorrow as it was', async () => {
  await joinPeople(bot, 10, () => ({ state: 'MT' }), 304)
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)
  const id = await draft(['--audience', 'state:MT', '--at', `${tomorrow} 13:00`])
  await json('approve', id, '--as', 'dana')
  await joinPeople(bot, 10, () => ({ state: 'MT' }), 305)
  const { code, stderr } = await bot.run(['blast', 'start', id, '--as', 'dana'], undefined, {
    APPROVERS: '1',
  })
  expect([code, stderr]).toEqual([1, expect.stringContaining('The audience grew') as string])
  await new Promise((resolve) => setTimeout(resolve, 1_500)) // some turns of the feeder
  expect(await json('show', id)).toMatchObject({ state: 'scheduled', pausedWhy: null })
  expect((await blast('show', id)).stdout).toContain('13:00 their time')
}, 30_000)
