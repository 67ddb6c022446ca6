// The webhooks Twilio would send, signed, as bytes.
import { sign } from '../../dist/adapters/twilio-signature.js'
import { formPost } from './http-over-net.mjs'

/** The nth number of an area code that nobody has. */
export const phoneOf = (n) => `+1222${2_000_000 + n}`

const BODIES = [
  'WORK',
  '35020',
  '1',
  '2',
  'a',
  'Thank you!',
  'What is this bill about?',
  'I called and left a voicemail',
  'they were busy',
  '98101',
  'YES',
  'Who is my senator',
]
// One in fifty leaves.
const bodyOf = (n) => (n % 50 === 49 ? 'STOP' : BODIES[n % BODIES.length])

const sid = (prefix, run, n) => prefix + run.toString(16).padStart(8, '0') + n.toString(16).padStart(24, '0')

/** Inbound texts n = 0 to count - 1 of this run, from `people` numbers in turn. */
export function inboundTexts({ publicUrl, accountSid, authToken, run, count, people, body }) {
  const path = '/webhooks/twilio/message'
  return Array.from({ length: count }, (_, n) =>
    inboundText({
      publicUrl,
      accountSid,
      authToken,
      path,
      from: phoneOf(n % people),
      body: body ?? bodyOf(n),
      messageSid: sid('SM', run, n),
    }),
  )
}

/** One inbound text with all the fields that Twilio sends. */
export function inboundText({ publicUrl, accountSid, authToken, path, from, body, messageSid }) {
  return signed(publicUrl, path ?? '/webhooks/twilio/message', authToken, {
    ToCountry: 'US',
    ToState: '',
    SmsMessageSid: messageSid,
    NumMedia: '0',
    ToCity: '',
    FromZip: '35020',
    SmsSid: messageSid,
    FromState: 'AL',
    SmsStatus: 'received',
    FromCity: 'BESSEMER',
    Body: body,
    FromCountry: 'US',
    To: '235246',
    ToZip: '',
    NumSegments: '1',
    MessageSid: messageSid,
    AccountSid: accountSid,
    From: from,
    ApiVersion: '2010-04-01',
  })
}

/** A receipt for one of our texts. */
export function receipt({ publicUrl, accountSid, authToken, ref, mac, messageSid, status, to }) {
  return signed(publicUrl, `/webhooks/twilio/status/${ref}/${mac}`, authToken, {
    SmsSid: messageSid,
    SmsStatus: status,
    MessageStatus: status,
    To: to,
    MessageSid: messageSid,
    AccountSid: accountSid,
    From: '235246',
    ApiVersion: '2010-04-01',
  })
}

function signed(publicUrl, path, authToken, params) {
  const signature = sign(authToken, publicUrl + path, params)
  return formPost(path, { 'X-Twilio-Signature': signature }, new URLSearchParams(params).toString())
}
