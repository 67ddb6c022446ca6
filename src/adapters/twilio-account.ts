import { z } from 'zod'
import type { Twilio } from '../config.js'

const AccountShape = z.object({ status: z.string(), type: z.string().default('Full') })
const Sms = z.object({ sms_url: z.string().nullish(), sms_method: z.string().nullish() })
const ShortCodes = z.object({ short_codes: z.array(Sms.extend({ short_code: z.string() })) })
const Numbers = z.object({ incoming_phone_numbers: z.array(Sms.extend({ phone_number: z.string() })) })
const Service = z.object({
  sid: z.string(),
  inbound_request_url: z.string().nullish(),
  inbound_method: z.string().nullish(),
  use_inbound_webhook_on_number: z.boolean().nullish(),
})
const Services = z.object({ services: z.array(Service) })
const Members = z.union([
  z.object({ short_codes: z.array(z.object({ short_code: z.string() })) }),
  z.object({ phone_numbers: z.array(z.object({ phone_number: z.string() })) }),
])

export type TwilioAccount =
  | { kind: 'refused' }
  | { kind: 'unlisted' } // the credentials are right, but this is no Twilio with accounts
  | { kind: 'known'; status: string; type: string }

/** Where a sender's texts go, '' for nowhere, and by which HTTP method; null: not told. */
export type Calls = { url: string; method: string | null }

export type TwilioLook = {
  account: TwilioAccount
  /** Seconds by which Twilio's clock is ahead of ours, to half a second; null: it gave no Date. */
  clockSeconds: number | null
  isOwn: boolean | null
  service: FoundService
  calls: Calls | null
}

/** isMissing: the one we are to send by is not there; null: the sender sits in none. */
type FoundService = { sid: string; isMissing?: boolean } | null | 'untold'

const SERVICES_MAX = 20

/** Asks Twilio's API about our account and sender; changes nothing there. Rejects when it does not answer. */
export async function lookAtTwilio(
  twilio: Twilio,
  isTwilio: boolean,
  signal: AbortSignal,
): Promise<TwilioLook> {
  const authorization = `Basic ${Buffer.from(`${twilio.accountSid}:${twilio.authTokens[0] ?? ''}`).toString('base64')}`
  const get = (url: string) =>
    fetch(url, { headers: { authorization, accept: 'application/json' }, signal, redirect: 'error' })
  // A part that Twilio does not tell is left untold: the rest is worth knowing all the same.
  const told = async <T>(url: string, shape: z.ZodType<T>): Promise<T | null> => {
    const response = await get(url)
    return response.status === 200
      ? (shape.safeParse(await response.json().catch(() => null)).data ?? null)
      : null
  }
  const base = `${twilio.apiUrl}/2010-04-01/Accounts/${twilio.accountSid}`
  // Twilio keeps Messaging Services on a host of their own in each region; who stands in for Twilio has only one.
  const host = isTwilio ? twilio.apiUrl.replace('//api.', '//messaging.') : twilio.apiUrl
  const services = `${host}/v1/Services`

  const askedMs = Date.now()
  const response = await get(`${base}.json`)
  const clockSeconds = clockOffset(response.headers.get('date'), askedMs, Date.now())
  const account = await accountFrom(response, isTwilio)
  if (account.kind !== 'known') return { account, clockSeconds, isOwn: null, service: 'untold', calls: null }

  const [number, service] = await Promise.all([
    ownNumber(twilio, base, told),
    serviceOf(twilio, services, { get, told }),
  ])
  const calls = service.calls === 'as the number says' ? (number?.calls ?? null) : service.calls
  return {
    account,
    clockSeconds,
    isOwn: number ? number.isOwn : null,
    service: service.found,
    calls: number?.isOwn === false ? null : calls,
  }
}

async function accountFrom(response: Response, isTwilio: boolean): Promise<TwilioAccount> {
  if (response.status === 401 || response.status === 403) return { kind: 'refused' }
  if (response.status === 404) return isTwilio ? { kind: 'refused' } : { kind: 'unlisted' }
  const read = AccountShape.safeParse(await response.json().catch(() => null))
  if (response.status !== 200 || !read.success)
    throw Object.assign(new Error(`answers ${response.status}`), { code: `HTTP_${response.status}` })
  return { kind: 'known', ...read.data }
}

/** The Date header has whole seconds: on average half of one has passed since. */
function clockOffset(date: string | null, askedMs: number, answeredMs: number): number | null {
  const theirs = Date.parse(date ?? '') + 500
  if (Number.isNaN(theirs)) return null
  const offset = (theirs - (askedMs + answeredMs) / 2) / 1_000
  return Math.abs(offset) <= 0.5 ? 0 : offset
}

type Told = <T>(url: string, shape: z.ZodType<T>) => Promise<T | null>

async function ownNumber(
  { sender }: Twilio,
  base: string,
  told: Told,
): Promise<{ isOwn: boolean; calls: Calls | null } | null> {
  if (sender.startsWith('+')) {
    const found = await told(
      `${base}/IncomingPhoneNumbers.json?PhoneNumber=${encodeURIComponent(sender)}`,
      Numbers,
    )
    const own = found?.incoming_phone_numbers.find((one) => one.phone_number === sender)
    return found && { isOwn: own !== undefined, calls: own ? smsCalls(own) : null }
  }
  const found = await told(`${base}/SMS/ShortCodes.json?ShortCode=${sender}`, ShortCodes)
  const own = found?.short_codes.find((one) => one.short_code === sender)
  return found && { isOwn: own !== undefined, calls: own ? smsCalls(own) : null }
}

const smsCalls = (own: z.infer<typeof Sms>): Calls => ({
  url: own.sms_url ?? '',
  method: own.sms_method ?? null,
})

/** The Messaging Service we send by, else the one that the sender sits in: its opt-out rules hold for replies too. */
async function serviceOf(
  twilio: Twilio,
  services: string,
  { get, told }: { get: (url: string) => Promise<Response>; told: Told },
): Promise<{ found: FoundService; calls: Calls | null | 'as the number says' }> {
  const ours = twilio.messagingServiceSid
  if (ours !== null) {
    const response = await get(`${services}/${ours}`)
    const found = { sid: ours, isMissing: response.status === 404 }
    const read = Service.safeParse(await response.json().catch(() => null))
    return { found, calls: read.success ? serviceCalls(read.data) : null }
  }
  const all = await told(`${services}?PageSize=${SERVICES_MAX}`, Services)
  if (all === null) return { found: 'untold', calls: 'as the number says' }
  const kind = twilio.sender.startsWith('+') ? 'PhoneNumbers' : 'ShortCodes'
  const members = await Promise.all(
    all.services.map(({ sid }) => told(`${services}/${sid}/${kind}?PageSize=100`, Members)),
  )
  const has = members.findIndex((list) => {
    if (list === null) return false
    return 'short_codes' in list
      ? list.short_codes.some((one) => one.short_code === twilio.sender)
      : list.phone_numbers.some((one) => one.phone_number === twilio.sender)
  })
  const own = all.services[has]
  if (own) return { found: { sid: own.sid }, calls: serviceCalls(own) }
  const isAllSeen = !members.includes(null) && all.services.length < SERVICES_MAX
  return { found: isAllSeen ? null : 'untold', calls: 'as the number says' }
}

const serviceCalls = (service: z.infer<typeof Service>): Calls | 'as the number says' =>
  service.use_inbound_webhook_on_number
    ? 'as the number says'
    : { url: service.inbound_request_url ?? '', method: service.inbound_method ?? null }
