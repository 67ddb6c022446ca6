import { FATES, type Fate } from './fates.js'
import { isSpanish } from './spanish.js'
import type { Stage, Text, TextState } from './texts.js'

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

/** The fates with the phone that stands for each, in area code 205. */
export function fateEntries(): (Fate & { phone: string })[] {
  return FATES.map((fate) => ({ ...fate, phone: `+1205555${fate.digits}` }))
}
