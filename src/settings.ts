import { z } from 'zod'

/** Where texts go that are real. */
export const TWILIO_API = 'https://api.twilio.com'

/** Whether texts sent there are real: Twilio's own API, however it is spelled and in whichever of its regions. */
export const isTwilio = (apiUrl: string): boolean =>
  URL.canParse(apiUrl) && /(^|\.)twilio\.com\.?$/.test(new URL(apiUrl).hostname)

/** TWILIO_AUTH_TOKEN holds several while one is rotated. */
export const tokensIn = (text: string) =>
  text
    .split(',')
    .map((token) => token.trim())
    .filter(Boolean)

const flag = z.enum(['on', 'off'], { error: 'must be on or off' })
/** A whole number within bounds, and one message for whatever else stands there. */
const whole = (min: number, max = Number.MAX_SAFE_INTEGER) => {
  const error = `must be a whole number${max < Number.MAX_SAFE_INTEGER ? ` from ${min} to ${max}` : `, ${min} or more`}`
  // Number() alone reads 3e3, 0x10 and a blank too.
  return z
    .string()
    .refine((text) => /^\d+$/.test(text) && Number(text) >= min && Number(text) <= max, error)
    .transform(Number)
}
const address = z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' })
/** A base address: paths are put behind it, so nothing may stand there. */
const base = (paths: string) =>
  address.refine((url) => !/[?#]/.test(url), `must end before any ? or #: ${paths} are put behind it`)
const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
const price = z
  .string()
  .refine((text) => /^\d*\.?\d+$/.test(text) && Number.isFinite(Number(text)), 'must be US dollars like 0.01')
  .transform(Number)
const hours = z.string().transform((text, context) => {
  const window = windowIn(text)
  if (window) return window
  context.addIssue('must be HH:MM-HH:MM with the start before the end, like 09:00-20:00')
  return z.NEVER
})
const port = whole(1, 65_535)
const days = whole(1, 36_500)

/** What may stand in each variable, and what stands there if nothing does. */
export const Settings = z.object({
  PORT: port.default(3000),
  HOST: z.string().min(1).default('127.0.0.1'),
  PUBLIC_URL: base('the paths of the webhooks')
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
  TWILIO_API_URL: base('the paths of the API')
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
  SEND_WINDOW: hours.default({ from: 9 * 60, to: 20 * 60 }),
  SEND_CONCURRENCY: whole(1, 1_000).default(64),
  APPROVERS: whole(1, 2).optional(),
  CANARY: flag.optional(),
  PRICE_PER_SEGMENT: price.default(0.01),
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

const clockTime = /^([01]\d|2[0-3]):[0-5]\d$|^24:00$/

/** "09:00-20:00" in minutes after midnight; null: it is nothing of the kind. */
function windowIn(text: string): { from: number; to: number } | null {
  const [from = '', to = '', ...more] = text.split('-')
  if (!clockTime.test(from) || !clockTime.test(to) || more.length > 0) return null
  const minutes = (clock: string) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3))
  return minutes(from) < minutes(to) ? { from: minutes(from), to: minutes(to) } : null
}
