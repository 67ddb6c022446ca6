/**
 * Letters that look like Latin ones and survive NFKC: Cyrillic, Greek, small capitals, a few others.
 * Each pair of strings runs in parallel: the nth sign of the first reads as the nth of the second.
 */
const PAIRS: readonly (readonly [string, string])[] = [
  ['авекмнорстухіѕјԁԛԝҽһӏєзп', 'abekmhopctyxisjdqwehleen'],
  ['АВЕКМНОРСТУХІЅЈԚԜҺЄП', 'abekmhopctyxisjqwhen'],
  ['αβγεηικνορτυχωσς', 'abyenikvoptuxwos'],
  ['ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ', 'abezhikmnoptyx'],
  ['ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ', 'abcdefghijklmnoprstuvwyz'],
  ['øØđĐłŁıɑɡⲟօոսтћðÐæ', 'ooddlliagoonuthdda'],
]

const LOOK_ALIKES: ReadonlyMap<string, string> = new Map(
  PAIRS.flatMap(([from, to]) => [...from].map((sign, n): [string, string] => [sign, to[n] ?? ''])),
)

/** Signs that are words to whoever sends them. */
const SIGN_WORDS: ReadonlyMap<string, string> = new Map([
  ['🛑', ' stop '],
  ['🖕', ' fuck you '],
  ['&', ' and '],
  ['#', ' # '],
])

const REGIONAL_A = 0x1f1e6
const NEGATIVE_CIRCLED_A = 0x1f150
const NEGATIVE_SQUARED_A = 0x1f170
const LETTER_A = 0x61

/** One sign as plain lower-case Latin where it looks or reads like it; other signs unchanged. */
export function plainSign(sign: string): string {
  if (sign < '\u0080' && sign !== '&' && sign !== '#') return sign
  const known = LOOK_ALIKES.get(sign) ?? SIGN_WORDS.get(sign)
  if (known !== undefined) return known
  const code = sign.codePointAt(0) ?? 0
  for (const first of [REGIONAL_A, NEGATIVE_CIRCLED_A, NEGATIVE_SQUARED_A])
    if (code >= first && code < first + 26) return String.fromCharCode(LETTER_A + code - first)
  return sign
}
