import type pg from 'pg'
import { transaction, type Db } from './pool.js'

export type BlastState = 'draft' | 'approved' | 'scheduled' | 'running' | 'paused' | 'done' | 'cancelled'

export type CanaryState = 'none' | 'waiting' | 'sending' | 'watched' | 'passed'

/** Language -> template. English is always there: it is what everybody gets who has no other. */
export type BlastWording = { en: string; es?: string }

/** When: one instant for all, or a time on each person's own clock; neither: when somebody starts it. */
export type BlastTimes = {
  zone: string
  atTyped: string | null
  startsAt: Date | null
  /** 2026-12-01T10:00:00 */
  startsLocal: string | null
  firstAt: Date | null
  untilTyped: string | null
  untilAt: Date | null
  untilLocal: string | null
}

/** What an organizer writes; an edit of it voids the approval. */
export type BlastPlan = BlastTimes & {
  name: string
  action: string
  wording: BlastWording
  /** The expression as typed. */
  audience: string
  perDay: number
}

export type BlastRow = BlastPlan & {
  id: number
  code: string
  state: BlastState
  createdBy: string
  createdAt: Date
  /** The window that was approved: 09:00:00 */
  opens: string | null
  closes: string | null
  approvedBy: string | null
  approvedAt: Date | null
  approval: Buffer | null
  approvedPeople: number | null
  /** The audience, frozen at the start; 0 before. */
  people: number
  fannedOut: number
  fedUpTo: number
  canary: CanaryState
  canaryAt: Date | null
  startedAt: Date | null
  endedAt: Date | null
  pausedWhy: string | null
  judgedAt: Date | null
  judgedReceipt: number
  judgedConsent: number
}

const local = (column: string) => `to_char(${column}, 'YYYY-MM-DD"T"HH24:MI:SS')`

const COLUMNS = `b.id, b.code, b.name, b.state, b.action, b.wording, b.audience, b.per_day as "perDay", b.created_by as "createdBy",
  b.created_at as "createdAt", b.zone, b.at_typed as "atTyped", b.starts_at as "startsAt", ${local('b.starts_local')} as "startsLocal",
  b.first_at as "firstAt", b.until_typed as "untilTyped", b.until_at as "untilAt", ${local('b.until_local')} as "untilLocal",
  b.opens, b.closes, b.approved_by as "approvedBy", b.approved_at as "approvedAt", b.approval, b.approved_people as "approvedPeople",
  b.people, b.fanned_out as "fannedOut", b.fed_up_to as "fedUpTo", b.canary, b.canary_at as "canaryAt", b.started_at as "startedAt",
  b.ended_at as "endedAt", b.paused_why as "pausedWhy", b.judged_at as "judgedAt", b.judged_receipt as "judgedReceipt",
  b.judged_consent as "judgedConsent"`

const PLAN_COLUMNS = `name, action, wording, audience, per_day, zone, at_typed, starts_at, starts_local, first_at, until_typed, until_at, until_local`

const planValues = (plan: BlastPlan) => [
  plan.name,
  plan.action,
  JSON.stringify(plan.wording),
  plan.audience,
  plan.perDay,
  plan.zone,
  plan.atTyped,
  plan.startsAt,
  plan.startsLocal,
  plan.firstAt,
  plan.untilTyped,
  plan.untilAt,
  plan.untilLocal,
]

/** Writes a draft. null: its code is taken, try another. */
export async function insertBlast(
  db: Db,
  code: string,
  plan: BlastPlan,
  createdBy: string,
): Promise<BlastRow | null> {
  const { rows } = await db.query<BlastRow>(
    `with b as (
       insert into blasts (code, created_by, ${PLAN_COLUMNS})
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
       on conflict (code) do nothing returning *)
     select ${COLUMNS} from b`,
    [code, createdBy, ...planValues(plan)],
  )
  return rows[0] ?? null
}

/** Replaces the plan of a blast and takes its approval away. The caller holds its lock. */
export async function rewriteBlast(db: Db, id: number, plan: BlastPlan): Promise<void> {
  await db.query(
    `update blasts set (${PLAN_COLUMNS}) = row ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14),
            state = 'draft', approved_by = null, approved_at = null, approval = null, approved_people = null, opens = null, closes = null,
            paused_why = null
      where id = $1`,
    [id, ...planValues(plan)],
  )
}

/** Sets when a blast goes, and nothing else. The caller holds its lock. */
export async function setTimes(db: Db, id: number, times: BlastTimes): Promise<void> {
  await db.query(
    `update blasts set zone = $2, at_typed = $3, starts_at = $4, starts_local = $5, first_at = $6, until_typed = $7, until_at = $8,
            until_local = $9
      where id = $1`,
    [
      id,
      times.zone,
      times.atTyped,
      times.startsAt,
      times.startsLocal,
      times.firstAt,
      times.untilTyped,
      times.untilAt,
      times.untilLocal,
    ],
  )
}

/** One blast by what the organizer types. */
export async function findBlast(db: Db, code: string): Promise<BlastRow | null> {
  const { rows } = await db.query<BlastRow>(`select ${COLUMNS} from blasts b where b.code = $1`, [
    code.toLowerCase(),
  ])
  return rows[0] ?? null
}

/** One blast by its number. */
export async function blastById(db: Db, id: number): Promise<BlastRow | null> {
  const { rows } = await db.query<BlastRow>({
    name: 'blast-by-id',
    text: `select ${COLUMNS} from blasts b where b.id = $1`,
    values: [id],
  })
  return rows[0] ?? null
}

/** Locks a blast until the transaction ends: who changes its state does so under this lock. */
export async function lockBlast(db: Db, id: number): Promise<BlastRow | null> {
  const { rows } = await db.query<BlastRow>(
    `select ${COLUMNS} from blasts b where b.id = $1 for no key update`,
    [id],
  )
  return rows[0] ?? null
}

/** Newest first. */
export async function listBlasts(
  db: Db,
  states: readonly BlastState[] | null = null,
  max = 1_000,
): Promise<BlastRow[]> {
  const { rows } = await db.query<BlastRow>(
    `select ${COLUMNS} from blasts b where $1::blast_state[] is null or b.state = any ($1::blast_state[]) order by b.id desc limit $2`,
    [states, max],
  )
  return rows
}

/** How many blasts there are, of whatever state. */
export async function countBlasts(db: Db): Promise<number> {
  const { rows } = await db.query<{ blasts: number }>('select count(*)::int as blasts from blasts')
  return rows[0]?.blasts ?? 0
}

/** Scheduled blasts whose first instant has come, oldest first. */
export async function blastsToStart(db: Db): Promise<BlastRow[]> {
  const { rows } = await db.query<BlastRow>(
    `select ${COLUMNS} from blasts b where b.state = 'scheduled' and b.first_at <= judged_now() order by b.first_at, b.id`,
  )
  return rows
}

export type Approval = { by: string; digest: Buffer; people: number; opens: string; closes: string }

/** Writes down who agreed to what, and to how many people. The caller holds the lock. */
export async function approve(db: Db, id: number, approval: Approval): Promise<void> {
  await db.query(
    `update blasts set approved_by = $2, approved_at = judged_now(), approval = $3, approved_people = $4, opens = $5, closes = $6,
            paused_why = null
      where id = $1`,
    [id, approval.by, approval.digest, approval.people, approval.opens, approval.closes],
  )
}

/** Moves a blast to a state. The caller holds its lock and has judged that it may. */
export async function setState(
  db: Db,
  id: number,
  state: BlastState,
  why: string | null = null,
): Promise<void> {
  await db.query(
    `update blasts set state = $2::blast_state, paused_why = $3,
            ended_at = case when $2::blast_state in ('done', 'cancelled') then clock_timestamp() else ended_at end
      where id = $1`,
    [id, state, why],
  )
}

/** Where the canary stands. The caller holds the lock. */
export async function setCanary(db: Db, id: number, canary: CanaryState): Promise<void> {
  await db.query(
    `update blasts set canary = $2::text, canary_at = case when $2::text = 'watched' then judged_now() else canary_at end where id = $1`,
    [id, canary],
  )
}

/** From here on the breaker judges: what came in before the start, or before a person said "go on", is settled. */
export async function judgeAnew(db: Db, id: number): Promise<void> {
  await db.query(
    `update blasts set judged_at = clock_timestamp(), judged_receipt = (select coalesce(max(id), 0) from receipts),
            judged_consent = (select coalesce(max(id), 0) from consents), fed_up_to = 0
      where id = $1`,
    [id],
  )
}

/** Pauses a running blast. False: it was not running. */
export async function pauseBlast(pool: pg.Pool, id: number, who: string, why: string): Promise<boolean> {
  return transaction(pool, async (tx) => {
    const blast = await lockBlast(tx, id)
    if (blast?.state !== 'running') return false
    await setState(tx, id, 'paused', why)
    await logBlast(tx, id, who, 'paused', why)
    return true
  })
}

/** Pauses every scheduled or running blast in one statement; each says so in its log. Returns their ids. */
export async function pauseAllBlasts(db: Db, who: string, why: string): Promise<number[]> {
  const { rows } = await db.query<{ id: number }>(
    `with paused as (
       update blasts set state = 'paused', paused_why = $2 where state in ('running', 'scheduled') returning id
     ), logged as (
       insert into blast_log (blast_id, who, what, detail) select id, $1, 'paused', $2 from paused
     )
     select id from paused order by id`,
    [who, why],
  )
  return rows.map(({ id }) => id)
}

export type BlastLogEntry = { at: Date; who: string; what: string; detail: string | null }

/** Adds to the story of a blast. who: an organizer, or the program itself. */
export async function logBlast(
  db: Db,
  blastId: number,
  who: string,
  what: string,
  detail: string | null = null,
): Promise<void> {
  await db.query('insert into blast_log (blast_id, who, what, detail) values ($1, $2, $3, $4)', [
    blastId,
    who,
    what,
    detail,
  ])
}

/** Who did what, oldest first. */
export async function readBlastLog(db: Db, blastId: number): Promise<BlastLogEntry[]> {
  const { rows } = await db.query<BlastLogEntry>(
    'select at, who, what, detail from blast_log where blast_id = $1 order by id',
    [blastId],
  )
  return rows
}

/** The clock by which hours and schedules are judged: the database's. */
export async function judgedNow(db: Db): Promise<Date> {
  const { rows } = await db.query<{ now: Date }>({ name: 'judged-now', text: 'select judged_now() as now' })
  return rows[0]?.now ?? new Date(NaN)
}

/**
 * Puts texts that Twilio does not know of back to where they were before their claim; their alerts never came and do not count.
 * The caller holds the blast's lock.
 */
export async function resetNotSent(db: Db, blastId: number): Promise<number> {
  const { rowCount } = await db.query(
    `with unsure as (
       select t.number, t.claimed_at from texts_out_blasts t join people p on p.id = t.number
        where t.blast_id = $1 and t.status = 'not_sent' order by p.id for no key update of p
     ), uncounted as (
       update people p set alerted = array(select a from unnest(p.alerted) a where a not between u.claimed_at - interval '5 seconds' and u.claimed_at)
         from unsure u where p.id = u.number
     )
     update texts_out_blasts t set status = 'pending', claimed_at = null, settled_at = null, error_code = null,
            doubt_polls = 0, doubt_polled_at = null, not_before = judged_now()
       from unsure u where t.blast_id = $1 and t.number = u.number`,
    [blastId],
  )
  return rowCount ?? 0
}

/** Who wrote the words and chose the people that stand; another name or time is neither. null: nobody (a blast without a story). */
export async function lastWriter(db: Db, blastId: number): Promise<string | null> {
  const { rows } = await db.query<{ who: string }>(
    `select who from blast_log where blast_id = $1 and (what in ('created', 'copied')
         or (what = 'edited' and detail ~ '\\m(body|bodyFile|action|audience|perDay)\\M'))
      order by id desc limit 1`,
    [blastId],
  )
  return rows[0]?.who ?? null
}
