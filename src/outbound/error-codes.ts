/** What each of Twilio's error codes asks of us (Twilio's error dictionary; the meaning of a code may shift, so unknown ones fall to "none"). */
export type Consequence =
  | 'left' // the carrier knew first that she opted out
  | 'unreachable' // no blast goes to this number again
  | 'blocked' // the second one in a row counts as leaving
  | 'stop-all' // nothing can be sent from this account: every blast is paused
  | 'pause-blast' // the blast itself is at fault
  | 'none'

type Row = { consequence: Consequence; words: string }

const NOT_TWILIO = 'Twilio is not what answers: look at TWILIO_API_URL'

const ROWS: Readonly<Record<number, Row>> = {
  // Without a code of Twilio's: something else refuses, and refuses all.
  401: { consequence: 'stop-all', words: NOT_TWILIO },
  403: { consequence: 'stop-all', words: NOT_TWILIO },
  404: { consequence: 'stop-all', words: NOT_TWILIO },
  20003: { consequence: 'stop-all', words: 'Twilio refuses our credentials' },
  20404: { consequence: 'stop-all', words: 'Twilio does not know our account' },
  21211: { consequence: 'unreachable', words: 'not a valid number' },
  21212: { consequence: 'pause-blast', words: 'our sender is not valid' },
  21217: { consequence: 'unreachable', words: 'not a valid number' },
  21408: { consequence: 'unreachable', words: 'outside the countries we may text' },
  21601: { consequence: 'pause-blast', words: 'our sender cannot send texts' },
  21602: { consequence: 'pause-blast', words: 'the text was empty' },
  21603: { consequence: 'pause-blast', words: 'no sender was given' },
  21604: { consequence: 'unreachable', words: 'not a valid number' },
  21606: { consequence: 'pause-blast', words: 'our sender is not ours to use' },
  21608: { consequence: 'stop-all', words: 'the Twilio account is a trial' },
  21609: { consequence: 'pause-blast', words: 'the callback address is not valid' },
  21610: { consequence: 'left', words: 'opted out at the carrier' },
  21612: { consequence: 'unreachable', words: 'no way from our sender to this number' },
  21614: { consequence: 'unreachable', words: 'not a mobile' },
  21617: { consequence: 'pause-blast', words: 'the text was too long' },
  21635: { consequence: 'unreachable', words: 'not a mobile' },
  21658: { consequence: 'pause-blast', words: 'the text was too long' },
  21659: { consequence: 'pause-blast', words: 'our sender is not valid' },
  21701: { consequence: 'pause-blast', words: 'the Messaging Service is missing' },
  21703: { consequence: 'pause-blast', words: 'the Messaging Service has no sender' },
  21704: { consequence: 'pause-blast', words: 'the Messaging Service has no sender' },
  21705: { consequence: 'pause-blast', words: 'the Messaging Service is not valid' },
  30001: { consequence: 'none', words: 'Twilio had too many texts waiting' },
  30002: { consequence: 'stop-all', words: 'the Twilio account is suspended' },
  30003: { consequence: 'none', words: 'phone off or out of reach' },
  30004: { consequence: 'blocked', words: 'blocked by the carrier' },
  30005: { consequence: 'unreachable', words: 'number gone' },
  30006: { consequence: 'unreachable', words: 'not a mobile' },
  30007: { consequence: 'none', words: 'filtered as spam' },
  30008: { consequence: 'none', words: 'failed for an unknown reason' },
  30036: { consequence: 'none', words: 'came too late to be delivered' },
  63038: { consequence: 'stop-all', words: "the account's cap of the day is reached" },
}

/** The consequence of a code; unknown codes change nothing but are counted. */
export const consequenceOf = (code: number): Consequence => ROWS[code]?.consequence ?? 'none'

/** The account or the blast is at fault, never the person: her text was surely not sent, and goes once that is mended. */
export const isOurFault = (code: number): boolean => ['stop-all', 'pause-blast'].includes(consequenceOf(code))

/** The words themselves are at fault: the same answer would be refused again. */
export const isItsOwnFault = (code: number): boolean => [21602, 21617, 21658].includes(code)

/** A code in plain words: "phone off or out of reach". */
export const wordsFor = (code: number): string => ROWS[code]?.words ?? `error ${code}`
