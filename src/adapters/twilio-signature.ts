// The package's main entry would load the whole SDK; the signature needs this one file of it.
import { getExpectedTwilioSignature, validateRequest } from 'twilio/lib/webhooks/webhooks.js'

/** The X-Twilio-Signature of a form POST to this URL. */
export function sign(token: string, url: string, params: Readonly<Record<string, unknown>>): string {
  return getExpectedTwilioSignature(token, url, params)
}

/** Whether one of the tokens (several while one is rotated) signed this form POST to this URL. */
export function isSigned(
  tokens: readonly string[],
  signature: string,
  url: string,
  params: Readonly<Record<string, unknown>>,
): boolean {
  return tokens.some((token) => {
    try {
      return validateRequest(token, signature, url, params)
    } catch {
      return false // a forged header may be anything; it is only ever wrong
    }
  })
}
