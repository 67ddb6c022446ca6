/** Every bound of the program, its unit last in its name. */
export const LIMITS = {
  inboundCharsMax: 1_600,
  webhookBytesMax: 32 * 1024,
  /** A text that Postgres has not taken by then goes to the spool: Twilio waits for 15 s. Longer than a STOP may wait for open claims. */
  takeMs: 5_000,
  /** A claim older than this never starts a POST. */
  fenceMs: 2_000,
  /** How long a STOP's 200 waits for open claims: the fence and a little. */
  stopWaitMs: 2_500,
  /** How far two clocks may be apart: a server's, Postgres's and Twilio's. */
  clockSlackMs: 60_000,
  /** A web process says every second that it is there; one silent for so long may be cut off from Postgres. */
  silentMs: 5_000,
  sendTimeoutMs: 10_000,
  /** A claim not settled by then is in doubt: longer than a POST and its record can take. */
  leaseMs: 30_000,
  /** A reply later than this helps nobody; STOP's and HELP's always go. */
  replyAgeHoursMax: 6,
  nudgeAfterHours: 24,
  /** Twilio fails replies after 15 in 30 s between two numbers (14107): HELP has room behind all the others. */
  repliesPerWindow: 12,
  helpPerWindow: 14,
  replyWindowSeconds: 30,
  textsPerDrain: 50,
  /** Twilio's list is asked twice, this far apart, before a text in doubt counts as not sent. */
  doubtPollMs: 120_000,
  doubtFirstPollMs: 30_000,
  validitySecondsMax: 36_000,
  /** Nothing unasked is claimed so shortly before her window closes: its POST starts later, and a shorter validity burns texts. */
  lastClaimSeconds: 60,
  /** Twilio's margin between our clock and its queue, so that a text cannot leave after the window has closed. */
  closingMarginSeconds: 30,
  /** After so long the rest of a blast goes out, whether its canary is settled or not. */
  canaryWatchedSeconds: 600,
  shutdownMs: 15_000,
  importBatchRows: 10_000,
  importMergesAtOnce: 2,
  /** Rows of people read at a time for an export. */
  exportPageRows: 2_000,
} as const

/**
 * Behind a webhook's address, what Twilio does when we are away: two more tries, also after a 5xx or a slow answer (by itself it tries
 * once more, and only where it could not connect: twilio.com/docs/usage/webhooks/webhooks-connection-overrides). No part of the signature.
 */
export const WEBHOOK_RETRIES = '#rc=2&rp=5xx,ct,rt'
