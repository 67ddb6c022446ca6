import type { Db } from './pool.js'
import { PROMPT_KINDS } from './texts-out.js'

export type LedgerFault = { blast: string | null; what: string; count: number }

export type LedgerCheck = { blasts: number; texts: number; faults: LedgerFault[] }

// A claim is in doubt after 30 s, and a doubt settled after some minutes: longer than that, nobody works.
const CLAIM_STUCK = `interval '5 minutes'`
const DOUBT_STUCK = `interval '1 hour'`
// A last confirmation waits for as long as Twilio is down.
const FORGETTING_STUCK = `interval '1 day'`

const started = `(select id, code, people, fanned_out, state from blasts where started_at is not null and ($1::text is null or code = $1))`

const texts = `select b.code as blast, count(*) as count from texts_out t left join blasts b on b.id = t.blast_id`
const asked = `and ($1::text is null or b.code = $1) group by b.code`

// The last word before the claim counts: who came back may be texted again.
const lastWord = (kinds: string) => `join lateral (
  select kind from consents c where c.person_id = t.person_id and c.at < t.claimed_at and kind = any ('{left,carrier-blocked,forgotten,${kinds}}')
   order by c.at desc, c.id desc limit 1) last on last.kind in ('left', 'carrier-blocked', 'forgotten')`

const QUESTIONS: readonly { what: string; sql: string }[] = [
  {
    what: 'people of the audience are in no state, or in two',
    sql: `select b.code as blast, abs(b.people - (b.people - b.fanned_out) - n.rows) as count
            from ${started} b cross join lateral (select count(*) as rows from texts_out t where t.blast_id = b.id) n`,
  },
  {
    what: 'people were never written into a blast that is done',
    sql: `select b.code as blast, b.people - b.fanned_out as count from ${started} b where b.state = 'done'`,
  },
  {
    what: 'texts are open in a blast that is done',
    sql: `select b.code as blast, count(*) as count from ${started} b join texts_out t on t.blast_id = b.id
           where b.state = 'done' and t.status in ('pending', 'claimed') group by b.code`,
  },
  {
    what: 'MessageSids belong to two texts',
    sql: `select null as blast, count(*) as count from (
            select message_sid from texts_out t
             where message_sid is not null and ($1::text is null or blast_id in (select id from ${started} b))
             group by message_sid having count(*) > 1) twice`,
  },
  {
    what: 'texts of a blast were claimed after the person had left',
    sql: `select b.code as blast, count(*) as count
            from ${started} b join texts_out t on t.blast_id = b.id ${lastWord('joined,rejoined,imported')}
           where t.claimed_at is not null group by b.code`,
  },
  {
    what: 'texts nobody had asked for were claimed after the person had left',
    sql: `select null as blast, count(*) as count from texts_out t ${lastWord('joined,rejoined,imported,invited')}
           where $1::text is null and t.blast_id = 0 and t.kind = any ('{${PROMPT_KINDS.join()},blast_test}')`,
  },
  {
    what: 'people get blasts though their last record says that they left',
    sql: `select null as blast, count(*) as count from people p
           where $1::text is null and p.standing in ('joined', 'held')
             and (select kind from consents c where c.person_id = p.id order by id desc limit 1) in ('left', 'carrier-blocked', 'forgotten')`,
  },
  {
    what: 'texts of a blast stand under somebody else than they go to',
    sql: `select b.code as blast, count(*) as count from ${started} b join texts_out t on t.blast_id = b.id
           where t.person_id <> t.number group by b.code`,
  },
  {
    what: 'texts that Twilio has taken count as not sent',
    sql: `${texts} where t.status in ('pending', 'not_sent') and t.message_sid is not null ${asked}`,
  },
  {
    what: 'texts have left without a MessageSid',
    sql: `${texts} where t.status in ('accepted', 'sent', 'delivered', 'undelivered') and t.message_sid is null ${asked}`,
  },
  {
    what: 'people were forgotten a day ago or more, and their number is still here',
    sql: `select null as blast, count(*) as count from people p
            join lateral (select kind, at from consents c where c.person_id = p.id order by id desc limit 1) last on last.kind = 'forgotten'
           where $1::text is null and p.standing = 'left' and p.phone_sealed is not null and last.at < clock_timestamp() - ${FORGETTING_STUCK}
             and not exists (select from texts_in i where i.person_id = p.id and i.received_at > clock_timestamp() - ${FORGETTING_STUCK})`,
  },
  {
    what: 'texts are stuck: claimed for minutes, or in doubt for an hour',
    sql: `${texts} where ((t.status = 'claimed' and t.claimed_at < clock_timestamp() - ${CLAIM_STUCK})
               or (t.status = 'in_doubt' and t.claimed_at < clock_timestamp() - ${DOUBT_STUCK}))
             ${asked}`,
  },
]

/** Proves the ledger, or one blast of it, from its own rows. null: there is no such blast. */
export async function checkLedger(db: Db, code: string | null): Promise<LedgerCheck | null> {
  const { rows: known } = await db.query<{ blasts: number; texts: number }>(
    `select count(*) as blasts, coalesce(sum((select count(*) from texts_out t where t.blast_id = b.id)), 0)::bigint as texts
       from blasts b where $1::text is null or code = $1`,
    [code],
  )
  if (code !== null && known[0]?.blasts === 0) return null
  const faults: LedgerFault[] = []
  for (const { what, sql } of QUESTIONS) {
    const { rows } = await db.query<{ blast: string | null; count: number }>(sql, [code])
    for (const { blast, count } of rows) if (count > 0) faults.push({ blast, what, count })
  }
  return { blasts: known[0]?.blasts ?? 0, texts: known[0]?.texts ?? 0, faults }
}
