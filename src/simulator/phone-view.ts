import { DELIVERS, FATES, fateOf, type Fate } from './fates.js'
import { writePhone } from './phone-number.js'
import { isSpanish } from './spanish.js'
import type { Stage, Text, TextState, Texts } from './texts.js'

/** A text as the phones get it. */
export type PhoneText = {
  sid: string
  by: 'person' | 'app'
  body: string
  media: number
  at: number
  state: TextState
  why: string
  spanish: boolean
  answerTo: string | null
  /** When Twilio took it, or refused to: the moment that counts as our answer. */
  answeredAt: number | null
  taken: boolean
  /** Receipts are still to come. */
  receiptsDue: boolean
  stages: readonly Stage[]
}

export type PhoneEntry = { phone: string; name: string; digits: string; texts: number; watched: boolean }

/** A text without what only Twilio's API needs. */
export function phoneText(text: Text): PhoneText {
  const { sid, by, body, media, at, state, why, answerTo, taken, stages } = text
  const post = stages.findLast((stage) => stage.place === 'POST' || stage.place === 'answer')
  return {
    sid,
    by,
    body,
    media,
    at,
    state,
    why,
    answerTo,
    taken,
    spanish: isSpanish(body),
    answeredAt: post?.at ?? null,
    receiptsDue: by === 'app' && taken && (state === 'accepted' || (state === 'sent' && why === '')),
    stages: [...stages].sort((a, b) => a.at - b.at),
  }
}

const LISTED_MAX = 20
const FIRST = ['+12055550101', '+12055550102']

/** Phones to choose from: two to start with, and those with texts, the newest last. Phones with a fate stand in the fates' list. */
export function phoneEntries(
  texts: Texts,
  watched: ReadonlySet<string>,
): { phones: PhoneEntry[]; more: number } {
  const counts = new Map(FIRST.map((phone) => [phone, 0]))
  for (const { phone, texts: count } of texts.phones())
    if (fateOf(phone) === DELIVERS || !phone.startsWith('+1205')) counts.set(phone, count)
  for (const phone of watched) if (fateOf(phone) === DELIVERS && !counts.has(phone)) counts.set(phone, 0)
  const [first, others] = [[...counts].slice(0, FIRST.length), [...counts].slice(FIRST.length)]
  const shown = [...first, ...others.slice(FIRST.length - LISTED_MAX)]
  return {
    phones: shown.map(([phone, count]) => ({
      phone,
      name: writePhone(phone),
      digits: phone.slice(8),
      texts: count,
      watched: watched.has(phone),
    })),
    more: counts.size - shown.length,
  }
}

/** The fates with the phone that stands for each, in area code 205. */
export function fateEntries(): (Fate & { phone: string })[] {
  return FATES.map((fate) => ({ ...fate, phone: `+1205555${fate.digits}` }))
}
