import type { Intent } from './intent.js'
import { allAmong, phrases } from './words.js'

// A command is a text of which one word says what she wants and the others are courtesy. Each has its own courtesy:
// "help me" asks for help, "call me" does not ask for the senators' numbers.
const POLITE = phrases(
  'please|pls|plz|thanks|thank|you|thx|ok|okay|yes|hi|hello|hey|now|the|por|favor|porfa|gracias|hola|si|buenos|buenas|dias|tardes',
)

const JOINING = phrases('text|texting|reply|keyword|word|to|sign|me|up|again|la|palabra|al')

/** core: one of these must stand in the text; beside: these may. */
type Command = { intent: Intent; core: ReadonlySet<string>; beside: ReadonlySet<string> }

const COMMANDS: readonly Command[] = [
  {
    intent: { kind: 'help' },
    core: phrases('help|info|ayuda|information|informacion|ayudame'),
    beside: phrases(
      'i|need|me|can|could|more|some|want|necesito|quiero|mas|puedes|puede|un|poco|de|get|a|bit',
    ),
  },
  {
    intent: { kind: 'call' },
    core: phrases('call|senators|senator|senadores|senador|llamar|numbers|number'),
    beside: phrases(
      'my|again|who|are|whos|phone|what|whats|is|get|send|text|see|their|mis|los|de|ver|numero|numeros|telefono|telefonos|otra|vez|to',
    ),
  },
  {
    intent: { kind: 'moved' },
    core: phrases('moved|moving|mude|mudamos|mudanza|mudado'),
    beside: phrases('i|ive|we|weve|have|just|me|nos|he|hemos|recently|to|a|new|address|house|place'),
  },
  {
    intent: { kind: 'language', language: 'es' },
    core: phrases('espanol|spanish|castellano'),
    beside: phrases(
      'en|in|can|we|me|text|speak|i|prefer|want|hablo|habla|hablas|solo|only|quiero|mensajes|se|lo|un|una',
    ),
  },
  {
    intent: { kind: 'language', language: 'en' },
    core: phrases('english|ingles'),
    beside: phrases('en|in|can|we|me|text|speak|i|prefer|want|only|solo|back|to|messages'),
  },
  {
    intent: { kind: 'fewer', fewer: true },
    core: phrases('less|fewer|menos'),
    beside: phrases('texts|alerts|messages|send|me|mensajes|alertas|texting|often'),
  },
  {
    intent: { kind: 'fewer', fewer: false },
    core: phrases('more|mas'),
    beside: phrases('texts|alerts|messages|send|me|mensajes|alertas'),
  },
  { intent: { kind: 'forget' }, core: phrases('forget'), beside: phrases('me') },
  {
    // Heard only after "should we stop?", and only where the judge of leaving heard no yes in it.
    intent: { kind: 'no' },
    core: phrases('no|nope|nah|dont|stay|keep|continue|nevermind|sigan|sigue|seguir'),
    beside: phrases(
      'not|stop|never|mind|me|on|going|it|coming|them|these|texting|quiero|mandando|texts|alerts',
    ),
  },
  {
    intent: { kind: 'yes' },
    core: phrases('yes|yeah|yep|yup|si|claro'),
    beside: phrases('y|sure|of|course|do'),
  },
]

const THANKS = phrases(
  'thanks|thank|thx|thnx|ty|tysm|tks|ok|okay|okey|k|kk|cool|great|awesome|nice|perfect|good|wonderful|excellent|yay|wow|lol|haha|sure|gotcha|got|' +
    'solidarity|welcome|amen|gracias|vale|bueno|buenisimo|perfecto|excelente|genial|bien|noted|np|cheers|right|fine|alright|solidaridad',
)
const BESIDE_THANKS = phrases(
  'you|u|so|very|much|a|lot|for|the|all|it|that|this|youre|team|guys|sounds|will|do|i|love|bless|god|job|work|help|info|to|know|muchas|mil|muy|' +
    'por|todo|esta|que|dios|los|bendiga|bendigan|amigos|folks|one|numbers|sure|again|and',
)

/** What brings her in, and may bring her ZIP along. */
type Joining = Extract<Intent, { kind: 'keyword' | 'start' | 'join' }>

const START = ['start', 'unstop']
const JOIN = ['join']

/** A word that joins, alone or in courtesy: WORK, "work please", "Text WORK to 235246", "START 35020". */
export function readJoining(plain: string, keywords: readonly string[], shortCode: string): Joining | null {
  const words = plain.replace(/\b(\d{5}) \d{4}\b/, '$1').split(' ')
  const known = keywords.map((keyword) => keyword.toLowerCase())
  return (
    readWord('keyword', words, known, shortCode) ??
    readWord('start', words, START, shortCode) ??
    readWord('join', words, JOIN, shortCode)
  )
}

function readWord(
  kind: Joining['kind'],
  words: readonly string[],
  known: readonly string[],
  shortCode: string,
): Joining | null {
  if (!words.some((word) => known.includes(word))) return null
  const zips = new Set(words.filter((word) => /^\d{5}$/.test(word) && word !== shortCode))
  const rest = words.filter((word) => !known.includes(word) && !zips.has(word) && word !== shortCode)
  if (zips.size > 1 || !allAmong(rest, POLITE, JOINING, BESIDE_ZIP)) return null
  if (zips.size === 0 && !allAmong(rest, POLITE, JOINING)) return null
  const [zip = null] = zips
  return { kind, zip }
}

const BESIDE_ZIP = phrases('zip|zipcode|code|my|is')

/** One of the words that ask for something, thanks, yes or no; null where the text is more than that. */
export function commandFromWords(plain: string): Intent | null {
  const words = plain.split(' ')
  if (words.length > WORDS_MAX) return null
  const command = COMMANDS.find(
    ({ core, beside }) => words.some((word) => core.has(word)) && allAmong(words, core, beside, POLITE),
  )
  if (command) return command.intent
  const isThanks = words.some((word) => THANKS.has(word)) && allAmong(words, THANKS, BESIDE_THANKS, POLITE)
  return isThanks ? { kind: 'thanks' } : null
}

const WORDS_MAX = 12

const SPANISH = phrases(
  'hola|trabajo|buenos|buenas|gracias|ayuda|ayudame|parar|cancelar|basta|espanol|mensajes|manden|quitenme|quiero|llamar|senadores|' +
    'quien|unirme|necesito|dejen|borrenme|borrame|olvidame|informacion|escribanme|molesten|deseo',
)
// Parts of names too, as in Palo Alto and Baja California: Spanish only where little else stands beside them.
const SPANISH_ALONE = phrases('alto|baja|salir|pare|paren|favor|no mas|ya no')

/** Whether her words are surely Spanish: then a first text is answered in Spanish. */
export function isSpanish(plain: string): boolean {
  const words = plain.split(' ')
  if (words.some((word) => SPANISH.has(word))) return true
  return words.length <= 2 && (SPANISH_ALONE.has(plain) || words.some((word) => SPANISH_ALONE.has(word)))
}
