import { z } from 'zod'
import { STATE_CODES } from '../congress/congress.js'
import type { Conversation } from './types.js'

const seconds = z.number().int().min(0)
const names = z.array(z.string().max(80)).max(100).readonly()

const QuestionShape = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('zip') }),
  z.object({ kind: z.literal('state'), among: z.array(z.enum(STATE_CODES)).readonly().nullable() }),
  z.object({ kind: z.literal('outcome'), about: z.string().nullable() }),
  z.object({ kind: z.literal('office'), outcome: z.enum(['reached', 'voicemail', 'busy', 'wrong']) }),
  z.object({ kind: z.literal('stop') }),
  z.object({ kind: z.literal('forget') }),
])

const ConversationShape = z.object({
  question: QuestionShape,
  misses: z.number().int().min(0),
  reported: names,
  reportedAt: seconds,
  offered: names,
  daily: z.record(z.string(), seconds).readonly(),
  recent: z.array(seconds).readonly(),
  // A version that knew of none may have written it.
  keyword: z
    .object({ action: z.string().max(80), at: seconds })
    .nullable()
    .default(null),
  goodbyeSaid: z.boolean(),
})

/** Where every conversation begins. */
export function newConversation(): Conversation {
  return {
    question: { kind: 'none' },
    misses: 0,
    reported: [],
    reportedAt: 0,
    offered: [],
    daily: {},
    recent: [],
    keyword: null,
    goodbyeSaid: false,
  }
}

/** The state as JSON: no number and no word of hers is in it. */
export function encode(conversation: Conversation): string {
  return JSON.stringify(conversation)
}

/** Reads what encode wrote; null for anything else, such as the state of another version. */
export function decode(json: string): Conversation | null {
  try {
    const read = ConversationShape.safeParse(JSON.parse(json))
    return read.success ? read.data : null
  } catch {
    return null // no JSON at all
  }
}
