import {
  CHANGED_SEATS_MAX,
  changedPhones,
  changedSeats,
  checkTable,
  type SeatChange,
  type TableCheck,
} from './check.js'
import type { Senator, SenatorTable } from './congress.js'
import type { ParsedTable } from './legislators.js'

export type Changes = { seats: readonly SeatChange[]; phones: readonly Senator[] }

export type UpdateVerdict =
  | { kind: 'refused'; faults: readonly string[] }
  /** Whole, but too much changes at once for nobody to look. */
  | { kind: 'needs-yes'; changes: Changes }
  | { kind: 'replace'; table: SenatorTable; changes: Changes; check: TableCheck }

/** Whether a table that was read may take the place of the one in force. */
export function judgeUpdate(
  before: SenatorTable,
  parsed: ParsedTable,
  given: { now: Date; yes: boolean },
): UpdateVerdict {
  if (parsed.kind === 'unreadable') return { kind: 'refused', faults: parsed.faults }
  const { table } = parsed
  const check = checkTable(table, given.now)
  if (check.faults.length > 0) return { kind: 'refused', faults: check.faults }
  const changes = { seats: changedSeats(before, table), phones: changedPhones(before, table) }
  if (changes.seats.length > CHANGED_SEATS_MAX && !given.yes) return { kind: 'needs-yes', changes }
  return { kind: 'replace', table, changes, check }
}
