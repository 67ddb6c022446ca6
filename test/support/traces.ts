import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type pg from 'pg'
import { startCopy } from '../../src/db/pool.js'
import { to as copyTo } from 'pg-copy-streams'
import type { Vault } from '../../src/ports.js'

/** A secret, and every form of it that must be found nowhere. */
export type Mark = { of: string; forms: readonly string[] }

/** A number as people, programs and thieves write it. */
export function numberMark(phone: string): Mark {
  const us = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(phone)
  const bare = us ? [phone, phone.slice(1), phone.slice(2)] : [phone, phone.slice(1)]
  const spoken = us ? asSpoken(us.slice(1)) : []
  return { of: phone, forms: [...new Set([...bare, ...spoken, ...bare.flatMap(hidden)])] }
}

function asSpoken([area, office, line]: readonly string[]): string[] {
  return [' ', '-', '.'].flatMap((gap) => [
    `${area}${gap}${office}${gap}${line}`,
    `(${area})${gap}${office}${gap}${line}`,
    `(${area}) ${office}${gap}${line}`,
    `(${area})${office}${gap}${line}`,
  ])
}

/** Words she wrote. */
export function wordsMark(words: string): Mark {
  const escaped = JSON.stringify(words).slice(1, -1)
  const ascii = escaped.replace(
    /[^ -~]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return { of: words, forms: [...new Set([words, escaped, ascii, ...hidden(words)])] }
}

/** URL-encoded, base64 wherever it may begin, hex, and what a hash without a key gives. */
function hidden(secret: string): string[] {
  const bytes = Buffer.from(secret)
  const base64 = [0, 1, 2].flatMap((shift) => {
    const whole = Buffer.concat([Buffer.alloc(shift), bytes])
    const end = Math.floor(whole.length / 3) * 4
    const sure = whole.toString('base64').slice(shift === 0 ? 0 : shift + 1, end)
    return [sure, sure.replaceAll('+', '-').replaceAll('/', '_')]
  })
  const hashes = ['sha256', 'sha1', 'md5'].flatMap((name) => {
    const digest = createHash(name).update(bytes).digest()
    return [digest.toString('hex'), digest.toString('base64'), digest.toString('base64url')]
  })
  const hex = bytes.toString('hex')
  const encoded = encodeURIComponent(secret)
  return [encoded, encoded.replaceAll('%20', '+'), ...base64, hex, hex.toUpperCase(), ...hashes]
}

/** Which forms of which secret a text holds, as "secret as form". */
export function found(haystack: string, marks: readonly Mark[]): string[] {
  return marks.flatMap(({ of, forms }) =>
    forms.filter((form) => haystack.includes(form)).map((form) => `${of} as ${form}`),
  )
}

export type DatabaseDump = {
  /** Every table as COPY writes it: what a plain SQL dump holds. */
  plain: string
  /** Everything sealed in it, opened with the key. */
  opened: string
}

/** Reads every table of a database whole. */
export async function dumpDatabase(pool: pg.Pool, vault: Vault): Promise<DatabaseDump> {
  const { rows: tables } = await pool.query<{ name: string }>(
    `select oid::regclass::text as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by 1`,
  )
  const client = await pool.connect()
  try {
    const dumped: string[] = []
    for (const { name } of tables) {
      const rows = await text(startCopy(client, copyTo(`copy ${name} to stdout`)))
      dumped.push(`-- ${name}\n${rows}`)
    }
    const plain = dumped.join('\n')
    const sealed = [...new Set(plain.match(/\\\\x[0-9a-f]{58,}/g))]
    return { plain, opened: sealed.map((value) => opened(vault, value.slice(3))).join('\n') }
  } finally {
    client.release()
  }
}

function opened(vault: Vault, hex: string): string {
  try {
    return vault.open(Buffer.from(hex, 'hex'))
  } catch {
    return '' // a hash
  }
}

/** Every file below a folder, its name in front. */
export function readAll(folder: string): string {
  if (!existsSync(folder)) return ''
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => `${path}\n${readFileSync(path, 'latin1')}`)
    .join('\n')
}
