import type { Db } from './pool.js'

export type ConsentKind =
  'joined' | 'left' | 'rejoined' | 'invited' | 'imported' | 'carrier-blocked' | 'forgotten'

export type NewConsent = {
  personId: number
  kind: ConsentKind
  via: 'text' | 'carrier' | 'operator' | 'import'
  wordsSealed?: Buffer | null
  messageSid?: string | null
  /** What in her words was taken for it, or the operator's reason. */
  rule?: string | null
  wordingId?: number | null
  recordedBy?: string | null
}

/** Adds one record to the consent ledger. There is no way to change one. */
export async function recordConsent(db: Db, consent: NewConsent): Promise<void> {
  await db.query({
    name: 'record-consent',
    text: `insert into consents (person_id, kind, via, words_sealed, message_sid, rule, wording_id, recorded_by)
           values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    values: [
      consent.personId,
      consent.kind,
      consent.via,
      consent.wordsSealed ?? null,
      consent.messageSid ?? null,
      consent.rule ?? null,
      consent.wordingId ?? null,
      consent.recordedBy ?? null,
    ],
  })
}

/** The id of a wording people were shown; kept once per distinct text. */
export async function wordingId(db: Db, label: string, body: string): Promise<number> {
  const { rows } = await db.query<{ id: number }>({
    name: 'wording-id',
    text: `with digest as (select sha256(convert_to($1 || E'\\n' || $2, 'UTF8')) as d),
             known as (select id from wordings, digest where wordings.digest = d),
             added as (insert into wordings (digest, label, body) select d, $1, $2 from digest where not exists (select from known)
                       on conflict (digest) do nothing returning id)
           select id from known union all select id from added`,
    values: [label, body],
  })
  return rows[0]?.id ?? wordingId(db, label, body)
}
