import { againstExpress } from './against-express.mjs'

const BLAST = 7

/** Receipts a second, each answered after its commit, against Express that only verifies. */
export const receipts = {
  id: 'B5',
  parts: [
    { id: 'B5', what: 'receipts/s, 200 after commit / Express that only verifies', goal: 0.75 },
    { id: 'B5b', what: 'CPU of serve a receipt / of Express that only verifies', goal: 1.33, lower: true },
  ],
  async run(ground) {
    const deployment = await ground.deploy()
    const count = Math.round(4_000 * ground.seconds)
    const firstOf = (round) => 1 + round * count
    const { pool } = deployment.database
    try {
      const { speed, cpu } = await againstExpress(ground, deployment, {
        prepare: (load, round) =>
          load.ask('receipts', {
            ...deployment.signing,
            phoneKey: deployment.phoneKey,
            blastId: BLAST,
            first: firstOf(round),
            count,
          }),
        before: (round) => acceptedTexts(pool, firstOf(round), count),
        after: () => kept(pool),
      })
      return { B5: speed, B5b: cpu }
    } finally {
      await deployment.close()
    }
  },
}

/** Texts of a blast that Twilio has taken. */
async function acceptedTexts(pool, first, count) {
  await pool.query('truncate receipts')
  await pool.query(
    `insert into texts_out (blast_id, number, person_id, kind, status, attempts, claimed_at, accepted_at, message_sid)
     select $1, n, n, 'blast', 'accepted', 1, now(), now(), 'SM' || lpad(to_hex(n), 32, '0')
       from generate_series($2::int, $2::int + $3::int - 1) n`,
    [BLAST, first, count],
  )
  await pool.query('vacuum (analyze) texts_out_blasts')
}

/** A figure counts only if the receipts are there, as they came, and every text has moved as far as they say. */
async function kept(pool) {
  const { rows } = await pool.query(
    `select count(*) as behind from receipts r join texts_out t using (blast_id, number)
      where t.status not in ('sent', 'delivered') or (r.status = 'delivered' and t.status <> 'delivered')`,
  )
  if (rows[0].behind > 0) throw new Error(`${rows[0].behind} texts stand behind their receipts`)
}
