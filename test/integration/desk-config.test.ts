import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { groundMark, writeDevState } from '../../src/adapters/local-files.js'
import { deskConfig } from '../../src/app.js'

// Which deployment an organizer's one-shot command works on, and by whose rules.

const PHONE_KEY = Buffer.alloc(32, 7).toString('base64')
const PRODUCTION = { DATABASE_URL: 'postgres://db.example.org/textaction', PHONE_KEY }
const WHOLE = {
  ...PRODUCTION,
  TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
  TWILIO_AUTH_TOKEN: '0'.repeat(32),
  PUBLIC_URL: 'https://text.example.org',
}

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'text-action-desk-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const ranDev = (env: NodeJS.ProcessEnv) =>
  writeDevState(dir, { port: 3000, simulatorUrl: 'http://127.0.0.1:3001', standsOn: groundMark(env) })

test("an organizer's laptop that names production's database without its account is told what to set, and never works by the trial's rules", () => {
  const laptop = { ...PRODUCTION, DATA_DIR: dir }
  const refusal =
    /^With DATABASE_URL set, a command needs all .*TWILIO_ACCOUNT_SID is missing.*For the trial in .* unset DATABASE_URL\.$/
  expect(() => deskConfig(laptop)).toThrow(refusal)
  expect(readdirSync(dir)).toEqual([])
  // A key made at the desk opens nobody's number, and a new database would take it for its own.
  expect(() => deskConfig({ DATABASE_URL: PRODUCTION.DATABASE_URL, DATA_DIR: dir })).toThrow(
    /PHONE_KEY is missing(?!: make)/,
  )
  ranDev({}) // she has tried it out there before
  expect(() => deskConfig(laptop)).toThrow(refusal)
})

test('production on one machine, with our own Postgres, keeps its two approvers at the desk', () => {
  const env = { ...WHOLE, DATABASE_URL: '', DATA_DIR: dir }
  ranDev({})
  expect(deskConfig(env)).toMatchObject({ approvers: 2, canary: true })
  expect(deskConfig({ ...WHOLE, DATA_DIR: dir })).toMatchObject({ approvers: 2, canary: true })
})

test('an engineer beside her own npm start needs to name nothing more than she did there', () => {
  expect(deskConfig({ DATA_DIR: dir })).toMatchObject({ approvers: 1, databaseUrl: null })
  for (const named of [
    PRODUCTION,
    { DATABASE_URL: PRODUCTION.DATABASE_URL },
    { TWILIO_ACCOUNT_SID: WHOLE.TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN: 'token' },
  ]) {
    ranDev(named)
    const { approvers, twilio } = deskConfig({ ...named, DATA_DIR: dir })
    expect({ approvers, apiUrl: twilio.apiUrl }).toEqual({ approvers: 1, apiUrl: 'http://127.0.0.1:3001' })
  }
})
