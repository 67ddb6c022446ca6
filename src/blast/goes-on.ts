import { nextClaim, type SendWindow, type Zones } from '../compliance/quiet-hours.js'

/** People who wait in these zones. notBefore: their text is not due earlier. */
export type Waiting = Zones & { notBefore: Date }

/** When the first of those who wait may get it, and in which zone that is. */
export type GoesOn = { at: Date; zone: string }

/** When a blast goes on of which nothing leaves now. null: somebody may get it now, or nobody waits. */
export function goesOn(waiting: readonly Waiting[], now: Date, window: SendWindow): GoesOn | null {
  const openings = waiting.flatMap((one) => {
    const at = turnOf(one, now, window)
    return at ? [{ at, zone: one.zone }] : []
  })
  const [first] = openings.sort((a, b) => a.at.getTime() - b.at.getTime())
  return first && first.at > now ? first : null
}

/** Those of them whose turn never comes: no hour of the window is day on both their clocks. */
export function neverOpen(waiting: readonly Waiting[], now: Date, window: SendWindow): Waiting[] {
  return waiting.filter((one) => turnOf(one, now, window) === null)
}

const turnOf = ({ notBefore, ...zones }: Waiting, now: Date, window: SendWindow) =>
  nextClaim(notBefore > now ? notBefore : now, zones, window)
