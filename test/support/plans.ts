import type pg from 'pg'
import { openPool } from '../../src/db/pool.js'

type Node = {
  'Node Type': string
  'Relation Name'?: string
  'Actual Rows'?: number
  'Actual Loops'?: number
  'Rows Removed by Filter'?: number
  'Rows Removed by Index Recheck'?: number
  Plans?: Node[]
}

/** One look at a table, as it was: all it read there, and not only what it kept. */
export type Look = { table: string; how: string; rows: number }

export type ExplainedPool = {
  pool: pg.Pool
  /** The looks of each statement since the last call, in order. */
  looks(): Look[][]
}

/**
 * One connection on which Postgres tells the plan of each statement with what it did, as it was run: our own functions, our own
 * names, also after the fifth time, when a named statement may get a plan for all values.
 */
export async function explainedPool(url: string): Promise<ExplainedPool> {
  let told: Look[][] = []
  const pool = openPool(url, { max: 1 })
  const listening = (client: pg.PoolClient) =>
    client.on('notice', ({ message }) => {
      const plan = /^duration: .*? plan:\s*(\{.*\})\s*$/s.exec(message ?? '')?.[1]
      if (plan) told.push(looksOf((JSON.parse(plan) as { Plan: Node }).Plan))
    })
  pool.on('connect', listening)
  await pool.query(`load 'auto_explain'`)
  await pool.query(
    `set auto_explain.log_min_duration = 0; set auto_explain.log_analyze = on; set auto_explain.log_timing = off;
     set auto_explain.log_format = json; set client_min_messages = log`,
  )
  told = []
  return {
    pool,
    looks() {
      const those = told
      told = []
      return those
    },
  }
}

function looksOf(node: Node): Look[] {
  const below = (node.Plans ?? []).flatMap(looksOf)
  const table = node['Relation Name']
  // A change touches what was looked up for it.
  if (table === undefined || node['Node Type'] === 'ModifyTable') return below
  const perLoop =
    (node['Actual Rows'] ?? 0) +
    (node['Rows Removed by Filter'] ?? 0) +
    (node['Rows Removed by Index Recheck'] ?? 0)
  return [
    { table, how: node['Node Type'], rows: Math.round(perLoop * (node['Actual Loops'] ?? 0)) },
    ...below,
  ]
}
