import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

type Method = 'GET' | 'POST'

export type TwilioAccountState = {
  status: string
  type: string
  shortCodes: { short_code: string; sms_url: string; sms_method: Method }[]
  services: {
    sid: string
    inbound_request_url: string
    inbound_method: Method
    use_inbound_webhook_on_number: boolean
  }[]
  /** The short codes in a service, by its sid. */
  members: Record<string, { short_code: string }[]>
}

export type TwilioAccountServer = {
  url: string
  state: TwilioAccountState
  /** What was asked, as "GET /path". */
  asked: string[]
  close(): Promise<void>
}

/** The part of Twilio's API that tells about an account and its senders: GET only, behind its credentials. */
export async function startTwilioAccount(account: {
  sid: string
  token: string
  webhookUrl: string
}): Promise<TwilioAccountServer> {
  const credentials = `Basic ${Buffer.from(`${account.sid}:${account.token}`).toString('base64')}`
  const state: TwilioAccountState = {
    status: 'active',
    type: 'Full',
    shortCodes: [{ short_code: '235246', sms_url: account.webhookUrl, sms_method: 'POST' }],
    services: [],
    members: {},
  }
  const asked: string[] = []
  const base = `/2010-04-01/Accounts/${account.sid}`
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://twilio')
    asked.push(`${request.method} ${pathname}`)
    const service = /^\/v1\/Services\/(MG[0-9a-f]{32})(\/ShortCodes)?$/.exec(pathname)
    const answers: Record<string, unknown> = {
      [`${base}.json`]: { sid: account.sid, status: state.status, type: state.type },
      [`${base}/SMS/ShortCodes.json`]: { short_codes: state.shortCodes },
      '/v1/Services': { services: state.services },
      ...(service && {
        [pathname]: service[2]
          ? { short_codes: state.members[service[1] ?? ''] ?? [] }
          : state.services.find(({ sid }) => sid === service[1]),
      }),
    }
    const isIn = request.headers.authorization === credentials
    const body = isIn ? answers[pathname] : { code: 20003, message: 'Authenticate', status: 401 }
    response
      .writeHead(isIn ? (body === undefined ? 404 : 200) : 401, { 'content-type': 'application/json' })
      .end(JSON.stringify(body ?? { code: 20404, message: 'not found', status: 404 }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    state,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
