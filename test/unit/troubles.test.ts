import { troublesOf, type WorkFacts } from '../../src/observability/troubles.js'

const well: WorkFacts = {
  blastsOverdue: 0,
  inDoubt: 9,
  inDoubtBefore: 0,
  clockSeconds: -1.9,
  redisShare: 0.7,
}

test.each<[string, Partial<WorkFacts>, object]>([
  ['nothing to tell', {}, {}],
  ['a Redis without a limit', { redisShare: null }, {}],
  [
    'a schedule that nobody keeps',
    { blastsOverdue: 2 },
    { 'blast-overdue': '2 scheduled and not started a minute after their time: textaction doctor' },
  ],
  [
    'doubts that become more',
    { inDoubt: 15, inDoubtBefore: 5 },
    {
      'doubts-grow':
        '15 texts in doubt, 5 ten minutes ago: does Twilio answer, do its receipts reach PUBLIC_URL?',
    },
  ],
  ['many doubts that do not', { inDoubt: 500, inDoubtBefore: 500 }, {}],
  [
    'a Redis that fills up',
    { redisShare: 0.71 },
    { 'redis-memory': "71% of Redis's memory is in use: raise maxmemory" },
  ],
  [
    'a clock that is slow',
    { clockSeconds: 2.5 },
    { clock: "this machine's clock is 2.5 s behind the database's: keep both by NTP" },
  ],
  [
    'a clock that is fast',
    { clockSeconds: -7_200 },
    { clock: "this machine's clock is 7200.0 s ahead of the database's: keep both by NTP" },
  ],
])('%s', (_name, facts, expected) => {
  expect(troublesOf({ ...well, ...facts })).toEqual(expected)
})
