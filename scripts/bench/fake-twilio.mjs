// Twilio's POST Messages at the least cost: a new SID for every text, who was texted how often, when each one came. On demand
// it is slow, and sends the two receipts.
import { sign } from '../../dist/adapters/twilio-signature.js'
import { answerOrders } from './answering.mjs'
import { connection, formPost, serveOverNet } from './http-over-net.mjs'

const RESOURCE =
  '"account_sid":"AC00000000000000000000000000000e2e","api_version":"2010-04-01","body":"Text Action","date_created":"Tue, 24 Nov 2026 10:00:00 +0000","date_sent":null,"date_updated":"Tue, 24 Nov 2026 10:00:00 +0000","direction":"outbound-api","error_code":null,"error_message":null,"from":"235246","messaging_service_sid":null,"num_media":"0","num_segments":"1","price":null,"price_unit":null,"status":"queued","subresource_uris":{"media":"/2010-04-01/Accounts/AC/Messages/SM/Media.json"},"tags":null,"to":"+12220000000","uri":"/2010-04-01/Accounts/AC/Messages/SM.json"}'
const LENGTH = '{"sid":"SM'.length + 32 + '",'.length + RESOURCE.length
const HEAD = `HTTP/1.1 201 CREATED\r\nContent-Type: application/json;charset=utf-8\r\nContent-Length: ${LENGTH}\r\n\r\n`

let options = { delayMs: 0, receipts: null, keep: false }
let count = 0
let last = 0
let first = 0
let doubled = 0
let times = []
let texted = new Map()
let kept = new Map() // only when asked to: number -> what was sent to it
const sids = Math.floor(Math.random() * 0xffff).toString(16)

answerOrders({
  async listen() {
    const { port } = await serveOverNet(take)
    return { port, url: `http://127.0.0.1:${port}` }
  },
  set(values) {
    options = { ...options, ...values }
    if (options.receipts) openCallbacks(options.receipts)
  },
  reset() {
    count = last = first = doubled = 0
    times = []
    texted = new Map()
    kept = new Map()
  },
  count: () => count,
  has: ({ phone }) => texted.has(phone.slice(2)),
  /** times: seconds of each text since the first, when they are asked for. */
  tell: ({ withTimes = false } = {}) => ({
    count,
    unique: texted.size,
    doubled,
    seconds: (last - first) / 1_000,
    receiptsOwed: owed.length - taken + inFlight,
    ...(withTimes && { times: times.map((at) => (at - first) / 1_000) }),
  }),
})

function take(head, body, answer) {
  if (head.startsWith('GET')) return answer(listing(head))
  const sid = (sids + (++count).toString(16)).padStart(32, '0')
  last = performance.now()
  if (count === 1) first = last
  times.push(last)
  const at = body.indexOf('To=%2B1')
  const to = body.slice(at + 7, at + 17)
  const before = texted.get(to) ?? 0
  if (before > 0) doubled += 1
  texted.set(to, before + 1)
  if (options.keep) kept.set(to, { sid, body, at: Date.now() })
  const said = `${HEAD}{"sid":"SM${sid}",${RESOURCE}`
  if (options.delayMs > 0) setTimeout(answer, options.delayMs, said)
  else answer(said)
  if (options.receipts) owe(body, sid)
}

// What Twilio has for one number: asked for when a text is in doubt.
function listing(head) {
  const to = /[?&]To=%2B1(\d{10})/.exec(head)?.[1] ?? ''
  const found = kept.get(to)
  const form = found && new URLSearchParams(found.body)
  const messages = found
    ? [
        {
          sid: `SM${found.sid}`,
          body: form.get('Body'),
          status: 'sent',
          error_code: null,
          date_created: new Date(found.at).toUTCString(),
          direction: 'outbound-api',
        },
      ]
    : []
  const said = JSON.stringify({ messages, next_page_uri: null })
  return `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(said)}\r\n\r\n${said}`
}

// Receipts: signed when their turn comes, over a few connections, as fast as the app answers.
let owed = []
let taken = 0
let inFlight = 0
let callbacks = []

function openCallbacks({ port }) {
  for (const one of callbacks) one.close()
  callbacks = Array.from({ length: 16 }, () => connection(port))
  callbacks.forEach((one) => void deliver(one))
}

function owe(body, sid) {
  const callback = /StatusCallback=([^&]+)/.exec(body)?.[1]
  if (!callback) return
  const [url] = decodeURIComponent(callback).split('#') // what follows is no part of the signature
  owed.push({ url, sid: `SM${sid}`, status: 'sent' }, { url, sid: `SM${sid}`, status: 'delivered' })
}

async function deliver(one) {
  while (callbacks.includes(one)) {
    const next = owed[taken]
    if (!next) {
      owed = []
      taken = 0
      await new Promise((resolve) => setTimeout(resolve, 5))
      continue
    }
    taken += 1
    inFlight += 1
    const { authToken, accountSid } = options.receipts
    const params = {
      SmsSid: next.sid,
      SmsStatus: next.status,
      MessageStatus: next.status,
      To: '+12220000000',
      MessageSid: next.sid,
      AccountSid: accountSid,
      From: '235246',
      ApiVersion: '2010-04-01',
    }
    const signature = sign(authToken, next.url, params)
    const form = new URLSearchParams(params).toString()
    await one
      .ask(formPost(new URL(next.url).pathname, { 'X-Twilio-Signature': signature }, form))
      .catch(() => undefined)
    inFlight -= 1
  }
}
