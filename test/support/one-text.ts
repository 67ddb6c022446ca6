import type pg from 'pg'
import { createVault } from '../../src/adapters/vault.js'
import { claimBlastTexts } from '../../src/db/blast-claim.js'
import { leave } from '../../src/db/leaving.js'
import { transaction } from '../../src/db/pool.js'
import { createBlastRecorder } from '../../src/outbound/record-blast.js'
import { sendReply } from '../../src/outbound/send.js'
import type { ListedText, SendOutcome, SmsGateway, TextRef } from '../../src/ports.js'
import { systemClock } from '../../src/adapters/system-clock.js'

const vault = createVault(Buffer.alloc(32, 7).toString('base64'))
const WORDS = 'Call today. STOP to cancel.'
const RULES = { alertsPerMonth: 8, outage: null, tellsHowToStop: true, early: false }
const silent = {
  announceMail: () => undefined,
  announceReplies: () => undefined,
  announceRange: () => Promise.resolve(),
  close: () => Promise.resolve(),
}
const unpaced = { take: () => Promise.resolve(0) }

/** A claim in a worker's hands. It has been POSTed once there is an outcome, which the worker may or may not live to record. */
export type Flight = { outcome: SendOutcome | null; record(outcome: SendOutcome): Promise<void> }

/** One text to one person on a real database, and what Twilio has of it. */
export type OneText = {
  kind: 'blast' | 'answer'
  pool: pg.Pool
  ref: TextRef
  personId: number
  blastId: number
  twilioHas: ListedText[]
  gateway: SmsGateway
  /** The program's own claim; null: it gives nothing. */
  claim(): Promise<Flight | null>
  stop(): Promise<void>
  row(): Promise<{ status: string; sid: string | null }>
}

let made = 0

/** An answer waiting, or a text of a running blast: of somebody nobody else knows. */
export async function oneText(pool: pg.Pool, kind: OneText['kind']): Promise<OneText> {
  const name = `one ${process.pid} ${++made}`
  const one = async (sql: string, values: unknown[]): Promise<number> =>
    (await pool.query<{ id: number }>(sql, values)).rows[0]?.id ?? 0
  const inbound = (personId: number) =>
    one(`insert into texts_in (message_sid, person_id, verdict) values ($1, $2, 'stay') returning id`, [
      `SM ${name} ${++made}`,
      personId,
    ])
  const personId = await one(
    `insert into people (phone_hash, phone_sealed, standing) values ($1, $2, 'joined') returning id`,
    [vault.hash(name), vault.seal(name)],
  )
  const blastId =
    kind === 'answer'
      ? 0
      : await one(
          `insert into blasts (code, name, action, wording, created_by, state, opens, closes, started_at, people, fanned_out)
           values ($1, 'vote', 'pro-act', '{}', 'lee', 'running', '00:00', '24:00', now(), 1, 1) returning id`,
          [name],
        )
  const number = await one(
    `insert into texts_out (blast_id, number, person_id, kind, body_sealed, in_reply_to)
     values ($1, coalesce($2, nextval('texts_out_number')), $3, $4, $5, $6) returning number as id`,
    kind === 'answer'
      ? [0, null, personId, 'senators', vault.seal(WORDS), await inbound(personId)]
      : [blastId, personId, personId, 'blast', null, null],
  )
  const ref = { blastId, number }
  const recorder = createBlastRecorder({ pool, clock: systemClock })
  const twilioHas: ListedText[] = []
  const gateway: SmsGateway = {
    send: () => Promise.reject(new Error('every claim brings its own')),
    listTo: () => Promise.resolve([...twilioHas].reverse()),
    listSince: () => {
      throw new Error('nothing was restored')
    },
    close: () => Promise.resolve(),
  }

  async function claimBlast(): Promise<Flight | null> {
    const { claimed } = await claimBlastTexts(pool, { blastId, after: 0, upTo: number }, 1, RULES)
    const [claim] = claimed
    if (!claim) return null
    return {
      outcome: null,
      async record(outcome) {
        recorder.posted(claim, outcome)
        await recorder.flushed()
      },
    }
  }

  /** The worker's whole road of an answer: it stands at the POST until its outcome is told. */
  async function claimAnswer(): Promise<Flight | null> {
    let tell: (outcome: SendOutcome) => void = () => undefined
    const outcome = new Promise<SendOutcome>((resolve) => (tell = resolve))
    let begun: () => void = () => undefined
    const posting = new Promise<'posting'>((resolve) => (begun = () => resolve('posting')))
    const send: SmsGateway['send'] = async (_text, mayStart) => {
      if (!mayStart()) return null
      begun()
      return outcome
    }
    const context = { pool, vault, clock: systemClock, queues: silent, pacing: unpaced }
    const whole = sendReply(
      { ...context, gateway: { ...gateway, send }, window: { from: 0, to: 1_440 } },
      { number, segments: 1 },
    )
    if ((await Promise.race([posting, whole])) !== 'posting') return null
    return { outcome: null, record: (told) => (tell(told), whole) }
  }

  return {
    ...{ kind, pool, ref, personId, blastId, twilioHas, gateway },
    claim: kind === 'blast' ? claimBlast : claimAnswer,
    async stop() {
      const textId = await inbound(personId)
      await transaction(pool, (tx) => leave(tx, { personId, kind: 'left', via: 'text', textId }))
      await pool.query('update texts_in set applied_at = now() where id = $1', [textId])
    },
    async row() {
      const { rows } = await pool.query<{ status: string; sid: string | null }>(
        'select status, message_sid as sid from texts_out where blast_id = $1 and number = $2',
        [blastId, number],
      )
      return rows[0] ?? { status: 'gone', sid: null }
    },
  }
}

export const wordsOfOneText = WORDS
export const vaultOfOneText = vault
