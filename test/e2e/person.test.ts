import { blastIs, joinPeople, scheduleBlast } from '../support/blasts.js'
import { startBot, type Bot } from '../support/bot.js'

let bot: Bot
beforeAll(async () => {
  bot = await startBot()
}, 30_000)
afterAll(() => bot.stop())

const textsTo = (phone: string) =>
  bot.simulator
    .thread(phone)
    .filter(({ by }) => by === 'app')
    .map(({ body }) => body)

async function json<T = Record<string, unknown>>(...args: string[]): Promise<T> {
  const { code, stdout, stderr } = await bot.run([...args, '--json'])
  if (code !== 0) throw new Error(`exit ${code}: ${stderr}`)
  return JSON.parse(stdout) as T
}

async function refusal(...args: string[]): Promise<string> {
  const { code, stderr } = await bot.run(args)
  return `${code} ${stderr.trim()}`
}

/** Waits until the numbers of so many people are gone. */
async function numbersGone(count: number): Promise<void> {
  for (const deadline = Date.now() + 15_000; ;) {
    const { rows } = await bot.database.pool.query<{ gone: number }>(
      'select count(*)::int as gone from people where phone_sealed is null',
    )
    if (rows[0]?.gone === count) return
    if (Date.now() > deadline) throw new Error(`${rows[0]?.gone} numbers are gone, not ${count}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

const DONE =
  'AFL-CIO: Done. Your number, ZIP and history are erased. We keep one coded mark, so that no list can add you back. Take care.'

describe('person forget', () => {
  test('she is told once, in her language, then her number goes; no list brings her back', async () => {
    const phone = '+12055550110'
    await bot.say(phone, 'hola')
    await bot.say(phone, 'WORK')
    await bot.say(phone, '35020')
    expect(await json('person', 'forget', '(205) 555-0110', '--as', 'dana')).toEqual({
      status: 'left',
      changed: true,
      confirmation: 'pending',
    })
    await numbersGone(1)
    expect(textsTo(phone).at(-1)).toMatch(/^AFL-CIO: Listo\. Borramos tu/)
    const story = await json<{ status: string; zip: null; consents: { kind: string; words: null }[] }>(
      'person',
      'show',
      phone,
    )
    expect(story).toMatchObject({ status: 'left', zip: null })
    expect(story.consents.map(({ kind, words }) => [kind, words])).toEqual([
      ['joined', null],
      ['left', null],
      ['forgotten', null],
    ])
    await bot.importPeople(`phone,zip\n${phone},35020\n`)
    expect(await json('person', 'show', phone)).toMatchObject({ status: 'left', zip: null })
    const again = await bot.run(['person', 'forget', phone])
    expect(again.stdout).toBe('Person ending 0110 was forgotten already; nothing changed.\n')
    expect(textsTo(phone)).toHaveLength(4)
  }, 60_000)

  test('who has left is told nothing more, and is erased at once', async () => {
    const phone = '+12055550111'
    await bot.say(phone, 'WORK')
    await bot.say(phone, 'STOP')
    const before = textsTo(phone).length
    const { stdout, code } = await bot.run(['person', 'forget', phone])
    expect(code).toBe(0)
    expect(stdout).toContain('Person ending 0111 is forgotten')
    await numbersGone(2)
    await bot.settled()
    expect(textsTo(phone)).toHaveLength(before)
  }, 60_000)

  test('a number we do not know is marked, so that no list adds it', async () => {
    const phone = '+12055550112'
    expect((await bot.run(['person', 'forget', phone])).stdout).toContain('was not known here')
    await bot.importPeople(`phone,zip\n${phone},35020\n`)
    expect(await json('person', 'show', phone)).toMatchObject({ status: 'left' })
    await numbersGone(3)
    expect(textsTo(phone)).toEqual([])
  }, 60_000)

  test('asked for by hand and then with STOP: the confirmation does not go after the STOP, and her number still goes', async () => {
    const phone = '+12055550113'
    await bot.say(phone, 'WORK')
    // No worker: what is to be sent waits.
    await bot.roles.find(({ port }) => port === null)?.kill('SIGTERM')
    await json('person', 'forget', phone)
    const { answer } = await bot.simulator.send({ from: phone, body: 'STOP' })
    expect(answer.status).toBe(200)
    await bot.start('work')
    await bot.settled()
    await numbersGone(4)
    expect(
      textsTo(phone)
        .slice(1)
        .map((body) => body.slice(0, 20)),
    ).toEqual(['You are unsubscribed'])
  }, 60_000)

  test('FORGET by text, then at once WORK: her history is gone, she herself is back', async () => {
    const phone = '+12055550114'
    for (const body of ['WORK', '35020', 'left a vm for britt', 'FORGET ME']) await bot.say(phone, body)
    await bot.roles.find(({ port }) => port === null)?.kill('SIGTERM')
    for (const body of ['FORGET', 'WORK']) await bot.simulator.send({ from: phone, body })
    await bot.start('work')
    await bot.settled()
    expect(textsTo(phone).slice(-2)).toEqual([DONE, expect.stringMatching(/^Welcome to the /)])
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    const story = await json<{ consents: { kind: string; words: string | null }[] }>('person', 'show', phone)
    expect(story).toMatchObject({ status: 'joined', zip: null, state: null })
    expect(story.consents.map(({ kind, words }) => [kind, words])).toEqual([
      ['joined', null],
      ['left', null],
      ['forgotten', null],
      ['joined', 'WORK'],
    ])
    const { rows } = await bot.database.pool.query('select from outcomes')
    expect(rows).toEqual([])
  }, 60_000)

  test('a worker that dies after the last confirmation leaves nothing behind: the next one lets the number go', async () => {
    const phone = '+12055550115'
    for (const body of ['WORK', 'FORGET', 'FORGET']) await bot.say(phone, body)
    await bot.roles.find(({ port }) => port === null)?.kill('SIGKILL')
    await bot.start('work')
    await numbersGone(5)
    expect(textsTo(phone).at(-1)).toBe(DONE)
  }, 60_000)
})

describe('people answer', () => {
  const idOf = async (words: string) => {
    const replies = await json<{ id: number; text: string }[]>('people', 'replies')
    return String(replies.find(({ text }) => text === words)?.id)
  }

  test('what no rule understood is answered once, by whom is on record', async () => {
    const phone = '+12055550120'
    await bot.say(phone, 'WORK')
    await bot.say(phone, '35020')
    await bot.say(phone, 'my shop steward asks about overtime')
    const id = await idOf('my shop steward asks about overtime')
    const { stdout, stderr, code } = await bot.run([
      ...['people', 'answer', id, 'We\u2019ll call you \u2014 tomorrow.', '--as', 'dana'],
    ])
    expect({ stderr, code }).toEqual({ stderr: '  Made plain: "\u2019" "\u2014".\n', code: 0 })
    expect(stdout).toBe("  On its way, 1 segment:\n    AFL-CIO: We'll call you - tomorrow.\n")
    await bot.settled()
    expect(textsTo(phone).at(-1)).toBe("AFL-CIO: We'll call you - tomorrow.")
    expect(await refusal('people', 'answer', id, 'once more')).toBe(
      `1 error: Text ${id} has been answered already; nobody gets two answers to one text.`,
    )
    const { rows } = await bot.database.pool.query(
      `select who, what, count from readings where what = 'answer'`,
    )
    expect(rows).toEqual([{ who: 'dana', what: 'answer', count: 1 }])
    expect((await bot.run(['people', 'replies'])).stdout).toContain('joined, answered')
  }, 60_000)

  test('nobody who has left is answered, nor whom we forgot', async () => {
    const phone = '+12055550121'
    for (const body of ['WORK', '35020', 'grandma says hi there']) await bot.say(phone, body)
    const id = await idOf('grandma says hi there')
    await bot.say(phone, 'STOP')
    expect(await refusal('people', 'answer', id, 'Hi!')).toBe(
      `1 error: Whoever wrote text ${id} has left since, and gets no more texts.`,
    )
    await bot.run(['person', 'forget', phone])
    expect(await refusal('people', 'answer', id, 'Hi!')).toBe(
      `1 error: The words of text ${id} are erased, so it cannot be answered.`,
    )
  }, 60_000)

  test('an answer that cannot be sent as it stands is refused in words', async () => {
    expect(await refusal('people', 'answer', '999999', 'Hi!')).toBe(
      '1 error: There is no text 999999. See: textaction people replies',
    )
    expect(await refusal('people', 'answer', '12', '  ')).toContain('2 error: An answer needs words')
    expect(await refusal('people', 'answer', 'britt', 'Hi!')).toContain('2 error: The id is the number')
    expect(await refusal('people', 'answer', '12', 'Hi {{name}}')).toContain('it has no {{variables}}')
    expect(await refusal('people', 'answer', '12', 'ó'.repeat(300))).toContain('"ó" double the price')
  }, 30_000)
})

test('the ledger for an auditor: her words and what she was shown; of whom we forgot, the bare rows', async () => {
  const [stays, goes] = ['+12055550125', '+12055550126']
  for (const phone of [stays, goes]) for (const body of ['WORK, please', 'STOP']) await bot.say(phone, body)
  await bot.run(['person', 'forget', goes])
  const { stdout, code } = await bot.run(['people', 'consents'])
  expect(code).toBe(0)
  const [head, ...rows] = stdout.split('\n')
  expect(head).toBe('phone,id,at,kind,via,words,message_sid,rule,shown,wording,recorded_by,erased_at')
  const hers = rows.filter((row) => row.startsWith(stays))
  expect(hers).toHaveLength(2)
  expect(hers[0]).toMatch(/,joined,text,"WORK, please",SM\w+,,"welcome, pro-act version 1","Welcome to /)
  expect(hers[1]).toMatch(/,left,text,STOP,SM\w+,/)
  expect(stdout).not.toContain(goes)
  expect(rows.at(-2)).toMatch(/^,\d+,[^,]+,forgotten,operator,,,erased at her request,,,[^,]+,\d{4}-/)
  const { rows: readings } = await bot.database.pool.query(
    `select what from readings where what = 'consents'`,
  )
  expect(readings).toHaveLength(1)
}, 60_000)

test('opted out by hand while a blast runs: nothing more of it, and an opt-in brings her back', async () => {
  const [phone = ''] = await joinPeople(bot, 1)
  expect(await json('person', 'opt-out', phone, '--reason', 'asked by phone')).toEqual({
    status: 'left',
    changed: true,
  })
  const blast = await scheduleBlast(bot.database.pool)
  await blastIs(bot.database.pool, blast.id, 'done')
  expect(textsTo(phone)).toEqual([])
  expect(await json('person', 'opt-in', phone, '--reason', 'asked by phone')).toEqual({
    status: 'joined',
    changed: true,
  })
  const { consents } = await json<{ consents: { kind: string; words: string }[] }>('person', 'show', phone)
  expect(consents.map(({ kind, words }) => [kind, words])).toEqual([
    ['left', 'asked by phone'],
    ['rejoined', 'asked by phone'],
  ])
}, 60_000)
