import { SPANISH_RULES } from './leave-spanish.js'
import { SPANISH_PERSON_RULES } from './leave-spanish-person.js'
import { SPANISH_WISH_RULES } from './leave-spanish-wish.js'
import { NET_WORDS } from './spanish-net-words.js'
import { SPANISH_UNCLEAR_RULES } from './unclear-spanish.js'
import { DEEDS, SPANISH_LISTS, SPANISH_NOUNS } from './spanish-verbs.js'

const SHORT_MAX = 3
const LONG_MAX = 24
const CLIPPED_MIN = 4

/** Shorter than a sound can tell apart. */
const SHORT: ReadonlyMap<string, string> = new Map(
  Object.entries({
    que: 'k ke q qe',
    por: 'x xr',
    aqui: 'aki',
    ahi: 'ai',
    porque: 'xq pq xk pk porke',
    soy: 'soi',
    te: 't',
    de: 'd',
    paz: 'pas',
    nada: 'na',
    esta: 'ta sta',
    estar: 'tar',
    estas: 'tas',
  }).flatMap(([word, forms]) => forms.split(' ').map((form): [string, string] => [form, word])),
)

/** What the rules and the net name word by word, and then what verbs are made into. */
const NAMED = [...SPANISH_RULES, ...SPANISH_PERSON_RULES, ...SPANISH_WISH_RULES, ...SPANISH_UNCLEAR_RULES]
  .flatMap(({ patterns }) => patterns.flatMap((source) => source.match(/(?<![@a-z])[a-z]+/g) ?? []))
  .concat([...Object.values(SPANISH_NOUNS), ...NET_WORDS].flatMap((list) => [...list]))
const MADE = Object.values(SPANISH_LISTS).flatMap((list) => [...list])
const KNOWN: ReadonlySet<string> = new Set([...NAMED, ...MADE])

/** "kitenme", "quitemme" and "quitenme" are one. Where two sound alike, the one that is named stands. */
const BY_SOUND: ReadonlyMap<string, string> = new Map(
  [...MADE, ...NAMED].filter((word) => word.length > SHORT_MAX).map((word) => [sound(word), word]),
)

/** "borrnme", "dejn": what she asks of us, with a vowel lost on the way. */
const CLIPPED: ReadonlyMap<string, string> = new Map(
  [DEEDS.mand, DEEDS.quit, DEEDS.dej, DEEDS.molest]
    .flatMap((deed) => [...deed.en, ...deed.enme, ...deed.arme])
    .filter((word) => word.length > CLIPPED_MIN)
    .flatMap((word) => withoutAVowel(word).map((clipped): [string, string] => [sound(clipped), word])),
)

function withoutAVowel(word: string): string[] {
  return Array.from(word, (_, n) => n)
    .slice(1, -1)
    .filter((n) => 'aeiou'.includes(word[n] ?? '') && !'gq'.includes(word[n - 1] ?? ''))
    .map((n) => word.slice(0, n) + word.slice(n + 1))
}

/** The word of the Spanish rules that sounds like the written one, or null. */
export function inSpanish(written: string): string | null {
  const short = SHORT.get(written)
  if (short !== undefined) return short
  if (written.length > LONG_MAX) return null
  if (written.length <= SHORT_MAX || KNOWN.has(written)) return KNOWN.has(written) ? written : null
  const heard = sound(written)
  return BY_SOUND.get(heard) ?? (heard.length >= CLIPPED_MIN ? CLIPPED.get(heard) : undefined) ?? null
}

function isFront(sign: string | undefined): boolean {
  return sign === 'e' || sign === 'i'
}

/** How it sounds: k is c and qu, z is s, v is b, y is ll, an h is nothing, a doubled letter is one. */
function sound(word: string): string {
  let out = ''
  const add = (sign: string) => {
    // an x by any other spelling
    if (sign === 's' && out.endsWith('k')) out = out.slice(0, -1)
    if (!out.endsWith(sign)) out += sign
  }
  for (let n = 0; n < word.length; n++) {
    const sign = word[n] ?? ''
    const next = word[n + 1]
    // the silent u of que, gui
    const silent = next === 'u' && isFront(word[n + 2])
    switch (sign) {
      case 'h':
        break
      case 'c':
        if (next === 'h') add('C')
        else add(isFront(next) ? 's' : 'k')
        break
      case 'q':
      case 'k':
        add('k')
        if (silent) n++
        break
      case 'g':
        add(isFront(next) ? 'j' : 'g')
        if (silent) n++
        break
      case 'l':
        add(next === 'l' ? 'y' : 'l')
        while (word[n + 1] === 'l') n++
        break
      case 'z':
      case 'x':
        add('s')
        break
      case 'v':
        add('b')
        break
      default:
        add(sign)
    }
  }
  return out
}
