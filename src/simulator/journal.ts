export type JournalEntry =
  | {
      kind: 'post'
      /** Epoch milliseconds when the whole request was in. */
      at: number
      to: string
      from: string
      body: string
      segments: number
      /** Twilio's id of the text; null when it was not taken. */
      sid: string | null
      outcome: 'accepted' | 'refused' | 'rate-limited' | 'error-taken' | 'error-not-taken' | 'time-out'
      http: number | null
      code: number | null
      callback: string
      validity: number | null
    }
  | {
      kind: 'inbound'
      at: number
      from: string
      body: string
      sid: string
      http: number | null
      answeredAt: number
      tries: number
    }
  | { kind: 'receipt'; at: number; sid: string; status: string; http: number | null }

export type Journal = {
  write(entry: JournalEntry): void
  /** Oldest first. */
  read(kinds?: readonly JournalEntry['kind'][]): JournalEntry[]
  /** Totals since the start, also of what was forgotten. */
  totals(): Readonly<Record<string, number>>
  clear(): void
}

/** Everything that went in and out, for tests and oracles; the oldest entries are forgotten beyond the limit. */
export function createJournal(keep: number): Journal {
  let entries: JournalEntry[] = []
  let totals: Record<string, number> = {}
  const count = (name: string, by = 1) => (totals[name] = (totals[name] ?? 0) + by)
  return {
    write(entry) {
      count(entry.kind)
      if (entry.kind === 'post') {
        count(entry.outcome)
        count('segments', entry.segments)
      }
      entries.push(entry)
      if (entries.length > keep * 2) entries = entries.slice(-keep)
    },
    read: (kinds = ['post']) => entries.slice(-keep).filter((entry) => kinds.includes(entry.kind)),
    totals: () => ({ ...totals }),
    clear() {
      entries = []
      totals = {}
    },
  }
}
