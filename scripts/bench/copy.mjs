// The bare arm of B13b: COPY of rows that are ready. `same`: into the tables an import fills, with their indexes; else into one
// table with nothing but its primary key.
import { once } from 'node:events'
import { randomBytes } from 'node:crypto'
import { from as copyFrom } from 'pg-copy-streams'
import { openPool } from '../../dist/db/pool.js'
import { answerOrders } from './answering.mjs'

const CHUNK_ROWS = 10_000
const COLUMNS = '(phone_hash, phone_sealed, zip, state, zone, other_zone, language)'

answerOrders({
  async copy({ url, count, same }) {
    const pool = openPool(url, { max: 1, statementTimeoutMs: 600_000 })
    await pool.query(
      `create table copied (id bigint generated always as identity primary key, phone_hash bytea, phone_sealed bytea, zip text,
         state text, zone text, other_zone text, language text)`,
    )
    const chunks = Array.from({ length: Math.ceil(count / CHUNK_ROWS) }, (_, i) =>
      peopleLines(Math.min(CHUNK_ROWS, count - i * CHUNK_ROWS)),
    )
    const begun = performance.now()
    await copy(pool, `copy ${same ? 'people' : 'copied'} ${COLUMNS} from stdin`, chunks)
    if (same) {
      const lines = (_, chunk) =>
        Array.from({ length: CHUNK_ROWS }, (_, row) => chunk * CHUNK_ROWS + row + 1)
          .filter((id) => id <= count)
          .map((id) => `${id}\timported\timport\t\\\\x${SEALED}\tbench\n`)
          .join('')
      const columns = '(person_id, kind, via, words_sealed, recorded_by)'
      await copy(pool, `copy consents ${columns} from stdin`, chunks.map(lines))
    }
    const seconds = (performance.now() - begun) / 1_000
    await pool.end()
    return { seconds }
  },
})

async function copy(pool, statement, chunks) {
  const client = await pool.connect()
  const stream = client.query(copyFrom(statement))
  for (const chunk of chunks) if (!stream.write(chunk)) await once(stream, 'drain')
  stream.end()
  await once(stream, 'finish')
  client.release()
}

const SEALED = randomBytes(60).toString('hex')
const peopleLines = (count) => Array.from({ length: count }, line).join('')
const line = () =>
  `\\\\x${randomBytes(32).toString('hex')}\t\\\\x${randomBytes(40).toString('hex')}\t35020\tAL\tAmerica/Chicago\tAmerica/Chicago\ten\n`
