import type { TableCheck } from '../../src/congress/check.js'
import type { Senator } from '../../src/congress/congress.js'
import type { Gauges } from '../../src/db/gauges.js'
import {
  duration,
  judgeActions,
  judgeKey,
  judgePostgres,
  judgeRedis,
  judgeSenators,
  judgeTexts,
  type Answer,
  type KeyFacts,
  type PostgresFacts,
  type RedisFacts,
  type Verdict,
} from '../../src/observability/diagnosis.js'

const answer = <T>(value: T): Answer<T> => ({ ok: true, value })
const silence = { ok: false, why: 'Postgres at db.example.org:5432 refused the connection' } as const
const said = ({ level, text, mend }: Verdict) => [level, text, ...mend]

describe('Postgres', () => {
  const well: PostgresFacts = {
    version: '16.9',
    versionNumber: 160_009,
    encoding: 'UTF8',
    synchronousCommit: 'on',
    isReplica: false,
    isPooled: false,
    connections: 12,
    connectionsMax: 100,
    ms: 2,
    schema: 9,
    expected: 9,
    isOurs: false,
  }
  const judge = (facts: Partial<PostgresFacts>) => said(judgePostgres(answer({ ...well, ...facts })))

  test('a server that is well says its version, its latency and its schema', () => {
    expect(judge({})).toEqual(['ok', '16.9, 2 ms, schema 9 of 9'])
  })

  test('one that does not answer says where it was looked for, and what to do', () => {
    expect(said(judgePostgres(silence))).toEqual([
      'fail',
      'Postgres at db.example.org:5432 refused the connection',
      'start it, or mend DATABASE_URL; without it we bring our own',
    ])
  })

  test.each<[string, Partial<PostgresFacts>, string[]]>([
    ['an old schema', { schema: 8 }, ['fail', 'schema 8 of 9', 'textaction migrate']],
    [
      'a schema from the future',
      { schema: 10 },
      ['fail', 'schema 10, this program knows 9', 'run the newer version of Text Action'],
    ],
    [
      'our own that is new',
      { isOurs: true, schema: 0 },
      ['ok', '16.9, 2 ms, empty: the first start makes the schema'],
    ],
    ['one behind PgBouncer', { isPooled: true }, ['ok', '16.9, 2 ms, by way of a pooler, schema 9 of 9']],
    ["somebody else's that is empty", { schema: 0 }, ['fail', 'schema 0 of 9', 'textaction migrate']],
    [
      'a server too old',
      { version: '13.4', versionNumber: 130_004 },
      ['fail', '13.4 is too old', 'upgrade it to Postgres 14 or newer'],
    ],
    [
      'a replica',
      { isReplica: true },
      ['fail', 'this is a read-only replica', 'point DATABASE_URL at the primary'],
    ],
    [
      'a database that knows no accents',
      { encoding: 'SQL_ASCII' },
      ['fail', 'the database is SQL_ASCII, not UTF8', "create it with: encoding 'UTF8' template template0"],
    ],
    [
      'a server that confirms before it has written',
      { synchronousCommit: 'off' },
      [
        'warn',
        'synchronous_commit is off: a crash can lose a STOP that was confirmed',
        'alter system set synchronous_commit = on',
      ],
    ],
    [
      'one with hardly a connection left',
      { connections: 81 },
      ['warn', '81 of 100 connections are in use', 'raise max_connections, or put PgBouncer in front'],
    ],
  ])('%s', (_name, facts, expected) => {
    expect(judge(facts)).toEqual(expected)
  })

  test('several faults are one line, the worst first, each with its mend', () => {
    expect(judge({ schema: 8, synchronousCommit: 'off' })).toEqual([
      'fail',
      'schema 8 of 9; synchronous_commit is off: a crash can lose a STOP that was confirmed',
      'textaction migrate',
      'alter system set synchronous_commit = on',
    ])
  })
})

describe('Redis', () => {
  const well: RedisFacts = {
    name: 'Redis',
    version: '7.2.5',
    ms: 1,
    masters: 1,
    isReplica: false,
    aof: true,
    aofBroken: false,
    policy: 'noeviction',
    usedBytes: 1_000_000,
    maxBytes: 0,
  }
  const judge = (facts: Partial<RedisFacts>) => said(judgeRedis(answer({ ...well, ...facts })))

  test.each<[string, Partial<RedisFacts>, string[]]>([
    ['one that is well', {}, ['ok', '7.2.5, 1 ms, AOF on, noeviction']],
    [
      'Valkey, in three masters',
      { name: 'Valkey', version: '8.0', masters: 3 },
      ['ok', 'Valkey 8.0, 3 masters, 1 ms, AOF on, noeviction'],
    ],
    [
      'one that throws waiting jobs away',
      { policy: 'allkeys-lru' },
      [
        'warn',
        'allkeys-lru: waiting jobs can vanish when memory is short',
        'redis-cli config set maxmemory-policy noeviction',
      ],
    ],
    [
      'one that forgets when it restarts',
      { aof: false },
      [
        'warn',
        'AOF is off: a restart forgets what waits, and texts leave seconds later',
        'redis-cli config set appendonly yes',
      ],
    ],
    [
      'one with a full disk',
      { aofBroken: true },
      ['fail', 'it cannot write its append-only file', 'is its disk full? redis-cli info persistence'],
    ],
    [
      'a replica',
      { isReplica: true },
      ['fail', 'this is a read-only replica', 'point REDIS_URL at the master'],
    ],
    ['an old one', { version: '6.0.16' }, ['fail', '6.0.16 is too old', 'upgrade it to Redis 6.2 or newer']],
    ['the oldest that will do', { version: '6.2.0' }, ['ok', '6.2.0, 1 ms, AOF on, noeviction']],
    [
      'one that is nearly full',
      { usedBytes: 71, maxBytes: 100 },
      ['warn', '71% of its memory is in use', 'give it more: redis-cli config set maxmemory'],
    ],
  ])('%s', (_name, facts, expected) => {
    expect(judge(facts)).toEqual(expected)
  })
})

describe('the phone key', () => {
  const OURS = '7f3a-91c2'
  const judge = (facts: Partial<KeyFacts>) =>
    said(
      judgeKey({
        fingerprint: OURS,
        file: null,
        people: answer({ known: OURS, opens: true }),
        ...facts,
      }),
    )
  const bringBack = `bring back key ${OURS} from its copy; nothing starts without it`

  test.each<[string, Partial<KeyFacts>, string[]]>([
    ['the right one', {}, ['ok', `${OURS} opens the people here; keep a copy elsewhere`]],
    [
      'one that was made here names the file to keep a copy of',
      { file: '.data/phone.key' },
      ['ok', `${OURS} opens the people here; keep a copy of .data/phone.key elsewhere`],
    ],
    [
      'another one',
      { fingerprint: '11d0-4c2e' },
      ['fail', `11d0-4c2e, but the people here are locked with ${OURS}`, bringBack],
    ],
    ['none, with people here', { fingerprint: null }, ['fail', 'PHONE_KEY is not set', bringBack]],
    [
      'none, and nobody here: only then is a new one the answer',
      { fingerprint: null, people: answer({ known: null, opens: null }) },
      ['fail', 'PHONE_KEY is not set', 'make one with: openssl rand -base64 32'],
    ],
    [
      'a first one',
      { people: answer({ known: null, opens: null }) },
      ['ok', `${OURS}, nobody is locked with it yet; keep a copy elsewhere`],
    ],
    [
      'the right one over damaged data',
      { people: answer({ known: OURS, opens: false }) },
      [
        'fail',
        `${OURS} is the right key, yet a number here does not open`,
        'the data is damaged: restore it from a backup',
      ],
    ],
    [
      'one that cannot be compared is not called good',
      { people: silence },
      ['warn', `${OURS}, not compared: Postgres is out of reach; keep a copy elsewhere`],
    ],
  ])('%s', (_name, facts, expected) => {
    expect(judge(facts)).toEqual(expected)
  })
})

describe('the action files', () => {
  const facts = {
    ...{ files: 1, texts: 37, languages: ['English', 'Spanish'] },
    ...{ exampleContacts: ['pro-act'], main: null },
  }

  test('a contact where nobody answers is a fault once texts are real, and not before', () => {
    expect(said(judgeActions(answer(facts), false))).toEqual(['ok', '1 file, 37 texts, English and Spanish'])
    expect(said(judgeActions(answer(facts), true))).toEqual([
      'fail',
      'the contact of pro-act is still at example.org',
      'put in an address where a person answers',
    ])
  })

  test('of several files it says which answers who has texted no keyword', () => {
    const two = { ...facts, files: 2, texts: 74, main: 'pro-act' }
    expect(said(judgeActions(answer(two), false))).toEqual([
      'ok',
      '2 files, 74 texts, English and Spanish; each keyword joins, who texted none is answered by pro-act',
    ])
  })

  test('a file that cannot be read names its line, and the command that tells more', () => {
    const why = 'actions/pro-act.yaml line 41: {{senater}} is no variable'
    expect(said(judgeActions({ ok: false, why }, true))).toEqual(['fail', why, 'textaction action check'])
  })
})

describe('the senators', () => {
  const senator = (last: string, state: string) => ({ last, state }) as unknown as Senator
  const well: TableCheck = { faults: [], ended: [], endingSoon: [], withoutNumber: [], ageDays: 1 }
  const judge = (check: Partial<TableCheck>, source: 'stored' | 'bundled' = 'stored') =>
    said(judgeSenators(100, { ...well, ...check }, source))

  test('a fresh table', () => {
    expect(judge({})).toEqual(['ok', '100, 1 day old, no term ended'])
    expect(judge({ ageDays: 30 })).toEqual(['ok', '100, 30 days old, no term ended'])
  })

  test('an old one with ended terms names the senators', () => {
    const ended = [senator('Moody', 'FL'), senator('Husted', 'OH')]
    expect(judge({ ageDays: 160, ended })).toEqual([
      'warn',
      '160 days old; terms ended: Moody (FL), Husted (OH)',
      'textaction senators update',
    ])
    expect(judge({ ageDays: 31 }, 'bundled')[1]).toBe('31 days old, as they came with the program')
  })

  test('a long list of ended terms is cut, and says by how many', () => {
    const ended = Array.from({ length: 33 }, (_, index) => senator(`Senator${index}`, 'OH'))
    expect(judge({ ended })[1]).toMatch(/Senator5 \(OH\) and 27 more$/)
  })

  test('a table that is not whole must not be used', () => {
    expect(judge({ faults: ['Ohio has 1 senator, not 2'] })[0]).toBe('fail')
  })
})

describe('the texts', () => {
  const well: Gauges = {
    unapplied: 0,
    unappliedAge: null,
    repliesWaiting: 0,
    repliesWaitingAge: null,
    repliesClaimedAge: null,
    repliesInDoubt: 0,
    repliesInDoubtAge: null,
    blastsWaiting: 0,
    blastsAnnounced: 0,
    blastsClaimedAge: null,
    blastsInDoubt: 0,
    blastsInDoubtAge: null,
    blastsOverdue: 0,
    blastsUnfed: 0,
    isRestored: false,
    blasts: {},
    webProcesses: 2,
    webProcessesSpooling: 0,
    segmentsToday: 0,
    schemaVersion: 9,
  }
  const judge = (facts: Partial<Gauges>) => said(judgeTexts(answer({ ...well, ...facts })))

  test.each<[string, Partial<Gauges>, string[]]>([
    ['none waits', {}, ['ok', 'none waits, none in doubt']],
    ['one that waits for a second', { unapplied: 1, unappliedAge: 1 }, ['ok', 'none waits, none in doubt']],
    [
      'some that wait for minutes: nobody works',
      { unapplied: 12, unappliedAge: 150 },
      ['warn', '12 inbound texts waiting, the oldest for 3 min', 'is textaction work running?'],
    ],
    [
      'an answer that waits for an hour',
      { repliesWaiting: 1, repliesWaitingAge: 3_600 },
      ['fail', '1 answer waiting, the oldest for 60 min', 'is textaction work running?'],
    ],
    [
      'a doubt that is being settled is no fault',
      { repliesInDoubt: 2, repliesInDoubtAge: 100 },
      ['ok', 'none waits; 2 in doubt, being settled'],
    ],
    [
      'a doubt that stays is one',
      { repliesInDoubt: 2, repliesInDoubtAge: 1_000 },
      [
        'warn',
        '2 texts in doubt for up to 17 min',
        "does Sender pass, and do Twilio's receipts reach PUBLIC_URL?",
      ],
    ],
    [
      'a blast that should have started',
      { blastsOverdue: 1 },
      ['fail', '1 blast scheduled and not started a minute after its time', 'is textaction work running?'],
    ],
    [
      'a blast that nobody works on, though nothing looks late',
      { blastsUnfed: 1 },
      ['fail', '1 blast running or due, and no worker feeds it', 'is textaction work running?'],
    ],
    [
      'blasts past their time because nobody works: what to do is said once',
      { blastsOverdue: 2, blastsUnfed: 2 },
      [
        'fail',
        '2 blasts scheduled and not started a minute after their time; 2 blasts running or due, and no worker feeds them',
        'is textaction work running?',
      ],
    ],
    [
      'a spool that is not empty',
      { webProcessesSpooling: 1 },
      [
        'warn',
        'texts lie in a spool on disk: Postgres was away',
        'they come in by themselves; look again in a minute',
      ],
    ],
  ])('%s', (_name, facts, expected) => {
    expect(judge(facts)).toEqual(expected)
  })
})

test.each([
  [59, '59 s'],
  [150, '3 min'],
  [7_200, '2 h'],
  [172_800, '2 days'],
])('%d seconds are said as %s', (seconds, words) => {
  expect(duration(seconds)).toBe(words)
})
