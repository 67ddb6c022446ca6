import { finished } from 'node:stream/promises'
import { to as copyTo } from 'pg-copy-streams'
import { startCopy } from '../../src/db/pool.js'
import { freshDatabase } from '../support/services.js'

const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length

test('a COPY that is done leaves no clock running, so that a command can end and a long import is not cut', async () => {
  const database = await freshDatabase()
  const client = await database.pool.connect()
  try {
    await client.query('select 1')
    const before = timers()
    for (let n = 0; n < 5; n++) {
      const copy = startCopy(client, copyTo('copy (select generate_series(1, 100)) to stdout'))
      await finished(copy.resume())
    }
    expect(timers()).toBeLessThanOrEqual(before)
  } finally {
    client.release()
    await database.drop()
  }
})
