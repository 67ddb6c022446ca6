import { allAmong, isOneEditFrom, phrases, plainWords, without } from './words.js'
import type { Outcome } from './types.js'

/** What she says of her calls. office: 0 or 1, the senator she named or whose letter she gave; both: one word for both. */
export type SaidOutcome = { outcome: Outcome; office: number | null; both: boolean }

const DIGITS: ReadonlyMap<string, Outcome> = new Map(
  (
    [
      ['reached', ['1', 'one', 'uno']],
      ['voicemail', ['2', 'two', 'dos']],
      ['busy', ['3', 'three', 'tres']],
      ['wrong', ['4', 'four', 'cuatro']],
    ] as const
  ).flatMap(([outcome, words]) => words.map((word) => [word, outcome] as const)),
)

type Way = {
  outcome: Outcome
  /** One of these must stand in the text ... */
  core: ReadonlySet<string>
  /** ... and beside it nothing but these and the small words: "I'm busy now, will call later" is no busy line. */
  beside: ReadonlySet<string>
}

const SMALL = phrases(
  'the|it|its|was|is|were|a|an|have|has|just|got|get|to|at|on|of|for|from|her|his|their|they|my|me|so|and|but|then|' +
    'sen|senator|senators|office|offices|line|lines|phone|today|again|still|already|now|all|first|finally|ok|yes|hi|sorry|great|cool|' +
    'thanks|thank|you|in|s|with|right|away|too|la|el|los|las|lo|un|una|de|del|en|al|su|ya|me|hoy|fue|es|era|esta|estaba|y|con|gracias|si',
)

// The order matters: "voicemail full" is no voicemail left, "no answer" is no answer.
const WAYS: readonly Way[] = [
  {
    outcome: 'wrong',
    core: phrases(
      'wrong office|wrong senator|wrong senators|wrong state|wrong place|not my senator|not my senators|' +
        'wrong|otra oficina|oficina equivocada|no era esa oficina|no era la oficina|no es mi senador|' +
        'equivocada',
    ),
    beside: phrases('i|called|reached|thats|that|this|mi'),
  },
  {
    outcome: 'busy',
    core: phrases(
      'busy|full|no answer|not answering|no one answered|nobody answered|noone answered|didnt answer|' +
        'no one picked up|nobody picked up|didnt pick up|no pick up|kept ringing|keeps ringing|just rings|' +
        'just rang|couldnt get through|cant get through|ocupado|ocupada|ocupados|ocupadas|lleno|llena|' +
        'llenos|no contestan|no contestaron|nadie contesto|nadie contesta|no atienden|no atendieron|' +
        'nadie atendio|suena ocupado',
    ),
    beside: phrases(
      'signal|tone|mailbox|mailboxes|voicemail|voice|mail|vm|box|inbox|or|both|called|tried|buzon|buzones|busy|full|linea|lineas|o|ocupado|lleno|sonaba|suena|tono',
    ),
  },
  {
    outcome: 'voicemail',
    core: phrases(
      'vm|vms|voicemail|voicemails|voice mail|voice message|message|messages|msg|machine|mensaje|' +
        'mensajes|buzon|buzon de voz',
    ),
    beside: phrases(
      'i|ive|we|left|leave|leaving|went|straight|called|answering|vm|voicemail|voice|message|deje|dejado|he|les|hablado|grabado|contestadora',
    ),
  },
  {
    outcome: 'reached',
    core: phrases(
      'done|did it|called|made the call|made my call|made the calls|made my calls|reached|talked|spoke|' +
        'spoken|got through|got someone|got somebody|answered|picked up|someone answered|made it|' +
        'atendieron|atendio|contestaron|contesto|respondieron|hable|llame|hecho|lista|listo',
    ),
    beside: phrases(
      'i|ive|we|someone|somebody|person|people|staff|staffer|aide|intern|assistant|receptionist|live|real|human|them|him|he|she|' +
        'call|calls|up|made|done|called|very|nice|great|lady|guy|woman|man|calling|alguien|una|persona|he|llamado|por|telefono|llamada',
    ),
  },
]

/** The longest first. */
const BOTH = phrases(
  'both of them|both offices|both senators|both|a los dos|a ambos|los dos|las dos|ambos|ambas',
)

/** Reads how a call went, or null. lastNames: those of her senators, in the order of the letters A and B. */
export function outcomeFromWords(plain: string, lastNames: readonly string[]): SaidOutcome | null {
  const glued = /^([1-4])\s?([ab])$|^([ab])\s?([1-4])$/.exec(plain)
  if (glued) {
    const outcome = DIGITS.get(glued[1] ?? glued[4] ?? '')
    return outcome ? { outcome, office: (glued[2] ?? glued[3]) === 'b' ? 1 : 0, both: false } : null
  }
  const all = plain.split(' ')
  if (all.length > WORDS_MAX) return null
  const named = withoutSenator(all, lastNames)
  const both = [...BOTH].map((phrase) => without(named.words, phrase)).find((rest) => rest !== null) ?? null
  const { words, letter } = withoutLetter(both ?? named.words)
  const outcome = readOutcome(words)
  return outcome && { outcome, office: named.office ?? letter, both: both !== null }
}

/** Reads which of her senators she means: A, B, or a last name; null where she names none or both. */
export function officeFromWords(plain: string, lastNames: readonly string[]): number | null {
  const letter = /^(?:office |option |letter |oficina |opcion )?([ab])$/.exec(plain)?.[1]
  if (letter) return letter === 'a' ? 0 : 1
  return withoutSenator(plain.split(' '), lastNames).office
}

/** Longer than any report: the rest of the words would not be small. */
const WORDS_MAX = 16

function readOutcome(words: readonly string[]): Outcome | null {
  const start = words[0] === 'option' || words[0] === 'number' || words[0] === 'opcion' ? 1 : 0
  const digit = DIGITS.get(words[start] ?? '')
  const rest = digit ? words.slice(start + 1) : words
  if (digit && allAmong(rest, SMALL)) return digit
  const said =
    WAYS.find((way) => [...way.core].some((core) => isAbout(rest, core, way.beside)))?.outcome ?? null
  return digit && digit !== said ? null : said
}

function isAbout(words: readonly string[], core: string, beside: ReadonlySet<string>): boolean {
  const rest = without(words, core)
  if (rest === null) return false
  // "I got a busy signal" is about the line, "I was busy" is about her.
  const spoken = rest[0] === 'i' && (rest[1] === 'got' || rest[1] === 'get') ? rest.slice(1) : rest
  return allAmong(spoken, SMALL, beside)
}

function withoutSenator(
  words: readonly string[],
  lastNames: readonly string[],
): { words: readonly string[]; office: number | null } {
  const found = lastNames.map((name) => nameIn(words, plainWords(name)))
  const [first, second] = found
  if (first && second) return { words, office: null }
  const office = first ? 0 : second ? 1 : null
  return { words: first ?? second ?? words, office }
}

/** The words without her name: whole, its last part (Masto), or a long one with a slip (Tubervile). */
function nameIn(words: readonly string[], name: string): readonly string[] | null {
  const whole = without(words, name)
  if (whole) return whole
  const last = name.split(' ').at(-1) ?? name
  const isIt = (word: string) => word === last || (last.length >= 6 && isOneEditFrom(word, last))
  return words.some(isIt) ? words.filter((word) => !isIt(word)) : null
}

/** A letter at the end, or right after a digit: "voicemail b", "1 a thanks". The a of "left a vm" is no letter. */
function withoutLetter(words: readonly string[]): { words: readonly string[]; letter: number | null } {
  const at = DIGITS.has(words[0] ?? '') && /^[ab]$/.test(words[1] ?? '') ? 1 : words.length - 1
  const letter = words[at]
  if (at < 1 || (letter !== 'a' && letter !== 'b')) return { words, letter: null }
  return { words: [...words.slice(0, at), ...words.slice(at + 1)], letter: letter === 'a' ? 0 : 1 }
}
