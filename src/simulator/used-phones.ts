import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const TEXTED = ' texted'

// Those that somebody new may be given. Of other phones it does not matter that they once got a text, and they may be millions.
const GIVEN = /^\+1\d{3}55501[0-4]\d$/

/** Phones that have texted, or that could be given to somebody new and have got a text, also once those texts are forgotten; with a folder, kept in a file there. */
export class UsedPhones {
  readonly #texted = new Map<string, boolean>()
  readonly #file: string | null
  #unwritten = ''

  constructor(folder: string | null) {
    this.#file = folder && join(folder, 'simulator-phones.txt')
    if (!this.#file || !existsSync(this.#file)) return
    for (const line of readFileSync(this.#file, 'utf8').split('\n'))
      if (/^\+1\d{10}( texted)?$/.test(line)) this.#note(line.slice(0, 12), line.endsWith(TEXTED))
  }

  /** texted: by her, not to her. */
  add(phone: string, texted: boolean): void {
    if (!(texted || GIVEN.test(phone)) || !this.#note(phone, texted)) return
    this.#unwritten += `${phone}${texted ? TEXTED : ''}\n`
  }

  has(phone: string): boolean {
    return this.#texted.has(phone)
  }

  hasTexted(phone: string): boolean {
    return this.#texted.get(phone) === true
  }

  /** Those that have texted, in the order of their first text. */
  texted(): string[] {
    return [...this.#texted].filter(([, texted]) => texted).map(([phone]) => phone)
  }

  flush(): void {
    if (this.#file && this.#unwritten !== '') appendFileSync(this.#file, this.#unwritten, { mode: 0o600 })
    this.#unwritten = ''
  }

  /** Whether that was news. */
  #note(phone: string, texted: boolean): boolean {
    const known = this.#texted.get(phone)
    if (known === true || known === texted) return false
    this.#texted.set(phone, texted)
    return true
  }
}
