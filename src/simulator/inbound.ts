import type { CallbackAnswer, Callbacks } from './callbacks.js'
import { newSid } from './create-text.js'
import type { Journal } from './journal.js'
import type { Settings } from './options.js'
import { countSegments } from './segments.js'
import type { Stage, Text, Texts } from './texts.js'
import { textsInAnswer } from './twiml.js'

export type FromPhone = {
  /** E.164 */
  from: string
  body: string
  /** How many photos come with it. */
  media?: number
  /** Set by Twilio's Advanced Opt-Out, where that is on. */
  optOutType?: 'STOP' | 'START' | 'HELP'
  /** Deliver this id, once more if it has been delivered before. */
  sid?: string
}

export type Sent = { text: Text; answer: Promise<CallbackAnswer> }

// The number says where it was given out, never where she lives or votes: a ZIP to be ignored.
const BIRMINGHAM = { FromCity: 'BIRMINGHAM', FromState: 'AL', FromZip: '35203' }
const SOMEWHERE = { FromCity: '', FromState: '', FromZip: '' }

/** Sends a person's text to the app as Twilio does: a signed webhook. */
export function createInbound(world: {
  settings: Settings
  texts: Texts
  journal: Journal
  callbacks: Callbacks
}) {
  const { settings, texts, journal, callbacks } = world

  async function deliver(text: Text, message: FromPhone): Promise<CallbackAnswer> {
    const answer = await callbacks.post(settings.webhookUrl, webhookForm(text, message, settings))
    const { at, answeredAt, tries, status } = answer
    journal.write({
      kind: 'inbound',
      at,
      from: text.phone,
      body: text.body,
      sid: text.sid,
      http: status,
      answeredAt,
      tries,
    })
    text.state = answer.fault ? 'failed' : 'sent'
    text.why = answer.fault
    text.stages.push(...webhookStages(answer, text))
    texts.touch(text)
    for (const body of answer.fault ? [] : textsInAnswer(answer.contentType, answer.body))
      texts.add(spoken(text, body))
    return answer
  }

  return function send(message: FromPhone): Sent {
    const known = message.sid ? texts.find(message.sid) : undefined
    const text = known ?? personText(message)
    if (!known) texts.add(text)
    return { text, answer: deliver(text, message) }
  }
}

function webhookStages({ at, answeredAt, status, fault, contentType }: CallbackAnswer, text: Text): Stage[] {
  if (fault) {
    const words = status === 403 ? 'signature refused (403)' : fault
    return [{ at: answeredAt, place: 'webhook', words, tone: 'bad' }]
  }
  const stages: Stage[] = [
    { at, place: 'webhook', words: 'signature good', tone: 'good' },
    { at: answeredAt, place: 'webhook', words: `answered ${status}`, tone: 'good' },
  ]
  if (contentType === '')
    stages.push({ at: answeredAt, place: 'webhook', words: 'no Content-Type (12300)', tone: 'bad' })
  else if (contentType.startsWith('text/plain') && text.phone)
    stages.push({
      at: answeredAt,
      place: 'webhook',
      words: 'text/plain: Twilio texts that to her',
      tone: 'bad',
    })
  return stages
}

function personText({ from, body, media = 0, sid }: FromPhone): Text {
  const at = Date.now()
  return {
    sid: sid ?? newSid(media > 0 ? 'MM' : 'SM'),
    by: 'person',
    phone: from,
    body,
    media,
    segments: countSegments(body),
    at,
    sentAt: at,
    updatedAt: at,
    taken: true,
    status: 'received',
    errorCode: null,
    service: null,
    state: 'sending',
    why: '',
    answerTo: null,
    stages: [{ at, place: 'phone', words: 'sent', tone: 'good' }],
  }
}

/** A text that Twilio makes of the webhook's answer. */
function spoken(asked: Text, body: string): Text {
  const at = Date.now()
  return {
    ...personText({ from: asked.phone, body }),
    by: 'app',
    status: 'delivered',
    state: 'delivered',
    answerTo: asked.sid,
    stages: [{ at, place: 'answer', words: "Twilio texts her the webhook's answer", tone: 'good' }],
  }
}

function webhookForm(text: Text, { optOutType }: FromPhone, settings: Settings): Record<string, string> {
  const media: Record<string, string> = {}
  for (let i = 0; i < text.media; i++) {
    media[`MediaContentType${i}`] = 'image/jpeg'
    media[`MediaUrl${i}`] =
      `https://api.twilio.com/2010-04-01/Accounts/${settings.accountSid}/Messages/${text.sid}/Media/ME${i}`
  }
  return {
    ToCountry: 'US',
    ToState: '',
    SmsMessageSid: text.sid,
    NumMedia: String(text.media),
    ToCity: '',
    ...(text.phone.startsWith('+1205') ? BIRMINGHAM : SOMEWHERE),
    SmsSid: text.sid,
    SmsStatus: 'received',
    Body: text.body,
    FromCountry: 'US',
    To: settings.shortCode,
    ToZip: '',
    NumSegments: String(text.segments),
    MessageSid: text.sid,
    AccountSid: settings.accountSid,
    From: text.phone,
    ApiVersion: '2010-04-01',
    ...(settings.messagingServiceSid !== null && { MessagingServiceSid: settings.messagingServiceSid }),
    ...(optOutType && { OptOutType: optOutType }),
    ...media,
  }
}
