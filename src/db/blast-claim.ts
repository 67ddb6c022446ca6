import { LIMITS } from '../limits.js'
import type { TextRef } from '../ports.js'
import type { Db } from './pool.js'
import { NOT_HELD } from './restore.js'
import { keepsUnaskedBack, type Outage } from './serves.js'

export type BlastTextRange = { blastId: number; after: number; upTo: number }

/** What every claim is judged by beside the row, the person and the blast themselves. */
export type ClaimRules = {
  /** The promise of the welcome; one after LESS. */
  alertsPerMonth: number
  /** One that this worker has just seen: until every web process has drained its spool since, a STOP may lie in one. */
  outage: Outage | null
  /** The wording itself says how to stop. */
  tellsHowToStop: boolean
  /** Of the canary's texts only. */
  early: boolean
}

export type ClaimedBlastText = {
  ref: TextRef
  attempt: number
  kind: string
  phoneSealed: Buffer
  state: string | null
  zip: string | null
  language: string
  segments: number
  zone: string
  otherZone: string
  expiresAt: Date | null
  /** The database's clock at the claim. */
  now: Date
}

type ClaimRow = ClaimedBlastText & { number: number; status: string; nowMs: number }

/** So many in a row who may not be texted now end a claim; what is behind them waits for the next pass, which begins there. */
const PASSED_OVER_MAX = 100

/** Never more than so many alerts in 24 hours, whatever the blasts allow. */
const ALERTS_PER_24_HOURS_MAX = 3

// As nextClaim judges prompts.
const LAST_CLAIM = `case when b.opens = '00:00' and b.closes = '24:00' then b.closes
  else b.closes - interval '${LIMITS.lastClaimSeconds} s' end`
export const inHours = (zone: string) => `hours_open(judged_now(), ${zone}, b.opens, ${LAST_CLAIM})`
const recent = (since: string) => `(select count(*) from unnest(p.alerted) a where ${since})`
const sameDay = `(a at time zone p.zone)::date = (judged_now() at time zone p.zone)::date`

/** Most people have had no alert lately: the first test settles it for them. */
const capped = (perMonth: string) => `p.alerted <> '{}' and (
     ${recent(`a > judged_now() - interval '30 days'`)} >= case when p.fewer then 1 else ${perMonth}::int end
  or ${recent(sameDay)} >= b.per_day
  or ${recent(`a > judged_now() - interval '24 hours'`)} >= ${ALERTS_PER_24_HOURS_MAX})`

/**
 * The one statement that gives one worker the right to POST some texts of a blast: consent, the blast's state, caps, hours and
 * time are judged here, by the database's clock, on the newest version of the person's row, which it locks: a STOP that has
 * committed is seen, one under way makes it skip her. It locks her for update and not just to share, since the alert is counted
 * on her row: two blasts at once cannot both find room for one.
 *
 * Two subqueries, each with its lock, leave the planner one way only: the texts in their order, each with its person. As one join
 * it reads all people for a claim, once statistics taken in the midst of a blast mislead it. The first has a limit for the same
 * reason, no order is asked for at the end (after a lock it would be a sort of the whole range, every person in it locked), and the
 * blast's id comes to the update from what was claimed: of a blast written since, statistics say that it has no texts at all, and
 * a claim would read all of them.
 */
const claimTexts = (early: string) => `
  with b as materialized (
    select per_day, opens, closes from blasts where id = $1 and state = 'running'
  ), ready as (
    select $1::bigint as blast_id, t.number, t.kind, p.*, judged_now() as now
      from (
       select number, kind, expires_at from texts_out_blasts t
        where t.blast_id = $1 and t.number > $2 and t.number <= $3 and t.status = 'pending' ${early}
          and t.not_before <= judged_now()
        order by t.number limit $4::int + ${PASSED_OVER_MAX} for update skip locked) t
     cross join lateral (
       select p.phone_sealed, p.state, p.zip, p.language, p.zone, p.other_zone,
              case when p.standing = 'left' or p.phone_sealed is null then 'opted_out'
                   when t.expires_at <= judged_now() then 'expired'
                   when p.unreachable is not null or p.standing <> 'joined' then 'cancelled'
                   when ${capped('$5')} then 'capped'
                   else 'claimed' end::text_status as next
         from people p cross join b
        where p.id = t.number
          and (p.standing = 'left' or t.expires_at <= judged_now()
            or (p.standing <> 'held' and ${inHours('p.zone')} and (p.other_zone = p.zone or ${inHours('p.other_zone')})))
          for no key update of p skip locked) p
     where exists (select from b) and not exists (select from serves s where ${keepsUnaskedBack('$8', '$6')}) and ${NOT_HELD}
     limit $4
  ), alerted as (
    update people p
       set alerted = array(select a from unnest(p.alerted) a where a > r.now - interval '31 days') || r.now,
           stop_shown_at = case when $7::boolean or r.kind <> 'blast' then r.now else p.stop_shown_at end
      from ready r
     where p.id = r.number and r.next = 'claimed'
  )
  update texts_out_blasts t
     set status = r.next, claimed_at = case when r.next = 'claimed' then clock_timestamp() end,
         attempts = t.attempts + (r.next = 'claimed')::int
    from ready r
   where t.blast_id = r.blast_id and t.number = r.number
  returning t.number, t.attempts as attempt, t.kind, t.status, r.phone_sealed as "phoneSealed", r.state, r.zip, r.language,
            t.segments, r.zone, r.other_zone as "otherZone", t.expires_at as "expiresAt",
            floor(extract(epoch from r.now) * 1000)::bigint as "nowMs"`

const CLAIM = claimTexts('')
const CLAIM_EARLY = claimTexts('and t.early')

export type BlastClaims = {
  claimed: ClaimedBlastText[]
  /** Rows that got a last state of their own instead: opted_out, capped, expired, cancelled. */
  settled: number
  /** The last number of all of these: up to it nothing of the range can go in this pass. */
  upTo: number
}

/** Claims at most `max` texts of a range that may go now. Nothing: none may (any more). */
export async function claimBlastTexts(
  db: Db,
  range: BlastTextRange,
  max: number,
  rules: ClaimRules,
): Promise<BlastClaims> {
  const { rows } = await db.query<ClaimRow>({
    name: rules.early ? 'claim-blast-early' : 'claim-blast',
    text: rules.early ? CLAIM_EARLY : CLAIM,
    values: [
      range.blastId,
      range.after,
      range.upTo,
      max,
      rules.alertsPerMonth,
      rules.outage?.until ?? null,
      rules.tellsHowToStop,
      rules.outage?.from ?? null,
    ],
  })
  const claimed: ClaimedBlastText[] = []
  let upTo = range.after
  const now = new Date(rows[0]?.nowMs ?? 0) // one statement has one now
  for (const row of rows) {
    upTo = Math.max(upTo, row.number)
    if (row.status !== 'claimed') continue
    row.now = now
    row.ref = { blastId: range.blastId, number: row.number }
    claimed.push(row)
  }
  return { claimed, settled: rows.length - claimed.length, upTo }
}

const SOME_CLAIMABLE = `
  select from blast_ranges r join blasts b on b.id = r.blast_id
    join texts_out_blasts t on t.blast_id = r.blast_id and t.number > r.after and t.number <= r.up_to
    join people p on p.id = t.number
   where b.state = 'running' and t.status = 'pending' and (b.canary <> 'sending' or t.early) and t.not_before <= judged_now()
     and (t.expires_at is null or t.expires_at > judged_now())
     and p.standing = 'joined' and p.unreachable is null and p.phone_sealed is not null and not (${capped('$1')})
     and ${inHours('p.zone')} and ${inHours('p.other_zone')}
     and not exists (select from serves s where ${keepsUnaskedBack('$3', '$2')}) and ${NOT_HELD}
   limit 1 for update of t skip locked for no key update of p skip locked`

/** Whether a worker could claim and send some text of the ranges announced, at this moment: judged and locked as the claim does. */
export async function someBlastTextWaits(
  db: Db,
  rules: Pick<ClaimRules, 'alertsPerMonth' | 'outage'>,
): Promise<boolean> {
  const { rowCount } = await db.query(SOME_CLAIMABLE, [
    rules.alertsPerMonth,
    rules.outage?.until ?? null,
    rules.outage?.from ?? null,
  ])
  return rowCount === 1
}
