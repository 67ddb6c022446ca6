/** What the doctor makes of the facts about stores, key, words and senators. Pure: facts in, a verdict and its mend out. */
import type { TableCheck } from '../congress/check.js'
import type { Gauges } from '../db/gauges.js'
import type { ServerFacts } from '../db/health.js'
import { plural } from '../conversation/plural.js'
import { REDIS_SHARE_MAX } from './troubles.js'

export type Level = 'ok' | 'warn' | 'fail'

/** One line of the doctor's: what is so, and for each fault what to do. */
export type Verdict = { level: Level; text: string; mend: readonly string[] }

export type Finding = { level: 'warn' | 'fail'; text: string; mend: string | null }

/** An answer, or the words for why there is none. */
export type Answer<T> = { ok: true; value: T } | { ok: false; why: string }

export const ok = (text: string): Verdict => ({ level: 'ok', text, mend: [] })
export const warn = (text: string, mend: string | null = null): Finding => ({ level: 'warn', text, mend })
export const fail = (text: string, mend: string | null = null): Finding => ({ level: 'fail', text, mend })

/** The findings as one verdict, the worst first; without any, all is well. */
export function verdict(whenWell: string, findings: readonly (Finding | null | false)[]): Verdict {
  const found = findings.filter((finding) => finding !== null && finding !== false)
  const worst = found.some(({ level }) => level === 'fail') ? 'fail' : 'warn'
  if (found.length === 0) return ok(whenWell)
  const sorted = [...found].sort((a, b) => Number(b.level === 'fail') - Number(a.level === 'fail'))
  const mend = new Set(sorted.flatMap((finding) => finding.mend ?? []))
  return { level: worst, text: sorted.map(({ text }) => text).join('; '), mend: [...mend] }
}

/** A check that could not be made because another thing is broken. */
export const unknown = (text: string): Verdict => ({ level: 'warn', text, mend: [] })

/** A store of our own says itself what to do about it, after what is so. */
function away(why: string, otherwise: string): Finding {
  const [what = '', ...todo] = why.split('. ')
  return fail(what, todo.length > 0 ? todo.join('. ') : otherwise)
}

export type PostgresFacts = ServerFacts & { ms: number; schema: number; expected: number; isOurs: boolean }

const OLDEST_POSTGRES = 140_000
const CONNECTIONS_WARN = 0.8

/** Postgres: its version, its schema, and settings under which a STOP could get lost. */
export function judgePostgres(answer: Answer<PostgresFacts>): Verdict {
  if (!answer.ok)
    return verdict('', [away(answer.why, 'start it, or mend DATABASE_URL; without it we bring our own')])
  const { version, ms, schema, expected, isOurs, connections, connectionsMax, ...facts } = answer.value
  const isNew = isOurs && schema === 0
  return verdict(
    `${version}, ${ms} ms, ${facts.isPooled ? 'by way of a pooler, ' : ''}${isNew ? 'empty: the first start makes the schema' : `schema ${schema} of ${expected}`}`,
    [
      facts.versionNumber < OLDEST_POSTGRES &&
        fail(`${version} is too old`, 'upgrade it to Postgres 14 or newer'),
      facts.isReplica && fail('this is a read-only replica', 'point DATABASE_URL at the primary'),
      facts.encoding !== 'UTF8' &&
        fail(
          `the database is ${facts.encoding}, not UTF8`,
          "create it with: encoding 'UTF8' template template0",
        ),
      schema < expected && !isNew && fail(`schema ${schema} of ${expected}`, 'textaction migrate'),
      schema > expected &&
        fail(`schema ${schema}, this program knows ${expected}`, 'run the newer version of Text Action'),
      facts.synchronousCommit === 'off' &&
        warn(
          'synchronous_commit is off: a crash can lose a STOP that was confirmed',
          'alter system set synchronous_commit = on',
        ),
      connections > connectionsMax * CONNECTIONS_WARN &&
        warn(
          `${connections} of ${connectionsMax} connections are in use`,
          'raise max_connections, or put PgBouncer in front',
        ),
    ],
  )
}

export type RedisFacts = {
  name: 'Redis' | 'Valkey'
  version: string
  ms: number
  /** 1: a single server. */
  masters: number
  isReplica: boolean
  aof: boolean
  aofBroken: boolean
  policy: string
  usedBytes: number
  /** 0: no limit. */
  maxBytes: number
}

const OLDEST_REDIS = 6.2

/** Redis: whether what waits in it survives a restart and a shortage of memory. */
export function judgeRedis(answer: Answer<RedisFacts>): Verdict {
  if (!answer.ok)
    return verdict('', [away(answer.why, 'start it, or mend REDIS_URL; without it we bring our own')])
  const { name, version, ms, masters, aof, policy, ...facts } = answer.value
  const who = `${name === 'Valkey' ? 'Valkey ' : ''}${version}${masters > 1 ? `, ${masters} masters` : ''}`
  const used = facts.maxBytes > 0 ? facts.usedBytes / facts.maxBytes : 0
  return verdict(`${who}, ${ms} ms, AOF on, ${policy}`, [
    name === 'Redis' &&
      Number.parseFloat(version) < OLDEST_REDIS &&
      fail(`${version} is too old`, 'upgrade it to Redis 6.2 or newer'),
    facts.isReplica && fail('this is a read-only replica', 'point REDIS_URL at the master'),
    facts.aofBroken &&
      fail('it cannot write its append-only file', 'is its disk full? redis-cli info persistence'),
    policy !== 'noeviction' &&
      warn(
        `${policy}: waiting jobs can vanish when memory is short`,
        'redis-cli config set maxmemory-policy noeviction',
      ),
    !aof &&
      warn(
        'AOF is off: a restart forgets what waits, and texts leave seconds later',
        'redis-cli config set appendonly yes',
      ),
    used > REDIS_SHARE_MAX &&
      warn(
        `${Math.round(used * 100)}% of its memory is in use`,
        'give it more: redis-cli config set maxmemory',
      ),
  ])
}

export type KeyFacts = {
  /** null: PHONE_KEY is not set. */
  fingerprint: string | null
  /** Where the key of a local deployment lies. */
  file: string | null
  /** known: the one the people here are locked with; null: nobody is, yet. opens: whether a number here opens. */
  people: Answer<{ known: string | null; opens: boolean | null }>
}

/** The phone key: whoever loses it loses the people. */
export function judgeKey({ fingerprint, file, people }: KeyFacts): Verdict {
  const known = people.ok ? people.value.known : null
  const bringBack = `bring back key ${known} from its copy; nothing starts without it`
  if (fingerprint === null)
    return verdict('', [
      known === null
        ? fail('PHONE_KEY is not set', 'make one with: openssl rand -base64 32')
        : fail('PHONE_KEY is not set', bringBack),
    ])
  const copy = file === null ? 'keep a copy elsewhere' : `keep a copy of ${file} elsewhere`
  if (!people.ok) return unknown(`${fingerprint}, not compared: Postgres is out of reach; ${copy}`)
  if (known === null) return ok(`${fingerprint}, nobody is locked with it yet; ${copy}`)
  return verdict(`${fingerprint} opens the people here; ${copy}`, [
    known !== fingerprint && fail(`${fingerprint}, but the people here are locked with ${known}`, bringBack),
    known === fingerprint &&
      people.value.opens === false &&
      fail(
        `${fingerprint} is the right key, yet a number here does not open`,
        'the data is damaged: restore it from a backup',
      ),
  ])
}

export type ActionsFacts = {
  files: number
  texts: number
  languages: readonly string[]
  exampleContacts: readonly string[]
  /** Of several, the one that answers who has texted no keyword. */
  main: string | null
}

/** The action files: every word we text. A contact where nobody answers matters once texts are real. */
export function judgeActions(answer: Answer<ActionsFacts>, isLive: boolean): Verdict {
  if (!answer.ok) return verdict('', [fail(answer.why, 'textaction action check')])
  const { files, texts, languages, exampleContacts, main } = answer.value
  const others = main === null ? '' : `; each keyword joins, who texted none is answered by ${main}`
  const words = `${plural(files, 'file')}, ${plural(texts, 'text')}, ${languages.join(' and ')}${others}`
  return verdict(words, [
    isLive &&
      exampleContacts.length > 0 &&
      fail(
        `the contact of ${exampleContacts.join(', ')} is still at example.org`,
        'put in an address where a person answers',
      ),
  ])
}

const SENATORS_OLD_DAYS = 30
const ENDED_NAMED_MAX = 6

/** The senators: old data sends people to the wrong office. */
export function judgeSenators(senators: number, check: TableCheck, source: 'stored' | 'bundled'): Verdict {
  const age = check.ageDays === 0 ? 'of today' : `${plural(check.ageDays, 'day')} old`
  const ended = check.ended.map(({ last, state }) => `${last} (${state})`)
  const named = ended.slice(0, ENDED_NAMED_MAX).join(', ')
  const more = ended.length > ENDED_NAMED_MAX ? ` and ${ended.length - ENDED_NAMED_MAX} more` : ''
  const update = 'textaction senators update'
  return verdict(`${senators}, ${age}, no term ended`, [
    check.faults.length > 0 && fail(check.faults.slice(0, 2).join('; '), update),
    check.ageDays > SENATORS_OLD_DAYS &&
      warn(source === 'bundled' ? `${age}, as they came with the program` : age, update),
    ended.length > 0 && warn(`terms ended: ${named}${more}`, update),
  ])
}

const OVERDUE_SECONDS = 60
const STUCK_SECONDS = 600
const DOUBT_SETTLED_SECONDS = 900
const DOUBTS_MANY = 50

/** The texts: whether any waits longer than it should, or stays in doubt. */
export function judgeTexts(answer: Answer<Gauges>): Verdict {
  if (!answer.ok) return unknown('not counted: Postgres is out of reach')
  const now = answer.value
  const inDoubt = now.repliesInDoubt + now.blastsInDoubt
  const doubtAge = Math.max(now.repliesInDoubtAge ?? 0, now.blastsInDoubtAge ?? 0)
  const waits = (count: number, age: number | null, what: string) =>
    age !== null &&
    age > OVERDUE_SECONDS &&
    (age > STUCK_SECONDS ? fail : warn)(
      `${plural(count, what)} waiting, the oldest for ${duration(age)}`,
      'is textaction work running?',
    )
  return verdict(
    inDoubt > 0 ? `none waits; ${inDoubt} in doubt, being settled` : 'none waits, none in doubt',
    [
      waits(now.unapplied, now.unappliedAge, 'inbound text'),
      waits(now.repliesWaiting, now.repliesWaitingAge, 'answer'),
      now.isRestored &&
        warn(
          'restored from a copy: nothing goes until it is known what has left since',
          'is textaction work running? Its log says what it waits for (restore.waits)',
        ),
      now.blastsOverdue > 0 &&
        fail(
          `${plural(now.blastsOverdue, 'blast')} scheduled and not started a minute after ${now.blastsOverdue === 1 ? 'its' : 'their'} time`,
          'is textaction work running?',
        ),
      now.blastsUnfed > 0 &&
        fail(
          `${plural(now.blastsUnfed, 'blast')} running or due, and no worker feeds ${now.blastsUnfed === 1 ? 'it' : 'them'}`,
          'is textaction work running?',
        ),
      now.webProcessesSpooling > 0 &&
        warn(
          'texts lie in a spool on disk: Postgres was away',
          'they come in by themselves; look again in a minute',
        ),
      (doubtAge > DOUBT_SETTLED_SECONDS || inDoubt >= DOUBTS_MANY) &&
        warn(
          `${plural(inDoubt, 'text')} in doubt for up to ${duration(doubtAge)}`,
          "does Sender pass, and do Twilio's receipts reach PUBLIC_URL?",
        ),
    ],
  )
}

/** 150 -> "3 min" */
export function duration(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} days`
}
