/** Counts how often a text was refused for what it holds: what can never be taken in must not keep all others waiting for ever. */
export type Refusals = {
  /** Counts this one. True: so many times now that it is not to be tried again. */
  isLast(messageSid: string, error: unknown): boolean
  /** It has been given up. */
  isGivenUp(messageSid: string): boolean
}

const TRIES_MAX = 10

/** Refusals of this process: another one, or its next start, tries as often. */
export function createRefusals(): Refusals {
  const tries = new Map<string, number>()
  return {
    isLast(messageSid, error) {
      if (!isTexts(error)) return false
      const tried = (tries.get(messageSid) ?? 0) + 1
      tries.set(messageSid, tried)
      return tried >= TRIES_MAX
    },
    isGivenUp: (messageSid) => (tries.get(messageSid) ?? 0) >= TRIES_MAX,
  }
}

/**
 * Whether it is the text's own fault: what it holds, or what that breaks, in Postgres or in our own code (a TypeError and the like).
 * All else, a plain Error without a code too, is Postgres's or the road's: locked, full, read-only, silent. However long that lasts,
 * the text waits.
 */
function isTexts(error: unknown): boolean {
  const { code, name } = error as { code?: string; name?: unknown }
  if (code === undefined || /^ERR_/.test(code)) return name !== 'Error' // ours, or Node's
  return /^(22|23)...$/.test(code)
}
