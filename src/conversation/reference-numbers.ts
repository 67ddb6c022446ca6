// Five digits in a report are rarely a ZIP: a bill's number, what the office wrote her call down under, her badge.
const CLEAR =
  'h\\.? ?r|h\\.? ?(?:j|con)?\\.? ?res|s\\.? ?(?:j|con)?\\.? ?res|s|hb|sb|ref|reference|referencia|ticket|boleto|conf|confirmation|confirmacion|' +
  'ext|extension|tracking|folio'
// Words of other uses too: "union member, 35020" gives a ZIP, "member 35020" does not.
const WORDY =
  'bill|bills|ley|case|caso|badge|gafete|member|membership|miembro|afiliado|afiliada|room|rm|suite|box|order|resolution|amendment|employee|id(?= ?(?:#|n|is|es))'
const LINKS = 'number|num|no|nr|numero|id|code|codigo|is|was|es|era|fue|my|the|mi|de'
const UNIONS =
  'afge|afscme|aft|apwu|atu|bctgm|cwa|iam|iamaw|iatse|ibew|ibt|ifpte|ila|ilwu|iuoe|iupat|liuna|nalc|nea|nnu|opeiu|seiu|' +
  'steelworkers|teamsters|twu|uaw|ufcw|umwa|unite here|usw|uswa'
const NUMBER = '[a-z]?\\d[\\d-]{2,14}(?![\\p{L}\\d])'

const behind = (words: string, marks: string, links: string, number: string) =>
  new RegExp(`(?<![\\p{L}\\d])(?:${words})(?![\\p{L}])(?:${marks}|(?:${links})(?![\\p{L}]))*${number}`, 'giu')

const REFERENCES = [
  behind(CLEAR, '[\\s.,:;#()-]', LINKS, NUMBER),
  behind(WORDY, '[ .:#()-]', LINKS, NUMBER),
  new RegExp(
    `(?<![\\p{L}\\d])\\d{5} (?:is|was|es|era) (?:(?:my|the|a|mi|el|la|our|union) )*(?:${CLEAR}|${WORDY})(?![\\p{L}])`,
    'giu',
  ),
  // "they cut 12000 jobs"
  /(?<![\p{L}\d])\d{5} (?:of us|people|workers|jobs|members|families|layoffs|dollars|bucks|an?|per|calls|signatures|miles|hours|personas|trabajadores|empleos|miembros|familias|dolares|pesos|al (?:mes|ano|dia)|llamadas)(?!\p{L})/giu,
  // "12345 Main St, Detroit 48213"
  /(?<![\p{L}\d])\d{5} (?!(?:on|at|in|near) )(?:[\p{L}.]+ ){1,2}(?:st|street|ave|avenue|rd|road|dr|drive|blvd|boulevard|lane|ln|court|hwy|highway)(?!\p{L})/giu,
]

// "CWA Local 14430", "Local Union No. 12345", "seccional numero 12345".
const LOCAL = behind(
  `(?:(?:${UNIONS}) )?(?:local|lodge|chapter|district|council|branch|seccional)|${UNIONS}`,
  '[ .:#()-]',
  'union|no|num|number|numero|n',
  '\\d{2,5}(?![\\p{L}\\d])',
)

/** Her words without the numbers that something else goes by: "ref 48213", "H.R. 10545". text: without accents. */
export function withoutReferences(text: string): string {
  return REFERENCES.reduce((rest, reference) => rest.replace(reference, ' '), text)
}

/** Her words without the number of her union's local. text: without accents. */
export function withoutLocals(text: string): string {
  return text.replace(LOCAL, ' ')
}
