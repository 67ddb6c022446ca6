import { OperatorError } from './errors.js'
import { isTwilio, Settings, tokensIn, TWILIO_API } from './settings.js'

/** The environment, for the one place that hands it on: the command line. */
export const environment: NodeJS.ProcessEnv = process.env

const LIVE_WINDOW_MINUTES_MIN = 4 * 60 // three hours lie between the ends of the mainland
const TWILIO_TOKEN = /^[0-9a-f]{32}$/i

/** The names this program reads from the environment, for the README's table and .env.example. */
export const ENVIRONMENT_NAMES = Object.keys(Settings.shape)

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
    Object.entries(env).filter(([name, value]) => name in Settings.shape && value !== ''),
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
  const issues = Settings.safeParse(given).error?.issues ?? []
  const wrong = new Set(issues.map((issue) => String(issue.path[0])))
  const faults = issues.map((issue) => `${issue.path.join('.')} ${issue.message}`)
  const e = Settings.parse(Object.fromEntries(Object.entries(given).filter(([name]) => !wrong.has(name))))
  const apiUrl = new URL(e.TWILIO_API_URL).href.replace(/\/+$/, '')
  const live = isTwilio(given['TWILIO_API_URL'] ?? TWILIO_API)
  const publicUrl = (e.PUBLIC_URL ?? `http://localhost:${e.PORT}`).replace(/\/$/, '')
  const sendWindow = e.SEND_WINDOW
  const authTokens = tokensIn(e.TWILIO_AUTH_TOKEN ?? '')
  if (live) faults.push(...faultsOfReal({ publicUrl, sendWindow, authTokens }, wrong))
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
      authTokens,
      sender: e.TWILIO_SENDER,
      messagingServiceSid: e.TWILIO_MESSAGING_SERVICE_SID ?? null,
      apiUrl,
    },
    phoneKey: e.PHONE_KEY ?? '',
    segmentsPerSecond: e.SEGMENTS_PER_SECOND,
    sendWindow,
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

/** What else must hold while texts are real. What is wrong in itself is told already. */
function faultsOfReal(
  {
    publicUrl,
    sendWindow,
    authTokens,
  }: Pick<Config, 'publicUrl' | 'sendWindow'> & Pick<Twilio, 'authTokens'>,
  wrong: ReadonlySet<string>,
): string[] {
  const faults: string[] = []
  if (sendWindow.from < 8 * 60 || sendWindow.to > 21 * 60)
    faults.push('SEND_WINDOW must lie within 08:00-21:00 while real texts are sent')
  else if (sendWindow.to - sendWindow.from < LIVE_WINDOW_MINUTES_MIN)
    faults.push(
      'SEND_WINDOW must last 4 hours or more while real texts are sent: who has given no ZIP is texted only while it is open from New York to Los Angeles',
    )
  if (!wrong.has('PUBLIC_URL')) {
    if (!publicUrl.startsWith('https://'))
      faults.push('PUBLIC_URL must be set to the https:// address that Twilio calls')
    if (new URL(publicUrl).hostname.includes('_'))
      faults.push(
        'PUBLIC_URL must name a host without an underscore while real texts are sent: Twilio calls no other', // its error 21609
      )
  }
  if (authTokens.some((token) => !TWILIO_TOKEN.test(token)))
    faults.push(
      "TWILIO_AUTH_TOKEN must be 32 hex digits while real texts are sent, each of several: copy Twilio's",
    )
  return faults
}

const ActionSettings = Settings.pick({ ACTIONS_DIR: true, TWILIO_SENDER: true, PRICE_PER_SEGMENT: true })

/** The few settings it takes to look at action files: no account, no key, no store. */
export function loadActionSettings(
  env: NodeJS.ProcessEnv,
): Pick<Config, 'actionsDir' | 'pricePerSegment'> & { sender: string } {
  const read = ActionSettings.safeParse(
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
