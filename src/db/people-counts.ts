import type { Standing } from './people.js'
import type { Db } from './pool.js'

export type PeopleCounts = {
  total: number
  standing: Record<Standing, number>
  /** Of those who joined. */
  languages: Record<string, number>
  /** Of those who joined: by state, most people first. */
  states: Record<string, number>
  /** Joined, but no state is known: no ZIP yet, or one of a border or a military address. */
  withoutState: number
  /** Joined, but the carrier says that the number is dead or takes no texts. */
  unreachable: number
  /** Joined, one blast text a month at most. */
  fewer: number
  /** Left, and everything of theirs erased. */
  forgotten: number
}

/** Everybody we know, counted. */
export async function countPeople(db: Db): Promise<PeopleCounts> {
  const { rows } = await db.query<{
    standing: Standing
    language: string
    state: string | null
    people: number
    unreachable: number
    fewer: number
    forgotten: number
  }>(
    `select standing, language, state, count(*) as people, count(unreachable) as unreachable,
            count(*) filter (where fewer) as fewer, count(*) filter (where phone_sealed is null) as forgotten
       from people group by 1, 2, 3 order by people desc`,
  )
  const counts: PeopleCounts = {
    total: 0,
    standing: { joined: 0, held: 0, invited: 0, left: 0, unknown: 0 },
    ...{ languages: {}, states: {}, withoutState: 0, unreachable: 0, fewer: 0, forgotten: 0 },
  }
  const states = new Map<string, number>()
  for (const row of rows) {
    counts.total += row.people
    counts.standing[row.standing] += row.people
    counts.forgotten += row.forgotten
    if (row.standing !== 'joined') continue
    counts.languages[row.language] = (counts.languages[row.language] ?? 0) + row.people
    counts.unreachable += row.unreachable
    counts.fewer += row.fewer
    if (row.state === null) counts.withoutState += row.people
    else states.set(row.state, (states.get(row.state) ?? 0) + row.people)
  }
  counts.states = Object.fromEntries([...states].sort(([a, m], [b, n]) => n - m || a.localeCompare(b)))
  return counts
}
