/** The row's life, forward only. Twilio's receipts come in any order, several times, and before our own record. */
export type TextStatus =
  | 'pending'
  | 'claimed'
  | 'accepted'
  | 'sent'
  | 'delivered'
  | 'undelivered'
  | 'failed'
  | 'opted_out'
  | 'capped'
  | 'expired'
  | 'cancelled'
  | 'in_doubt'
  | 'not_sent'

/** Every state a text can be in, in the order reports show them. */
export const TEXT_STATUSES: readonly TextStatus[] = [
  'pending',
  'claimed',
  'accepted',
  'sent',
  'delivered',
  'undelivered',
  'failed',
  'opted_out',
  'capped',
  'expired',
  'cancelled',
  'in_doubt',
  'not_sent',
]

const RANK: Readonly<Record<TextStatus, number>> = {
  pending: 0,
  not_sent: 0, // we had given it up: a receipt says otherwise
  claimed: 1,
  in_doubt: 1,
  accepted: 2,
  sent: 3,
  delivered: 4,
  undelivered: 4,
  failed: 4,
  opted_out: 4,
  capped: 4,
  expired: 4,
  cancelled: 4,
}

const FROM_TWILIO: Readonly<Record<string, TextStatus>> = {
  accepted: 'accepted',
  scheduled: 'accepted',
  queued: 'accepted',
  sending: 'accepted',
  sent: 'sent',
  delivered: 'delivered',
  read: 'delivered',
  undelivered: 'undelivered',
  failed: 'failed',
  canceled: 'failed',
}

/** Twilio's word for a status -> ours; null for one we do not know. */
export const statusFromTwilio = (word: string): TextStatus | null =>
  Object.hasOwn(FROM_TWILIO, word) ? (FROM_TWILIO[word] ?? null) : null

/** What a text becomes when a receipt says `next`: never a step back, and a last word stands. */
export const forward = (now: TextStatus, next: TextStatus): TextStatus =>
  RANK[next] > RANK[now] ? next : now

/** The states that a receipt with this status may overwrite. */
export const overwritable = (next: TextStatus): TextStatus[] =>
  TEXT_STATUSES.filter((status) => forward(status, next) !== status)
