import {
  STATE_CODES,
  STATE_NAMES,
  SWITCHBOARD,
  isStateCode,
  type Congress,
  type Senator,
  type SenatorTable,
  type StateCode,
} from './congress.js'

const WASHINGTON_PHONE = /^202-224-\d{4}$/
const OFFICE_PHONE = /^[2-9]\d{2}-[2-9]\d{2}-\d{4}$/
const DAY = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/
const DAY_MS = 86_400_000

/** More seats than this do not change between two elections: beyond it somebody has to look. */
export const CHANGED_SEATS_MAX = 6

/** How long before its end a term is worth a note. */
const ENDING_SOON_DAYS = 90

export type TableCheck = {
  /** Any of them and the table must not be used. One sentence each, without a full stop. */
  faults: readonly string[]
  ended: readonly Senator[]
  endingSoon: readonly Senator[]
  /** Senators whose own number is not published yet: the switchboard is given out. */
  withoutNumber: readonly Senator[]
  ageDays: number
}

/** Looks at the whole table: what makes it unusable, and what an organizer should know. */
export function checkTable(table: SenatorTable, now: Date): TableCheck {
  return {
    faults: [
      ...seatFaults(table),
      ...table.senators.flatMap(senatorFaults),
      ...repeated(table.senators, (senator) => senator.bioguide).map(([id]) => `${id} is listed twice`),
      ...repeated(
        table.senators.filter((senator) => senator.phone !== SWITCHBOARD),
        (senator) => senator.phone,
      ).map(([phone, holders]) => `${holders.map(label).join(' and ')} have the same number ${phone}`),
      ...(DAY.test(table.asOf) ? [] : [`"${table.asOf}" is no date`]),
    ],
    ended: endedTerms(table, now),
    endingSoon: endingSoon(table, now),
    withoutNumber: table.senators.filter((senator) => senator.phone === SWITCHBOARD),
    ageDays: ageDays(table, now),
  }
}

/** Whole days since the day of the source's data. */
export function ageDays(table: Pick<SenatorTable, 'asOf'>, now: Date): number {
  return Math.max(0, Math.floor((now.getTime() - Date.parse(table.asOf)) / DAY_MS))
}

/** Terms that are over by today. Their senators are still given out: they may have been elected again. */
export function endedTerms(congress: Pick<Congress, 'senators'>, now: Date): readonly Senator[] {
  return congress.senators.filter((senator) => senator.termEnd <= dayOf(now))
}

/** Terms that end within the next 90 days. */
function endingSoon(congress: Pick<Congress, 'senators'>, now: Date): readonly Senator[] {
  const horizon = dayOf(new Date(now.getTime() + ENDING_SOON_DAYS * DAY_MS))
  return congress.senators.filter((senator) => senator.termEnd > dayOf(now) && senator.termEnd <= horizon)
}

export type SeatChange = { state: StateCode; gone: Senator | null; came: Senator | null }

/** Seats held by somebody else than before. */
export function changedSeats(
  before: Pick<Congress, 'senators'>,
  after: Pick<Congress, 'senators'>,
): readonly SeatChange[] {
  const missingFrom = (others: readonly Senator[], state: StateCode, senators: readonly Senator[]) =>
    senators.filter(
      (senator) => senator.state === state && !others.some((other) => isSameSeat(senator, other)),
    )
  return STATE_CODES.flatMap((state) => {
    const gone = missingFrom(after.senators, state, before.senators)
    const came = missingFrom(before.senators, state, after.senators)
    const classes = [1, 2, 3].filter((seat) => [...gone, ...came].some((senator) => senator.class === seat))
    return classes.map((seat) => ({
      state,
      gone: gone.find((senator) => senator.class === seat) ?? null,
      came: came.find((senator) => senator.class === seat) ?? null,
    }))
  })
}

/** Senators who stay and are now reached under another number. */
export function changedPhones(
  before: Pick<Congress, 'senators'>,
  after: Pick<Congress, 'senators'>,
): readonly Senator[] {
  return after.senators.filter((senator) =>
    before.senators.some((old) => old.bioguide === senator.bioguide && old.phone !== senator.phone),
  )
}

function isSameSeat(a: Senator, b: Senator): boolean {
  return a.bioguide === b.bioguide && a.state === b.state && a.class === b.class
}

function seatFaults(table: SenatorTable): string[] {
  return STATE_CODES.flatMap((state) => {
    const seats = table.senators.filter((senator) => senator.state === state)
    const expected = table.vacant?.includes(state) ? 1 : 2
    const name = STATE_NAMES[state]
    if (seats.length !== expected)
      return [
        `${name} has ${count(seats.length)}, not ${expected}${
          seats.length === 1 ? ` (if a seat is vacant, say so: --vacant ${state})` : ''
        }`,
      ]
    if (expected === 2 && seats[0]?.class === seats[1]?.class)
      return [`${name} has two senators of class ${seats[0]?.class ?? 'unknown'}`]
    return []
  })
}

function senatorFaults(senator: Senator): string[] {
  const faults: string[] = []
  if (!isStateCode(senator.state)) faults.push(`${senator.bioguide} is of no state we know`)
  if (!senator.name.trim() || !senator.last.trim()) faults.push(`${senator.bioguide} has no name`)
  if (!WASHINGTON_PHONE.test(senator.phone))
    faults.push(`${label(senator)} has the number "${senator.phone}", not one like 202-224-1234`)
  if (!DAY.test(senator.termEnd))
    faults.push(`${label(senator)} has a term that ends on "${senator.termEnd}"`)
  for (const office of senator.offices)
    if (!office.city.trim() || !/^\d{5}$/.test(office.zip) || !OFFICE_PHONE.test(office.phone))
      faults.push(
        `${label(senator)} has an office without a city, ZIP or number: ` +
          `"${office.city}" "${office.zip}" "${office.phone}"`,
      )
  return faults
}

function repeated(
  senators: readonly Senator[],
  key: (senator: Senator) => string,
): (readonly [string, readonly Senator[]])[] {
  const groups = new Map<string, Senator[]>()
  for (const senator of senators) groups.set(key(senator), [...(groups.get(key(senator)) ?? []), senator])
  return [...groups].filter(([, holders]) => holders.length > 1)
}

function label(senator: Senator): string {
  return `${senator.name} (${senator.state})`
}

function count(senators: number): string {
  return senators === 0 ? 'no senator' : senators === 1 ? '1 senator' : `${senators} senators`
}

function dayOf(instant: Date): string {
  return instant.toISOString().slice(0, 10)
}
