/** What Twilio may retry: the connection, a slow answer, an answer of 4xx or 5xx. */
export type Trouble = 'ct' | 'rt' | '4xx' | '5xx'

export type CallbackPolicy = {
  /** The URL that is called and signed: without its fragment. */
  url: string
  connectMs: number
  readMs: number
  /** Everything, retries included. */
  totalMs: number
  retries: number
  retried: ReadonlySet<Trouble>
}

const TROUBLES: readonly Trouble[] = ['ct', 'rt', '4xx', '5xx']

/** Twilio's connection overrides, read from a webhook URL's fragment; without one: one retry, when connecting failed. */
export function callbackPolicy(webhookUrl: string): CallbackPolicy {
  const [url = '', fragment = ''] = webhookUrl.split('#')
  const overrides = new URLSearchParams(fragment)
  const bounded = (name: string, min: number, max: number, otherwise: number) => {
    const value = Number(overrides.get(name) ?? Number.NaN)
    return Number.isInteger(value) && value >= min && value <= max ? value : otherwise
  }
  const named = (overrides.get('rp') ?? 'ct').split(',')
  return {
    url,
    connectMs: bounded('ct', 100, 10_000, 5_000),
    readMs: bounded('rt', 100, 15_000, 15_000),
    totalMs: bounded('tt', 100, 15_000, 15_000),
    retries: bounded('rc', 0, 5, 1),
    retried: new Set(TROUBLES.filter((trouble) => named.includes('all') || named.includes(trouble))),
  }
}
