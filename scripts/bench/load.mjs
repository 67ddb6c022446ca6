// The load generator: requests made and signed beforehand, sent over bare sockets, each connection one at a time.
import { createVault } from '../../dist/adapters/vault.js'
import { answerOrders } from './answering.mjs'
import { connection } from './http-over-net.mjs'
import { inboundTexts, phoneOf, receipt } from './webhooks.mjs'

let requests = []

answerOrders({
  texts(values) {
    requests = inboundTexts(values)
  },
  receipts({ phoneKey, blastId, first, count, ...deployment }) {
    const { mac } = createVault(phoneKey)
    requests = []
    for (const status of ['sent', 'delivered'])
      for (let n = first; n < first + count; n++) {
        const ref = `${blastId}-${n}`
        const messageSid = `SM${n.toString(16).padStart(32, '0')}`
        requests.push(receipt({ ...deployment, ref, mac: mac(ref), messageSid, status, to: phoneOf(n) }))
      }
  },
  plain({ request, count }) {
    requests = Array.from({ length: count }, () => Buffer.from(request))
  },
  send,
})

/** Sends what was prepared for so many seconds at most; every answer must have the status. */
async function send({ port, connections, seconds, status = 200 }) {
  let next = 0
  let answered = 0
  const others = new Map()
  const begun = performance.now()
  const deadline = begun + seconds * 1_000
  const lanes = Array.from({ length: connections }, async () => {
    const { ask, close } = connection(port)
    while (next < requests.length && performance.now() < deadline) {
      const answer = await ask(requests[next++])
      if (answer.status === status) answered += 1
      else others.set(answer.status, (others.get(answer.status) ?? 0) + 1)
    }
    close()
  })
  await Promise.all(lanes)
  if (others.size > 0)
    throw new Error(`answers ${[...others].map(([code, n]) => `${code}: ${n}`).join(', ')}`)
  return { answered, seconds: (performance.now() - begun) / 1_000, ranOut: next >= requests.length }
}
