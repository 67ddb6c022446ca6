import { plainSign } from './look-alikes.js'

/** A written word: raw as she wrote it, shout in capitals, spanish where that reads it in another way. */
export type Piece = { word: string; raw: string; shout: boolean; spanish?: string | undefined }

/** The pieces of a clause before anything is repaired. */
export type Draft = { pieces: Piece[]; joint: 'hard' | 'soft'; question: boolean; opensQuote: boolean }

const CHARS_MAX = 1_600

/** Her text in plain Latin signs, cut to what a text can hold. */
function plain(text: string): string {
  const cut = withoutTags(text.slice(0, CHARS_MAX))
  if (isPlain(cut)) return cut
  return cut
    .replace(/[‘’ʼ`´′‛]/g, "'")
    .replace(/[“”„«»″‟]/g, '"')
    .replace(/[—–―]/g, ' - ')
    .replace(/[™®©℠]/g, '')
    .replace(NO_SIGN, 'no ')
    .replace(NO_MORE, 'no mas ')
    .normalize('NFKD')
    .slice(0, 2 * CHARS_MAX)
    .replace(/[\p{M}\p{Cf}]/gu, '')
}

/** "<b>STOP</b>" */
const withoutTags = (text: string) => (text.includes('</') ? text.replace(/<\/?[a-z]{1,6}>/gi, ' ') : text)

/** "🚫 texts" */
const NO_SIGN = /[🚫⛔📵]\s?(?=\p{L})/gu
/** "no + mensajes" */
const NO_MORE = /\bno ?\+/gi

/** Nothing in it is written another way. */
function isPlain(text: string): boolean {
  for (let n = 0; n < text.length; n++) if (text.charCodeAt(n) > 0x7e) return false
  return !text.includes('`') && !text.includes('+')
}

/** Cuts a text into clauses and written words, sign by sign. */
export function cut(text: string): Draft[] {
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
  const signs = Array.from(plain(text), plainSign)
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
