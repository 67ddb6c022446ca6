// Counted here by rules of our own, so that the simulator can contradict the app.
const GSM_BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
)
const GSM_EXTENDED = new Set('\f^{}\\[~]|€')
// What most texts are made of: one septet each.
const ONE_SEPTET_ASCII = /^[\n\r !"#$%&'()*+,\-./0-9:;<=>?@A-Z_a-z]*$/

/** How many segments Twilio would bill for this body. */
export function countSegments(body: string): number {
  const septets = ONE_SEPTET_ASCII.test(body) ? body.length : countSeptets(body)
  if (septets === null) return body.length <= 70 ? 1 : unbroken(body, 67, (char) => char.length)
  if (septets <= 160) return 1
  return septets === body.length
    ? Math.ceil(septets / 153)
    : unbroken(body, 153, (char) => (GSM_EXTENDED.has(char) ? 2 : 1))
}

function countSeptets(body: string): number | null {
  let septets = 0
  for (const char of body) {
    if (GSM_BASIC.has(char)) septets += 1
    else if (GSM_EXTENDED.has(char)) septets += 2
    else return null
  }
  return septets
}

/** A character of two units never straddles two segments. */
function unbroken(body: string, room: number, unitsOf: (char: string) => number): number {
  let segments = 1
  let used = 0
  for (const char of body) {
    const units = unitsOf(char)
    if (used + units > room) {
      segments += 1
      used = 0
    }
    used += units
  }
  return segments
}
