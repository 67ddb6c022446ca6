import { spawnSync } from 'node:child_process'
import { ownDev, type Dev } from '../support/dev.js'
import { openTextaction, runTextaction } from '../support/terminal.js'

jest.setTimeout(120_000)

// The terminal is made by script of util-linux; a Mac's takes other flags, and some containers have no terminals to give.
const hasTerminal = spawnSync('script', ['-qec', 'true', '/dev/null'], { timeout: 10_000 }).status === 0
if (!hasTerminal)
  process.stderr.write('skipped: no terminal for the phone. It takes script (of util-linux) and /dev/pts.\n')
const onTerminal = hasTerminal ? test : test.skip

let dev: Dev
beforeAll(async () => {
  dev = await ownDev()
  await dev.start()
})
afterAll(() => dev.remove())

test('from a pipe it texts each line, prints the dialogue as a transcript, and ends', async () => {
  const { code, stdout, stderr } = await runTextaction(['phone'], dev.env, 'WORK\n35020\n')
  expect(stderr).toBe('')
  expect(code).toBe(0)
  expect(stdout).toMatch(
    /^> WORK\n< Welcome to the AFL-CIO Text Action Team! .*\n {2}What's your 5-digit ZIP\?.*\n> 35020\n< AFL-CIO: Thank you! Your senators for Alabama:\n {2}Sen\. Tommy Tuberville 202-224-4124\n {2}Sen\. Katie Boyd Britt 202-224-5744\n {2}Call and say: .* ZIP 35020\..*\n {2}Then text us: .*\n$/,
  )
})

test('a phone whose texts fail says so on stderr; the transcript stays clean', async () => {
  const { code, stdout, stderr } = await runTextaction(['phone', '--from', '0150'], dev.env, 'HELP\n')
  expect(code).toBe(0)
  expect(stdout).toMatch(/^> HELP\n< AFL-CIO Text Action Team: /)
  expect(stderr).toBe('Not delivered: phone off or out of reach (30003)\n')
})

test('where nothing runs it says how to start it', async () => {
  const elsewhere = await ownDev()
  const { code, stdout, stderr } = await runTextaction(['phone'], elsewhere.env, 'WORK\n')
  expect(code).toBe(1)
  expect(stdout).toBe('')
  expect(stderr).toMatch(
    /^error: No phone to reach: Text Action is not running on port \d+\. Start it in another terminal: npm start\n$/,
  )
  await elsewhere.remove()
})

onTerminal('on a terminal it is a phone: she types, answers appear, Ctrl-D leaves', async () => {
  const phone = openTextaction('phone --from "(205) 555-0102"', dev.env)
  await phone.shows('(205) 555-0102 texts 235246. No real text is sent.')
  phone.type('WORK\r')
  await phone.shows(/< Welcome to the AFL-CIO Text Action Team!/)
  await phone.shows(/8 alerts a month\.\s*\n {2}Msg & data rates may apply\./) // no word is cut at the 80th column
  await phone.shows(/delivered, answered in \d/)
  phone.type('35020\r')
  await phone.shows(/Sen\. Tommy Tuberville 202-224-4124\s+Sen\. Katie Boyd Britt 202-224-5744/)
  phone.type('/fates\r')
  await phone.shows(/0150 +phone off/)
  phone.type('\x04')
  expect(await phone.ended).toBe(0)
})

onTerminal('Ctrl-C leaves it as well, and the bot goes on', async () => {
  const phone = openTextaction('phone', dev.env)
  await phone.shows('> ')
  phone.type('\x03')
  expect(await phone.ended).toBe(130)
  expect((await fetch(`${dev.url}/healthz`)).status).toBe(200)
})
