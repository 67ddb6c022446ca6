import type pg from 'pg'
import { takeLease } from '../db/leases.js'
import {
  knownSids,
  liftHold,
  placesByHash,
  readHold,
  recordLeft,
  stillMissing,
  unsettledTexts,
  type Hold,
  type Unsettled,
} from '../db/restore.js'
import { restoreSettled, restoreWaits } from '../observability/events.js'
import type { ListedOutgoing, SmsGateway, Vault } from '../ports.js'
import { takeIncomingReceipt } from './receipt.js'

export type RestoredContext = {
  pool: pg.Pool
  gateway: Pick<SmsGateway, 'listSince'>
  vault: Pick<Vault, 'hash' | 'open'>
  worker: string
  /** The words a text of a blast can have had, by what is known of her now. */
  blastBodies: (text: Pick<Unsettled, 'ref' | 'state' | 'zip'>) => Promise<readonly string[]>
  /** Blasts that the copy knows as not started. */
  unstarted(): Promise<readonly number[]>
  /** Starts one of them without letting it go on. */
  startPaused(blastId: number): Promise<void>
  /** Takes in what people texted meanwhile. */
  takeMissed(): Promise<void>
  /** Writes the texts still missing in paused blasts: they may have been running meanwhile. */
  writePaused(): Promise<void>
}

const LEASE_SECONDS = 300

type Settled = { bound: number; inDoubt: number; strangers: number }

/**
 * After the database came back from a copy: finds in Twilio's list what has left since the copy was made, so that nobody gets it
 * twice, and lets claims go through again. Until then nothing goes. Called every few seconds; does nothing where nothing is held.
 */
export async function settleRestored(context: RestoredContext): Promise<void> {
  const { pool, worker } = context
  const hold = await readHold(pool)
  if (!hold || !(await takeLease(pool, 'restored', worker, LEASE_SECONDS))) return
  await context.takeMissed()
  await context.writePaused()
  const missing = await stillMissing(pool, hold)
  if (missing !== null) return restoreWaits({ for: missing })
  let { bound } = await walk(context, hold, bindSameWords)
  const begun = await startedSince(context, hold)
  for (const blastId of begun) await context.startPaused(blastId)
  if (begun.length > 0) {
    await context.writePaused()
    bound += (await walk(context, hold, bindSameWords)).bound
  }
  // Only now: what nobody has claimed may still be a text of a blast whose words cannot be made again.
  const { inDoubt, strangers } = await walk(context, hold, doubtTheRest)
  await liftHold(pool)
  restoreSettled({ since: hold.since.toISOString(), bound, inDoubt, strangers })
}

type Visit = (
  context: RestoredContext,
  text: ListedOutgoing,
  hers: Unsettled[],
) => Promise<keyof Settled | null>

/** Goes through all that Twilio has from us since the copy and that is not known here, with the unsent texts to each person. */
async function walk(context: RestoredContext, hold: Hold, visit: Visit): Promise<Settled> {
  const { pool } = context
  const counts: Settled = { bound: 0, inDoubt: 0, strangers: 0 }
  for await (const unknown of unknownTexts(context, hold)) {
    const hers = new Map<string, Unsettled[]>()
    for (const text of await unsettledTexts(
      pool,
      unknown.map(({ hash }) => hash),
    )) {
      const key = text.phoneHash.toString('hex')
      hers.set(key, [...(hers.get(key) ?? []), text])
    }
    for (const { text, hash } of unknown) {
      const did = await visit(context, text, hers.get(hash.toString('hex')) ?? [])
      if (did) counts[did] += 1
    }
  }
  return counts
}

/** What Twilio has from us since the copy and nobody here knows, in pages. */
async function* unknownTexts({ pool, vault, gateway }: RestoredContext, hold: Hold) {
  for await (const page of gateway.listSince(hold.since)) {
    const known = await knownSids(
      pool,
      page.map(({ sid }) => sid),
    )
    yield page
      .filter(({ sid }) => !known.has(sid))
      .map((text: ListedOutgoing) => ({ text, hash: vault.hash(text.to) }))
  }
}

/** Blasts that somebody started after the copy was made, though here they wait for it: texts with their words have left. */
async function startedSince(context: RestoredContext, hold: Hold): Promise<number[]> {
  const waiting = new Set(await context.unstarted())
  const begun: number[] = []
  for await (const unknown of waiting.size > 0 ? unknownTexts(context, hold) : []) {
    const people = await placesByHash(
      context.pool,
      unknown.map(({ hash }) => hash),
    )
    for (const { text, hash } of unknown) {
      const person = people.get(hash.toString('hex'))
      if (!person) continue
      for (const blastId of waiting) {
        const words = await context.blastBodies({ ref: { blastId, number: person.id }, ...person })
        if (!words.includes(text.body)) continue
        waiting.delete(blastId)
        begun.push(blastId)
      }
    }
  }
  return begun
}

const bindSameWords: Visit = async (context, text, hers) => {
  for (const [at, candidate] of hers.entries()) {
    if (!(await wordsOf(context, candidate)).includes(text.body)) continue
    hers.splice(at, 1)
    await recordLeft(context.pool, candidate.ref, text.createdAt, text.sid)
    const { sid: messageSid, status, errorCode } = text
    await takeIncomingReceipt(context.pool, { ref: candidate.ref, messageSid, status, errorCode })
    return 'bound'
  }
  return null
}

// At most once goes before at least once: she gets it when a person decides so (blast resend-unconfirmed).
const doubtTheRest: Visit = async ({ pool }, text, hers) => {
  const at = hers.findIndex(({ ref }) => ref.blastId !== 0)
  const [candidate] = at === -1 ? [] : hers.splice(at, 1)
  if (!candidate) return 'strangers'
  if (candidate.status === 'pending') await recordLeft(pool, candidate.ref, text.createdAt, null)
  return 'inDoubt'
}

const wordsOf = async (
  { vault, blastBodies }: RestoredContext,
  text: Unsettled,
): Promise<readonly string[]> => (text.bodySealed ? [vault.open(text.bodySealed)] : blastBodies(text))
