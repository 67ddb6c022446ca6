import { readFile, stat } from 'node:fs/promises'
import { OperatorError } from '../errors.js'

/** Where the public lists of members and of their offices are published. */
export const LEGISLATORS_URL = 'https://unitedstates.github.io/congress-legislators/legislators-current.json'
export const OFFICES_URL =
  'https://unitedstates.github.io/congress-legislators/legislators-district-offices.json'

const LIMITS = { downloadTimeoutMs: 30_000, bytesMax: 50_000_000 } as const

export type SourceText = {
  text: string
  /** YYYY-MM-DD: when the file was last changed, as its server or its file system says; else today. */
  asOf: string
}

/** Reads a file or downloads a URL. */
export function readSource(from: string, now: Date, signal: AbortSignal): Promise<SourceText> {
  return /^https?:\/\//i.test(from) ? download(from, now, signal) : readLocal(from, now)
}

async function download(url: string, now: Date, signal: AbortSignal): Promise<SourceText> {
  const refuse = (why: string, cause?: unknown) =>
    Object.assign(
      new OperatorError(
        `Could not download ${url}: ${why}${why.endsWith('?') ? '' : '.'} Nothing was replaced. Try again, or save the file and run: ` +
          'textaction senators update --from FILE',
      ),
      { cause },
    )
  try {
    const response = await fetch(url, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(LIMITS.downloadTimeoutMs)]),
      headers: { accept: 'application/json' },
    })
    if (!response.ok) throw refuse(`the server answered ${response.status}`)
    const changed = new Date(response.headers.get('last-modified') ?? now)
    return { text: await readBounded(response, refuse), asOf: dayUpTo(changed, now) }
  } catch (cause) {
    if (cause instanceof OperatorError) throw cause
    throw refuse(reason(cause), cause)
  }
}

async function readBounded(response: Response, refuse: (why: string) => OperatorError): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length
    if (bytes > LIMITS.bytesMax) throw refuse(`it is larger than ${LIMITS.bytesMax / 1_000_000} MB`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

async function readLocal(path: string, now: Date): Promise<SourceText> {
  try {
    const { mtime, size } = await stat(path)
    if (size > LIMITS.bytesMax) throw new Error(`it is larger than ${LIMITS.bytesMax / 1_000_000} MB`)
    return { text: await readFile(path, 'utf8'), asOf: dayUpTo(mtime, now) }
  } catch (cause) {
    throw Object.assign(
      new OperatorError(
        `Could not read ${path}: ${reason(cause)}. Nothing was replaced. Check the path after --from and --offices.`,
      ),
      { cause },
    )
  }
}

function dayUpTo(changed: Date, now: Date): string {
  const valid = Number.isNaN(changed.getTime()) || changed > now ? now : changed
  return valid.toISOString().slice(0, 10)
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'it may not be read',
  EISDIR: 'it is a folder',
  ENOTFOUND: 'the server has no address; is this machine online?',
  EAI_AGAIN: 'the server has no address; is this machine online?',
  ECONNREFUSED: 'the server refused the connection',
}

function reason(thrown: unknown): string {
  const fault = thrown as Fault
  if (fault.name === 'TimeoutError') return `no answer in ${LIMITS.downloadTimeoutMs / 1_000} s`
  if (fault.name === 'AbortError') return 'it was stopped'
  // fetch says only "fetch failed"; what happened lies below.
  const inner = fault.cause ?? fault
  return REASONS[inner.code ?? ''] ?? inner.message ?? 'an unknown fault'
}

type Fault = { name?: string; message?: string; code?: string; cause?: Fault }
