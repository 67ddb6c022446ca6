import { DELIVERS, fateOf } from './fates.js'
import { writePhone } from './phone-number.js'
import type { Texts } from './texts.js'

export type PhoneEntry = {
  phone: string
  name: string
  digits: string
  texts: number
  watched: boolean
  /** One to text from, not one that only gets texts. */
  hers: boolean
}

/** fresh: a phone that delivers and that nobody has used or opened. */
export type PhoneList = { phones: PhoneEntry[]; more: number; fresh: string }

const HERS_MAX = 20
const RECEIVERS_MAX = 5 // the newest: a blast's thousands would bury what stands below
const FIRST = ['+12055550101', '+12055550102']

// In each of them 555-0101 to 555-0149 are nobody's, and deliver here. One area code is used up by the first list that is imported.
const AREA_CODES = [
  ...[205, 251, 256, 334, 907, 480, 520, 602, 501, 870, 209, 213, 310, 415, 510, 619, 714, 818, 916, 303],
  ...[719, 203, 860, 302, 202, 305, 407, 561, 813, 904, 404, 770, 912, 808, 208, 217, 312, 630, 708, 773],
  ...[219, 317, 812, 319, 515, 316, 785, 502, 606, 504, 985, 207, 301, 410, 413, 508, 617, 231, 313, 517],
  ...[616, 218, 612, 651, 601, 314, 417, 816, 406, 308, 402, 702, 603, 201, 609, 732, 505, 212, 315, 516],
  ...[518, 607, 716, 718, 845, 914, 919, 336, 704, 701, 216, 330, 419, 513, 614, 740, 405, 918, 503, 541],
  ...[215, 412, 570, 610, 717, 814, 401, 803, 843, 605, 423, 615, 865, 901, 210, 214, 281, 361, 409, 512],
  ...[713, 806, 817, 903, 915, 940, 956, 972, 435, 801, 802, 434, 540, 703, 757, 804, 206, 253, 360, 425],
  ...[509, 304, 262, 414, 608, 715, 920, 307],
]

/**
 * Phones to choose from. On top, whatever a blast does, those to text from: two to start with, those that have texted and those
 * that she has opened, the newest last. Then the last few who only got texts. Phones with a fate have a list of their own.
 */
export function phoneList(
  texts: Texts,
  opened: ReadonlySet<string>,
  watched: ReadonlySet<string>,
): PhoneList {
  const counts = new Map(texts.phones().map(({ phone, texts: count }) => [phone, count]))
  const isListed = (phone: string) => fateOf(phone) === DELIVERS || !phone.startsWith('+1205')
  const texted = new Set(texts.used.texted())
  const others = [
    ...[...texted].filter((phone) => !counts.has(phone)), // their texts are forgotten: the oldest
    ...[...counts.keys()].filter((phone) => texted.has(phone)),
    ...[...opened].filter((phone) => !texted.has(phone)),
  ].filter((phone) => isListed(phone) && !FIRST.includes(phone))
  const hers = [...FIRST, ...others.slice(FIRST.length - HERS_MAX)]
  const receivers = [...counts.keys()].filter(
    (phone) => isListed(phone) && !texted.has(phone) && !opened.has(phone) && !FIRST.includes(phone),
  )
  const entry = (phone: string, isHers: boolean): PhoneEntry => ({
    ...{ phone, name: writePhone(phone), digits: phone.slice(8) },
    ...{ texts: counts.get(phone) ?? 0, watched: watched.has(phone), hers: isHers },
  })
  const shown = receivers.slice(-RECEIVERS_MAX)
  return {
    phones: [...hers.map((phone) => entry(phone, true)), ...shown.map((phone) => entry(phone, false))],
    more: FIRST.length + others.length + receivers.length - hers.length - shown.length,
    fresh: freshPhone((phone) => texts.used.has(phone) || opened.has(phone) || FIRST.includes(phone)),
  }
}

function freshPhone(isUsed: (phone: string) => boolean): string {
  for (const area of AREA_CODES)
    for (let last = 101; last <= 149; last++) {
      const phone = `+1${area}5550${last}`
      if (!isUsed(phone)) return phone
    }
  return FIRST[0] ?? '' // thousands are in use: there is no other
}
