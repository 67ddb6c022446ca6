import type { AdditionName, TextName } from '../conversation/text-names.js'

type Part = { what: string; pattern: RegExp }

type Wording = {
  texts: Readonly<Record<TextName, string>>
  additions: Readonly<Record<AdditionName, string>>
}

/** A part that law or carrier rule asks for and a text lacks. */
export type MissingPart = { in: 'texts' | 'additions'; name: TextName | AdditionName; what: string }

const PROGRAM: Part = { what: 'the program: {{program}}', pattern: output('program') }
const FREQUENCY: Part = { what: 'how often: {{frequency}}', pattern: output('frequency') }
const CONTACT: Part = { what: 'a contact: {{contact}}', pattern: output('contact') }
const SIGNED: Part = { what: 'who writes: {{org}} or {{program}}', pattern: output('(?:org|program)') }

// CTIA's handbook and Twilio's short-code rules: what the first text, HELP's and STOP's must hold, in each language.
const WORDS = {
  en: {
    rates: {
      what: '"Msg & data rates may apply"',
      pattern: /\b(?:msg|message)s? ?(?:&|and) ?data rates may apply/i,
    },
    help: { what: 'the word HELP', pattern: /\bHELP\b/ },
    stop: { what: 'the word STOP', pattern: /\bSTOP\b/ },
    left: { what: 'the word "unsubscribed"', pattern: /\bunsubscribed\b/i },
    noMore: { what: '"No more messages"', pattern: /\bno more (?:messages|texts)\b/i },
  },
  es: {
    rates: { what: '"tarifas de mensajes y datos"', pattern: /\btarifas de (?:mensajes|sms) y datos\b/i },
    help: { what: 'the word AYUDA', pattern: /\bAYUDA\b/ },
    stop: { what: 'the word ALTO', pattern: /\bALTO\b/ },
    left: { what: 'the words "de baja"', pattern: /\bde baja\b/i },
    noMore: {
      what: '"No te mandaremos otros mensajes"',
      pattern: /\bno (?:te (?:mandaremos|enviaremos)|recib)/i,
    },
  },
} as const satisfies Record<'en' | 'es', Record<string, Part>>

/** What the texts of one language lack. Every text says who writes; some have to say more. */
export function missingLegalParts(wording: Wording, language: 'en' | 'es'): MissingPart[] {
  const { rates, help, stop, left, noMore } = WORDS[language]
  const texts: Partial<Record<TextName, readonly Part[]>> = {
    welcome: [PROGRAM, FREQUENCY, rates, help, stop],
    start: [PROGRAM, FREQUENCY, rates, help, stop],
    invite: [PROGRAM, FREQUENCY, rates, help, stop],
    help: [PROGRAM, CONTACT, FREQUENCY, rates, stop],
    stop: [PROGRAM, left, noMore, help],
  }
  const additions: Partial<Record<AdditionName, readonly Part[]>> = {
    introduction: [rates, help, stop],
    stop_reminder: [stop],
  }
  const lacking = (
    kind: MissingPart['in'],
    name: TextName | AdditionName,
    words: string,
    parts: readonly Part[],
  ) => parts.filter((part) => !part.pattern.test(words)).map((part) => ({ in: kind, name, what: part.what }))
  return [
    ...entries(wording.texts).flatMap(([name, words]) =>
      lacking('texts', name, words, texts[name] ?? [SIGNED]),
    ),
    ...entries(wording.additions).flatMap(([name, words]) =>
      lacking('additions', name, words, additions[name] ?? []),
    ),
  ]
}

/** What STOP's one confirmation may not hold: anything that asks her for more. */
export function persuasions(stop: string): string[] {
  return ['ask', 'ask_en', 'bill', 'bill_long', 'switchboard', 'keyword']
    .filter((name) => output(name).test(stop))
    .map((name) => `{{${name}}}`)
}

function output(name: string): RegExp {
  return new RegExp(`\\{\\{[ \\t]*${name}[ \\t]*\\}\\}`)
}

function entries<Name extends string>(record: Readonly<Record<Name, string>>): [Name, string][] {
  return Object.entries(record) as [Name, string][]
}
