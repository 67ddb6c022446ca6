import { checkLedger } from '../../src/db/ledger-check.js'
import { freshDatabase, type FreshDatabase } from '../support/services.js'

let database: FreshDatabase
beforeEach(async () => {
  database = await freshDatabase()
  await database.pool.query(`
    insert into people (phone_hash, phone_sealed, standing) select sha256(n::text::bytea), 'sealed', 'joined' from generate_series(1, 3) n;
    insert into blasts (code, name, action, wording, created_by, state, people, fanned_out, started_at)
      values ('k7m2q', 'vote', 'pro-act', '{"en":"call"}', 'lee', 'done', 3, 3, now());
    insert into texts_out (blast_id, number, person_id, kind, status, claimed_at, message_sid)
      select 1, id, id, 'blast', 'delivered', now(), 'SM' || id from people`)
})
afterEach(() => database.drop())

const faults = async () =>
  (await checkLedger(database.pool, null))?.faults.map(({ what, count }) => `${count} ${what}`)

test('a blast that went well is proved', async () => {
  expect(await checkLedger(database.pool, 'k7m2q')).toEqual({ blasts: 1, texts: 3, faults: [] })
})

test('there is nothing to prove of a blast that is not there', async () => {
  expect(await checkLedger(database.pool, 'zzzzz')).toBeNull()
})

test.each([
  [`delete from texts_out where number = 2`, '1 people of the audience are in no state, or in two'],
  [`update texts_out set message_sid = 'SM1'`, '1 MessageSids belong to two texts'],
  [
    `update texts_out set status = 'pending' where number = 1`,
    '1 texts are open in a blast that is done',
    '1 texts that Twilio has taken count as not sent',
  ],
  [
    `update texts_out set status = 'in_doubt', claimed_at = now() - interval '2 hours' where number = 1`,
    '1 texts are stuck: claimed for minutes, or in doubt for an hour',
  ],
  [
    `insert into consents (person_id, kind, via, at) values (2, 'left', 'text', now() - interval '1 minute')`,
    '1 texts of a blast were claimed after the person had left',
    '1 people get blasts though their last record says that they left',
  ],
  [
    `update texts_out set claimed_at = now() - interval '1 hour'; update people set standing = 'left' where id = 2;
     insert into texts_out (person_id, kind, status, claimed_at, message_sid) values (2, 'nudge', 'sent', now(), 'SM9');
     insert into consents (person_id, kind, via, at) values (2, 'left', 'text', now() - interval '1 minute')`,
    '1 texts nobody had asked for were claimed after the person had left',
  ],
  [
    `insert into consents (person_id, kind, via) values (2, 'left', 'text')`,
    '1 people get blasts though their last record says that they left',
  ],
  [
    `update texts_out set person_id = 3 where number = 2`,
    '1 texts of a blast stand under somebody else than they go to',
  ],
  [
    `insert into texts_out (person_id, kind, status, message_sid) values (2, 'help', 'pending', 'SM9')`,
    '1 texts that Twilio has taken count as not sent',
  ],
  [`update texts_out set message_sid = null where number = 3`, '1 texts have left without a MessageSid'],
  [
    `update people set standing = 'left' where id = 1; update texts_out set claimed_at = now() - interval '3 days';
     insert into consents (person_id, kind, via, at) values (1, 'forgotten', 'operator', now() - interval '2 days')`,
    '1 people were forgotten a day ago or more, and their number is still here',
  ],
])('%s: it is found', async (harm, ...found) => {
  await database.pool.query(harm)
  expect(await faults()).toEqual(found)
})
