import { Liquid, type Template } from 'liquidjs'
import { nearest } from './nearest.js'
import { ALL_VARIABLES } from './variables.js'

const liquid = new Liquid({ strictVariables: true, ownPropertyOnly: true })

/** index: where in the wording; piece: the words at fault as they stand there. */
export type WordingFault = { index: number; piece: string; message: string }

// Whatever Liquid could take for more than text, whole or cut off, and braces that stand alone.
const PIECE = /\{%[\s\S]*?(?:%\}|$)|\{\{[^{}]*\}{0,2}|[{}]/g
const OUTPUT = /^\{\{[ \t]*([a-z][a-z0-9_]*)[ \t]*\}\}$/
const WORDS_SHOWN = 40

/** Every fault of a wording that may use these variables: outputs and nothing else, no tags, no filters. */
export function templateFaults(template: string, variables: readonly string[]): WordingFault[] {
  const faults: WordingFault[] = []
  for (const match of template.matchAll(PIECE)) {
    const message = faultOf(match[0], variables)
    if (message) faults.push({ index: match.index, piece: match[0], message })
  }
  return faults
}

function faultOf(piece: string, variables: readonly string[]): string | null {
  const shown = piece.length > WORDS_SHOWN ? `${piece.slice(0, WORDS_SHOWN)}...` : piece
  if (piece.startsWith('{%')) return `${shown} is a tag. Only {{variables}} stand in a text`
  if (piece === '{' || piece === '}')
    return `a lone ${piece} stands in the text. A variable is written {{zip}}`
  if (!piece.endsWith('}}'))
    return `${shown.trim().split('\n')[0]} is not closed. A variable is written {{zip}}`
  const name = OUTPUT.exec(piece)?.[1]
  if (name && variables.includes(name)) return null
  if (name && ALL_VARIABLES.includes(name)) return `{{${name}}} has no value in this text`
  const inner = piece.slice(2, -2).trim()
  if (!/^[\w ]*$/.test(inner)) return `${shown} is more than a variable's name. No filters stand in a text`
  const meant = nearest(inner, variables)
  return `${shown} is no variable.${meant ? ` Did you mean {{${meant}}}?` : ''}`
}

const CACHED_TEMPLATES = 500
const cache = new Map<string, Template[]>()

/** Fills a wording that has been checked. Values are data: braces in them print as they are. Throws on a missing value. */
export function fill(template: string, values: Readonly<Record<string, string>>): string {
  let parsed = cache.get(template)
  if (!parsed) {
    parsed = liquid.parse(template)
    if (cache.size >= CACHED_TEMPLATES) for (const oldest of cache.keys()) if (cache.delete(oldest)) break
    cache.set(template, parsed)
  }
  return String(liquid.renderSync(parsed, values))
}
