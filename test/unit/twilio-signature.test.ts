import { isSigned, sign } from '../../src/adapters/twilio-signature.js'

// From Twilio's own test suite (twilio-node, spec/unit/webhooks), each recomputed by hand.
const CALL = {
  CallSid: 'CA1234567890ABCDE',
  Caller: '+14158675309',
  Digits: '1234',
  From: '+14158675309',
  To: '+18005551212',
}
const PATH = 'mycompany.com/myapp.php?foo=1&bar=2'

test.each([
  ['as it is', `https://${PATH}`, CALL, 'RSOYDt4T1cUTdK1PDd93/VVr8B8='],
  ['with 443', `https://${PATH.replace('/', ':443/')}`, CALL, 'kvajT1Ptam85bY51eRf/AJRuM3w='],
  ['with 80', `http://${PATH.replace('/', ':80/')}`, CALL, '0ZXoZLH/DfblKGATFgpif+LLRf4='],
  ['with a port of its own', `http://${PATH.replace('/', ':1234/')}`, CALL, 'Zmvh+3yNM1Phv2jhDCwEM3q5ebU='],
  ['with a password', `https://user:pass@${PATH}`, CALL, 'CukzLTc1tT5dXEDIHm/tKBanW10='],
  [
    'with a value several times',
    `https://${PATH}`,
    { Sid: 'CA123', SidAccount: 'AC123', Digits: ['5678', '1234', '1234'] },
    'IK+Dwps556ElfBT0I3Rgjkr1wJU=',
  ],
])("Twilio's published signature of a URL %s is ours too", (_how, url, params, signature) => {
  expect(sign('12345', url, params)).toBe(signature)
  expect(isSigned(['12345'], signature, url, params)).toBe(true)
})

test('a text to a short code, with empty fields: signed as Twilio signs it', () => {
  const sid = 'SM00000000000000000000000000000001'
  const text = {
    ...{ ToCountry: 'US', ToState: '', SmsMessageSid: sid, MessageSid: sid, SmsSid: sid, NumMedia: '0' },
    ...{ ToCity: '', FromZip: '15213', FromState: 'PA', SmsStatus: 'received', FromCity: 'PITTSBURGH' },
    ...{ Body: 'WORK', FromCountry: 'US', To: '235246', ToZip: '', NumSegments: '1' },
    ...{ AccountSid: 'AC00000000000000000000000000000000', From: '+14125550100', ApiVersion: '2010-04-01' },
  }
  const url = 'https://bot.example.org/webhooks/twilio/sms'
  expect(sign('s3cr3t', url, text)).toBe('l7dhAqIp0WGuK0KUqAQWueLrLTM=')
  expect(isSigned(['s3cr3t'], 'l7dhAqIp0WGuK0KUqAQWueLrLTM=', url, text)).toBe(true)
  expect(isSigned(['s3cr3t'], 'l7dhAqIp0WGuK0KUqAQWueLrLTM=', url, { ...text, Body: 'STOP' })).toBe(false)
})

test('Twilio may sign with or without the standard port, and with a quote written either way', () => {
  expect(isSigned(['12345'], 'kvajT1Ptam85bY51eRf/AJRuM3w=', `https://${PATH}`, CALL)).toBe(true)
  expect(isSigned(['12345'], 'ZQFR1PTIZXF2MXB8ZnKCvnnA+rI=', `https://user:pass@${PATH}`, CALL)).toBe(true)
  const quoted = `https://${PATH}&Body=It's+amazing`
  expect(isSigned(['12345'], 'TfZzewPq8wqrGlMfyAud8+/IvJ0=', quoted, CALL)).toBe(true)
})

test('while a token is rotated both sign; a third one, a changed field or another URL does not', () => {
  const url = `https://${PATH}`
  const [old, fresh, foreign] = ['old', 'new', 'foreign'].map((token) => sign(token, url, CALL))
  expect(isSigned(['new', 'old'], old ?? '', url, CALL)).toBe(true)
  expect(isSigned(['new', 'old'], fresh ?? '', url, CALL)).toBe(true)
  expect(isSigned(['new', 'old'], foreign ?? '', url, CALL)).toBe(false)
  expect(isSigned(['new'], fresh ?? '', url, { ...CALL, Digits: '1235' })).toBe(false)
  expect(isSigned(['new'], fresh ?? '', `${url}&more=1`, CALL)).toBe(false)
  expect(isSigned([], fresh ?? '', url, CALL)).toBe(false)
})

test.each(['', 'x', 'ÄÖÜ', 'RSOYDt4T1cUTdK1PDd93/VVr8B8', '='.repeat(28), 'a'.repeat(10_000)])(
  'a forged header %j is only ever wrong',
  (signature) => expect(isSigned(['12345'], signature, `https://${PATH}`, CALL)).toBe(false),
)
