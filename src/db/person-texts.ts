import type { Db } from './pool.js'

export type BlastReceived = {
  blast: string
  name: string
  at: Date | null
  status: string
  errorCode: number | null
}

export type PendingText = { kind: string; status: string; notBefore: Date; blast: string | null }

/** The blasts whose text left for her, or may have, oldest first. */
export async function blastsOf(db: Db, personId: number): Promise<BlastReceived[]> {
  const { rows } = await db.query<BlastReceived>(
    `select b.code as blast, b.name, coalesce(t.accepted_at, t.claimed_at) as at, t.status, t.error_code as "errorCode"
       from blasts b join texts_out t on t.blast_id = b.id and t.number = $1
      where t.status in ('accepted', 'sent', 'delivered', 'undelivered', 'failed', 'in_doubt')
      order by at, b.id`,
    [personId],
  )
  return rows
}

/**
 * What may still be sent to her: answers, prompts, blasts. The texts of a cancelled blast stay pending for good, and count as
 * cancelled: only one that was claimed before may still go.
 */
export async function pendingFor(db: Db, personId: number): Promise<PendingText[]> {
  const { rows } = await db.query<PendingText>(
    `select kind, status, not_before as "notBefore", null as blast from texts_out
      where blast_id = 0 and person_id = $1 and status in ('pending', 'claimed')
     union all
     select t.kind, t.status, t.not_before, b.name
       from blasts b join texts_out t on t.blast_id = b.id and t.number = $1
      where t.status = 'claimed' or (t.status = 'pending' and b.state <> 'cancelled')
      order by 3`,
    [personId],
  )
  return rows
}
