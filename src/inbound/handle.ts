import type pg from 'pg'
import type { Congress } from '../congress/congress.js'
import type { Action } from '../conversation/action.js'
import { answeringAction } from '../conversation/answering.js'
import { decode, encode, newConversation } from '../conversation/codec.js'
import { confirmsForget } from '../conversation/leaving.js'
import { step } from '../conversation/step.js'
import type { Conversation, TextEvent } from '../conversation/types.js'
import { lockPerson, savePerson, type PersonRow } from '../db/people.js'
import { transaction, type AtLast } from '../db/pool.js'
import { cancelPrompts } from '../db/texts-out.js'
import { cameLate, markApplied, peopleWithOldMail, waitingTexts, type WaitingText } from '../db/texts-in.js'
import { LIMITS } from '../limits.js'
import { fault, textHandled } from '../observability/events.js'
import type { Clock, ConversationStore, Queues, WaitingReply } from '../ports.js'
import { commitEffects, type EffectsContext } from './effects.js'

export type HandleContext = EffectsContext & {
  pool: pg.Pool
  conversations: ConversationStore
  queues: Pick<Queues, 'announceReplies'>
  clock: Clock
  /** The table of senators in force: it may change while we run. */
  congress: () => Congress
  actions: readonly Action[]
  shortCode: string
}

/**
 * Applies a person's waiting texts in the order of receipt: her lock, the state, one step a text, everything they change in one
 * transaction, then a wake-up for the senders and the state to Redis. Run twice, it changes nothing the second time.
 */
export async function handleMail(context: HandleContext, personId: number): Promise<void> {
  const { pool, conversations, queues } = context
  for (;;) {
    // Redis is read before the lock is taken: a slow Redis must not hold her row.
    const stored = await conversations.load(personId)
    const done = await transaction(pool, async (tx, atLast) => {
      // Postgres looks for her texts once it has given us the lock: the statements are done one after the other.
      const [person, waiting] = await Promise.all([
        lockPerson(tx, personId),
        waitingTexts(tx, personId, LIMITS.textsPerDrain),
      ])
      if (!person || waiting.length === 0) return null
      const known = stored?.lastText === person.lastText ? decode(stored.json) : null
      const conversation = known ?? decode(JSON.stringify(person.conversation)) ?? newConversation()
      return { ...(await applyAll(context, { tx, atLast }, person, conversation, waiting)), person, waiting }
    })
    if (!done) return
    // Each of hers wakes the next one.
    queues.announceReplies(done.replies.slice(0, 1))
    await conversations.save(personId, { lastText: done.person.lastText, json: encode(done.conversation) })
    for (const text of done.handled) textHandled(text)
    if (done.waiting.length < LIMITS.textsPerDrain) return
  }
}

const OLD_MAIL_MS = 1_000
const SWEPT_AT_ONCE = 100

/** Applies what no wake-up call announced. One person whose texts cannot be applied is told of, and keeps nobody else waiting. */
export async function handleOldMail(context: HandleContext): Promise<void> {
  const { pool } = context
  for (const personId of await peopleWithOldMail(pool, OLD_MAIL_MS, SWEPT_AT_ONCE))
    try {
      await handleMail(context, personId)
    } catch (error) {
      fault('sweep', error, { personId })
      await pool.query('select 1') // while Postgres is away nobody's can be applied
    }
}

type Applied = {
  conversation: Conversation
  /** There once the transaction has ended. */
  replies: WaitingReply[]
  handled: Parameters<typeof textHandled>[0][]
}

/** Does not wait for what it writes, unless an effect needs the answer. */
async function applyAll(
  context: HandleContext,
  { tx, atLast }: { tx: pg.PoolClient; atLast: AtLast },
  person: PersonRow,
  before: Conversation,
  waiting: readonly WaitingText[],
): Promise<Applied> {
  const { vault, clock, actions, shortCode } = context
  const keywords = actions.flatMap((action) => action.keywords)
  const applied: Applied = { conversation: before, replies: [], handled: [] }
  let stopShown = false
  let mayBePrompted = true // by an earlier text; within this batch we know
  const leftLate = waiting.some(({ isLate }) => isLate) && (await cameLate(tx, person.leftText))
  for (const text of waiting) {
    if (mayBePrompted) atLast(cancelPrompts(tx, person.id))
    const now = clock.now()
    const body = text.bodySealed ? vault.open(text.bodySealed) : ''
    const world = {
      now,
      action: answeringAction(actions, body, applied.conversation, shortCode),
      keywords,
      congress: context.congress(),
      person: {
        standing: person.standing,
        zip: person.zip,
        state: person.state,
        language: person.language,
        fewer: person.fewer,
        joinedBefore: person.joinedAt !== null,
        alertedAt: person.alertedAt,
      },
      shortCode,
    }
    const event: TextEvent = {
      kind: 'text',
      body,
      mediaCount: text.mediaCount,
      verdict: text.verdict,
      optOutType: text.optOutType,
      // Her yes to being erased holds though she left right behind it. The goodbye of her STOP stays the one text to her.
      beforeLeave: isBeforeLeave(text, person, leftLate) && !confirmsForget(applied.conversation, body),
    }
    const from = applied.conversation.question.kind
    const stepped = step(applied.conversation, event, world)
    const committed = await commitEffects(context, tx, person, text, stepped, world)
    applied.conversation = stepped.conversation
    // FORGET takes back what was to be said before.
    const isForgotten = stepped.effects.some(({ kind }) => kind === 'forget')
    atLast(
      committed.replies.then((replies) => {
        if (isForgotten) applied.replies.length = 0
        applied.replies.push(...replies)
      }),
    )
    stopShown ||= committed.stopShown
    mayBePrompted = stepped.effects.some(({ kind }) => kind === 'nudge')
    applied.handled.push({
      messageSid: text.messageSid,
      understood: stepped.understood,
      from,
      to: stepped.conversation.question.kind,
      ageMs: now.getTime() - text.receivedAt.getTime(),
    })
  }
  person.lastText = waiting.at(-1)?.id ?? person.lastText
  person.conversation = JSON.parse(encode(applied.conversation)) as unknown
  atLast(savePerson(tx, person, stopShown))
  waiting.forEach(({ id }, i) => atLast(markApplied(tx, id, applied.handled[i]?.understood ?? 'unknown')))
  return applied
}

/**
 * Received before her latest leave, by its number or, where it waited in a spool, by its time. Clocks differ: within a minute of
 * her STOP a late text is older.
 */
function isBeforeLeave(text: WaitingText, person: PersonRow, leftLate: boolean): boolean {
  if (text.verdict === 'leave') return text.id < person.leftText
  if (text.id <= person.leftText) return true
  // Where her STOP came by the same way, their order is known.
  const slackMs = text.isLate && !leftLate ? LIMITS.clockSlackMs : 0
  return person.leftAt !== null && text.receivedAt.getTime() < person.leftAt.getTime() + slackMs
}
