import type { Answer, Verdict } from '../../src/observability/diagnosis.js'
import {
  judgeClock,
  judgeDeployment,
  judgePublicUrl,
  judgeSender,
  type DeploymentFacts,
  type PublicUrlFacts,
  type SenderFacts,
} from '../../src/observability/diagnosis-road.js'

const answer = <T>(value: T): Answer<T> => ({ ok: true, value })
const said = ({ level, text, mend }: Verdict) => [level, text, ...mend]

describe('the clocks', () => {
  const NTP = "keep both machines' clocks by NTP: timedatectl set-ntp true"
  test.each<[string, number | null, number | null, string[]]>([
    ['three that agree', 0.04, 0.2, ['ok', 'database +0.0 s, Twilio +0.2 s']],
    ['a database that is behind', -3, 0, ['warn', 'database -3.0 s, Twilio +0.0 s', NTP]],
    ['one that is hours ahead', 7_260, 0, ['fail', 'database +2 h, Twilio +0.0 s', NTP]],
    ['Twilio out of reach', 0, null, ['ok', 'database +0.0 s, Twilio not heard']],
    [
      'nobody to compare with',
      null,
      null,
      ['warn', 'nothing to compare it with: neither the database nor Twilio answers'],
    ],
  ])('%s', (_name, database, twilio, expected) => {
    expect(said(judgeClock({ database, twilio }))).toEqual(expected)
  })
})

describe('the public address', () => {
  const url = 'https://text.example.org'
  const well = { ms: 61, status: 200, isOurs: true, takesTexts: true }
  const judge = (facts: Partial<PublicUrlFacts>) =>
    said(judgePublicUrl({ url, isLive: true, isLocal: false, answer: answer(well), ...facts }))

  test.each<[string, Partial<PublicUrlFacts>, string[]]>([
    ['one that is well', {}, ['ok', `${url} answers in 61 ms`]],
    [
      'nobody there',
      { answer: { ok: false, why: `no answer from ${url} in 5 s` } },
      ['fail', `no answer from ${url} in 5 s`, 'is serve running, and does the proxy pass /webhooks to it?'],
    ],
    [
      'nobody there, on a machine of one’s own',
      { isLocal: true, answer: { ok: false, why: 'refused' } },
      ['warn', `nobody answers at ${url}`, 'npm start'],
    ],
    [
      'no https while texts are real',
      { url: 'http://text.example.org' },
      [
        'fail',
        'http://text.example.org is not https',
        'set PUBLIC_URL to the https:// address that Twilio calls',
      ],
    ],
    [
      'a proxy that does not find us',
      { answer: answer({ ...well, status: 502, isOurs: false, takesTexts: false }) },
      ['fail', `${url}/healthz answers 502`, 'is serve running, and does the proxy pass everything to it?'],
    ],
    [
      'another deployment',
      { answer: answer({ ...well, isOurs: false }) },
      [
        'fail',
        `somebody else answers at ${url}`,
        "point PUBLIC_URL, its DNS and proxy at this deployment's serve",
      ],
    ],
    [
      'a proxy that passes health and no texts',
      { answer: answer({ ...well, takesTexts: false }) },
      ['fail', `${url} answers, but /webhooks does not get through`, 'let the proxy pass /webhooks to serve'],
    ],
  ])('%s', (_name, facts, expected) => {
    expect(judge(facts)).toEqual(expected)
  })
})

describe('the sender', () => {
  const now = new Date('2026-11-24T12:00:00Z')
  const ago = (hours: number) => new Date(now.getTime() - hours * 3_600_000)
  const service = { sid: `MG3f${'0'.repeat(28)}c1` }
  const judge = (facts: Partial<SenderFacts>) =>
    said(
      judgeSender({
        sender: '235246',
        apiUrl: 'https://api.twilio.com',
        isLive: true,
        isLocal: false,
        account: answer({ kind: 'known', status: 'active', type: 'Full' }),
        service: null,
        isOwn: true,
        traces: answer({ answeredByTwilioAt: null, ownStopAt: null }),
        now,
        ...facts,
      }),
    )
  const WELL = '235246, no Advanced Opt-Out: STOP, HELP and YES reach us'

  test.each<[string, Partial<SenderFacts>, string[]]>([
    ['a short code of ours in no service', {}, ['ok', WELL]],
    [
      'a wrong token',
      { account: answer({ kind: 'refused' }) },
      [
        'fail',
        'Twilio refuses TWILIO_ACCOUNT_SID with the first TWILIO_AUTH_TOKEN',
        'copy both from the Twilio console, the newest token first',
      ],
    ],
    [
      'Twilio out of reach',
      { account: { ok: false, why: 'api.twilio.com did not answer in time' } },
      ['fail', 'api.twilio.com did not answer in time', 'is the way out open, and TWILIO_API_URL right?'],
    ],
    [
      'a suspended account',
      { account: answer({ kind: 'known', status: 'suspended', type: 'Full' }) },
      ['fail', 'the Twilio account is suspended: nothing leaves', 'settle it in the Twilio console'],
    ],
    [
      'a trial account',
      { account: answer({ kind: 'known', status: 'active', type: 'Trial' }) },
      ['warn', 'a trial account: only verified numbers get texts', 'upgrade it in the Twilio console'],
    ],
    [
      "somebody else's code",
      { isOwn: false },
      ['fail', '235246 is not a sender of this account', 'mend TWILIO_SENDER, or the account'],
    ],
    [
      'the simulator',
      { isLive: false, apiUrl: 'http://127.0.0.1:3001', account: answer({ kind: 'unlisted' }) },
      ['ok', '235246 at http://127.0.0.1:3001, which is not Twilio: no text reaches a phone'],
    ],
    [
      'in a service, where Twilio has answered a text itself',
      { service, traces: answer({ answeredByTwilioAt: ago(1), ownStopAt: ago(30) }) },
      [
        'fail',
        'Advanced Opt-Out is on: Twilio swallows STOP, HELP, YES',
        'ask Twilio support to turn it off for service MG3f..c1',
      ],
    ],
    [
      'in a service, where a STOP has reached us since',
      { service, traces: answer({ answeredByTwilioAt: ago(30), ownStopAt: ago(1) }) },
      ['ok', WELL],
    ],
    [
      'in a service, and no STOP came lately: the API does not tell, so it is not called well',
      { service },
      [
        'warn',
        "235246 is in service MG3f..c1; Twilio's API does not tell whether Advanced Opt-Out is on",
        'look: console, Messaging, Services, Opt-Out Management. Or text STOP, and run this again',
      ],
    ],
    [
      'taken out of its service: what Twilio answered before is past',
      { service: null, traces: answer({ answeredByTwilioAt: ago(1), ownStopAt: null }) },
      ['ok', WELL],
    ],
    [
      'a service that Twilio does not know',
      { service: { ...service, isMissing: true } },
      [
        'fail',
        'this account has no Messaging Service MG3f..c1: nothing leaves',
        'mend TWILIO_MESSAGING_SERVICE_SID, or leave it out to send from TWILIO_SENDER',
      ],
    ],
    [
      'a long number, where Twilio answers STOP by default',
      { sender: '+12025550100' },
      [
        'warn',
        '+12025550100 is no short code: Twilio answers STOP and HELP itself',
        'ask Twilio support to leave keywords to us, or send from a short code',
      ],
    ],
  ])('%s', (_name, facts, expected) => {
    expect(judge(facts)).toEqual(expected)
  })
})

describe('other deployments', () => {
  const publicUrl = 'https://text.example.org'
  const webhookUrl = `${publicUrl}/webhooks/twilio/message`
  const paste = 'paste the address below into Twilio'
  const calls = (url: string, method: string | null = 'POST') => ({ url, method })
  const judge = (facts: Partial<DeploymentFacts>) =>
    said(
      judgeDeployment({
        publicUrl,
        webhookUrl,
        serves: answer([{ publicUrl, processes: 1 }]),
        twilioCalls: calls(`${webhookUrl}#rc=2&rp=5xx,ct,rt`),
        ...facts,
      }),
    )

  test.each<[string, Partial<DeploymentFacts>, string[]]>([
    ['none', {}, ['ok', 'the only one on this sender']],
    [
      'several web processes of this one are no other',
      { serves: answer([{ publicUrl, processes: 3 }]) },
      ['ok', 'the only one on this sender, 3 web processes'],
    ],
    [
      'before the first start',
      { serves: answer([]) },
      ['ok', 'none runs now, and no other is on this database'],
    ],
    [
      'a rehearsal on the real database',
      {
        serves: answer([
          { publicUrl, processes: 2 },
          { publicUrl: 'https://rehearsal.example.org', processes: 1 },
        ]),
      },
      [
        'warn',
        'another PUBLIC_URL on this database: https://rehearsal.example.org, named by 1 web process',
        'one database, one PUBLIC_URL: stop the other deployment, or give all of them the same',
      ],
    ],
    [
      'Twilio calls nobody',
      { twilioCalls: calls('', 'GET') },
      ['fail', 'Twilio has no address to send its texts to', paste],
    ],
    [
      'Twilio calls another deployment',
      { twilioCalls: calls('https://old.example.org/sms') },
      ['fail', 'Twilio sends its texts elsewhere, to https://old.example.org/sms', paste],
    ],
    [
      'Twilio calls us, and would not try again',
      { twilioCalls: calls(webhookUrl) },
      ['warn', 'Twilio does not try again when we are away: its address lacks #rc=2&rp=5xx,ct,rt', paste],
    ],
    [
      'Twilio calls us in a way we do not answer',
      { twilioCalls: calls(`${webhookUrl}#rc=2&rp=5xx,ct,rt`, 'GET') },
      [
        'fail',
        'Twilio brings its texts by GET, and only POST is taken',
        'choose HTTP POST beside the address in Twilio',
      ],
    ],
    [
      'Twilio does not say how it calls us',
      { twilioCalls: calls(`${webhookUrl}#rc=2&rp=5xx,ct,rt`, null) },
      ['ok', 'the only one on this sender'],
    ],
    ['Twilio does not say whom it calls', { twilioCalls: null }, ['ok', 'the only one on this sender']],
    [
      'no database to look into: not called alone',
      { serves: { ok: false, why: 'refused' } },
      ['warn', 'not looked for others: Postgres is out of reach'],
    ],
  ])('%s', (_name, facts, expected) => {
    expect(judge(facts)).toEqual(expected)
  })
})
