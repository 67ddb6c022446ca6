import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../support/free-port.js'
import { ownDev, type Dev } from '../support/dev.js'
import { runTextaction } from '../support/terminal.js'

jest.setTimeout(120_000)

let dev: Dev
beforeEach(async () => {
  dev = await ownDev()
})
afterEach(() => dev.remove())

test('an engineer starts it, reads one short screen, and Ctrl-C ends all of it within seconds', async () => {
  await dev.start()
  const [stores, ...screen] = dev.screen().trim().split('\n')
  expect(stores).toMatch(/^ok +stores +(Redis|Valkey) [\d.]+ and Postgres [\d.]+, our own/)
  expect(screen.join('\n')).toMatch(
    /Text Action is running\. .*\/phone +text WORK, then your ZIP\n.*scripts\/textaction phone .*\n +Data .*\n +Log .*\n\n +Ctrl-C stops everything\.$/s,
  )
  expect(dev.screen().split('\n').length).toBeLessThan(15)
  // On a busy machine a store may answer late; a person would look twice.
  for (const until = Date.now() + 10_000; Date.now() < until; await sleep(200))
    if ((await fetch(`${dev.url}/readyz`)).status === 200) break
  expect((await fetch(`${dev.url}/readyz`)).status).toBe(200)
  const { code, ms, left } = await dev.interrupt()
  expect(code).toBe(0)
  expect(ms).toBeLessThan(10_000)
  expect(left).toEqual([])
  const said =
    /Ctrl-C stops everything\.\n( {2}Stopping: .*\n)? {2}Stopped in ([\d.]+) s\. Your data waits in /
  expect(dev.screen()).toMatch(said)
  const [, stopping, seconds] = said.exec(dev.screen()) ?? []
  // A stop of a second says one line; a busy machine takes longer, and says at first that it is stopping.
  if (Number(seconds) < 1.4) expect(stopping).toBeUndefined()
  await expect(fetch(`${dev.url}/healthz`)).rejects.toThrow()
})

test('started again it says less, and her person is still known', async () => {
  await dev.start()
  await runTextaction(['phone'], dev.env, 'WORK\n35020\n')
  await dev.interrupt()
  await dev.start()
  expect(dev.screen()).not.toMatch(/\bok\b/)
  const { stdout } = await runTextaction(['phone'], dev.env, 'WORK\nCALL\n')
  expect(stdout).toMatch(/^> WORK\n< AFL-CIO: You're on the team already/)
  expect(stdout).toContain('Sen. Tommy Tuberville 202-224-4124')
})

test('Ctrl-C while it is still starting is no error, and the next start is whole', async () => {
  const starting = dev.start()
  await Promise.all([
    expect(starting).rejects.toThrow('Stopped before it was up.'),
    (async () => {
      // Its Postgres is being made just now.
      while (!existsSync(join(dev.env['DATA_DIR'] ?? '', 'postgres.lock'))) await sleep(5)
      const { code, left } = await dev.interrupt()
      expect(code).toBe(0)
      expect(left).toEqual([])
    })(),
  ])
  expect(dev.screen()).not.toMatch(/error|running/)
  await dev.start()
  const { stdout } = await runTextaction(['phone'], dev.env, 'WORK\n')
  expect(stdout).toContain('< Welcome to the AFL-CIO Text Action Team!')
})

test('a taken port is told in one line that says what to do', async () => {
  const other = createServer().listen(Number(dev.env['PORT']), '127.0.0.1')
  await once(other, 'listening')
  await expect(dev.start()).rejects.toThrow(
    /^dev ended at its start: error: Port \d+ is taken by another program\. Stop that one, or run: PORT=\d+ npm start\n$/,
  )
  other.close()
})

test('closing the terminal ends all of it too, its Postgres and its Redis with it', async () => {
  await dev.start()
  const { code, left } = await dev.interrupt('SIGHUP')
  expect({ code, left }).toEqual({ code: 0, left: [] })
})

test('a second one on the same data is refused, whatever its port; one that was killed is no hindrance', async () => {
  await dev.start()
  const port = dev.env['PORT']
  const second = async (more: Record<string, string>) => {
    const { code, stderr } = await runTextaction(['dev'], { ...dev.env, ...more }, '')
    return `${code} ${stderr}`
  }
  const refusal = `1 error: Text Action runs already on port ${port}. Stop it, or for a second one set DATA_DIR and PORT.\n`
  expect(await second({})).toBe(refusal)
  expect(await second({ PORT: String(await freePort()) })).toBe(refusal)
  await dev.interrupt('SIGKILL')
  await dev.start()
})

test('no other user of the machine can read a token among the processes', async () => {
  await dev.start({ TWILIO_AUTH_TOKEN: 'a-real-token-e2e' })
  const family = dev.family()
  expect(family.filter((line) => line.includes('simulator/main.js'))).toHaveLength(1)
  expect(family.filter((line) => /a-real-token-e2e|authToken/.test(line))).toEqual([])
})

test("in a shell set for real texts it refuses to touch that deployment's people", async () => {
  const production = { TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`, DATABASE_URL: 'postgres://127.0.0.1:9/x' }
  await expect(dev.start({ ...production, TWILIO_AUTH_TOKEN: 'token' })).rejects.toThrow(
    /error: TWILIO_ACCOUNT_SID and DATABASE_URL are set, as for real texts: .* Unset both, or run serve and work instead\.\n$/,
  )
})
