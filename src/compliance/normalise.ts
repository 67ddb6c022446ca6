import { cut, type Draft, type Piece } from './cut.js'
import { joinLetters, merge } from './joined-words.js'
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

/** Her text as clauses of plain words: case, accents, look-alikes, emoji, slips and doubled letters are gone. */
export function normalise(text: string): readonly Clause[] {
  const reader = createReader()
  return joinLonelyWords(
    cut(text)
      .map((draft) => read(draft, reader))
      .filter((clause) => clause.tokens.length > 0 || clause.polite),
  )
}

/** Reads each written word of a text once, and looks for spelled-out keywords a few times: a hostile text costs no more. */
type Reader = { read: (written: string) => Reading; spellings: number }

/** A written word as both languages' rules know it. */
type Reading = { words: readonly string[]; spanish: string | undefined }

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
