import { createHash, randomBytes } from 'node:crypto'
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
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
  mendable(dataDir, () => mkdirSync(dataDir, { recursive: true, mode: 0o711 }))
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

/** Where neither DATABASE_URL nor a trial in DATA_DIR leads to anybody: the folder that holds none. */
export function emptyGround(env: NodeJS.ProcessEnv): string | null {
  const dataDir = resolve(env['DATA_DIR'] || '.data')
  // The first that our own Postgres leaves there, before its data.
  return env['DATABASE_URL'] || existsSync(join(dataDir, 'postgres.password')) ? null : dataDir
}

/** What somebody is told who stands before nothing. */
export const noTrial = (dataDir: string): string =>
  `There is no trial in ${dataDir} and no DATABASE_URL is set: are the settings loaded? npm start begins a trial`

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
  const path = join(dataDir, STATE_FILE)
  mendable(path, () => writeFileSync(path, `${JSON.stringify(state)}\n`, { mode: 0o600 }))
}

/** The file that dev logs to. Tried here, so that one that cannot be written is told before anything starts. */
export function devLog(dataDir: string): string {
  const path = join(dataDir, 'dev.log')
  mendable(path, () => appendFileSync(path, '', { mode: 0o600 }))
  return path
}

function kept(path: string, make: () => string): string {
  return mendable(path, () => {
    try {
      if (!existsSync(path)) writeFileSync(path, `${make()}\n`, { mode: 0o600, flag: 'wx' })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error // else another one was quicker
    }
    return readFileSync(path, 'utf8').trim()
  })
}

function mendable<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException
    throw new OperatorError(`Cannot write ${path} (${code}). Set DATA_DIR to a folder you may write.`, 2)
  }
}
