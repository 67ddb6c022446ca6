import type { Db } from './pool.js'

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
