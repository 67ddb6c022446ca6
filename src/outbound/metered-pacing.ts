import { paceAsked } from '../observability/events.js'
import type { Pacing } from '../ports.js'

/** Pacing whose grants and waits are counted, so that everybody sees how much of the rate is used. */
export function meteredPacing(pacing: Pacing): Pacing {
  return {
    async take(lane, segments) {
      const waitMs = await pacing.take(lane, segments)
      paceAsked({ lane, segments, waitMs })
      return waitMs
    },
  }
}
