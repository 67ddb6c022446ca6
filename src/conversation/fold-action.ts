import { LineCounter, parseDocument, type Scalar } from 'yaml'
import { foldToGsm7, nonGsm7 } from '../compliance/segments.js'
import { sourceLines } from './source-lines.js'

export type Folded = {
  yaml: string
  changed: { line: number; from: string; to: string }[]
}

/** The same file with its words in GSM-7: quotes, dashes and accents made plain; comments and layout stay as they are. */
export function foldActionFile(file: string): Folded {
  const yaml = file.normalize('NFC')
  const counter = new LineCounter()
  const document = parseDocument(yaml, { lineCounter: counter, prettyErrors: false })
  const changed: Folded['changed'] = []
  let folded = ''
  let done = 0
  for (const { node } of sourceLines(document, yaml, counter).texts()) {
    if (!node.range) continue
    const [start, end] = node.range
    folded += yaml.slice(done, start)
    const source = yaml.slice(start, end)
    for (const { character, index } of nonGsm7(source)) {
      const to = foldToGsm7(character, { accents: true }).text
      if (to !== character) changed.push({ line: counter.linePos(start + index).line, from: character, to })
    }
    folded += [...source].map((character) => escaped(character, node.type)).join('')
    done = end
  }
  return { yaml: folded + yaml.slice(done), changed }
}

/** Folds one character so that the value still ends where it did. */
function escaped(character: string, type: Scalar.Type | undefined): string {
  const plain = foldToGsm7(character, { accents: true }).text
  if (plain === character) return character
  if (type === 'QUOTE_DOUBLE' && plain === '"') return '\\"'
  if (type === 'QUOTE_SINGLE' && plain === "'") return "''"
  return plain
}
