import type { Verdict } from '../compliance/verdict.js'
import type { Congress, StateCode } from '../congress/congress.js'
import type { Action, Language } from './action.js'
import type { TextName } from './text-names.js'

export type Standing = 'unknown' | 'invited' | 'joined' | 'held' | 'left'

/** What Postgres knows of her; the conversation state holds only where the dialogue stands. */
export type PersonFacts = {
  standing: Standing
  zip: string | null
  /** Two letters: a state, or DC, PR, VI, GU, AS, MP. */
  state: string | null
  language: Language
  fewer: boolean
  /** Had she ever joined before? Then joining again is "rejoined". */
  joinedBefore: boolean
  /** When her newest alert went out: what she reports after it is about new calls. */
  alertedAt: Date | null
}

export type Outcome = 'reached' | 'voicemail' | 'busy' | 'wrong'

/** Where the dialogue stands: what we asked last. */
export type Question =
  | { kind: 'none' }
  | { kind: 'zip' }
  | { kind: 'state'; among: readonly StateCode[] | null } // null: any state (a military ZIP)
  | { kind: 'outcome'; about: string | null } // she has the numbers; about: the one senator our last text sent her to
  | { kind: 'office'; outcome: Outcome } // which senator's office was that?
  | { kind: 'stop' } // held: should we stop?
  | { kind: 'forget' } // FORGET ME: reply FORGET to confirm

export type Conversation = {
  question: Question
  /** Her texts in a row that we could not read: two get a patient answer, the third another one, then silence. */
  misses: number
  /** bioguide ids of the senators she has already reported on since she last got the numbers */
  reported: readonly string[]
  /** epoch seconds of her newest report, 0 before the first */
  reportedAt: number
  /** in-state offices already offered to her for a busy line: "bioguide city" */
  offered: readonly string[]
  /** epoch seconds of the last once-a-day answers, by text name */
  daily: Readonly<Record<string, number>>
  /** epoch seconds of our newest answers, at most LIMITS.helpPerWindow of them: the loop guard */
  recent: readonly number[]
  /** The action whose keyword she texted last, and since when (epoch seconds) it is hers. */
  keyword: { action: string; at: number } | null
  /** Her leaving has had its one confirmation; a second STOP gets at most one more a day. */
  goodbyeSaid: boolean
}

export type TextEvent = {
  kind: 'text'
  body: string
  mediaCount: number
  /** Judged when it was recorded; a leave has already taken her out. */
  verdict: Verdict
  /** Twilio's Advanced Opt-Out answered this one itself: facts are recorded, nothing is said. */
  optOutType: 'STOP' | 'START' | 'HELP' | null
  /** Received before her latest leave: never joins her, is never answered. */
  beforeLeave: boolean
}

export type Event = TextEvent

export type World = {
  now: Date
  /** The one that answers her. */
  action: Action
  /** Those of every action: each joins. */
  keywords: readonly string[]
  congress: Congress
  person: PersonFacts
  shortCode: string
}

/** Said in her language: a language effect before it counts already. */
export type Reply = {
  kind: 'reply'
  text: TextName
  /** Values for the template's variables beside those every text has (program, org, keyword ...). */
  vars: Readonly<Record<string, string>>
}

/** She told how a call went. The tally is known only once this is written, so the handler picks the thanks with thanksFor(). */
export type Report = {
  kind: 'report'
  senator: string
  outcome: Outcome
  /** The senator not yet called, whom the thanks name. */
  next: string | null
  /** false: recorded in silence, since another reply of the same step answers her. */
  thank: boolean
}

/** What must become true. Effects are data: inbound/handle commits them in one transaction, in this order. */
export type Effect =
  | Reply
  /** Consent joined, or rejoined when she had been here before. Where Twilio answered with its own wording, no reply follows. */
  | { kind: 'join'; shown: TextName }
  | { kind: 'place'; zip: string | null; state: string | null }
  | { kind: 'language'; language: Language }
  | { kind: 'fewer'; fewer: boolean }
  | { kind: 'hold' }
  | { kind: 'release' } // held -> joined
  | Report
  | { kind: 'nudge' } // one prompt in 24 h unless she texts first
  | { kind: 'forget' } // erase her once this text's reply has been sent

export type Step = {
  conversation: Conversation
  effects: readonly Effect[]
  /** What we took her text for: a short word for the record, e.g. "zip", "outcome", "not understood". */
  understood: string
}
