import type { Intent } from '../../src/conversation/intent.js'
import { readIntent, type Asked } from '../../src/conversation/read-intent.js'
import { isSpanish } from '../../src/conversation/command-words.js'
import { isOneEditFrom, plainWords } from '../../src/conversation/words.js'
import type { Question } from '../../src/conversation/types.js'

const nobody: Asked = { question: { kind: 'none' }, lastNames: [], keywords: ['WORK'], shortCode: '235246' }
const alabama: Asked = {
  ...nobody,
  question: { kind: 'outcome', about: null },
  lastNames: ['Tuberville', 'Britt'],
}
const asked = (question: Question): Asked => ({ ...nobody, question })
const read = (body: string, from: Asked = nobody, mediaCount = 0): Intent =>
  readIntent(body, mediaCount, from)
const kinds = (bodies: string, from?: Asked) =>
  bodies.split(' | ').map((body) => [body, read(body, from).kind] as const)
const all = (bodies: string, kind: Intent['kind']) => bodies.split(' | ').map((body) => [body, kind] as const)

describe('the keyword', () => {
  const joins =
    'WORK | work |  Work!  | "WORK" | “work” | WORK please | work pls | Hi, WORK | text WORK to 235246 | ＷＯＲＫ | WORK👍 | wörk | work 35020 | WORK, my zip is 35020'
  test('joins in every way people write it', () => expect(kinds(joins)).toEqual(all(joins, 'keyword')))

  const noWish =
    'I work nights | work sucks | does this work? | WORK WORK WORK union | send me to work | out of work | work 35020 36101'
  test('inside a sentence is no wish to join', () => {
    for (const [body, kind] of kinds(noWish)) expect([body, kind]).not.toEqual([body, 'keyword'])
  })

  test('brings her ZIP along', () => {
    for (const body of ['work 35020', 'WORK 35020-1234', 'Work. My zip is 35020'])
      expect([body, read(body)]).toEqual([body, { kind: 'keyword', zip: '35020' }])
    for (const body of ['START 35020', 'unstop, my zip is 35020', 'Text START 35020 to 235246'])
      expect([body, read(body)]).toEqual([body, { kind: 'start', zip: '35020' }])
    expect(read('JOIN 35020-1234 please')).toEqual({ kind: 'join', zip: '35020' })
    for (const body of ['start 35020 36101', 'join the 35020 march', 'they start at 35020 a year'])
      expect([body, read(body).kind]).not.toEqual([body, expect.stringMatching(/start|join/)])
  })

  const near = 'WROK | WORKK | wrk | wok | WORJ | worrk | trabajo | TRABAJ0'
  test('one letter off, or in Spanish, is asked about', () =>
    expect(kinds(near)).toEqual(all(near, 'near-keyword')))

  test('two letters off is another word', () => expect(read('wrkk').kind).toBe('unknown'))
})

describe('words that ask for something', () => {
  const table: Partial<Record<Intent['kind'], string>> = {
    help: 'HELP | help! | Help me | info | INFO please | ayuda | I need help | can you help me? | more info | ayuda por favor',
    start: 'START | start! | unstop | Start please',
    join: 'JOIN | join please',
    call: 'CALL | call again | Senators | SENATORS please | my senators? | who are my senators | numbers | llamar | senadores | phone numbers',
    moved: "MOVED | I moved | we've moved | just moved | me mudé | I have moved to a new house",
    forget: 'FORGET | forget me | Please forget me',
    thanks:
      'thanks | Thank you!! | ok | OK | k | great | got it | thx | 👍 | 🙏🏽 | ❤️ | gracias | muchas gracias | will do, thanks | thanks for the help | thank you for all you do',
    yes: 'yes | Yes please | si | sí',
    no: "no | nope | no, keep them coming | keep texting me | no thanks | don't stop | nevermind",
    unknown:
      'banana | how can I help workers win | call me | forget it | my boss fired me | ? | ... | hello | 1 | 4 | constructor | __proto__ | less is more | 🍌',
  }
  test.each(Object.entries(table))('%s', (kind, bodies) =>
    expect(kinds(bodies)).toEqual(all(bodies, kind as Intent['kind'])),
  )

  test('switch the language', () => {
    for (const body of [
      'ESPANOL',
      'español',
      'en español',
      'en espanol por favor',
      'Spanish please',
      'habla español?',
    ])
      expect([body, read(body)]).toEqual([body, { kind: 'language', language: 'es' }])
    for (const body of ['ENGLISH', 'in English please', 'inglés', 'english'])
      expect([body, read(body)]).toEqual([body, { kind: 'language', language: 'en' }])
  })

  test('ask for fewer alerts, or for all of them again', () => {
    for (const body of ['LESS', 'less please', 'fewer texts', 'menos'])
      expect(read(body)).toEqual({ kind: 'fewer', fewer: true })
    for (const body of ['MORE', 'more!', 'más']) expect(read(body)).toEqual({ kind: 'fewer', fewer: false })
  })
})

describe('a ZIP', () => {
  const good =
    '35020 | 35020-1234 | my zip is 35020. | ZIP: 35020 | zip35020 | zip code 35020 | 35020 thanks | 35020 35020 | ３５０２０ | 35O20 | (35020) | I live in 35020 now | 35020\n'
  test('is read in every usual form', () => {
    for (const body of good.split(' | '))
      expect([body, read(body)]).toEqual([body, { kind: 'zip', zip: '35020' }])
  })

  test('asked for, is read in digits apart and in words too', () => {
    const apart =
      '3 5 0 2 0 | 350 20 | my zip is 350 20 | three five zero two zero | three five oh two oh | tres cinco cero dos cero | zip code three five zero two zero'
    for (const body of apart.split(' | ')) {
      expect([body, read(body, asked({ kind: 'zip' }))]).toEqual([body, { kind: 'zip', zip: '35020' }])
      expect([body, read(body, alabama).kind]).not.toEqual([body, 'zip'])
    }
    for (const body of ['three five zero two', '3 5 0 2', 'two five of us', '12 34'])
      expect([body, read(body, asked({ kind: 'zip' })).kind]).not.toEqual([body, 'zip'])
  })

  const near = '2861 | 350201 | 123 | zip 2861 | my zip is 350201 | 2055550142'
  test('with too few or too many digits is none', () => expect(kinds(near)).toEqual(all(near, 'near-zip')))

  const several = '35020 or 36101 | 35020, 36101 | 35020-36101'
  test('and another one are too many', () => expect(kinds(several)).toEqual(all(several, 'several-zips')))

  test('is not seen in money, long numbers and long stories', () => {
    for (const body of [
      'paid $35020',
      '35,020 people',
      'A135020',
      '35020th',
      'they cut 12000 jobs at the plant where my father worked',
    ])
      expect([body, read(body).kind]).toEqual([body, 'unknown'])
  })

  test("is not the number of her union's local", () => {
    for (const body of [
      'CWA Local 14430 here',
      'USW Local 12775',
      'IBEW 11246',
      'UAW local #12345',
      'Local 14430',
      'Proud member of USW Local Union No. 12775!',
      'Unite Here 12345',
      'IAM Lodge 12775',
      'seccional número 12345',
      'soy del local 12345',
    ]) {
      expect([body, read(body).kind]).toEqual([body, 'unknown'])
      expect([body, read(body, asked({ kind: 'zip' })).kind]).toEqual([body, 'unknown'])
    }
    for (const body of [
      'CWA Local 14430, 35020',
      'CWA Local 14430, zip 35020',
      'local 100 35020',
      'local zip 35020',
      'my local zip code is 35020',
      'AL 35020',
      'codigo postal local 35020',
    ])
      expect([body, read(body)]).toEqual([body, { kind: 'zip', zip: '35020' }])
  })

  const pennsylvania: Asked = { ...alabama, lastNames: ['Fetterman', 'McCormick'] }
  const zip = (body: string, from: Asked) => [body, read(body, from)] as const

  test.each([
    ['1 - ref 48213', 'reached'],
    ['1, reference # 48213', 'reached'],
    ['1 48213', 'reached'],
    ['2 (conf. no. 48213)', 'voicemail'],
    ['left vm, ref #48213', 'voicemail'],
    ['left vm at 20510', 'voicemail'],
    ['left my name and zip 15213 on the machine', 'voicemail'],
    ['done 20510', 'reached'],
    ['done, confirmation code is 48213', 'reached'],
    ['they answered, room 48213', 'reached'],
    ['spoke to an aide. Case number: 48213', 'reached'],
    ['spoke to aide, ticket number 48213, she will vote no', 'reached'],
    ['got through at ext. 48213', 'reached'],
    ['called on S. 10545', 'reached'],
    ['mailbox 20510 full', 'busy'],
    ['dejé mensaje, referencia 48213', 'voicemail'],
    ['me contestaron, boleto número 48213', 'reached'],
    ['CWA Local 14430, left a message', 'voicemail'],
  ])('is not a number in her report: "%s"', (body, outcome) =>
    expect(read(body, pennsylvania)).toMatchObject({ kind: 'outcome', outcome }),
  )

  const numbers =
    'Told him to vote YES on H.R. 10545 | I asked the senator to please vote yes on H.R. 10545 today | vote no on HR 10545! | please move S. 10545 to the floor | ' +
    'my member number is 48213 | badge 48213 | my badge number is 48213 | 48213 is my badge number | code 48213 | their ref is 48213 | ticket #48213 | #48213 was mine | ' +
    'I told him to vote for 48213 | we live near a plant that cut 12000 jobs | we live on 12000 a year | case id 48213 | ask for room 20510 | mail it to 20510 | ' +
    'mi número de miembro es 48213 | vota sí por la ley 10545 | ext 48213 | number 48213'
  test('is no number that something else goes by', () => {
    for (const [body, kind] of kinds(numbers, pennsylvania)) expect([body, kind]).toEqual([body, 'unknown'])
  })

  const news =
    "48213 | 48213 please | it's 48213 | It’s 48213 now | its 48213, sorry | no, 48213 | I meant 48213 | #48213 | 48213-1234 | my zip is 48213 | My new ZIP code is 48213. | new zip 48213 | " +
    'wrong zip, 48213 | wrong state, 48213 | those are not my senators, 48213 | zip should be 48213 | please change my zip to 48213 | update to 48213 | I moved to 48213 | we just moved, now 48213 | ' +
    'moved to Detroit 48213 last week | I live in 48213 | I live in Detroit now, 48213 | my address is 12 Main St Detroit 48213 | 48213 is my new zip | 48213 is where I live now | ' +
    'I vote in 48213 | registered to vote in 48213 | Detroit, MI 48213 | detroit mi 48213 | 48213 Michigan | Detroit Michigan 48213 | relocated to 48213 | moving to 48213 in June | ' +
    'senators for 48213 please | my zip is 48213, ref 12345 | typo, 48213 | CALL 48213 | I live at 12345 Main St, Detroit, MI 48213 | CWA Local 14430, 48213 | ' +
    'mi código postal es 48213 | me mudé a 48213 | me mude al 48213 | ahora vivo en 48213 | es 48213 | mi nuevo zip es 48213 | 48213 por favor | nueva dirección 48213 | voto en 48213'
  test.each(news.split(' | '))('is new, and told in her own way: "%s"', (body) =>
    expect(zip(body, pennsylvania)).toEqual([body, { kind: 'zip', zip: '48213' }]),
  )

  test('asked for, is read in any company but that of a bill, a reference or the Capitol', () => {
    const any =
      "ok so it's 48213 | Birmingham 48213 | I vote yes, 48213 | union member, 48213 | code 48213 | 48213 here, ready to call"
    for (const body of any.split(' | '))
      expect(zip(body, asked({ kind: 'zip' }))).toEqual([body, { kind: 'zip', zip: '48213' }])
    for (const body of ['yes on H.R. 10545', 'ref 48213', 'left vm at 20510', 'my member number is 48213'])
      expect([body, read(body, asked({ kind: 'zip' })).kind]).toEqual([body, 'unknown'])
    expect(read('20510', asked({ kind: 'zip' }))).toEqual({ kind: 'zip', zip: '20510' })
    expect(read('20510', pennsylvania)).toEqual({ kind: 'zip', zip: '20510' })
  })

  test('inside a story is seen where we asked for it or she says what it is', () => {
    const story = 'well I used to be in Birmingham but these days it is 35020 I think'
    expect(read(story, asked({ kind: 'zip' })).kind).toBe('zip')
    expect(read(`sorry for the late answer folks, my zip code is 35020`).kind).toBe('zip')
  })
})

describe('a state', () => {
  const border = asked({ kind: 'state', among: ['KY', 'TN'] })
  test('is chosen by number, letters or name where a ZIP lies in two', () => {
    for (const body of [
      '1',
      '1.',
      'one',
      'option 1',
      'KY',
      'ky',
      'Kentucky',
      'kentucky please',
      'I live in Kentucky',
      'uno',
    ])
      expect([body, read(body, border)]).toEqual([body, { kind: 'state', state: 'KY' }])
    for (const body of ['2', 'TN', 'tennessee', 'Tennessee.', 'tennesee'])
      expect(read(body, border)).toEqual({ kind: 'state', state: 'TN' })
  })

  test('not among them is no choice by number, and "ok" is not Oklahoma', () => {
    expect(read('3', border).kind).toBe('unknown')
    expect(read('ok', border).kind).toBe('thanks')
    expect(read('hi', border).kind).toBe('unknown')
    expect(read('Ohio', border)).toEqual({ kind: 'state', state: 'OH' })
  })

  test('asked for freely may be two letters that are a word', () => {
    const any = asked({ kind: 'state', among: null })
    expect(read('OK', any)).toEqual({ kind: 'state', state: 'OK' })
    expect(read('I vote in oregon', any)).toEqual({ kind: 'state', state: 'OR' })
    expect(read('im in indiana', any)).toEqual({ kind: 'state', state: 'IN' })
    expect(read('Springfield, MO', any)).toEqual({ kind: 'state', state: 'MO' })
    for (const body of ['Ok', 'ok', 'Hi', 'hi!', 'me', 'Me', 'in', 'or', "it's me"])
      expect([body, read(body, any)]).toEqual([body, { kind: 'unknown' }])
  })

  test('offered by its letters may be written small, but a nod is none', () => {
    const maine = asked({ kind: 'state', among: ['ME', 'NH'] })
    for (const body of ['me', 'Me please', 'ME']) expect(read(body, maine)).toMatchObject({ state: 'ME' })
    const oklahoma = asked({ kind: 'state', among: ['AR', 'OK'] })
    expect(read('Ok', oklahoma)).toEqual({ kind: 'unknown' })
    for (const body of ['OK', '2', 'oklahoma']) expect(read(body, oklahoma)).toMatchObject({ state: 'OK' })
    for (const body of ['2 for OK', 'the second', 'the second one', 'la segunda', '2 Oklahoma'])
      expect([body, read(body, oklahoma)]).toMatchObject([body, { state: 'OK' }])
    expect(read('1 for OK', oklahoma)).not.toMatchObject({ state: 'OK' })
    expect(read('2 for AR', oklahoma)).not.toMatchObject({ state: 'AR' })
  })

  test('is understood unasked when it is all she says', () => {
    for (const body of ['Ohio', 'I live in Ohio', 'OHIO!'])
      expect(read(body)).toEqual({ kind: 'state', state: 'OH' })
    expect(read('Georgia called me back').kind).toBe('unknown')
  })
})

describe('how a call went', () => {
  const said: readonly (readonly [string, Extract<Intent, { kind: 'outcome' }>['outcome']])[] = [
    ...[
      '1',
      '1.',
      '#1',
      '1!',
      'one',
      'done',
      'Done!',
      'called',
      'I called',
      'made the call',
      'reached someone',
      '1 reached someone',
      'talked to a staffer',
      'I spoke with a very nice aide',
      'they answered',
      'got through',
      'atendieron',
      'me atendieron',
      'ya llamé',
      'hablé con una persona',
      'listo',
      'I did it',
      '1 thanks',
    ].map((body) => [body, 'reached'] as const),
    ...[
      '2',
      '2 left a voicemail',
      'left a vm',
      'Left a VM.',
      'voicemail',
      'voice mail',
      'I left a message',
      'left message',
      'went straight to voicemail',
      'mensaje',
      'dejé mensaje',
      'dejé un mensaje',
      'buzón de voz',
      'dos',
    ].map((body) => [body, 'voicemail'] as const),
    ...[
      '3',
      'busy',
      'full',
      'Busy!',
      'the line was busy',
      'busy signal',
      'I got a busy signal',
      'mailbox is full',
      'voicemail full',
      'her voicemail box was full',
      'no answer',
      'nobody answered',
      'busy or full',
      'ocupado',
      'lleno',
      'está ocupado',
      'no contestan',
      'buzón lleno',
      'called but no answer',
    ].map((body) => [body, 'busy'] as const),
    ...[
      '4',
      'wrong office',
      'Wrong office!',
      '4 wrong office',
      'that was the wrong office',
      'not my senator',
      'otra oficina',
      'no era esa oficina',
    ].map((body) => [body, 'wrong'] as const),
  ]
  test.each(said)('"%s" is %s', (body, outcome) =>
    expect(read(body, alabama)).toEqual({ kind: 'outcome', outcome, office: null, both: false }),
  )

  const told: Record<'reached' | 'voicemail' | 'busy' | 'wrong', string> = {
    voicemail:
      'left one voicemail | no one answered so i left a message | no answer, left a message | nobody picked up but I left a voicemail | Left message with my name and zip | left my name and zip on the machine | I had to leave a voicemail | It was a recording, I left my message | talked to the answering machine | he didn’t answer but i left a message | it went to voicemail so I left one | Left a msg on his answering machine | busy so I left a vm | dejé recado | les dejé un recado en la grabadora | deje un mensaje de voz | me mandó al buzón y dejé mensaje | nadie contestó pero dejé mensaje | no contestaron, dejé mensaje | voicemail only | I left her a nice message | Left another voicemail | left a long message lol | cayó al buzón y dejé mensaje | vm’d | got sent to voicemail | sent me to voicemail | no live person, left message | after 5 rings I got voicemail | I left a vmail | just left a message at her DC office | Voice mail only, left message | hablé a la grabadora | puro buzón | me salió el buzón',
    reached:
      'Option 1 please | I spoke to a young man | a woman answered the phone and took my message | someone picked up and took my info | got a live person | got a human! | got thru | talked w/ staff | Spoke with staffer. She was kind | a staffer took my message | She said she would pass it along | she’ll pass the message on | They took my name and zip | spoke with someone named Kyle | made my calls today | hable con una muchacha | me contestó una señora | hablé con la secretaria | hablé con un joven muy amable | a person actually answered | some guy answered | talked with a kid in the office | someone took down my message | he said he’d tell the senator | she said thanks for calling | just got off the phone with the office | Spoke to someone, they wrote it down | call completed | made contact | she’ll let him know | a real live human | A young lady took my call | he took my call | Got a staffer | got an aide named Will | they picked up on the first ring | had a nice chat with her staff | conversation went well | spoke to the front desk | she wrote down my name | They logged my call | he noted my opinion | A staff member answered | got a hold of someone | spoke w/ intern, he said he’d pass it on | una señora tomó mi mensaje | tomaron mi nombre',
    busy: 'lines are busy | always busy | his mailbox is full can’t leave a message | no one picks up | nobody is answering | they don’t answer | rang forever | it just rang and rang | it rings and rings | rings but no answer | keeps ringing no one answers | didnt go through | call won’t go through | call failed | I was on hold 30 minutes and hung up | tried 3 times busy every time | can’t get thru | cant get anyone | she didn’t answer | couldn’t reach anyone | tried twice, no answer | busy signal both times | I keep getting a busy signal | no contesta nadie | no me contestaron | sonó y sonó y nadie contestó | no me contesta nadie | nobody home | rang off the hook | all circuits busy | lines jammed | cannot get through to anyone | voicemail not set up | says mailbox is full | they’re not picking up | been ringing 10 minutes | disconnected after 5 rings | no entra la llamada | buzón de voz lleno | its been busy all day | nothing but busy signals | no one is there | office closed | they’re closed | hold music for 20 min then gave up | mailbox not accepting messages | no agarran | suena pero no contestan | tried all morning, busy | no pickup | marca ocupado | nadie responde',
    wrong:
      'those aren’t my senators | number doesn’t work | number not in service | this number is out of service | the number you gave me is wrong | got somebody’s house | it was a fax machine | number is disconnected | They said he’s not my senator | she isn’t my senator | ese número no sirve | bad number | number is no good | that’s not my state | no es mi estado | ese número está mal | not his office | it was someone else’s office | number changed | not a working number | she doesn’t represent me | me equivoqué de oficina | the number’s been disconnected | esa no es la oficina',
  }
  test.each(Object.entries(told))('told in a sentence: %s', (outcome, bodies) => {
    for (const body of bodies.split(' | '))
      expect([body, read(body, alabama)]).toEqual([
        body,
        { kind: 'outcome', outcome, office: null, both: false },
      ])
  })

  test('with the office in the same text', () => {
    const a =
      '1 A | 1a | a 1 | A1 | left a vm for tuberville | left a vm for Sen. Tuberville | Tuberville: voicemail | called tubervile | busy at tuberville | done a | tuberville 2 | 1 for Tuberville'
    for (const body of a.split(' | '))
      expect([body, read(body, alabama)]).toEqual([
        body,
        expect.objectContaining({ kind: 'outcome', office: 0 }),
      ])
    const b =
      "2 B | left a message for senator Britt | voicemail b | britt busy | 3b | B voicemail | Talked to staff at Britt's office | left Britt a message"
    for (const body of b.split(' | '))
      expect([body, read(body, alabama)]).toEqual([
        body,
        expect.objectContaining({ kind: 'outcome', office: 1 }),
      ])
  })

  test('at both offices', () => {
    for (const body of [
      ...['called both', 'left a vm for both of them', 'both done', 'llamé a los dos', 'both calls made'],
      ...['made both calls', 'no answer at both, left messages'],
    ])
      expect([body, read(body, alabama)]).toEqual([
        body,
        expect.objectContaining({ kind: 'outcome', office: null, both: true }),
      ])
  })

  test('of senators with names of two words or an accent', () => {
    const nevada = { ...alabama, lastNames: ['Cortez Masto', 'Rosen'] }
    for (const body of ['called cortez masto', 'called masto'])
      expect(read(body, nevada)).toMatchObject({ kind: 'outcome', office: 0 })
    expect(read('vm for lujan', { ...alabama, lastNames: ['Heinrich', 'Luján'] })).toMatchObject({
      kind: 'outcome',
      office: 1,
    })
  })

  test('is not read out of talk about something else', () => {
    const talk =
      "I'm busy now, will call later | I was busy | full of rage | wrong about unions | 1 in 4 workers | will call tomorrow | calling now | I'm done with this job | the message is clear: organize | tell Tuberville to vote yes | 5 | I left the office early | nobody answered my question | I'm on hold | still on hold | left work | should I leave a message? | I'll leave a voicemail later | are you a live person? | did she answer | they took my name off the list | I didnt call | haven't reached anyone yet | pass it! | I will pass it on | they hung up on me | can I leave a message | didn't leave a message | no one answers to the people | my phone is disconnected | she is not my friend | it doesn't work for me | the house votes today | number one in my book | I can't reach the store | they left me a message | he left a message | she said I was wrong | real person? | I told the senator off | I'll tell the senator | let me know | my house is full | nobody home tonight but me and the kids | my mailbox is full of bills | bad boss | my number changed | the plant closed | they closed the plant | she noted the vote | are you closed? | it went great at the rally | they took my call center job | my state is a mess | I'm disconnected from the union | no le dejé mensaje"
    for (const [body, kind] of kinds(talk, alabama)) expect([body, kind]).toEqual([body, 'unknown'])
  })

  test('means nothing before she has the numbers', () => {
    for (const body of ['1', 'done', 'busy', 'left a vm'])
      expect([body, read(body).kind]).toEqual([body, 'unknown'])
  })

  test('which office it was', () => {
    const which: Asked = { ...alabama, question: { kind: 'office', outcome: 'reached' } }
    for (const body of [
      ...[
        'A',
        'a.',
        'Tuberville',
        'it was Tuberville',
        'Sen. Tubervile',
        'office a',
        'A please',
        'a, thanks',
        'It was A',
      ],
      ...[
        'the first one',
        'first',
        'el primero',
        "Tuberville's office",
        'for Tuberville',
        'the Tuberville one',
      ],
    ])
      expect(read(body, which)).toEqual({ kind: 'office', office: 0 })
    for (const body of [
      'B',
      'b',
      'Britt!',
      'senator britt',
      'second one',
      "Senator Britt's office",
      'la segunda',
    ])
      expect(read(body, which)).toEqual({ kind: 'office', office: 1 })
    expect(read('Tuberville and Britt', which).kind).toBe('unknown')
    expect(read('2 b', which)).toMatchObject({ kind: 'outcome', outcome: 'voicemail', office: 1 })
    expect(read('A', alabama).kind).toBe('unknown')
  })
})

test('a reaction of her phone quotes us and is no answer', () => {
  const quotes = [
    'Liked “AFL-CIO: Thank you! Your senators for Alabama: Reply STOP 35020”',
    'Loved "Welcome to the AFL-CIO Text Action Team! Reply HELP for help, STOP to cancel."',
    '👍 to “1 reached someone”',
    'Reacted 😂 to “35020”',
    'Laughed at “CALL”',
    'Removed a like from “WORK”',
    'Le gustó “AFL-CIO: ¡Gracias!”',
  ]
  for (const body of quotes) expect([body, read(body, alabama).kind]).toEqual([body, 'reaction'])
  expect(read('Liked it').kind).not.toBe('reaction')
})

test('a photo without words is a photo, with words it is the words', () => {
  expect(read('', nobody, 1).kind).toBe('photo')
  expect(read('35020', nobody, 1).kind).toBe('zip')
  expect(read('', nobody, 0).kind).toBe('unknown')
})

test('Spanish is seen where it is sure', () => {
  for (const body of ['hola', 'TRABAJO', 'quiero unirme', 'ALTO', 'no más', 'ya no', 'Buenos días'])
    expect([body, isSpanish(plainWords(body))]).toEqual([body, true])
  for (const body of ['hello', 'WORK', 'I live in Palo Alto', 'do me a favor', 'no', 'STOP'])
    expect([body, isSpanish(plainWords(body))]).toEqual([body, false])
})

test('words are plain whatever the keyboard', () => {
  expect(plainWords('  “Ｗｏｒｋ”…  PLEASE!!\n')).toBe('work please')
  expect(plainWords("I'm, y’all: Español 1️⃣")).toBe('im yall espanol 1')
  expect(plainWords('​‮')).toBe('')
})

test('one edit is one letter more, less, other, or two swapped', () => {
  for (const word of ['wrok', 'workk', 'wrk', 'worj', 'ork', 'wor', 'owrk', 'woork'])
    expect([word, isOneEditFrom(word, 'work')]).toEqual([word, true])
  for (const word of ['work', 'wkro', 'workkk', 'wo', '', 'worker', 'krow'])
    expect([word, isOneEditFrom(word, 'work')]).toEqual([word, false])
})
