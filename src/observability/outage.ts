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

/** Host and port of a URL, without its user and password. */
export function endpointOf(url: string): string {
  try {
    return new URL(url).host
  } catch {
    return 'its address'
  }
}
