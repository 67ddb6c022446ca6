/** Why something did not answer, in words. No address with a password, no stack. */

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused the connection',
  ECONNRESET: 'cut the connection',
  EHOSTUNREACH: 'cannot be reached from here',
  ENETUNREACH: 'cannot be reached from here',
  ENOTFOUND: 'has no address: is the name right?',
  EAI_AGAIN: 'has no address: is the name right?',
  ETIMEDOUT: 'did not answer in time',
  TimeoutError: 'did not answer in time',
  AbortError: 'did not answer in time',
  UND_ERR_CONNECT_TIMEOUT: 'did not answer in time',
  CERT_HAS_EXPIRED: 'has a certificate that has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'has a certificate that nobody vouches for',
  SELF_SIGNED_CERT_IN_CHAIN: 'has a certificate that nobody vouches for',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'has a certificate without its chain',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'has a certificate without its chain',
  ERR_TLS_CERT_ALTNAME_INVALID: 'has a certificate for another name',
  '28P01': 'refuses the user or the password',
  '28000': 'refuses this user',
  '3D000': 'has no database of that name',
  '42501': 'refuses this user what it asked',
  '53300': 'has no connection left',
  '57P03': 'is starting up',
  NOAUTH: 'wants a password',
  WRONGPASS: 'refuses the user or the password',
  LOADING: 'is still loading its data',
}

/** "Postgres at db.example.org:5432 refused the connection" */
export function outageWords(subject: string, error: unknown): string {
  for (let at: unknown = error, depth = 0; at instanceof Object && depth < 4; depth++) {
    const { code, name, message, cause } = at as {
      code?: unknown
      name?: unknown
      message?: unknown
      cause?: unknown
    }
    const first = typeof message === 'string' ? (message.split(' ')[0] ?? '') : ''
    const words = WORDS[String(code)] ?? WORDS[String(name)] ?? WORDS[first]
    if (words !== undefined) return `${subject} ${words}`
    if (typeof message === 'string' && /timed? ?out/i.test(message))
      return `${subject} did not answer in time`
    if (typeof code === 'string' && /^HTTP_\d{3}$/.test(code)) return `${subject} answers ${code.slice(5)}`
    at = cause
  }
  const code = (error as { code?: unknown } | null)?.code
  return `${subject} did not answer${typeof code === 'string' ? ` (${code})` : ''}`
}

const DEFAULT_PORTS: Readonly<Record<string, string>> = {
  'postgres:': '5432',
  'postgresql:': '5432',
  'redis:': '6379',
  'rediss:': '6379',
}

/** Host and port of a URL, without its user and password. */
export function endpointOf(url: string): string {
  try {
    const { host, port, protocol } = new URL(url)
    const usual = DEFAULT_PORTS[protocol]
    return host && !port && usual ? `${host}:${usual}` : host || 'its address'
  } catch {
    return 'its address'
  }
}

// pg's own words; it gives these no code.
const SILENT_POSTGRES =
  /^(Connection terminated due to connection timeout|timeout exceeded when trying to connect|Query read timeout)$/
const OUT_OF_REACH = /^(ECONN|EHOST|ENET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT)/
const REFUSED = /^(57P|28|3D)/

/** What a command says whose database does not let it in, and what to do; null: that is not what went wrong. */
export function databaseOutage(error: unknown, databaseUrl: string | undefined): string | null {
  const { code, message } = error as { code?: unknown; message?: unknown }
  const postgres = databaseUrl ? `Postgres at ${endpointOf(databaseUrl)}` : 'Our own Postgres'
  if (typeof message === 'string' && SILENT_POSTGRES.test(message))
    return `${postgres} takes connections and does not answer. Look after it${databaseUrl ? ', or mend DATABASE_URL' : ''}. Then: textaction doctor`
  if (typeof code !== 'string' || !(OUT_OF_REACH.test(code) || REFUSED.test(code))) return null
  const words = outageWords(postgres, error)
  const what = words.endsWith('?') ? words : `${words}.`
  if (!databaseUrl) return `${what} See: textaction doctor`
  return OUT_OF_REACH.test(code)
    ? `${what} Start it or mend DATABASE_URL; without it we bring our own.`
    : `${what} Mend it or DATABASE_URL. Then: textaction doctor`
}
