import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LocalDefaults } from '../config.js'
import { OperatorError } from '../errors.js'

/** What `dev` leaves for the other commands: where the simulator answers, and a mark of what it stood on. */
export type DevState = { port: number; simulatorUrl: string; standsOn: string }

const KEY_FILE = 'phone.key'
const TOKEN_FILE = 'simulator.token'
const STATE_FILE = 'dev.json'

// The simulator's account: made up, and on no real Twilio.
const ACCOUNT_SID = 'AC00000000000000000000000000000235'

/** The phone key, the simulator's account and its address, as they lie in dataDir; made there once, readable by their owner only. */
export function localDefaults(dataDir: string): LocalDefaults {
  // Others may pass through (our Postgres runs as a user of its own when we are root), but not look around.
  mkdirSync(dataDir, { recursive: true, mode: 0o711 })
  return {
    phoneKey: kept(join(dataDir, KEY_FILE), () => randomBytes(32).toString('base64')),
    twilio: {
      accountSid: ACCOUNT_SID,
      authToken: kept(join(dataDir, TOKEN_FILE), () => randomBytes(16).toString('hex')),
      apiUrl: readDevState(dataDir)?.simulatorUrl ?? 'http://127.0.0.1:3001',
    },
  }
}

/** Whether this environment means the trial in DATA_DIR: it names no deployment, or just what dev was started with there. */
export function isLocal(env: NodeJS.ProcessEnv): boolean {
  if (!env['DATABASE_URL'] && !env['TWILIO_ACCOUNT_SID']) return true
  return readDevState(env['DATA_DIR'] || '.data')?.standsOn === groundMark(env)
}

/** Tells one deployment from another, and gives away no secret of it. */
export function groundMark(env: NodeJS.ProcessEnv): string {
  const named = ['DATABASE_URL', 'TWILIO_ACCOUNT_SID', 'PHONE_KEY'].map((name) => env[name] ?? '')
  return createHash('sha256').update(JSON.stringify(named)).digest('hex')
}

export function readDevState(dataDir: string): DevState | null {
  const path = join(dataDir, STATE_FILE)
  if (!existsSync(path)) return null
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as DevState
  } catch {
    return null // half written by a dev that was killed; the next start writes it anew
  }
}

export function writeDevState(dataDir: string, state: DevState): void {
  writeFileSync(join(dataDir, STATE_FILE), `${JSON.stringify(state)}\n`, { mode: 0o600 })
}

function kept(path: string, make: () => string): string {
  try {
    if (!existsSync(path)) writeFileSync(path, `${make()}\n`, { mode: 0o600, flag: 'wx' })
    return readFileSync(path, 'utf8').trim()
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return readFileSync(path, 'utf8').trim()
    throw new OperatorError(`Cannot write ${path}. Make its folder writable, or set DATA_DIR to another one.`)
  }
}
