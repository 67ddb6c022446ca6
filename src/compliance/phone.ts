import { parsePhoneNumberFromString } from 'libphonenumber-js/min'

const AMERICAN = new Set(['US', 'PR', 'VI', 'GU', 'AS', 'MP'])
const PLAIN = /^(?:\+?1)?([2-9]\d{2})([2-9]\d{6})$/

const NO_SUPPORTERS = [
  { area: /^8(?:00|33|44|55|66|77|88)$/, kind: 'a toll-free number' },
  { area: /^900$/, kind: 'a premium number' },
  { area: /^700$/, kind: "a phone company's own number" },
  { area: /^5(?:00|2[1-9]|3[23]|44|66|77|88)$/, kind: 'a follow-me number' },
  { area: /^(?:555|999)$/, kind: 'made up: nobody has that area code' },
]

const americanAreaCodes = new Map<string, boolean>()

/** Any usual US form -> E.164, or why it is none, in words for the person who typed it. */
export function parsePhone(raw: string): { phone: string } | { fault: string } {
  const text = raw.trim()
  if (text === '') return { fault: 'phone is empty' }
  const plain = PLAIN.exec(text) ?? PLAIN.exec(text.replace(/[\s().-]/g, ''))
  const phone = plain ? `+1${plain[1]}${plain[2]}` : parseOther(text)
  if (!phone) {
    const digits = text.replace(/\D/g, '').length
    return {
      fault: digits >= 10 ? 'phone is not a US number' : `phone has ${digits} digits; a US number has 10`,
    }
  }
  return isAmerican(phone) ? { phone } : { fault: 'phone is not a US number' }
}

function parseOther(text: string): string | null {
  const parsed = parsePhoneNumberFromString(text, 'US')
  return parsed && /^\+1[2-9]\d{2}[2-9]\d{6}$/.test(parsed.number) ? parsed.number : null
}

/** +1 is shared with Canada and the Caribbean: the area code decides. An area code nobody has yet passes. */
function isAmerican(phone: string): boolean {
  const areaCode = phone.slice(2, 5)
  let american = americanAreaCodes.get(areaCode)
  if (american === undefined) {
    const country = parsePhoneNumberFromString(phone)?.country
    american = country === undefined || AMERICAN.has(country)
    americanAreaCodes.set(areaCode, american)
  }
  return american
}

/**
 * Why an American number (E.164) can be no supporter's phone, or null. For numbers that others give us: who texts us is heard,
 * whatever her number. 555-1212 is directory assistance everywhere.
 */
export function nobodysPhone(phone: string): string | null {
  const areaCode = phone.slice(2, 5)
  const kind = NO_SUPPORTERS.find(({ area }) => area.test(areaCode))?.kind
  if (kind) return `phone is ${kind} (${areaCode})`
  return phone.endsWith('5551212') ? 'phone is directory assistance (555-1212)' : null
}

/** +12055550142 -> "ending 0142": all that a screen or a log may show of a number. */
export function ending(phone: string): string {
  return `ending ${phone.slice(-4)}`
}
