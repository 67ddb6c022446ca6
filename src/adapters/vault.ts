import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomFillSync } from 'node:crypto'
import type { Vault } from '../ports.js'

const NONCE_BYTES = 12
const TAG_BYTES = 16
const NONCES_DRAWN = 1_024

/** AES-256-GCM and HMAC-SHA-256 under keys derived (HKDF) from PHONE_KEY (32 bytes, base64). */
export function createVault(phoneKey: string): Vault {
  const master = Buffer.from(phoneKey, 'base64')
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', master, 'text-action', purpose, 32))
  const sealKey = derive('seal')
  const lookupKey = derive('lookup')
  const macKey = derive('callback')
  const nextNonce = drawNonces()
  const print = createHmac('sha256', derive('fingerprint')).update('fingerprint').digest('hex')
  return {
    fingerprint: `${print.slice(0, 4)}-${print.slice(4, 8)}`,
    hash: (phone) => createHmac('sha256', lookupKey).update(phone).digest(),
    seal(text) {
      const nonce = nextNonce()
      const cipher = createCipheriv('aes-256-gcm', sealKey, nonce)
      return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
    },
    open(sealed) {
      const decipher = createDecipheriv('aes-256-gcm', sealKey, sealed.subarray(0, NONCE_BYTES))
      decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES))
      const text = decipher.update(sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES))
      decipher.final() // throws where it was not sealed with this key; there is nothing left to come
      return text.toString('utf8')
    },
    mac: (ref) => createHmac('sha256', macKey).update(ref).digest('base64url').slice(0, 22),
  }
}

/** Random nonces drawn many at a time: each draw by itself costs as much as the sealing. Valid until the next call. */
function drawNonces(): () => Buffer {
  const drawn = Buffer.alloc(NONCE_BYTES * NONCES_DRAWN)
  let used = drawn.length
  return () => {
    if (used === drawn.length) {
      randomFillSync(drawn)
      used = 0
    }
    used += NONCE_BYTES
    return drawn.subarray(used - NONCE_BYTES, used)
  }
}
