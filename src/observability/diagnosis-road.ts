/** What the doctor makes of the road between the phone and us: clocks, the public address, Twilio's sender, other deployments. Pure. */
import type { LiveServe } from '../db/gauges.js'
import type { OptOutTraces } from '../db/health.js'
import { duration, fail, unknown, verdict, warn, type Answer, type Verdict } from './diagnosis.js'
import { CLOCK_SECONDS_MAX } from './troubles.js'

const CLOCK_WARN_SECONDS = { database: CLOCK_SECONDS_MAX, twilio: 5 } as const
const CLOCK_FAIL_SECONDS = 60

/** Seconds by which another clock is ahead of ours; null: it was not heard. */
export type ClockFacts = { database: number | null; twilio: number | null }

/** The clocks: hours and leases go by the database's, signatures and receipts by Twilio's. */
export function judgeClock({ database, twilio }: ClockFacts): Verdict {
  if (database === null && twilio === null)
    return unknown('nothing to compare it with: neither the database nor Twilio answers')
  const said = (name: string, offset: number | null) =>
    offset === null ? `${name} not heard` : `${name} ${signed(offset)}`
  const text = `${said('database', database)}, ${said('Twilio', twilio)}`
  const worst = Math.max(Math.abs(database ?? 0), Math.abs(twilio ?? 0))
  const isOff =
    Math.abs(database ?? 0) > CLOCK_WARN_SECONDS.database || Math.abs(twilio ?? 0) > CLOCK_WARN_SECONDS.twilio
  return verdict(text, [
    isOff &&
      (worst > CLOCK_FAIL_SECONDS ? fail : warn)(
        text,
        "keep both machines' clocks by NTP: timedatectl set-ntp true",
      ),
  ])
}

const signed = (seconds: number) =>
  Math.abs(seconds) < 120
    ? `${seconds < 0 ? '-' : '+'}${Math.abs(seconds).toFixed(1)} s`
    : `${seconds < 0 ? '-' : '+'}${duration(Math.abs(seconds))}`

export type PublicUrlFacts = {
  url: string
  isLive: boolean
  /** A local deployment that need not run just now. */
  isLocal: boolean
  /** isOurs: it has our key; null: we do not know our own key. takesTexts: the webhook's path gets through too. */
  answer: Answer<{ ms: number; status: number; isOurs: boolean | null; takesTexts: boolean }>
}

/** The address that Twilio calls. */
export function judgePublicUrl({ url, isLive, isLocal, answer }: PublicUrlFacts): Verdict {
  const notHttps =
    isLive &&
    !url.startsWith('https://') &&
    fail(`${url} is not https`, 'set PUBLIC_URL to the https:// address that Twilio calls')
  if (!answer.ok)
    return verdict('', [
      notHttps,
      isLocal
        ? warn(`nobody answers at ${url}`, 'npm start')
        : fail(answer.why, 'is serve running, and does the proxy pass /webhooks to it?'),
    ])
  const { ms, status, isOurs, takesTexts } = answer.value
  return verdict(`${url} answers in ${ms} ms`, [
    notHttps,
    status !== 200 &&
      fail(`${url}/healthz answers ${status}`, 'is serve running, and does the proxy pass everything to it?'),
    status === 200 &&
      isOurs === false &&
      fail(
        `somebody else answers at ${url}`,
        "point PUBLIC_URL, its DNS and proxy at this deployment's serve",
      ),
    status === 200 &&
      isOurs !== false &&
      !takesTexts &&
      fail(`${url} answers, but /webhooks does not get through`, 'let the proxy pass /webhooks to serve'),
  ])
}

/** unlisted: what answers at TWILIO_API_URL took the credentials, but has no accounts: a simulator. */
export type Account =
  { kind: 'refused' } | { kind: 'unlisted' } | { kind: 'known'; status: string; type: string }

export type SenderFacts = {
  sender: string
  apiUrl: string
  isLive: boolean
  isLocal: boolean
  account: Answer<Account>
  /**
   * The Messaging Service that we send by or the sender sits in; isMissing: the account has no such one; null: in none; 'untold':
   * Twilio did not say.
   */
  service: { sid: string; isMissing?: boolean } | null | 'untold'
  /** Whether the account has the sender; null: not told. */
  isOwn: boolean | null
  traces: Answer<OptOutTraces>
  now: Date
}

/** The sender: whether texts may leave, and whether STOP, HELP and YES reach us. */
export function judgeSender(facts: SenderFacts): Verdict {
  const { sender, apiUrl, account, isLive } = facts
  if (!account.ok)
    return verdict('', [
      facts.isLocal
        ? warn('the simulator does not run', 'npm start')
        : fail(account.why, 'is the way out open, and TWILIO_API_URL right?'),
    ])
  if (account.value.kind === 'refused')
    return verdict('', [
      fail(
        'Twilio refuses TWILIO_ACCOUNT_SID with the first TWILIO_AUTH_TOKEN',
        'copy both from the Twilio console, the newest token first',
      ),
    ])
  const notTwilio = `${sender} at ${apiUrl}, which is not Twilio: no text reaches a phone`
  const known = account.value.kind === 'known' ? account.value : null
  const when = isLive ? `${sender}, no Advanced Opt-Out: STOP, HELP and YES reach us` : notTwilio
  return verdict(when, [
    known &&
      known.status !== 'active' &&
      fail(`the Twilio account is ${known.status}: nothing leaves`, 'settle it in the Twilio console'),
    isLive &&
      known?.type === 'Trial' &&
      warn('a trial account: only verified numbers get texts', 'upgrade it in the Twilio console'),
    facts.isOwn === false &&
      fail(`${sender} is not a sender of this account`, 'mend TWILIO_SENDER, or the account'),
    missingService(facts) ?? judgeOptOut(facts),
  ])
}

function missingService({ service }: SenderFacts) {
  if (service === null || service === 'untold' || !service.isMissing) return null
  return fail(
    `this account has no Messaging Service ${shortSid(service.sid)}: nothing leaves`,
    'mend TWILIO_MESSAGING_SERVICE_SID, or leave it out to send from TWILIO_SENDER',
  )
}

const RECENT = 7 * 86_400

// Twilio's API tells whether the sender sits in a Messaging Service, and not whether Advanced Opt-Out is on there. What it did
// with the texts that came does: it marks each one that it has answered itself.
function judgeOptOut({ sender, service, traces, now, isLive }: SenderFacts) {
  const { answeredByTwilioAt, ownStopAt } = traces.ok
    ? traces.value
    : { answeredByTwilioAt: null, ownStopAt: null }
  const sid = service !== null && service !== 'untold' ? service.sid : null
  const isSwallowed = answeredByTwilioAt !== null && (ownStopAt === null || answeredByTwilioAt > ownStopAt)
  if (isSwallowed && service !== null)
    return fail(
      'Advanced Opt-Out is on: Twilio swallows STOP, HELP, YES',
      `ask Twilio support to turn it off${sid ? ` for service ${shortSid(sid)}` : ''}`,
    )
  if (sender.startsWith('+') && isLive && sid === null)
    return warn(
      `${sender} is no short code: Twilio answers STOP and HELP itself`,
      'ask Twilio support to leave keywords to us, or send from a short code',
    )
  if (sid === null) return null
  const stopSeen = ownStopAt !== null && now.getTime() - ownStopAt.getTime() < RECENT * 1_000
  if (stopSeen) return null
  return warn(
    `${sender} is in service ${shortSid(sid)}; Twilio's API does not tell whether Advanced Opt-Out is on`,
    'look: console, Messaging, Services, Opt-Out Management. Or text STOP, and run this again',
  )
}

const shortSid = (sid: string) => `${sid.slice(0, 4)}..${sid.slice(-2)}`

export type DeploymentFacts = {
  publicUrl: string
  webhookUrl: string
  serves: Answer<readonly LiveServe[]>
  /** Where Twilio sends the sender's texts, '' for nowhere, and by which HTTP method; null: it did not say. */
  twilioCalls: { url: string; method: string | null } | null
}

/** Whether another deployment has this database or this sender. */
export function judgeDeployment({ publicUrl, webhookUrl, serves, twilioCalls }: DeploymentFacts): Verdict {
  const paste = 'paste the address below into Twilio'
  const others = serves.ok
    ? serves.value.filter((serve) => serve.publicUrl !== null && serve.publicUrl !== publicUrl)
    : []
  const processes = serves.ok ? serves.value.reduce((sum, serve) => sum + serve.processes, 0) : 0
  const address = withoutFragment(webhookUrl)
  const called = twilioCalls && withoutFragment(twilioCalls.url)
  const method = twilioCalls && twilioCalls.method
  const findings = [
    called === '' && fail('Twilio has no address to send its texts to', paste),
    called !== null &&
      called !== '' &&
      called !== address &&
      fail(`Twilio sends its texts elsewhere, to ${called}`, paste),
    called === address &&
      method !== null &&
      method !== 'POST' &&
      fail(
        `Twilio brings its texts by ${method}, and only POST is taken`,
        'choose HTTP POST beside the address in Twilio',
      ),
    called === address &&
      !twilioCalls?.url.includes('#rc=') &&
      warn('Twilio does not try again when we are away: its address lacks #rc=2&rp=5xx,ct,rt', paste),
    ...others.map((serve) =>
      warn(
        `another PUBLIC_URL on this database: ${serve.publicUrl}, named by ${serve.processes} web process${serve.processes === 1 ? '' : 'es'}`,
        'one database, one PUBLIC_URL: stop the other deployment, or give all of them the same',
      ),
    ),
  ]
  if (!serves.ok) return verdict('', [...findings, warn('not looked for others: Postgres is out of reach')])
  const alone =
    processes === 0 ? 'none runs now, and no other is on this database' : 'the only one on this sender'
  return verdict(processes > 1 ? `${alone}, ${processes} web processes` : alone, findings)
}

const withoutFragment = (url: string) => url.replace(/#.*$/, '')
