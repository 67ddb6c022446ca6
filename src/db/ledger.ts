import type { Db } from './pool.js'

export type LedgerEntry = {
  id: number
  kind: string
  at: Date
  via: string
  wordsSealed: Buffer | null
  messageSid: string | null
  rule: string | null
  recordedBy: string | null
  erasedAt: Date | null
  /** Which wording she was shown, and its words. */
  shown: string | null
  wording: string | null
}

export type PersonLedgerEntry = LedgerEntry & {
  /** When the confirmation of a leave left for her. */
  toldAt: Date | null
}

export type NumberedLedgerEntry = LedgerEntry & { phoneSealed: Buffer | null; personId: number }

const ENTRY = `c.id, c.kind, c.at, c.via, c.words_sealed as "wordsSealed", c.message_sid as "messageSid", c.rule,
  c.recorded_by as "recordedBy", c.erased_at as "erasedAt", w.label as shown, w.body as wording`

/** One person's consent events, oldest first. */
export async function ledgerOf(db: Db, personId: number): Promise<PersonLedgerEntry[]> {
  const { rows } = await db.query<PersonLedgerEntry>(
    `select ${ENTRY}, told.accepted_at as "toldAt"
       from consents c
       left join wordings w on w.id = c.wording_id
       left join texts_in i on i.message_sid = c.message_sid
       left join texts_out told on told.blast_id = 0 and told.in_reply_to = i.id and told.kind = 'stop'
      where c.person_id = $1 order by c.id`,
    [personId],
  )
  return rows
}

/** The whole ledger in the order it was written, page by page. */
export async function* ledgerPages(db: Db, pageRows: number): AsyncGenerator<NumberedLedgerEntry[]> {
  let after = 0
  for (;;) {
    const { rows } = await db.query<NumberedLedgerEntry>(
      `select ${ENTRY}, c.person_id as "personId", p.phone_sealed as "phoneSealed"
         from consents c join people p on p.id = c.person_id left join wordings w on w.id = c.wording_id
        where c.id > $1 order by c.id limit $2`,
      [after, pageRows],
    )
    if (rows.length > 0) yield rows
    if (rows.length < pageRows) return
    after = rows.at(-1)?.id ?? after
  }
}
