import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { validateRequest } from 'twilio/lib/webhooks/webhooks.js'

export type Heard = { path: string; params: Record<string, string>; signed: boolean; at: number }

export type EchoBot = {
  url: string
  heard: Heard[]
  receipts: (sid?: string) => string[]
  /** What the webhook answers from now on. */
  answerWith: (status: number, contentType: string, body: string) => void
  /** Called after each webhook has been answered. */
  onText: (handler: (params: Record<string, string>) => void) => void
  close: () => Promise<void>
}

/** A bot that only checks signatures with Twilio's own code and writes down what it hears. */
export async function startEchoBot(token: string, port = 0): Promise<EchoBot> {
  const heard: Heard[] = []
  let answer = { status: 200, contentType: 'text/xml', body: '<Response/>' }
  let onText: (params: Record<string, string>) => void = () => undefined
  const app = express()
  app.use(express.urlencoded({ extended: false }))
  app.post(/.*/, (request, response) => {
    const params = request.body as Record<string, string>
    const signature = request.get('x-twilio-signature') ?? ''
    const signed = validateRequest(token, signature, `${url}${request.originalUrl}`, params)
    heard.push({ path: request.originalUrl, params: { ...params }, signed, at: Date.now() })
    if (!signed) return void response.status(403).end()
    if (!request.originalUrl.startsWith('/webhooks/twilio/message')) return void response.status(204).end()
    response.status(answer.status)
    if (answer.contentType) response.set('content-type', answer.contentType)
    response.end(answer.body)
    onText({ ...params })
  })
  const server = await new Promise<Server>((resolve) => {
    const listening = app.listen(port, '127.0.0.1', () => resolve(listening))
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    heard,
    receipts: (sid) =>
      heard
        .filter(
          ({ params }) => params['MessageStatus'] && (sid === undefined || params['MessageSid'] === sid),
        )
        .map(
          ({ params }) => params['MessageStatus'] + (params['ErrorCode'] ? ` ${params['ErrorCode']}` : ''),
        ),
    answerWith: (status, contentType, body) => (answer = { status, contentType, body }),
    onText: (handler) => (onText = handler),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
