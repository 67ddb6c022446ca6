import type { Region } from '../congress/congress.js'
import type { Language } from './action.js'
import type { Outcome } from './types.js'

/** What she wants, as far as her words tell. */
export type Intent =
  | { kind: 'keyword'; zip: string | null } // WORK, perhaps with her ZIP in the same text
  | { kind: 'near-keyword' } // one letter off, or the keyword in Spanish
  | { kind: 'start'; zip: string | null }
  | { kind: 'join'; zip: string | null }
  | { kind: 'help' }
  | { kind: 'call' }
  | { kind: 'moved' }
  | { kind: 'zip'; zip: string }
  | { kind: 'several-zips' }
  | { kind: 'near-zip' }
  | { kind: 'state'; state: Region }
  | { kind: 'outcome'; outcome: Outcome; office: number | null; both: boolean }
  | { kind: 'office'; office: number }
  | { kind: 'language'; language: Language }
  | { kind: 'fewer'; fewer: boolean }
  | { kind: 'forget' }
  | { kind: 'thanks' }
  | { kind: 'yes' }
  | { kind: 'no' }
  | { kind: 'photo' } // and no words
  | { kind: 'reaction' } // her phone's "Liked ...", quoting a text of ours
  | { kind: 'unknown' }
