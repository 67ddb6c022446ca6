import { readFileSync } from 'node:fs'
import { ENVIRONMENT_NAMES, inspectConfig, loadConfig } from '../../src/config.js'

const KEY = Buffer.alloc(32, 7).toString('base64')
const [FIRST, SECOND] = ['0123456789abcdef'.repeat(2), 'f'.repeat(32)]
const LIVE = {
  TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
  TWILIO_AUTH_TOKEN: `${FIRST},${SECOND}`,
  PHONE_KEY: KEY,
  PUBLIC_URL: 'https://text.example.org',
}
const SIMULATED = { ...LIVE, TWILIO_API_URL: 'http://127.0.0.1:3001', PUBLIC_URL: 'http://localhost:3000' }

test('every name is in the table of the README and in .env.example, and no other', () => {
  const table = [...readFileSync('README.md', 'utf8').matchAll(/^\| (`[A-Z_]+`(?:, `[A-Z_]+`)*) \|/gm)]
    .flatMap(([, names = '']) => [...names.matchAll(/`([A-Z_]+)`/g)])
    .map(([, name]) => name)
  const example = [...readFileSync('.env.example', 'utf8').matchAll(/^#?([A-Z_]+)=/gm)].map(
    ([, name]) => name,
  )
  expect(table.sort()).toEqual([...ENVIRONMENT_NAMES].sort())
  expect(example.sort()).toEqual([...ENVIRONMENT_NAMES].sort())
})

test('an operator reads every fault at once', () => {
  const wrong = {
    ...LIVE,
    PORT: 'x',
    SEND_WINDOW: '22:00-23:00',
    PHONE_KEY: 'short',
    PUBLIC_URL: 'http://a.example.org',
  }
  expect(() => loadConfig(wrong)).toThrow(/PORT.*PHONE_KEY.*SEND_WINDOW.*PUBLIC_URL/s)
})

test('a wrong setting is named with what may stand there, in our words', () => {
  const faultOf = (wrong: Record<string, string>) => inspectConfig({ ...LIVE, ...wrong }).faults
  expect(faultOf({ PORT: 'x' })).toEqual(['PORT must be a whole number from 1 to 65535'])
  expect(faultOf({ APPROVERS: '1.5' })).toEqual(['APPROVERS must be a whole number from 1 to 2'])
  expect(faultOf({ SEGMENTS_PER_DAY: '0' })).toEqual(['SEGMENTS_PER_DAY must be a whole number, 1 or more'])
  expect(faultOf({ PRICE_PER_SEGMENT: '-1' })).toEqual(['PRICE_PER_SEGMENT must be US dollars like 0.01'])
  expect(faultOf({ CANARY: 'yes' })).toEqual(['CANARY must be on or off'])
  expect(faultOf({ TWILIO_AUTH_TOKEN: ' ,' })).toEqual([
    'TWILIO_AUTH_TOKEN must hold a token; several with commas between',
  ])
  expect(faultOf({ PUBLIC_URL: 'text' })).toEqual(['PUBLIC_URL must be an http:// or https:// address'])
  expect(faultOf({ LOG_LEVEL: 'loud' })[0]).toMatch(/^LOG_LEVEL must be one of fatal, error, /)
})

test('an operator whose PUBLIC_URL carries a search or a fragment reads so, before every webhook is refused', () => {
  for (const end of ['?', '?a=b', '/#rc=2&rp=5xx,ct,rt', '/sms?x#y'])
    expect(inspectConfig({ ...LIVE, PUBLIC_URL: `https://text.example.org${end}` }).faults).toEqual([
      'PUBLIC_URL must end before any ? or #: the paths of the webhooks are put behind it',
    ])
  expect(inspectConfig({ ...LIVE, TWILIO_API_URL: 'https://api.twilio.com?region=ie1' }).faults).toEqual([
    'TWILIO_API_URL must end before any ? or #: the paths of the API are put behind it',
  ])
})

test('an operator learns at the start that Twilio calls no host with an underscore, not from the first text', () => {
  const host = 'https://text_action.example.org'
  expect(inspectConfig({ ...LIVE, PUBLIC_URL: host }).faults).toEqual([
    'PUBLIC_URL must name a host without an underscore while real texts are sent: Twilio calls no other',
  ])
  expect(inspectConfig({ ...LIVE, PUBLIC_URL: 'https://text.example.org/text_action' }).faults).toEqual([])
  expect(inspectConfig({ ...SIMULATED, PUBLIC_URL: host }).faults).toEqual([])
})

test('an operator who types a window with a third time is told, not given the first two', () => {
  for (const SEND_WINDOW of [
    '09:00-20:00-23:00',
    '09:00-20:00-',
    '-09:00-20:00',
    '09:00-20:00 ',
    '9:00-20:00',
  ])
    expect([SEND_WINDOW, inspectConfig({ ...LIVE, SEND_WINDOW }).faults]).toEqual([
      SEND_WINDOW,
      ['SEND_WINDOW must be HH:MM-HH:MM with the start before the end, like 09:00-20:00'],
    ])
})

test('a number is what an operator would read as one: digits, and cents behind a point', () => {
  const faultsOf = (wrong: Record<string, string>) => inspectConfig({ ...LIVE, ...wrong }).faults
  for (const typed of ['3e3', '0x10', ' ', ' 3000', '3000.0', '+3000', '9'.repeat(400)])
    for (const name of ['PORT', 'SEGMENTS_PER_SECOND', 'SEGMENTS_PER_DAY', 'INBOUND_BODY_DAYS', 'APPROVERS'])
      expect(faultsOf({ [name]: typed })).toEqual([expect.stringMatching(`^${name} must be a whole number`)])
  for (const typed of [' ', '0x10', '1e-2', '0,01', '$0.01', '1.', '.', '9'.repeat(400)])
    expect(faultsOf({ PRICE_PER_SEGMENT: typed })).toEqual(['PRICE_PER_SEGMENT must be US dollars like 0.01'])
  const priced = (typed: string) => loadConfig({ ...LIVE, PRICE_PER_SEGMENT: typed }).pricePerSegment
  expect([priced('0'), priced('.0079'), priced('1.50')]).toEqual([0, 0.0079, 1.5])
  expect(loadConfig({ ...LIVE, PORT: '08080' }).port).toBe(8080)
})

test("a token that cannot be Twilio's is told before Twilio is asked, whichever of several it is, and never repeated", () => {
  for (const wrong of ['short', `${FIRST},short`, `${FIRST},${'g'.repeat(32)}`, FIRST + SECOND])
    expect(inspectConfig({ ...LIVE, TWILIO_AUTH_TOKEN: wrong }).faults).toEqual([
      "TWILIO_AUTH_TOKEN must be 32 hex digits while real texts are sent, each of several: copy Twilio's",
    ])
  expect(inspectConfig({ ...SIMULATED, TWILIO_AUTH_TOKEN: 'short' }).faults).toEqual([])
})

test('real texts need https, hours within 08:00-21:00 and two people', () => {
  expect(loadConfig(LIVE)).toMatchObject({ approvers: 2, canary: true })
  expect(() => loadConfig({ ...LIVE, SEND_WINDOW: '00:00-24:00' })).toThrow(/08:00-21:00/)
  expect(() => loadConfig({ ...LIVE, SEND_WINDOW: '17:00-20:00' })).toThrow(/4 hours or more/)
})

test('texts are real however an operator spells Twilio, and in whichever of its regions', () => {
  for (const apiUrl of [
    'https://api.twilio.com:443',
    'https://API.twilio.com',
    'https://api.twilio.com//',
    'https://api.twilio.com.',
    'https://api.dublin.ie1.twilio.com',
    'https://api.ashburn.us1.twilio.com/',
  ]) {
    const wrong = { ...LIVE, TWILIO_API_URL: apiUrl, SEND_WINDOW: '00:00-24:00', PUBLIC_URL: 'http://a.org' }
    const { config, faults } = inspectConfig(wrong)
    expect(config).toMatchObject({ approvers: 2, canary: true })
    expect(faults.join('; ')).toMatch(/SEND_WINDOW must lie within.*PUBLIC_URL must be set to the https/)
    expect(config.twilio.apiUrl).toMatch(/^https:\/\/api\.([a-z1.]+\.)?twilio\.com\.?$/)
  }
  for (const apiUrl of ['https://nottwilio.com', 'https://twilio.com.example.org'])
    expect(loadConfig({ ...LIVE, TWILIO_API_URL: apiUrl }).approvers).toBe(1)
})

test("an operator cannot send the account's token to Twilio unlocked, and reads what else is wrong at once", () => {
  const { faults } = inspectConfig({
    ...LIVE,
    TWILIO_API_URL: 'http://api.twilio.com',
    SEND_WINDOW: '00:00-24:00',
  })
  expect(faults).toEqual([
    "TWILIO_API_URL must be https:// where it is Twilio's own: the token goes there",
    'SEND_WINDOW must lie within 08:00-21:00 while real texts are sent',
  ])
})

test('against a simulator one person is enough, at any hour, over http', () => {
  const config = loadConfig({ ...SIMULATED, SEND_WINDOW: '00:00-24:00' })
  expect(config).toMatchObject({ approvers: 1, canary: false, sendWindow: { from: 0, to: 1_440 } })
})

test('while a token is rotated both are taken', () => {
  expect(loadConfig(LIVE).twilio.authTokens).toEqual([FIRST, SECOND])
})
