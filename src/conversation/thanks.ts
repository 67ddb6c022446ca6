import { stateName, tally as tallyInWords } from './phrases.js'
import { reply } from './scene.js'
import type { Reply, Report, World } from './types.js'

/** What her report adds up to. calls: those reported from her state; counted: hers is one of them, not a repeat of today's. */
export type Tally = { calls: number; counted: boolean }

/** The thanks for a report, now that it is counted: null where another text answers it. */
export function thanksFor(
  { senator: bioguide, next, thank }: Report,
  { calls, counted }: Tally,
  { congress, person }: Pick<World, 'congress' | 'person'>,
): Reply | null {
  const senator = congress.senator(bioguide)
  if (!thank || !senator) return null
  // Twice on one day is one call: "that's the 212th" would not be true.
  if (!counted) return reply('ack')
  const state = stateName(senator.state, person.language)
  const tally = tallyInWords(calls, person.language)
  const other = next === null ? undefined : congress.senator(next)
  if (!other) return reply('thanks_done', { tally, state })
  const toGo = { state, sen: other.name, phone: other.phone }
  return calls === 1 ? reply('thanks_first', toGo) : reply('thanks_next', { tally, ...toGo })
}
