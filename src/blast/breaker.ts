/** The last words of a blast's texts, newest first, and who left since. */
export type BreakerReading = {
  outcomes: readonly { isFailure: boolean; errorCode: number | null }[]
  left: number
  /** People texted since the start or the last resume. */
  texted: number
}

/** How many of the last outcomes are looked at. */
export const OUTCOMES_LOOKED_AT = 500

const FILTERED = 30007
const SUSPENDED = 30002
const FILTERED_SHARE_MAX = 0.02
export const LEFT_SHARE_MAX = 0.03
const FAILURES_IN_ROW_MAX = 20
// Shares of a handful say nothing.
const OUTCOMES_MIN = 100
const TEXTED_MIN = 100
const FEW = 3

export type Trip = { why: string; everyBlast: boolean }

/** Whether a blast must be paused, and why in words for the organizer. null: it may go on. */
export function judgeBlast({ outcomes, left, texted }: BreakerReading): Trip | null {
  if (outcomes.some(({ errorCode }) => errorCode === SUSPENDED))
    return { why: 'the Twilio account is suspended (30002)', everyBlast: true }
  const filtered = outcomes.filter(({ errorCode }) => errorCode === FILTERED).length
  if (outcomes.length >= OUTCOMES_MIN && filtered >= FEW && filtered / outcomes.length >= FILTERED_SHARE_MAX)
    return {
      why: `carriers filtered ${filtered} of the last ${outcomes.length} texts as spam (${share(filtered, outcomes.length)}, limit 2%)`,
      everyBlast: false,
    }
  const inRow = outcomes.findIndex(({ isFailure }) => !isFailure)
  const failures = inRow === -1 ? outcomes.length : inRow
  if (failures >= FAILURES_IN_ROW_MAX) return { why: `${failures} texts failed in a row`, everyBlast: false }
  if (texted >= TEXTED_MIN && left >= FEW && left / texted >= LEFT_SHARE_MAX)
    return {
      why: `${left} of ${texted} people left after this text (${share(left, texted)}, limit 3%)`,
      everyBlast: false,
    }
  return null
}

const share = (part: number, whole: number) => `${((100 * part) / whole).toFixed(1)}%`
