import type { Piece } from './cut.js'
import { readWord } from './vocabulary.js'

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
const SPELLINGS_MAX = 12

/** "s t o p" and "S.T.O.P.": single letters that spell a keyword become it. */
export function joinLetters(pieces: readonly Piece[], reader: { spellings: number }): readonly Piece[] {
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

/** Makes one word of each pair that is one. */
export function merge(pieces: readonly Piece[]): readonly Piece[] {
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
