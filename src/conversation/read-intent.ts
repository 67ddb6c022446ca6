import type { Region } from '../congress/congress.js'
import { stateFromWords } from '../congress/state-words.js'
import { commandFromWords, readJoining } from './command-words.js'
import { letterOf, officeFromWords, outcomeFromWords } from './outcome-words.js'
import type { Intent } from './intent.js'
import type { Question } from './types.js'
import { isNearKeyword, plainWords } from './words.js'
import { wordsWithoutNumbers, zipFromWords } from './zip-words.js'

/** What gives her words their meaning. */
export type Asked = {
  question: Question
  /** Last names of her senators once she has their numbers: 1 to 4 are outcomes then. */
  lastNames: readonly string[]
  keywords: readonly string[]
  shortCode: string
}

// Phones send a reaction as a text that quotes ours, with its digits and its STOP.
const REACTION =
  /^(?:(?:liked|loved|disliked|emphasized|questioned|laughed at|reacted \S{1,12} to|removed an? [a-z ]{4,24} from|(?:no )?le (?:gust|encant)[oóa]|\P{L}{1,12} (?:to|a))\s?["“”«])/iu
const CHEER =
  /[\u{1F44D}\u{1F44C}\u{1F44F}\u{1F64F}\u{1F64C}\u{1F4AA}\u270A\u2764\u{1F9E1}-\u{1F9E9}\u{1F495}-\u{1F49F}\u{1F60A}\u{1F600}\u{1F603}\u{1F604}\u{1F642}\u{1F970}\u{1F389}\u{1F525}\u2705\u2714\u263A\u{1FAE1}]/u

/** Reads a text. The first meaning that fits wins, the surest first. */
export function readIntent(body: string, mediaCount: number, asked: Asked): Intent {
  const plain = plainWords(body)
  if (REACTION.test(body.trim())) return { kind: 'reaction' }
  if (plain === '')
    return CHEER.test(body) ? { kind: 'thanks' } : { kind: mediaCount > 0 ? 'photo' : 'unknown' }
  return (
    readJoining(plain, asked.keywords, asked.shortCode) ??
    readChoice(body, plain, asked.question) ??
    readLetter(plain, asked) ??
    commandFromWords(plain) ??
    readNews(body, asked) ??
    readState(plain) ??
    (isNearKeyword(plain, asked.keywords) ? { kind: 'near-keyword' } : { kind: 'unknown' })
  )
}

const NUMBER_WORDS = [
  ['1', 'one', 'first', 'uno', 'primero', 'primera'],
  ['2', 'two', 'second', 'dos', 'segundo', 'segunda'],
  ['3', 'three', 'third', 'tres', 'tercero', 'tercera'],
]

function readChoice(body: string, plain: string, question: Question): Intent | null {
  if (question.kind !== 'state') return null
  const { among } = question
  const isOffered = (state: Region) => among === null || (among as readonly Region[]).includes(state)
  const state = stateFromWords(body, { asked: true })
  if (state && isOffered(state)) return { kind: 'state', state }
  const answer = plain
    .replace(/^(?:option|number|opcion|numero|no|the|el|la) /, '')
    .replace(/ (?:please|pls|por favor|one)$/, '')
  // Oklahoma, or a nod? She is asked again.
  if (answer === 'ok' && isOffered('OK')) return { kind: 'unknown' }
  // The letters we offered answer in any case: "me" to "1 for ME, 2 for NH".
  const chosen =
    among?.[NUMBER_WORDS.findIndex((words) => words.includes(answer))] ??
    among?.find((code, n) => answer === `${n + 1} for ${code.toLowerCase()}`) ??
    among?.find((code) => code.toLowerCase() === answer)
  return chosen ? { kind: 'state', state: chosen } : null
}

/** "A, thanks" answers before it thanks. */
function readLetter(plain: string, { question, lastNames }: Asked): Intent | null {
  const office = question.kind === 'office' && lastNames.length > 0 ? letterOf(plain) : null
  return office === null ? null : { kind: 'office', office }
}

/** Her calls or her ZIP. A number in a report is no ZIP: unless we have just asked for one, the report is read first. */
function readNews(body: string, asked: Asked): Intent | null {
  const zip = readZip(body, asked.question)
  const calls = readCalls(wordsWithoutNumbers(body), asked)
  if (asked.question.kind === 'zip') return zip ?? calls
  // "Wrong state, 48213" puts right what made the numbers wrong.
  const isPutRight = zip?.kind === 'zip' && calls?.kind === 'outcome' && calls.outcome === 'wrong'
  return isPutRight ? zip : (calls ?? zip)
}

function readZip(body: string, { kind }: Question): Intent | null {
  const said = zipFromWords(body, { asked: kind === 'zip' || kind === 'state' })
  switch (said.kind) {
    case 'zip':
      return said
    case 'several':
      return { kind: 'several-zips' }
    case 'near':
      return { kind: 'near-zip' }
    case 'none':
      return null
  }
}

function readCalls(plain: string, { question, lastNames }: Asked): Intent | null {
  if (lastNames.length === 0 || question.kind === 'state') return null
  const said = outcomeFromWords(plain, lastNames)
  if (said) return { kind: 'outcome', ...said }
  const office = question.kind === 'office' ? officeFromWords(plain, lastNames) : null
  return office === null ? null : { kind: 'office', office }
}

function readState(plain: string): Intent | null {
  const state = stateFromWords(plain, { asked: false })
  return state && { kind: 'state', state }
}
