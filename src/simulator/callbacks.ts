import { randomUUID } from 'node:crypto'
import { stringify } from 'node:querystring'
import { setTimeout as sleep } from 'node:timers/promises'
import { Agent, type Dispatcher } from 'undici'
import { sign } from '../adapters/twilio-signature.js'
import { callbackPolicy, type CallbackPolicy, type Trouble } from './callback-policy.js'

export type CallbackAnswer = {
  /** When the last try left. */
  at: number
  answeredAt: number
  tries: number
  /** null: no answer came. */
  status: number | null
  contentType: string
  body: string
  /** What went wrong, in words; "" when a 2xx came. */
  fault: string
}

export type Callbacks = {
  post(url: string, params: Readonly<Record<string, string>>): Promise<CallbackAnswer>
  close(): Promise<void>
}

const ANSWER_BYTES_MAX = 64 * 1024
const CONNECTIONS = 128
// Who cuts a connection may be just dying: about a round trip later its port is closed, as it is when Twilio's next try comes.
const AGAIN_AFTER_MS = 100

/**
 * POSTs signed forms to the app as Twilio does, with Twilio's retries and no others. What goes to the app's public
 * address is signed for that and taken straight to botUrl: no name server is asked for it, which may not know localhost.
 */
export function createCallbacks(
  settings: Readonly<{ signingToken: string; webhookUrl: string; botUrl: string }>,
): Callbacks {
  const agents = new Map<number, Agent>()
  const policyFor = createPolicies()

  function agentFor(connectMs: number): Agent {
    const agent =
      agents.get(connectMs) ??
      new Agent({ connections: CONNECTIONS, pipelining: 1, connect: { timeout: connectMs } })
    agents.set(connectMs, agent)
    return agent
  }

  const isApp = (target: URL) => target.origin === new URL(settings.webhookUrl).origin

  async function post(webhookUrl: string, params: Readonly<Record<string, string>>): Promise<CallbackAnswer> {
    const policy = policyFor(webhookUrl)
    const target = new URL(policy.url)
    const deadline = Date.now() + policy.totalMs
    const request = {
      origin: isApp(target) ? new URL(settings.botUrl).origin : target.origin,
      path: target.pathname + target.search,
      method: 'POST' as const,
      headers: {
        host: target.host,
        'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
        'user-agent': 'TwilioProxy/1.1',
        'i-twilio-idempotency-token': randomUUID(),
        'x-twilio-signature': sign(settings.signingToken, policy.url, params),
      },
      body: stringify(params),
    }
    for (let tries = 1; ; tries++) {
      const waitMs = Math.max(1, Math.min(policy.readMs, deadline - Date.now()))
      const answer = await once(agentFor(policy.connectMs), request, waitMs, tries)
      const trouble = troubleOf(answer)
      const again = trouble !== null && policy.retried.has(trouble) && tries <= policy.retries
      if (!again || Date.now() >= deadline) return answer
      if (answer.fault === CUT) await sleep(AGAIN_AFTER_MS)
    }
  }

  return {
    post,
    close: async () => void (await Promise.all([...agents.values()].map((agent) => agent.destroy()))),
  }
}

/** Receipt URLs differ for every text, their fragments do not. */
function createPolicies(): (webhookUrl: string) => CallbackPolicy {
  const known = new Map<string, CallbackPolicy>()
  return (webhookUrl) => {
    const [url = '', fragment = ''] = webhookUrl.split('#')
    const policy = known.get(fragment) ?? callbackPolicy(webhookUrl)
    if (known.size < FRAGMENTS_MAX) known.set(fragment, policy)
    return { ...policy, url }
  }
}

const FRAGMENTS_MAX = 20

async function once(
  agent: Agent,
  request: Omit<Dispatcher.RequestOptions, 'headersTimeout' | 'bodyTimeout'>,
  waitMs: number,
  tries: number,
): Promise<CallbackAnswer> {
  const at = Date.now()
  try {
    const response = await agent.request({ ...request, headersTimeout: waitMs, bodyTimeout: waitMs })
    const body = (await response.body.text()).slice(0, ANSWER_BYTES_MAX)
    const status = response.statusCode
    const contentType = String(response.headers['content-type'] ?? '')
    const fault = status >= 200 && status < 300 ? '' : `Text Action answered ${status}`
    return { at, answeredAt: Date.now(), tries, status, contentType, body, fault }
  } catch (error) {
    const fault = faultOf(error)
    return { at, answeredAt: Date.now(), tries, status: null, contentType: '', body: '', fault }
  }
}

const NO_ANSWER = 'Text Action did not answer in time'
const CUT = 'Text Action cut the connection'
const NO_CONNECTION = 'Text Action is not answering'

function faultOf(error: unknown): string {
  const code = String((error as { code?: unknown }).code)
  if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT') return NO_ANSWER
  if (code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE') return CUT
  return NO_CONNECTION
}

function troubleOf({ status, fault }: CallbackAnswer): Trouble | null {
  if (status === null) return fault === NO_CONNECTION ? 'ct' : 'rt'
  if (status >= 500) return '5xx'
  return status >= 400 ? '4xx' : null
}
