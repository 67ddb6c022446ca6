import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createFileSpool } from '../../src/adapters/file-spool.js'
import { systemClock } from '../../src/adapters/system-clock.js'
import { createVault } from '../../src/adapters/vault.js'
import { openPool } from '../../src/db/pool.js'
import { createReceiver } from '../../src/inbound/receive.js'
import { createSpooling, type SpooledText } from '../../src/inbound/spooling.js'
import { freshDatabase } from '../support/services.js'

const vault = createVault(Buffer.alloc(32, 7).toString('base64'))
const queues = {
  announceMail: () => undefined,
  announceReplies: () => undefined,
  announceRange: () => Promise.resolve(),
  close: () => Promise.resolve(),
}

test('a Postgres that answers and takes nothing, for however long: her STOP waits on disk, and holds when it comes in', async () => {
  const database = await freshDatabase()
  const dir = mkdtempSync(join(tmpdir(), 'text-action-spooling-'))
  // As a full disk does, a database that is read-only answers each look and refuses each text.
  const readOnly = (is: boolean) =>
    database.pool.query(
      `do $$ begin execute format('alter database %I set default_transaction_read_only = ${is ? 'on' : 'off'}', current_database()); end $$`,
    )
  await readOnly(true)
  let pool = openPool(database.url, { max: 2 })
  const spooling = () =>
    createSpooling({
      ...{ id: 'web', pool, spool: createFileSpool<SpooledText>(dir, vault) },
      receive: createReceiver({ pool, vault, queues, clock: systemClock }),
    })
  try {
    const refusing = spooling()
    await refusing.take({
      ...{ messageSid: 'SM1', from: '+12055550100', body: 'STOP', mediaCount: 0, optOutType: null },
      receivedAt: new Date(),
    })
    for (let turn = 0; turn < 15; turn++) await expect(refusing.turn()).rejects.toThrow('read-only')
    expect(readdirSync(dir).filter((name) => !name.endsWith('.spool'))).toEqual([])
    // What is open keeps what it was told at its start.
    await database.pool.query('set default_transaction_read_only = off')
    await readOnly(false)
    await pool.end()
    pool = openPool(database.url, { max: 2 })
    await new Promise((resolve) => setTimeout(resolve, 3_100)) // a spool that another process left is taken once it is quiet
    await spooling().turn()
    const { rows } = await pool.query<{ verdict: string; standing: string }>(
      'select verdict, standing from texts_in join people on people.id = person_id',
    )
    expect(rows).toEqual([{ verdict: 'leave', standing: 'left' }])
  } finally {
    await pool.end()
    await database.drop()
    rmSync(dir, { recursive: true })
  }
}, 60_000)
