import { setTimeout as sleep } from 'node:timers/promises'
import { ownDev, type Dev } from '../support/dev.js'
import { runTextaction } from '../support/terminal.js'

// Under npm start nobody but the program itself can notice that its Postgres, its Redis or its simulator has died.

jest.setTimeout(120_000)

const POSTGRES = 'bin/postgres -D'
const REDIS = ' 127.0.0.1:' // it writes its address into its command line
const SIMULATOR = 'simulator/main.js'

let dev: Dev
beforeEach(async () => {
  dev = await ownDev()
})
afterEach(() => dev.remove())

async function shows(words: RegExp, withinMs = 15_000): Promise<void> {
  for (const until = Date.now() + withinMs; !words.test(dev.screen()); await sleep(50))
    if (Date.now() > until) throw new Error(`it never showed ${words}: ${dev.screen()}`)
}

const kill = (words: string, signal?: NodeJS.Signals) => expect(dev.hit(words, signal)).toBe(1)
const phone = (lines: string) => runTextaction(['phone'], dev.env, lines)

test.each([
  ['Postgres', POSTGRES],
  ['Redis', REDIS],
  ['The simulator', SIMULATOR],
])(
  '%s that somebody killed is back in seconds; the screen says so, once, and her next text is answered',
  async (name, words) => {
    await dev.start()
    await phone('WORK\n')
    kill(words)
    await shows(new RegExp(`warn +mended +${name} had ended, and has been started again\n`))
    const { code, stdout } = await phone('35020\n')
    expect(stdout).toMatch(/^> 35020\n< AFL-CIO: Thank you! Your senators for Alabama:/)
    expect(code).toBe(0)
    for (const until = Date.now() + 10_000; Date.now() < until; await sleep(100))
      if ((await fetch(`${dev.url}/readyz`)).status === 200) break
    expect((await fetch(`${dev.url}/readyz`)).status).toBe(200)
    expect(dev.screen().match(/mended/g)).toHaveLength(1)
    expect(await dev.interrupt()).toMatchObject({ code: 0, left: [] })
  },
)

test('what ends again soon ends all of it, with a line that says what it was and what to do', async () => {
  await dev.start()
  kill(REDIS)
  await shows(/mended +Redis/)
  const ended = dev.ended()
  kill(REDIS)
  expect(await ended).toBe(1)
  expect(dev.screen()).toMatch(
    /FAIL +stopping +Redis has ended twice within a minute; \S+redis\.log says why\. Then: npm start\n/,
  )
  await dev.start()
  expect((await phone('WORK\n')).code).toBe(0)
})

test('while it lives no command starts a store of its own: it says whose is away and what to do', async () => {
  await dev.start()
  kill('dist/cli.js dev', 'SIGSTOP') // it notices nothing for now
  kill(POSTGRES)
  kill(REDIS)
  const list = await runTextaction(['blast', 'list'], dev.env, '')
  expect(`${list.code} ${list.stderr}`).toMatch(
    /^1 error: (Postgres|Redis) of the Text Action that runs on \S+ is away\. npm start brings it back within seconds: try again\. .*\n$/,
  )
  const doctor = await runTextaction(['doctor'], dev.env, '')
  expect(doctor.code).toBe(1)
  for (const name of ['Postgres', 'Redis'])
    expect(doctor.stdout).toMatch(
      new RegExp(`FAIL +${name} +${name} of the Text Action .* is away\n +npm start brings it back`),
    )
  kill('dist/cli.js dev', 'SIGCONT')
  await shows(/mended +Postgres[^]*mended +Redis|mended +Redis[^]*mended +Postgres/)
  expect((await runTextaction(['blast', 'list'], dev.env, '')).code).toBe(0)
})

test('Ctrl-C with both stores gone says at once that it stops, and has ended within seconds', async () => {
  await dev.start()
  kill(POSTGRES)
  kill(REDIS)
  const { code, ms, left } = await dev.interrupt()
  expect({ code, left }).toEqual({ code: 0, left: [] })
  expect(ms).toBeLessThan(8_000)
  expect(dev.screen()).toMatch(/Stopping: what is under way comes to its end first\.\n {2}Stopped in /)
})

test('a simulator that is away is told as such: the program does run', async () => {
  await dev.start()
  kill(SIMULATOR, 'SIGSTOP')
  const { code, stderr } = await phone('WORK\n')
  kill(SIMULATOR, 'SIGCONT')
  expect(`${code} ${stderr}`).toMatch(
    /^1 error: Text Action runs on port \d+, and its simulator is away\. npm start brings it back within seconds: try again\. .*\n$/,
  )
})

test('a text that is taken and never answered is no success', async () => {
  await dev.start()
  await phone('WORK\n')
  expect(dev.hit('postgres', 'SIGSTOP')).toBe(1)
  const { code, stdout, stderr } = await phone('35020\n')
  dev.hit('postgres', 'SIGCONT')
  expect(stdout).toBe('> 35020\n')
  expect(`${code} ${stderr}`).toMatch(/^1 error: .* no answer in 10 s\. .*textaction doctor\n$/)
})

test('doctor says what to do about a Redis that hangs', async () => {
  await dev.start()
  kill(REDIS, 'SIGSTOP')
  const { code, stdout } = await runTextaction(['doctor'], dev.env, '')
  expect(stdout).toMatch(
    /FAIL +Redis +Redis in \S+ runs but does not answer\n +End it: kill -9 \d+\. A running npm start then brings it back, else start again\.?\n/,
  )
  expect(code).toBe(1)
  kill(REDIS) // as it was told
  await shows(/mended +Redis/)
  expect((await runTextaction(['doctor'], dev.env, '')).stdout).toMatch(/ok +Redis/)
})
