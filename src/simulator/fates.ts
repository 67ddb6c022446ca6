/** What becomes of texts to a phone, by its last four digits: the one table behind page, terminal phone and README. */

export type FateKind =
  | 'delivered'
  | 'undelivered' // taken, then a receipt with an error
  | 'refused' // 400 with an error
  | 'rate-limited' // 429 first, taken when tried again
  | 'error-taken' // 500, and yet it goes out
  | 'error-not-taken' // 500, and it does not
  | 'time-out' // never an answer, though it goes out
  | 'no-receipts'
  | 'receipts-twice'
  | 'receipts-reversed'
  | 'receipts-early' // before the answer to the POST

export type Fate = {
  /** Last four digits of a +1 NPA 555 number. */
  digits: string
  kind: FateKind
  /** A few words for a list. */
  name: string
  /** What will happen, in one sentence, told before she sends. */
  says: string
  /** Twilio's error code, where there is one. */
  code: number | null
}

/** 0100 to 0149, and every number outside the table. */
export const DELIVERS: Fate = {
  digits: '0100',
  kind: 'delivered',
  name: 'delivers',
  says: 'Every text arrives.',
  code: null,
}

/** Every fate beside plain delivery, in the order of the digits. */
export const FATES: readonly Fate[] = [
  {
    digits: '0150',
    kind: 'undelivered',
    name: 'phone off',
    says: 'Twilio takes each text, then reports: phone off or out of reach (30003).',
    code: 30003,
  },
  {
    digits: '0151',
    kind: 'undelivered',
    name: 'number gone',
    says: 'Twilio takes each text, then reports: number gone (30005).',
    code: 30005,
  },
  {
    digits: '0152',
    kind: 'undelivered',
    name: 'filtered',
    says: 'Twilio takes each text, then reports: filtered by the carrier (30007).',
    code: 30007,
  },
  {
    digits: '0153',
    kind: 'refused',
    name: 'opted out',
    says: 'Twilio refuses each text: this phone opted out at the carrier (21610).',
    code: 21610,
  },
  {
    digits: '0154',
    kind: 'refused',
    name: 'bad number',
    says: 'Twilio refuses each text: not a phone number (21211).',
    code: 21211,
  },
  {
    digits: '0155',
    kind: 'rate-limited',
    name: 'rate limit',
    says: 'Twilio answers each text with 429 at first, and takes it when it is tried again.',
    code: 20429,
  },
  {
    digits: '0156',
    kind: 'error-taken',
    name: '500, taken',
    says: 'Twilio answers 500 and yet delivers the text. The receipts tell.',
    code: 20500,
  },
  {
    digits: '0157',
    kind: 'error-not-taken',
    name: '500, not taken',
    says: 'Twilio answers 500 and never delivers the text. Only its list of texts tells.',
    code: 20500,
  },
  {
    digits: '0158',
    kind: 'time-out',
    name: 'time-out',
    says: 'Twilio never answers, yet delivers the text, without receipts. Only its list of texts tells.',
    code: null,
  },
  {
    digits: '0159',
    kind: 'no-receipts',
    name: 'no receipts',
    says: 'Every text arrives, and no receipt comes.',
    code: null,
  },
  {
    digits: '0160',
    kind: 'receipts-twice',
    name: 'receipts twice',
    says: 'Every text arrives, and each receipt comes twice.',
    code: null,
  },
  {
    digits: '0161',
    kind: 'receipts-reversed',
    name: 'receipts reversed',
    says: 'Every text arrives; the receipt "delivered" comes before "sent".',
    code: null,
  },
  {
    digits: '0162',
    kind: 'receipts-early',
    name: 'receipts early',
    says: 'Every text arrives; both receipts come before the answer to the POST.',
    code: null,
  },
]

/** The whole table as people read it, in the README, in the terminal's help: digits, name, what will happen. */
export const FATE_ROWS: readonly (readonly [digits: string, name: string, says: string])[] = [
  ['0100-0149', DELIVERS.name, DELIVERS.says],
  ...FATES.map(({ digits, name, says }) => [digits, name, says] as const),
]

const BY_DIGITS = new Map(FATES.map((fate) => [fate.digits, fate]))

/** What becomes of a text to this number (E.164). Only exchange 555 is magic, in any area code. */
export function fateOf(phone: string): Fate {
  if (phone.length !== 12 || !phone.startsWith('+1') || phone.slice(5, 8) !== '555') return DELIVERS
  return BY_DIGITS.get(phone.slice(8)) ?? DELIVERS
}

const FAILURES: Readonly<Record<number, string>> = {
  20429: 'too many texts at once',
  20500: 'Twilio had a fault',
  21211: 'not a phone number',
  21610: 'opted out at the carrier',
  30003: 'phone off or out of reach',
  30005: 'number gone',
  30007: 'filtered by the carrier',
}

/** "phone off or out of reach (30003)" */
export function failureWords(code: number): string {
  const words = FAILURES[code]
  return words ? `${words} (${code})` : `error ${code}`
}

export type ReceiptStatus = 'sent' | 'delivered' | 'undelivered'

export type PlannedReceipt = {
  /** Counted from the moment Twilio took the text. */
  afterMs: number
  status: ReceiptStatus
  /** How often the app hears of it; at 0 only Twilio's list shows it. */
  times: 0 | 1 | 2
}

export type ReceiptDelays = {
  /** From the POST to "sent". */
  sentMs: number
  /** From "sent" to "delivered" or "undelivered". */
  deliveredMs: number
}

/** The receipts of a text that Twilio took. A refused one has none. */
export function receiptPlan(fate: Fate, { sentMs, deliveredMs }: ReceiptDelays): readonly PlannedReceipt[] {
  const last = fate.kind === 'undelivered' ? 'undelivered' : 'delivered'
  const told = (times: 0 | 1 | 2): readonly PlannedReceipt[] => [
    { afterMs: sentMs, status: 'sent', times },
    { afterMs: sentMs + deliveredMs, status: last, times },
  ]
  switch (fate.kind) {
    case 'refused':
    case 'error-not-taken':
      return []
    case 'no-receipts':
    case 'time-out':
      return told(0)
    case 'receipts-twice':
      return told(2)
    case 'receipts-reversed':
      return [
        { afterMs: sentMs, status: last, times: 1 },
        { afterMs: sentMs + deliveredMs, status: 'sent', times: 1 },
      ]
    case 'receipts-early':
      return told(1).map((receipt) => ({ ...receipt, afterMs: 0 }))
    case 'delivered':
    case 'undelivered':
    case 'rate-limited':
    case 'error-taken':
      return told(1)
  }
}
