// People with phones, and the Twilio between them and the app: a text goes in, and the first answer to that number stops the clock.
import { answerOrders } from './answering.mjs'
import { connection, serveOverNet } from './http-over-net.mjs'
import { inboundText, phoneOf } from './webhooks.mjs'

const waiting = new Map() // number -> when its text went in
let waits = []
let posts = []
let answered = 0
const ANSWER = /status%2F0-/ // its id in the callback URL: no blast's

answerOrders({
  async listen() {
    const { port } = await serveOverNet(take)
    return { port, url: `http://127.0.0.1:${port}` }
  },
  /** So many texts, each from another phone, at random moments; resolves with the milliseconds to the answer of each. */
  async text({ port, signing, perSecond, count, first, body, run }) {
    waits = []
    waiting.clear()
    const lanes = Array.from({ length: 8 }, () => connection(port))
    const begun = performance.now()
    const asked = []
    for (let n = 0, at = 0; n < count; n++) {
      at += (-Math.log(1 - Math.random()) * 1_000) / perSecond
      const from = phoneOf(first + n)
      const messageSid = `SM${run.toString(16).padStart(8, '0')}${n.toString(16).padStart(24, '0')}`
      const request = inboundText({ ...signing, from, body, messageSid })
      const early = begun + at - performance.now()
      if (early > 0) await new Promise((resolve) => setTimeout(resolve, early))
      waiting.set(from, performance.now())
      asked.push(lanes[n % lanes.length].ask(request).catch(() => undefined))
    }
    await Promise.all(asked)
    for (const until = performance.now() + 10_000; waiting.size > 0 && performance.now() < until;)
      await new Promise((resolve) => setTimeout(resolve, 20))
    for (const lane of lanes) lane.close()
    return { waits, unanswered: waiting.size }
  },
  /** Texts that went out so far, a blast's among them. */
  count: () => answered,
  /** When the first text went out after this moment (Date.now()); null: none yet. */
  firstAfter: ({ moment }) => posts.find((at) => at > moment) ?? null,
})

function take(head, body, answer) {
  const now = performance.now()
  posts.push(Date.now())
  if (posts.length > 10_000) posts = posts.slice(-5_000)
  const at = body.indexOf('To=%2B')
  const to = `+${body.slice(at + 6, body.indexOf('&', at))}`
  // A blast may reach her meanwhile: only an answer stops the clock.
  const since = ANSWER.test(body) ? waiting.get(to) : undefined
  if (since !== undefined) {
    waits.push(now - since)
    waiting.delete(to)
  }
  const said = JSON.stringify({ sid: `SM${(++answered).toString(16).padStart(32, '0')}`, status: 'queued' })
  answer(
    `HTTP/1.1 201 CREATED\r\nContent-Type: application/json\r\nContent-Length: ${said.length}\r\n\r\n${said}`,
  )
}
