import { randomBytes } from 'node:crypto'
import { readFileSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAction, type Action } from '../conversation/action.js'
import { OperatorError } from '../errors.js'

/** Of a file with one slip, as a line that begins too far left, every line after it may be a fault: so many are told. */
export const FAULTS_TOLD = 5

/** The action files of a folder, in order of their names. */
export function listActionFiles(dir: string): string[] {
  const files = namesIn(dir).filter((name) => /^[^.].*\.ya?ml$/.test(name))
  if (files.length === 0)
    throw new OperatorError(`${dir} holds no action file (*.yaml). Put one there or set ACTIONS_DIR.`, 2)
  return files.sort().map((name) => join(dir, name))
}

/** Words that are not UTF-8. line: the first that cannot be read for sure. */
export class NotUtf8 extends OperatorError {
  constructor(
    path: string,
    readonly line: number,
  ) {
    super(`${path} is ${NotUtf8.why}.`, 2)
  }
  static readonly why = 'not UTF-8, so its letters cannot be told for sure. Save it as UTF-8'
}

/** The words in a file's bytes: of an action, or of a blast. In another encoding they would get holes, and cost double. */
export function utf8Words(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    const [before = ''] = new TextDecoder('utf-8').decode(bytes).split('\ufffd', 1)
    throw new NotUtf8(path, before.split('\n').length)
  }
}

/** What stands in an action file. */
export function readActionFile(path: string): string {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EISDIR')
      throw new OperatorError(`${path} is a folder. Name an action file in it.`, 2)
    throw new OperatorError(`Cannot read ${path}: ${reason(error)}. Is the name right?`, 2)
  }
  return utf8Words(bytes, path)
}

/** Replaces an action file whole or not at all. */
export function writeActionFile(path: string, yaml: string): void {
  const draft = `${path}.${randomBytes(4).toString('hex')}`
  try {
    writeFileSync(draft, yaml, { mode: statSync(path).mode })
    renameSync(draft, path)
  } catch (error) {
    throw new OperatorError(`Cannot write ${path}: ${reason(error)}.`)
  }
}

/** The action in one file. Its faults are named with their lines (OperatorError, exit 2). */
function loadActionFile(path: string): Action {
  return parseAction(readActionFile(path), path)
}

/** Every action of the folder, in order of their names, at least one; no two share a keyword. */
export function loadActions(dir: string): Action[] {
  const faults: string[] = []
  const actions = listActionFiles(dir).flatMap((path) => {
    try {
      return [loadActionFile(path)]
    } catch (error) {
      if (!(error instanceof OperatorError)) throw error
      faults.push(...firstFaults(error.message.split('\n'), path))
      return []
    }
  })
  faults.push(...sharedNames(actions))
  if (faults.length > 0) throw new OperatorError(faults.join('\n'), 2)
  return actions
}

function firstFaults(faults: readonly string[], path: string): string[] {
  const more = faults.length - FAULTS_TOLD
  if (more <= 0) return [...faults]
  return [...faults.slice(0, FAULTS_TOLD), `and ${more} more. See: textaction action check ${path}`]
}

function sharedNames(actions: readonly Action[]): string[] {
  const owners = new Map<string, string>()
  const faults: string[] = []
  const claim = (what: string, action: Action) => {
    const owner = owners.get(what)
    if (owner === undefined) owners.set(what, action.name)
    else faults.push(`${what} belongs to two actions, ${owner} and ${action.name}. Take it out of one.`)
  }
  for (const action of actions) {
    claim(`The name ${action.name}`, action)
    for (const keyword of new Set(action.keywords)) claim(`The keyword ${keyword}`, action)
  }
  return faults
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir)
  } catch (error) {
    throw new OperatorError(
      `Cannot read the action files in ${dir}: ${reason(error)}. Set ACTIONS_DIR to their folder.`,
      2,
    )
  }
}

function reason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOENT') return 'it is not there'
  if (code === 'EACCES' || code === 'EPERM') return 'it may not be opened by this user'
  return code ?? String(error)
}
