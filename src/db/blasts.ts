import type { Db } from './pool.js'

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

/** The clock by which hours and schedules are judged: the database's. */
export async function judgedNow(db: Db): Promise<Date> {
  const { rows } = await db.query<{ now: Date }>({ name: 'judged-now', text: 'select judged_now() as now' })
  return rows[0]?.now ?? new Date(NaN)
}
