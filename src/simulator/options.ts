import type { ReceiptDelays } from './fates.js'

export type SimulatorOptions = {
  /** 0: any free one. */
  port?: number
  host?: string
  /** Base URL of the app: the webhook is called at /webhooks/twilio/message below it. */
  botUrl: string
  /** Whole URL of the webhook, where it differs; a fragment like #rc=2&rp=5xx,ct,rt is honoured as Twilio does. */
  webhookUrl?: string
  accountSid: string
  /** Several with commas between: all may sign in, the first signs. */
  authToken: string
  shortCode?: string
  messagingServiceSid?: string
  /** Where the texts are kept for the next start; without it they are forgotten. */
  dataDir?: string
  /** The app's own log (JSON lines), for the stations that HTTP does not show. */
  appLog?: string
  /** Milliseconds from a POST to its answer, to the receipt "sent", and from there to the last receipt. */
  answerMs?: number
  sentMs?: number
  deliveredMs?: number
  /** false: no receipts at all, whatever the fate (for benchmarks). */
  receipts?: boolean
  /** Texts and journal entries kept in memory. */
  keep?: number
  /** Words for the phone page. */
  organization?: string
  keyword?: string
}

export type Settings = Required<
  Omit<SimulatorOptions, 'webhookUrl' | 'messagingServiceSid' | 'dataDir' | 'appLog' | 'authToken'>
> & {
  webhookUrl: string
  authTokens: readonly string[]
  /** Signs what the simulator POSTs. */
  signingToken: string
  messagingServiceSid: string | null
  dataDir: string | null
  appLog: string | null
  delays: ReceiptDelays
}

/** Fills in what was left out. */
export function settle(options: SimulatorOptions): Settings {
  const authTokens = options.authToken.split(',').map((token) => token.trim())
  const botUrl = options.botUrl.replace(/\/$/, '')
  const { sentMs = 100, deliveredMs = 200 } = options
  return {
    port: options.port ?? 0,
    host: options.host ?? '127.0.0.1',
    botUrl,
    webhookUrl: options.webhookUrl ?? `${botUrl}/webhooks/twilio/message`,
    accountSid: options.accountSid,
    authTokens,
    signingToken: authTokens[0] ?? '',
    shortCode: options.shortCode ?? '235246',
    messagingServiceSid: options.messagingServiceSid ?? null,
    dataDir: options.dataDir ?? null,
    appLog: options.appLog ?? null,
    answerMs: options.answerMs ?? 0,
    sentMs,
    deliveredMs,
    delays: { sentMs, deliveredMs },
    receipts: options.receipts ?? true,
    keep: options.keep ?? 100_000,
    organization: options.organization ?? 'AFL-CIO',
    keyword: options.keyword ?? 'WORK',
  }
}
