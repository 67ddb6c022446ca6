import { once } from 'node:events'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { startCopy, transaction } from './pool.js'

export type ImportedPerson = {
  phoneHash: Buffer
  phoneSealed: Buffer
  zip: string
  state: string | null
  zone: string
  otherZone: string
  language: string
}

/** People on their way in, as the lines COPY takes: the buffers of a row need not outlive it. */
export type ImportBatch = { size: number; lines: string }

/** What a list makes of the people on it, and the consent it goes by. */
export type Arrival = { as: 'joined' | 'invited'; consentSealed: Buffer; recordedBy: string }

export type Merged = { added: number; here: number; left: number }

const STAGE = `create temp table staged (phone_hash bytea, phone_sealed bytea, zip text, state text, zone text, other_zone text,
  language text) on commit drop`

const COPY = 'copy staged from stdin'

// In the order of the hashes: two imports at once take their locks in one order, and neighbours share a page of the index.
const ADD_NEW = `
  with added as (
    insert into people (phone_hash, phone_sealed, standing, zip, state, zone, other_zone, language, joined_at, unasked)
    select phone_hash, phone_sealed, $1::standing, zip, state, zone, other_zone, language, case when $1 = 'joined' then now() end,
           case when $1 = 'invited' then true end
      from staged order by phone_hash
    on conflict (phone_hash) do nothing
    returning id)
  insert into consents (person_id, kind, via, words_sealed, recorded_by)
  select id, case when $1 = 'invited' then 'invited' else 'imported' end, 'import', $2, $3 from added`

// Strangers who texted once, and for a list with consent also people only invited so far, come in by it. What a person has
// told us herself stays.
const ADD_STRANGERS = `
  with strangers as (
    select p.id, s.phone_sealed, s.zip, s.state, s.zone, s.other_zone, s.language
      from staged s join people p using (phone_hash)
     where p.standing = 'unknown' or (p.standing = 'invited' and $1 = 'joined')
     order by p.id for no key update of p
  ), added as (
    update people p
       set standing = $1::standing, joined_at = case when $1 = 'joined' then coalesce(p.joined_at, now()) end,
           unasked = case when $1 = 'invited' then true end,
           phone_sealed = coalesce(p.phone_sealed, s.phone_sealed),
           zip = coalesce(p.zip, s.zip),
           state = case when p.zip is null and p.state is null then s.state else p.state end,
           zone = case when p.zip is null and p.state is null then s.zone else p.zone end,
           other_zone = case when p.zip is null and p.state is null then s.other_zone else p.other_zone end,
           language = case when p.language = 'en' then s.language else p.language end
      from strangers s where p.id = s.id
    returning p.id)
  insert into consents (person_id, kind, via, words_sealed, recorded_by)
  select id, case when $1 = 'invited' then 'invited' else 'imported' end, 'import', $2, $3 from added`

const COUNT_LEFT = `select count(*) as left from staged s join people p using (phone_hash) where p.standing = 'left'`

/**
 * Brings one batch of a list in, all of it or nothing. Whoever is here already stays as she is, whoever has left stays out; the
 * same batch again changes nothing. No number may be in it twice.
 */
export async function mergePeople(pool: pg.Pool, batch: ImportBatch, arrival: Arrival): Promise<Merged> {
  return transaction(pool, async (tx) => {
    await tx.query(STAGE)
    await stage(tx, batch)
    const values = [arrival.as, arrival.consentSealed, arrival.recordedBy]
    const fresh = (await tx.query(ADD_NEW, values)).rowCount ?? 0
    if (fresh === batch.size) return { added: fresh, here: 0, left: 0 }
    // A batch is small beside the table: look its people up one by one, whatever the statistics say.
    await tx.query('set local enable_hashjoin = off; set local enable_mergejoin = off')
    const known = (await tx.query(ADD_STRANGERS, values)).rowCount ?? 0
    const left = (await tx.query<{ left: number }>(COUNT_LEFT)).rows[0]?.left ?? 0
    return { added: fresh + known, here: batch.size - fresh - known - left, left }
  })
}

async function stage(tx: pg.PoolClient, batch: ImportBatch): Promise<void> {
  const copy = startCopy(tx, copyFrom(COPY))
  const done = once(copy, 'finish')
  copy.end(batch.lines)
  await done
}

/** Adds a person to a batch. Nothing needs escaping: hex digits, a ZIP, and words of our own. */
export function addToBatch(batch: ImportBatch, person: ImportedPerson): void {
  const hash = person.phoneHash.toString('hex')
  const sealed = person.phoneSealed.toString('hex')
  const place = `${person.zip}\t${person.state ?? '\\N'}\t${person.zone}\t${person.otherZone}`
  batch.lines += `\\\\x${hash}\t\\\\x${sealed}\t${place}\t${person.language}\n`
  batch.size += 1
}
