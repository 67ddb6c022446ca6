import { nextOpen } from '../compliance/quiet-hours.js'
import { segmentsOf } from '../compliance/segments.js'
import type { Action } from '../conversation/action.js'
import { renderText } from '../conversation/render.js'
import { dueInvites, takeUnasked } from '../db/invites.js'
import { takeLease } from '../db/leases.js'
import { transaction } from '../db/pool.js'
import { insertReplies } from '../db/texts-out.js'
import { sendReply, type SendContext } from './send.js'

export type InviteContext = SendContext & {
  worker: string
  segmentsPerSecond: number
  /** The one people are invited to. */
  action: Action
  shortCode: string
}

const LEASE_SECONDS = 10
const AT_ONCE = 16
const KEPT_DAYS = 14

/**
 * Asks people on a list with --invite, once each, whether they want to join: in their own hours, at the blasts' pace, one worker at
 * a time. Called every second.
 */
export async function sendInvites(context: InviteContext): Promise<void> {
  const { pool, spending, action } = context
  if (spending?.allowsBlasts() === false) return
  const max = Math.max(1, Math.ceil(context.segmentsPerSecond / 2))
  if (!(await takeLease(pool, 'invites', context.worker, LEASE_SECONDS))) return
  await writeInvites(context, action, max)
  const due = await dueInvites(pool, max)
  for (let at = 0; at < due.length; at += AT_ONCE)
    await Promise.all(due.slice(at, at + AT_ONCE).map((invite) => sendReply(context, invite, 'blasts')))
}

async function writeInvites(context: InviteContext, action: Action, max: number): Promise<void> {
  const { pool, vault, clock, window, shortCode } = context
  const now = clock.now()
  await transaction(pool, async (tx) => {
    const people = await takeUnasked(tx, max)
    await insertReplies(
      tx,
      people.map((person) => {
        const body = renderText(action, person.language === 'es' ? 'es' : 'en', 'invite', {}, { shortCode })
        return {
          personId: person.id,
          kind: 'invite',
          bodySealed: vault.seal(body),
          segments: segmentsOf(body),
          inReplyTo: null,
          notBefore: nextOpen(now, person, window) ?? now,
          expiresAt: new Date(now.getTime() + KEPT_DAYS * 86_400_000),
          status: 'pending' as const,
        }
      }),
    )
  })
}
