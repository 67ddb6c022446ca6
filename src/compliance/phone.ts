import { parsePhoneNumberFromString } from 'libphonenumber-js/min'

const AMERICAN = new Set(['US', 'PR', 'VI', 'GU', 'AS', 'MP'])
const PLAIN = /^(?:\+?1)?([2-9]\d{2})([2-9]\d{6})$/

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

/** +12055550142 -> "ending 0142": all that a screen or a log may show of a number. */
export function ending(phone: string): string {
  return `ending ${phone.slice(-4)}`
}
