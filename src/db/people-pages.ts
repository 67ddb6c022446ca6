import type { Db } from './pool.js'
import type { Standing } from './people.js'

export type ListedPerson = {
  id: number
  phoneSealed: Buffer
  standing: Standing
  zip: string | null
  state: string | null
  language: string
  joinedAt: Date | null
}

/** A condition on `people p`; its parameters begin at $3. */
export type PeopleFilter = { sql: string; values: readonly unknown[] }

/** The parameter a filter's first value gets. */
export const FILTER_PARAMETER = 3

/**
 * People that pass a filter, in the order of their ids, page by page: a slow reader holds no transaction open. People without
 * a number (forgotten) are not listed.
 */
export async function* peoplePages(
  db: Db,
  filter: PeopleFilter,
  pageRows: number,
): AsyncGenerator<ListedPerson[]> {
  let after = 0
  for (;;) {
    const { rows } = await db.query<ListedPerson>(
      `select p.id, p.phone_sealed as "phoneSealed", p.standing, p.zip, p.state, p.language, p.joined_at as "joinedAt"
         from people p where p.id > $1 and p.phone_sealed is not null and ${filter.sql} order by p.id limit $2`,
      [after, pageRows, ...filter.values],
    )
    if (rows.length > 0) yield rows
    if (rows.length < pageRows) return
    after = rows.at(-1)?.id ?? after
  }
}
