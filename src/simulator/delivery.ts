import type { Callbacks } from './callbacks.js'
import { failureWords, receiptPlan, type Fate, type PlannedReceipt } from './fates.js'
import type { Journal } from './journal.js'
import type { Settings } from './options.js'
import type { Text, Texts } from './texts.js'

export type Delivery = {
  /** Carries a text that Twilio took to its phone, with receipts to the callback URL. */
  start(text: Text, fate: Fate, callback: string): void
  /** The same at once; resolves when the app has answered every receipt. */
  hurry(text: Text, fate: Fate, callback: string): Promise<void>
}

const RANK = {
  received: 0,
  queued: 0,
  accepted: 0,
  sent: 1,
  delivered: 2,
  undelivered: 2,
  failed: 2,
} as const

/** Phone networks: what happens to a text after Twilio took it, by its fate. */
export function createDelivery(world: {
  settings: Settings
  texts: Texts
  journal: Journal
  callbacks: Callbacks
  isStopped: () => boolean
}): Delivery {
  const { settings, texts, journal, callbacks } = world

  function move(text: Text, { status, times }: PlannedReceipt, fate: Fate): void {
    if (RANK[status] <= RANK[text.status]) return
    text.status = status
    text.sentAt ??= Date.now()
    if (status === 'undelivered') text.errorCode = fate.code
    if (times > 0) show(text, status)
    else if (status === 'delivered' && fate.kind === 'no-receipts') {
      text.state = 'sent'
      text.why = 'no receipt came'
      text.stages.push({ at: Date.now(), place: 'receipt', words: 'none came', tone: 'unsure' })
    }
    texts.touch(text)
  }

  async function report(text: Text, status: PlannedReceipt['status'], callback: string): Promise<void> {
    const answer = await callbacks.post(callback, receiptForm(text, status, settings))
    if (world.isStopped()) return
    journal.write({ kind: 'receipt', at: answer.at, sid: text.sid, status, http: answer.status })
    const failed = status === 'undelivered' && text.errorCode !== null
    text.stages.push({
      at: answer.at,
      place: 'receipt',
      words: answer.fault
        ? `${status}: ${answer.fault}`
        : failed
          ? failureWords(text.errorCode ?? 0)
          : status,
      tone: answer.fault || failed ? 'bad' : 'good',
    })
    texts.touch(text)
  }

  async function happen(text: Text, receipt: PlannedReceipt, fate: Fate, callback: string): Promise<void> {
    if (world.isStopped()) return
    move(text, receipt, fate)
    if (callback === '') return
    for (let time = 0; time < receipt.times; time++) await report(text, receipt.status, callback)
  }

  return {
    start(text, fate, callback) {
      if (!settings.receipts) return
      for (const receipt of receiptPlan(fate, settings.delays))
        setTimeout(() => void happen(text, receipt, fate, callback), receipt.afterMs).unref()
    },
    async hurry(text, fate, callback) {
      if (!settings.receipts) return
      for (const receipt of receiptPlan(fate, settings.delays)) await happen(text, receipt, fate, callback)
    },
  }
}

function show(text: Text, status: PlannedReceipt['status']): void {
  text.state = status === 'undelivered' ? 'failed' : status
  text.why = text.state === 'failed' && text.errorCode !== null ? failureWords(text.errorCode) : ''
}

function receiptForm(text: Text, status: string, settings: Settings): Record<string, string> {
  const last = status !== 'sent'
  return {
    ApiVersion: '2010-04-01',
    AccountSid: settings.accountSid,
    MessageSid: text.sid,
    SmsSid: text.sid,
    MessageStatus: status,
    SmsStatus: status,
    From: settings.shortCode,
    To: text.phone,
    ...(text.service !== null && { MessagingServiceSid: text.service }),
    ...(status === 'undelivered' && { ErrorCode: String(text.errorCode) }),
    ...(last && { RawDlrDoneDate: new Date().toISOString().replace(/\D/g, '').slice(2, 12) }),
  }
}
