import { createWatchdog } from '../../src/outbound/watchdog.js'
import type { SmsGateway } from '../../src/ports.js'
import { freshDatabase, type FreshDatabase } from '../support/services.js'

let database: FreshDatabase
beforeEach(async () => {
  database = await freshDatabase()
  await database.pool.query(
    `with person as (
       insert into people (phone_hash, phone_sealed, standing) values ('one', 'sealed', 'joined') returning id)
     insert into texts_out (blast_id, person_id, kind, body_sealed, segments, not_before, status)
     select 0, id, 'help', 'sealed', 1, now() - interval '1 minute', 'pending' from person`,
  )
})
afterEach(() => database.drop())

const ref = { blastId: 0, number: 1 }
const text = { ref, to: '+12055550100', body: 'HELP', validitySeconds: 60 }
const gatewayThat = (send: SmsGateway['send']) => ({ send }) as SmsGateway

/** The reason it gives after 80 s in which every look finds an answer due, and a text is handed to the gateway before each. */
async function watched(
  send: SmsGateway['send'],
  rules: { alertsPerMonth: number } | null = null,
): Promise<string | null> {
  let nowMs = 0
  let why: string | null = null
  const watchdog = createWatchdog({
    ...{ pool: database.pool, worker: 'one', stalledMs: 60_000 },
    clock: { now: () => new Date(), monotonicMs: () => nowMs },
    redisTakesWrites: () => Promise.resolve(true),
    outage: () => null,
    blastRules: () => rules,
    onStalled: (told) => (why = told),
  })
  const gateway = watchdog.watched('replies', gatewayThat(send))
  for (; nowMs <= 80_000; nowMs += 10_000) {
    await gateway.send(text, () => false)
    await watchdog.look()
  }
  return why
}

test('a worker of which every text is kept back by the fence sends nothing, and is started anew', async () => {
  const fenced: SmsGateway['send'] = (_text, mayStart) =>
    Promise.resolve(mayStart() ? { kind: 'accepted', sid: 'SM1' } : null)
  expect(await watched(fenced)).toBe('for 60 s answers could go and none was sent')
})

test('while nobody is at the door a new start would not help', async () => {
  const refused: SmsGateway['send'] = () =>
    Promise.resolve({ kind: 'not-sent', why: 'ECONNREFUSED', retryAfterMs: 2_000 })
  expect(await watched(refused)).toBeNull()
})

test('while answers take the whole rate for minutes, as after a rally at one segment a second, an alert that waits is no reason to start anew', async () => {
  await database.pool.query(
    `with blast as (
       insert into blasts (code, name, action, wording, created_by, state, opens, closes, approval, started_at)
       values ('vote1', 'vote', 'pro-act', '{"en":"call"}', 'lee', 'running', '00:00', '24:00', 'x', now()) returning id),
     range as (insert into blast_ranges (blast_id, after, up_to, texts, segments) select id, 0, 1, 1, 1 from blast),
     fed as (insert into leases (name, holder, until) values ('feeder', 'one', now() + interval '1 hour'))
     insert into texts_out (blast_id, number, person_id, kind, segments, not_before, status)
     select id, 1, 1, 'blast', 1, now(), 'pending' from blast`,
  )
  const accepted: SmsGateway['send'] = () => Promise.resolve({ kind: 'accepted', sid: 'SM1' })
  expect(await watched(accepted, { alertsPerMonth: 8 })).toBeNull()
  // No answer waits any more, and the alert does not go all the same.
  await database.pool.query(`update texts_out_replies set status = 'accepted'`)
  const idle: SmsGateway['send'] = () => Promise.resolve(null)
  expect(await watched(idle, { alertsPerMonth: 8 })).toBe(
    'for 60 s texts of a blast could go and none was sent',
  )
})
