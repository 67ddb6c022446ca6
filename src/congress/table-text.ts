import type { Office, Senator, SenatorTable } from './congress.js'

// The form in which the bundled table is kept: a line for each senator, so that a change of one seat is a change of
// one line. Fields parted by |, offices by ; and their ZIP and number always last.

/** Writes a table as lines of text. */
export function formatTable(table: SenatorTable): string {
  return [
    `as of|${table.asOf}`,
    `source|${table.source}`,
    ...(table.vacant ?? []).map((state) => `vacant|${state}`),
    ...table.senators.map((senator) =>
      [
        senator.state,
        senator.rank,
        senator.class,
        senator.bioguide,
        senator.name,
        senator.first,
        senator.last,
        senator.caucus ? `${senator.party}/${senator.caucus}` : senator.party,
        senator.phone,
        senator.special ? `${senator.termEnd} special` : senator.termEnd,
        senator.offices.map((office) => `${office.city} ${office.zip} ${office.phone}`).join('; '),
      ].join('|'),
    ),
  ].join('\n')
}

/** Reads what formatTable wrote. Trusts it: the bundled table is checked by a test. */
export function parseTable(text: string): SenatorTable {
  const rows = text.split('\n').map((line) => line.split('|'))
  const head = (name: string) => rows.filter(([key]) => key === name).map(([, value = '']) => value)
  const vacant = head('vacant') as Senator['state'][]
  return {
    asOf: head('as of')[0] ?? '',
    source: head('source')[0] ?? '',
    senators: rows.filter((fields) => fields.length > 2).map(parseSenator),
    ...(vacant.length > 0 && { vacant }),
  }
}

function parseSenator(fields: readonly string[]): Senator {
  const [
    state,
    rank,
    seat,
    bioguide = '',
    name = '',
    first = '',
    last = '',
    politics = '',
    phone = '',
    ends = '',
  ] = fields
  const [party = '', caucus] = politics.split('/')
  const [termEnd = '', special] = ends.split(' ')
  return {
    bioguide,
    name,
    first,
    last,
    state: state as Senator['state'],
    party,
    ...(caucus !== undefined && { caucus }),
    class: Number(seat) as Senator['class'],
    rank: rank as Senator['rank'],
    phone,
    termEnd,
    ...(special !== undefined && { special: true as const }),
    offices: (fields[10] ?? '').split('; ').filter(Boolean).map(parseOffice),
  }
}

function parseOffice(text: string): Office {
  const words = text.split(' ')
  const [zip = '', phone = ''] = words.slice(-2)
  return { city: words.slice(0, -2).join(' '), zip, phone }
}
