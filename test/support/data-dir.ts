import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { readOrNull } from '../../src/adapters/private-server.js'

/** Where the Postgres of this DATA_DIR lies, if elsewhere: root's cannot enter every folder. */
export const placeOf = (dataDir: string) => readOrNull(join(dataDir, 'postgres.place'))?.trim()

/** Removes a DATA_DIR whole. */
export function removeWithPlace(dataDir: string): void {
  const place = placeOf(dataDir)
  if (place) rmSync(place, { recursive: true, force: true })
  rmSync(dataDir, { recursive: true, force: true })
}
