import pg from 'pg'

/** A loop over rows with the SDK as it comes, 32 at a time, and one UPDATE a text. */
export async function sdkLoop({ databaseUrl, send }) {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 10 })
  await pool.query(
    'create table if not exists recipients (id serial primary key, phone text, sid text, sent_at timestamptz)',
  )
  return {
    async enqueue(phones) {
      await pool.query('insert into recipients (phone) select unnest($1::text[])', [phones])
    },
    async run() {
      for (;;) {
        const { rows } = await pool.query(
          'select id, phone from recipients where sent_at is null order by id limit 1000',
        )
        if (rows.length === 0) return
        const one = async () => {
          for (let row = rows.pop(); row; row = rows.pop()) {
            const sid = await send(row.phone)
            await pool.query('update recipients set sid = $2, sent_at = now() where id = $1', [row.id, sid])
          }
        }
        await Promise.all(Array.from({ length: 32 }, one))
      }
    },
  }
}
