/** Two-letter codes of the fifty states, with their names. */
export const STATE_NAMES = {
  AL: 'Alabama',
  AK: 'Alaska',
  AZ: 'Arizona',
  AR: 'Arkansas',
  CA: 'California',
  CO: 'Colorado',
  CT: 'Connecticut',
  DE: 'Delaware',
  FL: 'Florida',
  GA: 'Georgia',
  HI: 'Hawaii',
  ID: 'Idaho',
  IL: 'Illinois',
  IN: 'Indiana',
  IA: 'Iowa',
  KS: 'Kansas',
  KY: 'Kentucky',
  LA: 'Louisiana',
  ME: 'Maine',
  MD: 'Maryland',
  MA: 'Massachusetts',
  MI: 'Michigan',
  MN: 'Minnesota',
  MS: 'Mississippi',
  MO: 'Missouri',
  MT: 'Montana',
  NE: 'Nebraska',
  NV: 'Nevada',
  NH: 'New Hampshire',
  NJ: 'New Jersey',
  NM: 'New Mexico',
  NY: 'New York',
  NC: 'North Carolina',
  ND: 'North Dakota',
  OH: 'Ohio',
  OK: 'Oklahoma',
  OR: 'Oregon',
  PA: 'Pennsylvania',
  RI: 'Rhode Island',
  SC: 'South Carolina',
  SD: 'South Dakota',
  TN: 'Tennessee',
  TX: 'Texas',
  UT: 'Utah',
  VT: 'Vermont',
  VA: 'Virginia',
  WA: 'Washington',
  WV: 'West Virginia',
  WI: 'Wisconsin',
  WY: 'Wyoming',
} as const

export type StateCode = keyof typeof STATE_NAMES

export const STATE_CODES = Object.keys(STATE_NAMES) as readonly StateCode[]

/** Whether two letters name one of the fifty states. */
export function isStateCode(code: string): code is StateCode {
  return Object.hasOwn(STATE_NAMES, code)
}

/** Places with people and ZIP codes, but without voting senators. */
export const TERRITORY_NAMES = {
  PR: 'Puerto Rico',
  VI: 'U.S. Virgin Islands',
  GU: 'Guam',
  AS: 'American Samoa',
  MP: 'Northern Mariana Islands',
} as const

export type Territory = keyof typeof TERRITORY_NAMES

/** Wherever a person may live or vote. */
export type Region = StateCode | 'DC' | Territory

/** The Capitol's switchboard connects to every senator: for a seat whose own number is not published yet. */
export const SWITCHBOARD = '202-224-3121'

/** An office in the senator's own state. */
export type Office = { readonly city: string; readonly zip: string; readonly phone: string }

export type Senator = {
  /** The id Congress gives a member for life. */
  readonly bioguide: string
  /** As the member writes it: "Angus S. King, Jr." */
  readonly name: string
  readonly first: string
  readonly last: string
  readonly state: StateCode
  readonly party: string
  /** With whom an independent votes. */
  readonly caucus?: string
  readonly class: 1 | 2 | 3
  readonly rank: 'senior' | 'junior'
  /** In Washington: 202-224-dddd. */
  readonly phone: string
  /** YYYY-MM-DD. A term that has ended does not make a senator vanish. */
  readonly termEnd: string
  /** Appointed until a special election on the day the term ends. */
  readonly special?: true
  readonly offices: readonly Office[]
}

export type SenatorTable = {
  /** YYYY-MM-DD: the day of the source's data. */
  readonly asOf: string
  readonly source: string
  readonly senators: readonly Senator[]
  /** States with a seat that is vacant, as the operator has told us. */
  readonly vacant?: readonly StateCode[]
}

/** The table, ready to be asked. */
export type Congress = {
  readonly asOf: string
  readonly senators: readonly Senator[]
  /** The senior one first. A state with a vacancy has one. */
  senatorsOf(state: StateCode): readonly Senator[]
  senator(bioguide: string): Senator | undefined
}

/** Indexes a table by state and by senator. */
export function buildCongress(table: SenatorTable): Congress {
  const byState = new Map<StateCode, Senator[]>(STATE_CODES.map((state) => [state, []]))
  for (const senator of table.senators) byState.get(senator.state)?.push(senator)
  for (const pair of byState.values())
    pair.sort((a, b) => Number(b.rank === 'senior') - Number(a.rank === 'senior'))
  const byBioguide = new Map(table.senators.map((senator) => [senator.bioguide, senator]))
  return {
    asOf: table.asOf,
    senators: table.senators,
    senatorsOf: (state) => byState.get(state) ?? [],
    senator: (bioguide) => byBioguide.get(bioguide),
  }
}

/** Names an office in a list of those already offered. */
export function officeKey(senator: Pick<Senator, 'bioguide'>, office: Pick<Office, 'city'>): string {
  return `${senator.bioguide} ${office.city}`
}

/**
 * The in-state office whose ZIP is closest to hers, leaving out the ones in exclude (officeKey) and any that shares a
 * line with them. We bundle no coordinates: close means the smallest difference between ZIP numbers, which run along
 * mail routes, so it is the right part of the state and not always the fewest miles. Without a ZIP: the first one.
 */
export function nearestOffice(
  senator: Senator,
  zip: string | null,
  exclude: readonly string[],
): Office | null {
  const isExcluded = (office: Office) => exclude.includes(officeKey(senator, office))
  const busyLines = new Set(senator.offices.filter(isExcluded).map((office) => office.phone))
  const distance = (office: Office) => (zip === null ? 0 : Math.abs(Number(office.zip) - Number(zip)))
  let nearest: Office | null = null
  for (const office of senator.offices) {
    if (isExcluded(office) || busyLines.has(office.phone)) continue
    if (nearest === null || distance(office) < distance(nearest)) nearest = office
  }
  return nearest
}
