import type { Db } from './pool.js'

/** Takes or renews a lease by the database's clock. True: it is ours for the next `seconds`. */
export async function takeLease(db: Db, name: string, holder: string, seconds: number): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'take-lease',
    text: `insert into leases (name, holder, until) values ($1, $2, clock_timestamp() + $3 * interval '1 second')
           on conflict (name) do update set holder = excluded.holder, until = excluded.until
            where leases.holder = excluded.holder or leases.until < clock_timestamp()`,
    values: [name, holder, seconds],
  })
  return rowCount === 1
}

/** Gives a lease back early, so that the next one need not wait for its end. */
export async function dropLease(db: Db, name: string, holder: string): Promise<void> {
  await db.query('delete from leases where name = $1 and holder = $2', [name, holder])
}
