import { plainSign } from './look-alikes.js'
import { inSpanish } from './spanish-spelling.js'
import { readWord } from './vocabulary.js'
import { LAUGHTER, NOISE } from './words.js'

export type Token = {
  /** Repaired, lower case, plain Latin. */
  word: string
  /** As she wrote it, with the noise before it. */
  raw: string
  /** The same as the Spanish rules read it. */
  spanish: string
  /** Written in capitals. */
  shout: boolean
}

export type Clause = {
  tokens: readonly Token[]
  /** What ends it: a sentence's end or only a comma, colon, quote or dash. */
  joint: 'hard' | 'soft'
  question: boolean
  polite: boolean
  laughing: boolean
  /** A quotation mark opens right after it. */
  opensQuote: boolean
}

const CHARS_MAX = 1_600

type Piece = { word: string; raw: string; shout: boolean; spanish?: string | undefined }
type Draft = { pieces: Piece[]; joint: 'hard' | 'soft'; question: boolean; opensQuote: boolean }

/** Her text as clauses of plain words: case, accents, look-alikes, emoji, slips and doubled letters are gone. */
export function normalise(text: string): readonly Clause[] {
  const reader = createReader()
  return joinLonelyWords(
    cut(plain(text))
      .map((draft) => read(draft, reader))
      .filter((clause) => clause.tokens.length > 0 || clause.polite),
  )
}

function plain(text: string): string {
  const cut = text.slice(0, CHARS_MAX)
  if (isPlain(cut)) return cut
  return cut
    .replace(/[‘’ʼ`´′‛]/g, "'")
    .replace(/[“”„«»″‟]/g, '"')
    .replace(/[—–―]/g, ' - ')
    .replace(NO_SIGN, 'no ')
    .replace(NO_MORE, 'no mas ')
    .normalize('NFKD')
    .slice(0, 2 * CHARS_MAX)
    .replace(/[\p{M}\p{Cf}]/gu, '')
}

/** "🚫 texts" */
const NO_SIGN = /[🚫⛔📵]\s?(?=\p{L})/gu
/** "no + mensajes" */
const NO_MORE = /\bno ?\+/gi

/** Nothing in it is written another way. */
function isPlain(text: string): boolean {
  for (let n = 0; n < text.length; n++) if (text.charCodeAt(n) > 0x7e) return false
  return !text.includes('`') && !text.includes('+')
}

/** Cuts into clauses and written words, sign by sign. */
function cut(text: string): Draft[] {
  const drafts: Draft[] = []
  let draft: Draft = { pieces: [], joint: 'hard', question: false, opensQuote: false }
  let raw = ''
  let word = ''
  const endWord = () => {
    if (word !== '') draft.pieces.push({ word: unstarred(word), raw, shout: isShout(raw) })
    raw = ''
    word = ''
  }
  const endClause = (joint: 'hard' | 'soft', sign: string) => {
    endWord()
    if (sign === '?') draft.question = true
    if (sign === '"') draft.opensQuote = true
    if (draft.pieces.length > 0) {
      draft.joint = joint
      drafts.push(draft)
      draft = { pieces: [], joint: 'hard', question: false, opensQuote: false }
      return
    }
    draft.question = false
    const last = drafts.at(-1)
    if (!last) return
    if (sign === '?') last.question = true
    if (sign === '"') last.opensQuote = true
    if (joint === 'hard') last.joint = 'hard'
  }
  const signs = Array.from(text, plainSign)
  for (let n = 0; n < signs.length; n++) {
    const sign = signs[n] ?? ''
    const inWord = word !== ''
    switch (kindOf(sign)) {
      case 'letter':
        raw += sign
        word += sign.toLowerCase()
        break
      case 'leet':
        if ((inWord || sign === '$') && isLetter(signs[n + 1])) {
          raw += sign
          word += sign
        } else if (sign === '!') endClause('hard', sign)
        else endWord()
        break
      case 'star':
        if (inWord) {
          raw += sign
          word += sign
        }
        break
      case 'word':
        endWord()
        if (sign !== ' # ' || !isLetter(signs[n + 1]))
          for (const part of sign.trim().split(' '))
            draft.pieces.push({ word: part, raw: part, shout: false })
        break
      case 'apostrophe':
        if (inWord && isLetter(signs[n + 1])) break
        if (inWord) endWord()
        else if (isLetter(signs[n + 1])) endClause('soft', '"')
        break
      case 'hard':
        if (sign === '.' && inWord && isWordSign(signs[n + 1])) endWord()
        else endClause('hard', sign)
        break
      case 'soft':
        if (sign === '-' && inWord && isWordSign(signs[n + 1])) endWord()
        else endClause('soft', sign)
        break
      case 'other':
        endWord()
    }
  }
  endClause('hard', '')
  return drafts
}

function unstarred(word: string): string {
  return !word.endsWith('*') || /^f\*+$/.test(word) ? word : word.replace(/\*+$/, '')
}

type SignKind = 'letter' | 'leet' | 'star' | 'word' | 'apostrophe' | 'hard' | 'soft' | 'other'

const KINDS: ReadonlyMap<string, SignKind> = new Map<string, SignKind>([
  ...[...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'].map((s) => [s, 'letter'] as const),
  ...[...'$@!'].map((sign) => [sign, 'leet'] as const),
  ...[...'.?;\n\r'].map((sign) => [sign, 'hard'] as const),
  ...[...',:()"-[]{}<>'].map((sign) => [sign, 'soft'] as const),
  ...[...' \t/_|+=~^%\\'].map((sign) => [sign, 'other'] as const),
  ['*', 'star'],
  ["'", 'apostrophe'],
])

function kindOf(sign: string): SignKind {
  const known = KINDS.get(sign)
  if (known !== undefined) return known
  if (sign.length > 1 && sign.startsWith(' ')) return 'word'
  return /^[\p{L}\p{N}]$/u.test(sign) ? 'letter' : 'other'
}

function isWordSign(sign: string | undefined): boolean {
  return sign !== undefined && kindOf(sign) === 'letter'
}

function isLetter(sign: string | undefined): boolean {
  return isWordSign(sign) && sign !== undefined && !(sign < '\u0080' ? sign <= '9' : /^\p{N}$/u.test(sign))
}

function isShout(raw: string): boolean {
  return raw.length > 1 && raw === raw.toUpperCase() && raw !== raw.toLowerCase()
}

/** Reads each written word of a text once, and looks for spelled-out keywords a few times: a hostile text costs no more. */
type Reader = { read: (written: string) => Reading; spellings: number }

/** A written word as both languages' rules know it. */
type Reading = { words: readonly string[]; spanish: string | undefined }

const SPELLINGS_MAX = 12

function createReader(): Reader {
  const known = new Map<string, Reading>()
  const read = (written: string) => {
    let reading = known.get(written)
    if (!reading) {
      const words = readWord(written)
      reading = { words, spanish: words.length === 1 ? (inSpanish(written) ?? undefined) : undefined }
      known.set(written, reading)
    }
    return reading
  }
  return { read, spellings: 0 }
}

function read(draft: Draft, reader: Reader): Clause {
  const spelled = joinLetters(draft.pieces, reader)
  const tokens: Token[] = []
  let polite = false
  let laughing = false
  let before = ''
  for (const piece of merge(readPieces(spelled, reader))) {
    if (piece.word === 'please') polite = true
    if (LAUGHTER.has(piece.word)) laughing = true
    else if (!NOISE.has(piece.word)) {
      tokens.push({
        word: piece.word,
        raw: before + piece.raw,
        spanish: piece.spanish ?? piece.word,
        shout: piece.shout,
      })
      before = ''
      continue
    }
    before += `${piece.raw} `
  }
  return {
    tokens,
    joint: draft.joint,
    question: draft.question,
    polite,
    laughing,
    opensQuote: draft.opensQuote,
  }
}

/** The words of written pieces: repaired, cut where they were run together. */
function readPieces(pieces: readonly Piece[], reader: Reader): Piece[] {
  const out: Piece[] = []
  for (const [n, piece] of pieces.entries()) {
    const isBetween = n > 0 && n < pieces.length - 1
    if (isBetween && piece.word === '2') out.push({ ...piece, word: 'to' })
    else if (isBetween && piece.word === '4') out.push({ ...piece, word: 'for' })
    else {
      let raw = piece.raw
      const { words, spanish } = reader.read(piece.word)
      for (const word of words) {
        out.push({ word, raw, shout: piece.shout, spanish })
        raw = ''
      }
    }
  }
  return out
}

const SPELLED = new Set([
  'stop',
  'stopall',
  'end',
  'quit',
  'cancel',
  'unsubscribe',
  'alto',
  'baja',
  'parar',
  'optout',
  'remove',
  'revoke',
])

const MAY_SPELL = new Set([...SPELLED].map((word) => word[0]).concat([...'013457$@8']))
const SPELLED_MAX = 12

/** "s t o p" and "S.T.O.P.": single letters that spell a keyword become it. */
function joinLetters(pieces: readonly Piece[], reader: Reader): readonly Piece[] {
  const isSingle = (n: number) => pieces[n]?.word.length === 1
  const out: Piece[] = []
  for (let n = 0; n < pieces.length;) {
    const piece = pieces[n]
    let end = n
    if (MAY_SPELL.has(piece?.word) && reader.spellings < SPELLINGS_MAX)
      while (isSingle(end) && end - n < SPELLED_MAX) end++
    const letters = end - n > 2 ? pieces.slice(n, end) : []
    if (letters.length > 0) reader.spellings += 1
    const spelled = letters.length > 0 ? readWord(letters.map(({ word }) => word).join(''))[0] : undefined
    if (spelled !== undefined && SPELLED.has(spelled)) {
      out.push({
        word: spelled,
        raw: letters.map(({ raw }) => raw).join(' '),
        shout: letters.some(({ raw, word }) => raw !== word),
      })
      n = end
    } else {
      if (piece) out.push(piece)
      n++
    }
  }
  return out
}

/** Pairs of words that are one to every rule. */
const PAIRS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    hello: 'good morning/good afternoon/good evening/buenos dias/buenas tardes/buenas noches',
    dont: 'do not/do nt/don t/dont not/do no',
    didnt: 'did not/didn t',
    doesnt: 'does not',
    wont: 'will not/won t',
    cant: 'can not/can t',
    isnt: 'is not/isn t',
    arent: 'are not',
    wasnt: 'was not',
    wouldnt: 'would not',
    shouldnt: 'should not',
    couldnt: 'could not',
    havent: 'have not',
    im: 'i am/i m',
    ive: 'i have/i ve',
    ill: 'i will/i ll',
    id: 'i would/i d/i should',
    youre: 'you are/your are',
    youve: 'you have/you ve',
    its: 'it is/it s',
    thats: 'that is',
    theyre: 'they are',
    hes: 'he is',
    shes: 'she is',
    whos: 'who is',
    thanks: 'thank you/many thanks',
    you: 'ya ll/you guys/you people/you all/you folks/you idiots/you assholes/y all/all you/you bastards/you clowns/you scammers/you jerks/you morons/you lot',
    anymore: 'any more/any longer',
    nolonger: 'no longer',
    please: 'por favor/por fabor/x favor/x fa/por fa/por fis',
    nonstop: 'non stop',
    unsubscribe: 'un subscribe/un sub/un suscribe',
    texts: 'text messages/text message/text msgs/text alerts/txt messages/texts messages/text alert',
    deuna: 'de una',
    now: 'deuna vez/right now/right away/right this',
    want: 'would like/d like',
    number: 'phone number/cell number/telephone number/mobile number/number number',
    phone: 'cell phone/mobile phone',
    fucking: 'the fuck/the hell/the heck',
    noone: 'no one',
    right: 'quite right',
    optout: 'op out/opt our/opt ot/opt oit',
    period: 'exclamation point/exclamation mark/question mark',
  }).flatMap(([word, pairs]) => pairs.split('/').map((pair): [string, string] => [pair, word])),
)

function merge(pieces: readonly Piece[]): readonly Piece[] {
  const out: Piece[] = []
  for (const piece of pieces) {
    const last = out.at(-1)
    const merged = last && PAIRS.get(`${last.word} ${piece.word}`)
    if (last && merged)
      out[out.length - 1] = {
        word: merged,
        raw: `${last.raw} ${piece.raw}`.trim(),
        shout: last.shout || piece.shout,
      }
    else if (last && last.word === 'id' && piece.word === 'like')
      out.splice(-1, 1, { ...last, word: 'i' }, { word: 'want', raw: piece.raw, shout: false })
    else out.push(piece)
  }
  return out
}

const STOPS = new Set(['stop', 'end', 'quit', 'alto', 'basta'])

/** "STOP. THE. BUSTING." is one sentence: three or more lonely words that begin with a stop are read together. */
function joinLonelyWords(clauses: readonly Clause[]): readonly Clause[] {
  const out: Clause[] = []
  const lonely = (n: number) => (clauses[n]?.tokens.length === 1 ? clauses[n]?.tokens[0] : undefined)
  for (let n = 0; n < clauses.length;) {
    let end = n
    if (STOPS.has(lonely(n)?.word ?? '')) while (lonely(end)) end++
    const last = clauses[end - 1]
    if (last && end - n > 2) {
      out.push({ ...last, tokens: clauses.slice(n, end).flatMap((clause) => clause.tokens) })
      n = end
    } else {
      const clause = clauses[n]
      if (clause) out.push(clause)
      n++
    }
  }
  return out
}
