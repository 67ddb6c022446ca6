// The bare arms of sending: a loop that POSTs, over undici and over the SDK. Nothing is kept, claimed or checked.
import twilio from 'twilio'
import { Pool } from 'undici'
import { answerOrders } from './answering.mjs'
import { BODY } from './body.mjs'
import { phoneOf } from './webhooks.mjs'

const IN_FLIGHT = 32

let send = null

answerOrders({
  open({ how, ...deployment }) {
    send = SENDERS[how](deployment)
  },
  async run({ first = 0, count, inFlight = IN_FLIGHT }) {
    let next = first
    const begun = performance.now()
    const lanes = Array.from({ length: inFlight }, async () => {
      while (next < first + count) await send(phoneOf(next++))
    })
    await Promise.all(lanes)
    return { count, seconds: (performance.now() - begun) / 1_000 }
  },
})

const SENDERS = {
  undici: ({ apiUrl, accountSid, authToken, publicUrl, sender }) => {
    const http = new Pool(apiUrl, { connections: IN_FLIGHT, pipelining: 1 })
    const path = `/2010-04-01/Accounts/${accountSid}/Messages.json`
    const authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`
    const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' }
    const fixed = `&From=${sender}&Body=${encodeURIComponent(BODY)}&StatusCallback=${encodeURIComponent(`${publicUrl}/status`)}`
    return async (phone) => {
      const body = `To=${encodeURIComponent(phone)}${fixed}`
      const response = await http.request({ path, method: 'POST', headers, body })
      if (response.statusCode !== 201) throw new Error(`answered ${response.statusCode}`)
      return JSON.parse(await response.body.text()).sid
    }
  },
  sdk: (deployment) => {
    const client = sdkClient(deployment)
    return async (phone) => {
      const { sid } = await client.messages.create({
        to: phone,
        from: deployment.sender,
        body: BODY,
        statusCallback: `${deployment.publicUrl}/status`,
      })
      return sid
    }
  },
}

/** The SDK with undici in place of axios. */
function sdkClient({ apiUrl, accountSid, authToken }) {
  const http = new Pool(apiUrl, { connections: IN_FLIGHT, pipelining: 1 })
  const authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`
  const httpClient = {
    async request({ method, uri, data, headers }) {
      const { statusCode, body } = await http.request({
        path: new URL(uri).pathname,
        method: method.toUpperCase(),
        headers: { ...headers, authorization, 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams(data).toString(),
      })
      return { statusCode, body: JSON.parse(await body.text()) }
    },
  }
  const client = twilio(accountSid, authToken, { httpClient })
  client.api.baseUrl = apiUrl
  return client
}
