import { z } from 'zod'
import { OperatorError } from './errors.js'

/** The environment, for the one place that hands it on: the command line. */
export const environment: NodeJS.ProcessEnv = process.env

const TWILIO_API = 'https://api.twilio.com'

/** Whether texts sent there are real: Twilio's own API, however it is spelled and in whichever of its regions. */
export const isTwilio = (apiUrl: string): boolean =>
  URL.canParse(apiUrl) && /(^|\.)twilio\.com\.?$/.test(new URL(apiUrl).hostname)

const tokensIn = (text: string) =>
  text
    .split(',')
    .map((token) => token.trim())
    .filter(Boolean)
const flag = z.enum(['on', 'off'], { error: 'must be on or off' })
/** A whole number within bounds, and one message for whatever else stands there. */
const whole = (min: number, max = Number.MAX_SAFE_INTEGER) => {
  const error = `must be a whole number${max < Number.MAX_SAFE_INTEGER ? ` from ${min} to ${max}` : `, ${min} or more`}`
  return z.coerce.number({ error }).int({ error }).min(min, { error }).max(max, { error })
}
const address = z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' })
const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
const PRICE = 'must be US dollars like 0.01'
const port = whole(1, 65_535)
const days = whole(1, 36_500)
const LIVE_WINDOW_MINUTES_MIN = 4 * 60 // three hours lie between the ends of the mainland
const clockTime = /^([01]\d|2[0-3]):[0-5]\d$|^24:00$/

const Env = z.object({
  PORT: port.default(3000),
  HOST: z.string().min(1).default('127.0.0.1'),
  PUBLIC_URL: address
    .refine(
      (url) => !/^https?:\/\/[^/]*@/.test(url),
      'must name no user and no password: Twilio signs what it sends',
    )
    .optional(),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must start with postgres://')
    .optional(),
  REDIS_URL: z
    .string()
    .regex(
      /^rediss?:\/\/[^,]+(,rediss?:\/\/[^,]+)*$/,
      'must be redis://host:port, several with commas between',
    )
    .optional(),
  DATA_DIR: z.string().min(1).default('.data'),
  TWILIO_ACCOUNT_SID: z
    .string()
    .regex(/^AC[0-9a-f]{32}$/, 'must be AC and 32 hex digits')
    .optional(),
  TWILIO_AUTH_TOKEN: z
    .string()
    .refine((value) => tokensIn(value).length > 0, 'must hold a token; several with commas between')
    .optional(),
  TWILIO_SENDER: z
    .string()
    .regex(/^(\d{5,6}|\+1[2-9]\d{9})$/, 'must be a short code like 235246 or a number like +12025550100')
    .default('235246'),
  TWILIO_MESSAGING_SERVICE_SID: z
    .string()
    .regex(/^MG[0-9a-f]{32}$/, 'must be MG and 32 hex digits')
    .optional(),
  TWILIO_API_URL: address
    .refine(
      (url) => !isTwilio(url) || new URL(url).protocol === 'https:',
      "must be https:// where it is Twilio's own: the token goes there",
    )
    .default(TWILIO_API),
  PHONE_KEY: z
    .string()
    .refine(
      (value) => Buffer.from(value, 'base64').length === 32,
      'must be 32 bytes in base64; make one with: openssl rand -base64 32',
    )
    .optional(),
  SEGMENTS_PER_SECOND: whole(1, 1_000_000).default(100),
  SEND_WINDOW: z.string().default('09:00-20:00'),
  SEND_CONCURRENCY: whole(1, 1_000).default(64),
  APPROVERS: whole(1, 2).optional(),
  CANARY: flag.optional(),
  PRICE_PER_SEGMENT: z.coerce.number({ error: PRICE }).min(0, { error: PRICE }).default(0.01),
  SEGMENTS_PER_DAY: whole(1).optional(),
  INBOUND_BODY_DAYS: days.default(90),
  RECEIPT_DAYS: days.default(30),
  STALLED_AFTER_SECONDS: whole(3, 3_600).default(60),
  METRICS_PORT: port.optional(),
  METRICS_TOKEN: z.string().min(1).optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: address.optional(),
  ACTIONS_DIR: z.string().min(1).default('actions'),
  LOG_LEVEL: z.enum(LEVELS, { error: `must be one of ${LEVELS.join(', ')}` }).default('info'),
})

/** The names this program reads from the environment, for the README's table and .env.example. */
export const ENVIRONMENT_NAMES = Object.keys(Env.shape)

export type Twilio = {
  accountSid: string
  /** The first signs our requests; all are accepted on webhooks, so that one can be rotated. */
  authTokens: readonly string[]
  sender: string
  messagingServiceSid: string | null
  apiUrl: string
}

export type Config = {
  port: number
  host: string
  publicUrl: string
  /** null: our own embedded server under dataDir. */
  databaseUrl: string | null
  redisUrls: readonly string[] | null
  dataDir: string
  twilio: Twilio
  /** 32 bytes, base64. */
  phoneKey: string
  segmentsPerSecond: number
  /** Minutes after midnight in the person's own zone. */
  sendWindow: { from: number; to: number }
  sendConcurrency: number
  approvers: 1 | 2
  canary: boolean
  pricePerSegment: number
  /** Above it no blast goes on that day; answers do. null: no ceiling. */
  segmentsPerDay: number | null
  /** What people wrote is erased after so many days; their consents are kept. */
  inboundBodyDays: number
  receiptDays: number
  /** Texts claimable and none sent for so long: the worker says why and ends, to be started anew. */
  stalledAfterSeconds: number
  /** Where `work` answers /healthz, /readyz and /metrics; null: nowhere. */
  metricsPort: number | null
  metricsToken: string | null
  /** A collector of OpenTelemetry traces; null: none are made. */
  tracesUrl: string | null
  actionsDir: string
  logLevel: string
}

/** What a local deployment brings where the environment says nothing: the simulator's account, a made key. */
export type LocalDefaults = {
  twilio?: { accountSid: string; authToken: string; apiUrl: string }
  phoneKey?: string
}

/** Reads the environment once; names every fault at once (OperatorError, exit 2). */
export function loadConfig(env: NodeJS.ProcessEnv, local: LocalDefaults = {}): Config {
  const { config, faults } = inspectConfig(env, local)
  if (faults.length > 0) throw badConfiguration(faults)
  return config
}

/** For doctor: every fault, and a configuration all the same. What is wrong has its default, what is missing is empty. */
export function inspectConfig(
  env: NodeJS.ProcessEnv,
  local: LocalDefaults = {},
): { config: Config; faults: readonly string[] } {
  const set = Object.fromEntries(
    Object.entries(env).filter(([name, value]) => name in Env.shape && value !== ''),
  )
  const given: Record<string, string | undefined> = {
    ...(local.twilio && {
      TWILIO_ACCOUNT_SID: local.twilio.accountSid,
      TWILIO_AUTH_TOKEN: local.twilio.authToken,
      TWILIO_API_URL: local.twilio.apiUrl,
    }),
    ...(local.phoneKey && { PHONE_KEY: local.phoneKey }),
    ...set,
  }
  const issues = Env.safeParse(given).error?.issues ?? []
  const wrong = new Set(issues.map((issue) => String(issue.path[0])))
  const faults = issues.map((issue) => `${issue.path.join('.')} ${issue.message}`)
  const e = Env.parse(Object.fromEntries(Object.entries(given).filter(([name]) => !wrong.has(name))))
  const apiUrl = new URL(e.TWILIO_API_URL).href.replace(/\/+$/, '')
  const live = isTwilio(given['TWILIO_API_URL'] ?? TWILIO_API)
  const publicUrl = (e.PUBLIC_URL ?? `http://localhost:${e.PORT}`).replace(/\/$/, '')
  const sendWindow = parseWindow(e.SEND_WINDOW)
  if (!sendWindow)
    faults.push('SEND_WINDOW must be HH:MM-HH:MM with the start before the end, like 09:00-20:00')
  else if (live && (sendWindow.from < 8 * 60 || sendWindow.to > 21 * 60))
    faults.push('SEND_WINDOW must lie within 08:00-21:00 while real texts are sent')
  else if (live && sendWindow.to - sendWindow.from < LIVE_WINDOW_MINUTES_MIN)
    faults.push(
      'SEND_WINDOW must last 4 hours or more while real texts are sent: who has given no ZIP is texted only while it is open from New York to Los Angeles',
    )
  if (live && !publicUrl.startsWith('https://') && !wrong.has('PUBLIC_URL'))
    faults.push('PUBLIC_URL must be set to the https:// address that Twilio calls')
  const missing = (name: 'TWILIO_ACCOUNT_SID' | 'TWILIO_AUTH_TOKEN' | 'PHONE_KEY', mend: string) => {
    if (!e[name] && !wrong.has(name)) faults.push(`${name} is missing: ${mend}`)
  }
  missing('TWILIO_ACCOUNT_SID', 'copy it from the Twilio console')
  missing('TWILIO_AUTH_TOKEN', 'copy it from the Twilio console')
  missing('PHONE_KEY', 'make one with: openssl rand -base64 32')
  const config: Config = Object.freeze({
    port: e.PORT,
    host: e.HOST,
    publicUrl,
    databaseUrl: e.DATABASE_URL ?? null,
    redisUrls: e.REDIS_URL?.split(',') ?? null,
    dataDir: e.DATA_DIR,
    twilio: {
      accountSid: e.TWILIO_ACCOUNT_SID ?? '',
      authTokens: tokensIn(e.TWILIO_AUTH_TOKEN ?? ''),
      sender: e.TWILIO_SENDER,
      messagingServiceSid: e.TWILIO_MESSAGING_SERVICE_SID ?? null,
      apiUrl,
    },
    phoneKey: e.PHONE_KEY ?? '',
    segmentsPerSecond: e.SEGMENTS_PER_SECOND,
    sendWindow: sendWindow ?? { from: 9 * 60, to: 20 * 60 },
    sendConcurrency: e.SEND_CONCURRENCY,
    approvers: e.APPROVERS === 1 ? 1 : e.APPROVERS === 2 ? 2 : live ? 2 : 1,
    canary: e.CANARY ? e.CANARY === 'on' : live,
    pricePerSegment: e.PRICE_PER_SEGMENT,
    segmentsPerDay: e.SEGMENTS_PER_DAY ?? null,
    inboundBodyDays: e.INBOUND_BODY_DAYS,
    receiptDays: e.RECEIPT_DAYS,
    stalledAfterSeconds: e.STALLED_AFTER_SECONDS,
    metricsPort: e.METRICS_PORT ?? null,
    metricsToken: e.METRICS_TOKEN ?? null,
    tracesUrl: e.OTEL_EXPORTER_OTLP_ENDPOINT ?? null,
    actionsDir: e.ACTIONS_DIR,
    logLevel: e.LOG_LEVEL,
  })
  return { config, faults }
}

const ActionEnv = Env.pick({ ACTIONS_DIR: true, TWILIO_SENDER: true, PRICE_PER_SEGMENT: true })

/** The few settings it takes to look at action files: no account, no key, no store. */
export function loadActionSettings(
  env: NodeJS.ProcessEnv,
): Pick<Config, 'actionsDir' | 'pricePerSegment'> & { sender: string } {
  const read = ActionEnv.safeParse(
    Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')),
  )
  if (!read.success)
    throw badConfiguration(read.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`))
  return {
    actionsDir: read.data.ACTIONS_DIR,
    pricePerSegment: read.data.PRICE_PER_SEGMENT,
    sender: read.data.TWILIO_SENDER,
  }
}

function badConfiguration(faults: readonly string[]): OperatorError {
  return new OperatorError(`Cannot start, the configuration needs mending: ${faults.join('; ')}.`, 2)
}

function parseWindow(text: string): { from: number; to: number } | null {
  const [from = '', to = ''] = text.split('-')
  if (!clockTime.test(from) || !clockTime.test(to)) return null
  const minutes = (clock: string) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3))
  return minutes(from) < minutes(to) ? { from: minutes(from), to: minutes(to) } : null
}
