import { isCollection, isMap, isScalar, type Document, type LineCounter, type Scalar } from 'yaml'

export type Path = readonly (string | number)[]

/** A text of the document and the way to it. */
export type SourceText = { path: Path; node: Scalar<string> }

/** Finds where in a YAML source something stands, so that a fault can name its line. */
export type SourceLines = {
  /** The line of what is at this path, or of the nearest thing around it that is there. */
  lineOf: (path: Path) => number
  /** The line of a place inside a text. index counts in the text as parsed, without white space at its ends. */
  lineWithin: (path: Path, index: number, piece: string) => number
  /** Every text of the document, in order. */
  texts: () => SourceText[]
}

/** Answers from a parsed document and the counter it was parsed with. */
export function sourceLines(document: Document, source: string, counter: LineCounter): SourceLines {
  const lineAt = (offset: number) => Math.max(1, counter.linePos(offset).line)

  function lineOf(path: Path): number {
    for (let length = path.length; length > 0; length -= 1) {
      const offset = offsetOf(document, path.slice(0, length))
      if (offset !== null) return lineAt(offset)
    }
    return 1
  }

  function lineWithin(path: Path, index: number, piece: string): number {
    const node = document.getIn(path, true)
    if (!isScalar(node) || !node.range || typeof node.value !== 'string') return lineOf(path)
    const [start, end] = node.range
    const leading = node.value.length - node.value.trimStart().length
    const before = node.value.slice(0, leading + index)
    if (node.type === 'BLOCK_LITERAL') return lineAt(start) + 1 + count(before, '\n')
    return lineAt(nthIndex(source, piece, count(before, piece), start, end) ?? start)
  }

  return { lineOf, lineWithin, texts: () => textsUnder(document.contents, []) }
}

function offsetOf(document: Document, path: Path): number | null {
  const key = path.at(-1)
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true)
  if (!isCollection(parent)) return null
  const found = isMap(parent)
    ? parent.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === String(key))?.key
    : parent.items[Number(key)]
  return isScalar(found) && found.range ? found.range[0] : null
}

function textsUnder(node: unknown, path: Path): SourceText[] {
  if (isScalar(node)) return typeof node.value === 'string' ? [{ path, node: node as Scalar<string> }] : []
  if (isMap(node))
    return node.items.flatMap((pair) =>
      textsUnder(pair.value, [...path, isScalar(pair.key) ? String(pair.key.value) : '']),
    )
  if (isCollection(node)) return node.items.flatMap((item, index) => textsUnder(item, [...path, index]))
  return []
}

function count(text: string, piece: string): number {
  return piece === '' ? 0 : text.split(piece).length - 1
}

function nthIndex(source: string, piece: string, n: number, start: number, end: number): number | null {
  let at = source.indexOf(piece, start)
  for (let skipped = 0; at >= 0 && skipped < n; skipped += 1) at = source.indexOf(piece, at + piece.length)
  return at >= 0 && at < end ? at : null
}
