import type { Settings } from './options.js'
import type { Text } from './texts.js'

let writtenSecond = -1
let written = ''

/** Most texts of a second share it: the last one is remembered. */
function rfc2822(at: number): string {
  const second = Math.floor(at / 1_000)
  if (second !== writtenSecond) {
    writtenSecond = second
    written = new Date(at).toUTCString().replace('GMT', '+0000')
  }
  return written
}

/** Where the account's texts live in the API. */
export const messagesPath = (accountSid: string) => `/2010-04-01/Accounts/${accountSid}/Messages`

/** A text in the shape of Twilio's Message resource. */
export function messageResource(text: Text, settings: Settings) {
  const uri = `${messagesPath(settings.accountSid)}/${text.sid}.json`
  const ours = text.by === 'app'
  // Behind a Messaging Service, sender and segments are not known at first.
  const unsettled = text.service !== null && text.status === 'accepted'
  return {
    sid: text.sid,
    account_sid: settings.accountSid,
    messaging_service_sid: text.service,
    to: ours ? text.phone : settings.shortCode,
    from: !ours ? text.phone : unsettled ? null : settings.shortCode,
    body: text.body,
    status: text.status,
    num_segments: unsettled ? '0' : String(text.segments),
    num_media: String(text.media),
    direction: ours ? 'outbound-api' : 'inbound',
    price: null,
    price_unit: 'USD',
    error_code: text.errorCode,
    error_message: null,
    date_created: rfc2822(text.at),
    date_sent: text.sentAt === null ? null : rfc2822(text.sentAt),
    date_updated: rfc2822(text.updatedAt),
    api_version: '2010-04-01',
    uri,
    subresource_uris: { media: uri.replace('.json', '/Media.json') },
  }
}
