import { words } from './words.js'

/** Words worth repairing to when a thumb slipped, a letter was doubled or a digit stands for one. */
const KEY_WORDS = words(`
  stop stopall unsubscribe unsubscribed cancel end quit revoke optout remove exit unsub texting text texts message
  messages messaging contacting contact calling sending send please wrong number interested anymore harassing
  bothering leave alone delete block subscription list off more me no not dont want consent permission lose
  spamming spam now again thanks opt fuck fucking you shut all please annoying report
  alto parar pare paren baja cancelar salir basta detener quitar mensajes mas numero equivocado quitenme
  eliminar lista escriban unlist manden molesten dejen borrar borrenme favor ya nomas suscripcion dejenme`)

/** Words repaired when one letter is lost, added, wrong or swapped; the rest of KEY_WORDS only for doubled letters. */
const FUZZY_WORDS = words(`
  unsubscribe unsubscribed messages message messaging texting please remove wrong number cancel contact contacting
  interested anymore harassing bothering subscription permission immediately mensajes equivocado numero cancelar
  quitenme stopall`)

/** Real words one letter away from a key word: never repaired. */
const REAL_WORDS = words(`
  contract contracts contacts contracting massage massages massaging testing vexing taxing sexting nesting resting
  remote removed removes removal remover cancer cancels canceled cancela cancele cancelen cancelo cancele cancelado
  numbers lumber slumber cumber wring wrongs wrung prong strong throng pleased plead pleas pleasure mumber
  wrongly cancelan canceler interest interests disinterested uninterested sending lending bending intended
  mensaje numeros equivocada equivocados equivocadas canceled texted permissions subscriptions leased plea
  quitame quitense quitate quitenle quitenles quitenlo quitenla cancelara subscriber
  messaged messages message removing contracted contact contacted texans flexing`)

/** Short forms and slips that no rule finds. An empty answer drops the word. */
const SHORT_FORMS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    please: 'pls plz plse pleas plese pleese plis plx puhlease prettyplease porfavor porfa porfis xfa xfavor',
    stop: 'stp sotp stpo tsop dtop stip stopp stoo stoop stpp syop srop stol sttop stob sstop stpop stopo stoip atop stap stahp ctop sotop stopt sop stpos stoppp stopd stop2stop estop cton',
    favor: 'fabor fabr faver',
    unsubscribing: 'unsubbing unsubing',
    alone: 'aloan alon aloone',
    leave: 'leve',
    desuscribirme: 'descuscribirme dessuscribirme',
    take: 'tke tak tk',
    more: 'mor',
    them: 'em',
    quit: 'quti qiut quitt',
    end: ' edn',
    cancel: 'cancle cancell cansel canel cancl kancel cncel cncl',
    cancelar: 'kancelar canselar cancelr',
    unsubscribe:
      'unsub unsuscribe unsubscrib unsubscibe unsubsribe unsubsrcibe unsubcribe unsuscrib unsubscride unsubscripe unscribe unsubscrbe usubscribe',
    remove: 'rmv remov remve rmove romove',
    you: 'u yu yall youall',
    your: 'ur yur yer',
    texting: 'txting textin txtin texing textting txtng txtn texti textng txtting texthing testin',
    text: 'txt tex txet',
    texts: 'txts textes',
    messaging: 'msging messagin mesaging messeging msgin mssging dming',
    messages: 'msgs msges mesages messeges mssgs messags',
    message: 'msg mesage messege mssg',
    dont: 'dnt donot dony doont dontt',
    wont: 'wnt',
    anymore: ' animore nemore',
    interested: 'intrested interrested intersted intereted interesed',
    number: 'numbr numer nuber nmber num nbr nunber numberr #',
    wrong: 'rong wrng worng wron',
    thanks: 'thx thnx thanx tks tnx ty thankyou tyvm',
    now: 'rn noww',
    people: 'ppl peeps',
    because: 'bcuz becuz cause coz becus cuz cus cos bc',
    with: 'w wit',
    are: 'r',
    how: 'howd',
    this: 'dis thsi thiss tihs',
    the: 'da teh',
    me: 'mee meh',
    fucking: 'fuckin fkn fkng effing friggin frigging frickin freakin mf motherfucking fking bloody',
    fuck: 'fuk fuq fck fk phuck fvck',
    goddamn: 'goddam',
    shit: 'sht',
    someone: 'sum1',
    want: ' wan',
    before: 'b4',
    okay: 'okey oki',
    forever: '4ever 4eva 4evr',
    until: 'til till untill',
    would: 'wud wuld',
    could: 'cud cld',
    nomas: 'nomaz',
    que: 'q ke',
    mensajes: 'msjs mensages mensaje msj mensjes',
    textos: 'texto',
    por: ' xr',
    de: '',
    mas: 'maz',
    quitenme: 'kitenme',
  }).flatMap(([word, forms]) => forms.split(' ').map((form): [string, string] => [form, word])),
)

/** One written word that reads as several. */
const SPLITS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    stopall: 'stop all',
    optout: 'opt out',
    hmu: 'hit me up',
    whyd: 'why did',
    wanna: 'want to',
    gonna: 'going to',
    gotta: 'got to',
    lemme: 'let me',
    gimme: 'give me',
    stopit: 'stop it',
    fu: 'fuck you',
    fuckyou: 'fuck you',
    fuckoff: 'fuck off',
    stfu: 'shut up',
    gtfo: 'fuck off',
    nomas: 'no mas',
    nomore: 'no more',
    nolonger: 'nolonger',
    dnc: 'dont call list',
    ily: 'love',
  }).map(([word, parts]): [string, readonly string[]] => [word, parts.split(' ')]),
)

/** What run-together words may be made of: "stoptextingme". */
const PARTS = words(`
  stop quit texting txting text texts me please pls plz it this now no more messages messaging remove take off list
  leave alone wrong number fuck opt out all un subscribe dont unsubscribe my lose go away contact not interested
  end cancel thanks calling sending contacting the these from your for 2`)
const PART_MAX = 11
const JOINED_MIN = 6
/** Longer written words are no words: not looked into. */
const WORD_MAX = 40

const KNOWN_SQUEEZED: ReadonlyMap<string, string> = new Map(
  [...KEY_WORDS].map((word) => [squeeze(word), word]),
)
const NEAR = nearWords()

const LEET: ReadonlyMap<string, string> = new Map(
  Object.entries({ 0: 'o', 1: 'i', 3: 'e', 4: 'a', 5: 's', 7: 't', $: 's', '@': 'a', '!': 'i' }),
)
const STARRED = ['stop', 'fuck', 'fucking', 'shit', 'quit', 'asshole', 'bitch', 'fucked']

/** The words that a written word reads as: itself, a repaired one, or several that were run together. */
export function readWord(written: string): readonly string[] {
  if (written.length > WORD_MAX) return [written]
  const word = repair(written)
  return SPLITS.get(word) ?? splitJoined(word) ?? [word]
}

function repair(written: string): string {
  const short = SHORT_FORMS.get(written)
  if (short !== undefined) return short
  if (KEY_WORDS.has(written) || SPLITS.has(written)) return written
  if (written.includes('*')) return unstar(written)
  const plain = unleet(written)
  const squeezed = squeeze(plain)
  if (squeezed !== plain) {
    const known = KNOWN_SQUEEZED.get(squeezed) ?? SHORT_FORMS.get(squeezed)
    if (known !== undefined && !REAL_DOUBLES.has(plain)) return known
  }
  if (KEY_WORDS.has(plain)) return plain
  const gerund = plain.endsWith('in') ? `${plain}g` : plain.endsWith('n') ? `${plain.slice(0, -1)}ing` : ''
  if (GERUNDS.has(gerund)) return gerund
  return near(plain) ?? plain
}

/** "sendin" and "sendn" are sending. */
const GERUNDS = words(
  'texting sending calling getting bothering harassing bugging spamming asking writing blowing hitting annoying pestering contacting messaging receiving trying reporting blocking telling messing',
)

/** Real words that would squeeze into a key word. */
const REAL_DOUBLES = words(
  'too off all offend will well still tell shall soon see been shoot moot boot noon good food need meet feel feet keep week seen textees textee',
)

function unleet(written: string): string {
  if (!/[a-z]/.test(written) || !/[013457$@!]/.test(written)) return written
  const plain = [...written].map((sign) => LEET.get(sign) ?? sign).join('')
  const known = KEY_WORDS.has(plain) || KNOWN_SQUEEZED.has(squeeze(plain)) || PARTS.has(plain)
  return known ? plain : written
}

function unstar(written: string): string {
  if (/^f\*+$/.test(written)) return 'fuck'
  const bare = written.replaceAll('*', '')
  const match = STARRED.find(
    (word) =>
      word.length === written.length && [...written].every((sign, n) => sign === '*' || sign === word[n]),
  )
  return match ?? (/^f\*+k?$/.test(written) ? 'fuck' : /^f\*+(ing|in)$/.test(written) ? 'fucking' : bare)
}

function squeeze(word: string): string {
  let out = ''
  for (const sign of word) if (!out.endsWith(sign)) out += sign
  return out
}

function deletions(word: string): string[] {
  return Array.from(word, (_, n) => word.slice(0, n) + word.slice(n + 1))
}

function nearWords(): ReadonlyMap<string, string> {
  const map = new Map<string, string>()
  for (const word of FUZZY_WORDS)
    for (const form of [word, ...deletions(word)]) if (!map.has(form)) map.set(form, word)
  return map
}

/** A fuzzy word one slip away: both lose one letter at most and then agree. */
function near(word: string): string | null {
  if (word.length < 5 || word.length > 13 || REAL_WORDS.has(word)) return null
  const direct = NEAR.get(word)
  if (direct !== undefined) return direct
  for (const form of deletions(word)) {
    const hit = NEAR.get(form)
    if (hit !== undefined && isOneSlip(word, hit)) return hit
  }
  return null
}

/** Same length and one letter wrong or two neighbours swapped (a lost or added letter is found directly). */
function isOneSlip(a: string, b: string): boolean {
  if (a.length !== b.length) return b.length === a.length - 1
  let n = 0
  while (n < a.length && a[n] === b[n]) n++
  return (
    a.slice(n + 1) === b.slice(n + 1) ||
    (a[n] === b[n + 1] && a[n + 1] === b[n] && a.slice(n + 2) === b.slice(n + 2))
  )
}

/** Splits run-together words if known parts cover all of it: fewest parts win. */
function splitJoined(word: string): readonly string[] | null {
  if (word.length < JOINED_MIN || KEY_WORDS.has(word) || PARTS.has(word)) return null
  const best: (readonly string[] | undefined)[] = [[]]
  for (let end = 1; end <= word.length; end++)
    for (let start = Math.max(0, end - PART_MAX); start < end; start++) {
      const before = best[start]
      const part = word.slice(start, end)
      if (!before || !PARTS.has(part)) continue
      const now = best[end]
      if (!now || before.length + 1 < now.length) best[end] = [...before, part]
    }
  return best[word.length]?.map((part) => SHORT_FORMS.get(part) ?? part) ?? null
}
