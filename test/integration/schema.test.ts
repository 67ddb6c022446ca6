import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { MIGRATIONS_DIR } from '../../src/db/migrate.js'
import { dumpSchema } from '../support/schema-dump.js'
import { freshDatabase } from '../support/services.js'

test('migrations/schema.sql is what the migrations add up to (npm run schema writes it)', async () => {
  const database = await freshDatabase()
  try {
    const dump = await dumpSchema(database.pool)
    const file = join(MIGRATIONS_DIR, 'schema.sql')
    if (process.env['UPDATE_SCHEMA']) writeFileSync(file, dump)
    expect(dump).toBe(readFileSync(file, 'utf8'))
  } finally {
    await database.drop()
  }
})
