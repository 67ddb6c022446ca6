import { startBlast } from '../../dist/blast/start.js'
import { fanOutPage } from '../../dist/db/fan-out.js'
import { PLAIN_RULES, PLAIN_SHAPE, draftBlast, knowHowToStop } from './blasts.mjs'
import { runCli } from './processes.mjs'
import { interleave } from './rounds.mjs'

/** Texts written a second, from the start of a blast (its audience is frozen) to its last page. */
export const fanOut = {
  id: 'B3',
  what: 'fan-out, texts/s, frozen and in pages / INSERT..SELECT, primary key only',
  goal: 0.45,
  async run(ground) {
    const people = ground.quick ? 150_000 : 1_000_000
    const deployment = await ground.deploy({ people })
    const { pool } = deployment.database
    const frozen = []
    const own = async () => {
      const id = await draftBlast(deployment)
      await runCli(['blast', 'approve', id, '--json'], deployment.settings)
      const { rows } = await pool.query('select id from blasts where code = $1', [id])
      const blastId = rows[0].id
      const begun = performance.now()
      await startBlast(pool, blastId, 'bench', PLAIN_RULES)
      frozen.push(Math.round(performance.now() - begun))
      while ((await fanOutPage(pool, blastId, PLAIN_SHAPE)) !== null);
      const seconds = (performance.now() - begun) / 1_000
      await forget(pool, blastId, people)
      return people / seconds
    }
    try {
      await knowHowToStop(pool)
      const { ratio, pairs } = await interleave(ground.rounds, () => insertSelect(pool, people), own)
      return { ratio, raw: [{ people }, ...pairs, { 'freezing the audience, ms': frozen.slice(1) }] }
    } finally {
      await deployment.close()
    }
  },
}

/** The same columns from the same people in one statement, into a table without any other index or default. */
async function insertSelect(pool, people) {
  await pool.query(
    `create table bare (blast_id bigint, number bigint, person_id bigint, kind text, status text_status, segments smallint,
       not_before timestamptz, expires_at timestamptz, primary key (blast_id, number))`,
  )
  const begun = performance.now()
  await pool.query(
    `insert into bare select 1, id, id, 'blast', 'pending', 1, now(), null from people where standing = 'joined'`,
  )
  const seconds = (performance.now() - begun) / 1_000
  await pool.query('drop table bare')
  await pool.query('checkpoint')
  return people / seconds
}

// Every round begins with an empty table of texts.
async function forget(pool, blastId, people) {
  const { rows } = await pool.query('select count(*) as written from texts_out where blast_id = $1', [
    blastId,
  ])
  if (Number(rows[0].written) !== people)
    throw new Error(`${rows[0].written} of ${people} texts were written`)
  await pool.query(`update blasts set state = 'cancelled' where id = $1`, [blastId])
  await pool.query('truncate texts_out')
  await pool.query('checkpoint')
}
