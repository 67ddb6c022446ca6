import { isOneEditFrom } from '../conversation/words.js'
import { STATE_NAMES, isStateCode, type Region, type StateCode } from './congress.js'

/** Codes that are also words people text on their own: "ok", "hi", "la". They name a state only when we asked. */
const WORD_CODES = new Set(['AS', 'HI', 'ID', 'IN', 'LA', 'ME', 'OH', 'OK', 'OR'])

/** Of those, what people say to any question: "Ok", "Hi!", "it's me". Only in capitals do they answer "which state?". */
const SMALL_TALK: ReadonlySet<string> = new Set(['HI', 'IN', 'ME', 'OK', 'OR'])
/** "I vote in OK". */
const IN_CODE = /\s(?:in|en|to)\s+([A-Z]{2})$/

/** Names beside the official ones, without accents: Spanish, short forms, and the slips seen most. */
const OTHER_NAMES: Readonly<Partial<Record<Region, readonly string[]>>> = {
  CA: ['calif', 'cali'],
  CT: ['conneticut', 'conecticut', 'connecticutt'],
  DC: [
    'washington dc',
    'washington d c',
    'district of columbia',
    'distrito de columbia',
    'washington district of columbia',
  ],
  HI: ['hawai'],
  IL: ['illinios', 'ilinois'],
  LA: ['luisiana', 'lousiana', 'louisana'],
  MA: ['massachusets', 'massachusettes', 'massachussetts', 'masachusets'],
  MN: ['minesota', 'minnisota'],
  MO: ['misuri', 'misouri', 'missuri'],
  MS: ['misisipi', 'missisippi', 'mississipi', 'missisipi'],
  NC: ['carolina del norte', 'n carolina'],
  ND: ['dakota del norte', 'n dakota'],
  NH: ['nueva hampshire', 'nuevo hampshire', 'new hampsire'],
  NJ: ['nueva jersey', 'nuevo jersey'],
  NM: ['nuevo mexico', 'new mejico', 'nuevo mejico'],
  NY: ['nueva york', 'new york state'],
  OH: ['ojio'],
  PA: ['pensilvania', 'pensylvania', 'penn', 'penna'],
  RI: ['isla de rhode', 'rode island'],
  SC: ['carolina del sur', 's carolina'],
  SD: ['dakota del sur', 's dakota'],
  TN: ['tennesee', 'tenessee', 'tenesi'],
  TX: ['tejas'],
  VA: ['virgina'],
  WA: ['washington state', 'estado de washington', 'state of washington'],
  WV: ['virginia occidental', 'virginia del oeste', 'w virginia', 'west va', 'west virgina'],
  WI: ['wisconson'],
  PR: ['puerto rico'],
  VI: ['us virgin islands', 'u s virgin islands', 'virgin islands', 'usvi', 'islas virgenes'],
  GU: ['guam'],
  AS: ['american samoa', 'samoa americana', 'samoa'],
  MP: [
    'northern mariana islands',
    'northern marianas',
    'mariana islands',
    'cnmi',
    'saipan',
    'islas marianas del norte',
    'islas marianas',
  ],
}

/** Every name, the longest first: "West Virginia" is read before "Virginia", "Arkansas" before "Kansas". */
const NAMES: readonly (readonly [string, Region])[] = [
  ...(Object.entries(STATE_NAMES) as [StateCode, string][]).map(
    ([code, name]) => [name.toLowerCase(), code] as const,
  ),
  ...(Object.entries(OTHER_NAMES) as [Region, readonly string[]][]).flatMap(([code, names]) =>
    names.map((name) => [name, code] as const),
  ),
].sort(([a], [b]) => b.length - a.length)

const BY_NAME: ReadonlyMap<string, Region> = new Map(NAMES)

/** "Kansas City, MO": a code after a town and a comma is an answer. */
const TOWN_AND_CODE = /[a-z]{3,}, *([A-Z]{2})\W*$/

/** Says where she does not vote, or names a town that is called like a state: better asked again than guessed. */
const MISLEADING = /\b(not|isnt|dont|never|no es|no vivo|no voto|kansas city)\b/

/** What people put before and after the answer. */
const BEFORE =
  /^(i (vote|live|am) in|im in|i moved to|moved to|my state is|its|it is|from|the state of|state of|yo voto en|voto en|vivo en|estoy en|soy de|me mude a|mi estado es|estado de|es|en)\s+(the state of |el estado de )?/
const AFTER = /(\s+(please|pls|plz|thanks|thank you|thx|por favor|gracias|usa|yall|y all))+$/

const CODES_WITHOUT_SENATORS: ReadonlySet<string> = new Set(['DC', 'PR', 'VI', 'GU', 'AS', 'MP'])

/**
 * The state (or DC, or territory) that a text names, in English or Spanish; null when it names none or several.
 * asked: we have just asked her for a state. Then a name inside a sentence counts too, and so do codes that are
 * everyday words, some of them only in capitals; unasked, the name or code must be all she says ("Georgia called me" is
 * about a Georgia we do not know).
 */
export function stateFromWords(text: string, { asked }: { asked: boolean }): Region | null {
  const said = plain(text)
  const isCode = (code: Region) =>
    !WORD_CODES.has(code) || (asked && (!SMALL_TALK.has(code) || isInCapitals(text, code)))
  const whole = regionOf(said, isCode)
  if (whole) return whole
  const answer = said.replace(AFTER, '').replace(BEFORE, '').trim()
  const named = BY_NAME.get(answer) ?? almost(answer)
  if (named) return named
  if (!asked) return null
  const code = TOWN_AND_CODE.exec(text)?.[1] ?? ''
  const afterTown = regionOf(code.toLowerCase(), (code) => !WORD_CODES.has(code))
  return regionOf(answer, isCode) ?? afterTown ?? onlyOneNamed(said)
}

function regionOf(words: string, isCode: (code: Region) => boolean): Region | null {
  const code = words.replace(/^([a-z]) ([a-z])$/, '$1$2').toUpperCase()
  if (isRegionCode(code) && isCode(code)) return code
  return BY_NAME.get(words) ?? null
}

const LONG_NAME = 7
/** Other words, one letter away. */
const NO_SLIPS: ReadonlySet<string> = new Set([
  'georgina',
  'georgie',
  'indians',
  'floridan',
  'arizonan',
  'virginie',
])

/** The one state that is a letter away from a long name: "kentuky". */
function almost(name: string): Region | null {
  if (name.length < LONG_NAME - 1 || NO_SLIPS.has(name)) return null
  const near = new Set(
    NAMES.filter(([known]) => known.length >= LONG_NAME && isOneEditFrom(name, known)).map(
      ([, region]) => region,
    ),
  )
  const [only] = near
  return near.size === 1 && only ? only : null
}

/** Whether she wrote the two letters as a state's: all she says, or behind "in". With a thumb up it is a nod. */
function isInCapitals(text: string, code: Region): boolean {
  if (/\p{Extended_Pictographic}/u.test(text)) return false
  const letters = text
    .normalize('NFKC')
    .replace(/[^\p{L}\s]/gu, '')
    .trim()
  return letters === code || IN_CODE.exec(letters)?.[1] === code
}

function onlyOneNamed(said: string): Region | null {
  if (MISLEADING.test(said)) return null
  const found = new Set<Region>()
  let rest = ` ${said} `
  for (const [name, region] of NAMES) {
    if (!rest.includes(` ${name} `)) continue
    found.add(region)
    rest = rest.replaceAll(` ${name} `, ' | ')
  }
  const [only] = found
  return found.size === 1 && only ? only : null
}

function isRegionCode(code: string): code is Region {
  return isStateCode(code) || CODES_WITHOUT_SENATORS.has(code)
}

/** Lower case, no accents, no apostrophes, anything else that is no letter a single space. */
function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f'\u2019]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()
}
