import type { Db } from './pool.js'

/** The fingerprint of the phone key that the people here are locked with; null: none has been used yet. */
export async function knownFingerprint(db: Db): Promise<string | null> {
  const { rows } = await db.query<{ value: string }>(`select value from deployment where key = 'phone-key'`)
  return rows[0]?.value ?? null
}

/** Writes the fingerprint of the phone key where none is known yet; returns the one that is. */
export async function claimFingerprint(db: Db, fingerprint: string): Promise<string> {
  await db.query(
    `insert into deployment (key, value) values ('phone-key', $1) on conflict (key) do nothing`,
    [fingerprint],
  )
  const { rows } = await db.query<{ value: string }>(`select value from deployment where key = 'phone-key'`)
  return rows[0]?.value ?? fingerprint
}
