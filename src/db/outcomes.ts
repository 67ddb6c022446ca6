import type { Db } from './pool.js'

export type NewOutcome = {
  personId: number
  textIn: number
  action: string
  senator: string
  state: string
  outcome: 'reached' | 'voicemail' | 'busy' | 'wrong'
  zone: string
}

/**
 * Records how a call went and, for a call that got through, adds it to the state's tally: once per person, senator and day (in her
 * own zone). Returns the tally after it and whether this one was added.
 */
export async function recordOutcome(
  db: Db,
  outcome: NewOutcome,
): Promise<{ calls: number; counted: boolean }> {
  const { rows } = await db.query<{ calls: number; counted: boolean }>({
    name: 'record-outcome',
    text: `
      with added as (
        insert into outcomes (person_id, text_in, action, senator, state, outcome, day)
        values ($1, $2, $3, $4, $5, $6, (clock_timestamp() at time zone $7)::date)
        on conflict (person_id, senator, action, day) where outcome in ('reached', 'voicemail') do nothing
        returning outcome
      ), counted as (
        insert into tallies (action, state, calls)
        select $3, $5, 1 from added where outcome in ('reached', 'voicemail')
        on conflict (action, state) do update set calls = tallies.calls + 1
        returning calls
      )
      select calls, true as counted from counted
      union all
      select calls, false from tallies where action = $3 and state = $5 and not exists (select from counted)`,
    values: [
      outcome.personId,
      outcome.textIn,
      outcome.action,
      outcome.senator,
      outcome.state,
      outcome.outcome,
      outcome.zone,
    ],
  })
  return rows[0] ?? { calls: 0, counted: false }
}

/**
 * The action of the newest alert that went to her; null: none did within a month. Each blast's text of hers is looked up by its key,
 * as there is no index by person.
 */
export async function newestAlertsAction(db: Db, personId: number): Promise<string | null> {
  const { rows } = await db.query<{ action: string }>({
    name: 'newest-alert',
    text: `
      select (select b.action from blasts b where b.id = t.blast_id) as action
        from texts_out_blasts t
       where (t.blast_id, t.number) in (
               select id, $1::bigint from blasts where ended_at is null or ended_at > now() - interval '31 days')
         and t.status in ('claimed', 'accepted', 'sent', 'delivered', 'in_doubt')
       order by t.claimed_at desc nulls last limit 1`,
    values: [personId],
  })
  return rows[0]?.action ?? null
}
