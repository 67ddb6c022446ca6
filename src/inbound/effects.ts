import type pg from 'pg'
import { nextOpen, type SendWindow } from '../compliance/quiet-hours.js'
import { segmentsOf } from '../compliance/segments.js'
import { zonesFor } from '../congress/zones.js'
import { renderText } from '../conversation/render.js'
import type { TextName } from '../conversation/text-names.js'
import { thanksFor } from '../conversation/thanks.js'
import type { Conversation, Reply, Step, World } from '../conversation/types.js'
import { recordConsent, wordingId } from '../db/consents.js'
import { forget } from '../db/forgetting.js'
import { newestAlertsAction, recordOutcome } from '../db/outcomes.js'
import { lockPerson, type PersonRow } from '../db/people.js'
import { insertReplies, type NewReply } from '../db/texts-out.js'
import type { WaitingText } from '../db/texts-in.js'
import { unreachable } from '../errors.js'
import { LIMITS } from '../limits.js'
import { personLeft } from '../observability/events.js'
import type { Vault, WaitingReply } from '../ports.js'

// The law wants these answered however late they come, and as they are: no apology goes into them. So too whom we ask whether to
// stop: she is held until she answers.
const ALWAYS: ReadonlySet<TextName> = new Set(['stop', 'help', 'forget_done', 'unclear'])
const TELLS_HOW_TO_STOP: ReadonlySet<TextName> = new Set([
  'welcome',
  'start',
  'stop',
  'help',
  'nudge',
  'invite',
  'unclear',
])

const HOUR_MS = 3_600_000

/** What it takes to write the answers down. */
export type EffectsContext = { vault: Vault; window: SendWindow }

/** replies: those to be sent at once, when Postgres has written them. */
type Committed = { replies: Promise<WaitingReply[]>; stopShown: boolean }

/** Makes one step's effects true inside the caller's transaction; `person` is changed to match and saved by the caller. */
export async function commitEffects(
  context: EffectsContext,
  tx: pg.PoolClient,
  person: PersonRow,
  text: WaitingText,
  { effects, conversation }: Step,
  world: World,
): Promise<Committed> {
  const { vault } = context
  const staleAt = new Date(text.receivedAt.getTime() + LIMITS.replyAgeHoursMax * HOUR_MS)
  const late = world.now > staleAt
  const rows: NewReply[] = []
  // What she gets to see: a text that came too late proves no consent and tells nobody how to stop.
  const shown = new Map<TextName, string>()
  const joins: TextName[] = []

  const say = (reply: Reply): void => {
    const always = ALWAYS.has(reply.text)
    const apology = person.owesApology && !always && !late
    const body = renderText(world.action, person.language, reply.text, reply.vars, {
      shortCode: world.shortCode,
      apology,
    })
    const dropped = late && !always
    if (apology) person.owesApology = false
    if (dropped) person.owesApology = true
    else shown.set(reply.text, body)
    rows.push({
      personId: person.id,
      kind: reply.text,
      bodySealed: vault.seal(body),
      segments: segmentsOf(body),
      inReplyTo: text.id,
      notBefore: null,
      expiresAt: always ? null : staleAt,
      status: dropped ? 'expired' : 'pending',
    })
  }

  for (const effect of effects) {
    switch (effect.kind) {
      case 'reply':
        say(effect)
        break
      case 'join':
        joins.push(effect.shown)
        break
      case 'place': {
        const { zip, state } = effect
        // The same state once more is nothing new, and hours that migration 0009 made stricter for a lost ZIP stay hers.
        const isKnown = zip === null && person.zip === null && state === person.state
        if (!isKnown) Object.assign(person, { zip, state, ...zonesFor(effect) })
        break
      }
      case 'language':
        person.language = effect.language
        break
      case 'fewer':
        person.fewer = effect.fewer
        break
      case 'hold':
        person.standing = 'held'
        break
      case 'release':
        person.standing = 'joined'
        break
      case 'report': {
        const tally = await recordOutcome(tx, {
          personId: person.id,
          textIn: text.id,
          action: await reportedOn(tx, person, conversation, world),
          senator: effect.senator,
          state: world.congress.senator(effect.senator)?.state ?? person.state ?? '',
          outcome: effect.outcome,
          zone: person.zone,
        })
        const thanks = thanksFor(effect, tally, world)
        if (thanks) say(thanks)
        break
      }
      case 'nudge': {
        const due = new Date(world.now.getTime() + LIMITS.nudgeAfterHours * HOUR_MS)
        const body = renderText(world.action, person.language, 'nudge', {}, { shortCode: world.shortCode })
        rows.push({
          personId: person.id,
          kind: 'nudge',
          bodySealed: vault.seal(body),
          segments: segmentsOf(body),
          inReplyTo: text.id,
          notBefore: nextOpen(due, person, context.window) ?? due,
          expiresAt: null,
          status: 'pending',
        })
        break
      }
      case 'forget':
        // She is out and her words are gone at once; her number goes when the confirmation has been sent.
        await forget(tx, { personId: person.id, via: 'text', textId: text.id })
        personLeft({ via: 'text' })
        Object.assign(person, await lockPerson(tx, person.id))
        break
      default:
        unreachable(effect)
    }
  }
  for (const name of joins) await join(tx, person, text, world, name, shown.get(name))
  const dueNow = (row: NewReply | undefined) => row?.status === 'pending' && row.notBefore === null
  return {
    replies: insertReplies(tx, rows).then((numbers) =>
      numbers.flatMap((number, i) => (dueNow(rows[i]) ? [{ number, segments: rows[i]?.segments ?? 1 }] : [])),
    ),
    stopShown: [...shown.keys()].some((name) => TELLS_HOW_TO_STOP.has(name)),
  }
}

/** What her report is about: her newest alert, unless she has texted another action's keyword since. */
async function reportedOn(
  tx: pg.PoolClient,
  { id, alertedAt }: PersonRow,
  { keyword }: Conversation,
  { action }: World,
): Promise<string> {
  const isAlert = alertedAt !== null && alertedAt.getTime() / 1_000 >= (keyword?.at ?? 0)
  return (isAlert ? await newestAlertsAction(tx, id) : null) ?? action.name
}

/** Brings her in, with her exact words, the MessageSid and the wording she was shown on record. */
async function join(
  tx: pg.PoolClient,
  person: PersonRow,
  text: WaitingText,
  world: World,
  name: TextName,
  body: string | undefined,
): Promise<void> {
  const label = `${name}, ${world.action.name} version ${world.action.version}`
  await recordConsent(tx, {
    personId: person.id,
    kind: person.joinedAt ? 'rejoined' : 'joined',
    via: text.optOutType ? 'carrier' : 'text',
    wordsSealed: text.bodySealed,
    messageSid: text.messageSid,
    wordingId: body === undefined ? null : await wordingId(tx, label, body),
  })
  person.standing = 'joined'
  person.joinedAt ??= world.now
}
