import { phrases } from './words.js'
import type { Outcome } from './types.js'

/** A way to say how a call went. */
export type Way = {
  outcome: Outcome
  /** One of these must stand in the text ... */
  core: ReadonlySet<string>
  /** ... and one of these words too, where the core alone says little: "left" what? ... */
  also?: ReadonlySet<string>
  /** ... and none of these right before it: "they left me a message" is no call of hers ... */
  notAfter?: ReadonlySet<string>
  /** ... and beside them nothing but these and the small words: "I'm busy now, will call later" is no busy line. */
  beside: ReadonlySet<string>
}

const NOBODY = ['no one', 'noone', 'nobody', 'no ones', 'nobodys']
const ANSWERS = 'answered|answers|is answering|answering|picked up|picks up|is picking up|picking up|pick up'
const UNANSWERED = [
  ...NOBODY.flatMap((nobody) => ANSWERS.split('|').map((answers) => `${nobody} ${answers}`)),
  ...['didnt', 'dont', 'doesnt', 'wont', 'never'].flatMap((not) => [`${not} answer`, `${not} pick up`]),
  ...['not', 'arent', 'isnt'].map((not) => `${not} answering`),
  ...['couldnt', 'cant', 'could not', 'can not', 'cannot', 'didnt'].flatMap((not) =>
    [
      'get through',
      'get thru',
      'get in',
      'get anyone',
      'get anybody',
      'reach anyone',
      'reach anybody',
      'go through',
    ].map((through) => `${not} ${through}`),
  ),
]

const TRIES =
  'morning|afternoon|evening|since|tried|times|time|twice|every|each|few|several|times in a row|minutes|mins|min|hour|hours|call|calls'
const CALL_TALK =
  'he|she|someone|nobody|noone|no|one|answer|answers|answered|didnt|dont|picked|pick|up|went|straight|go|had|voice|mail|voicemail|vm|message|' +
  'machine|answering|recording|recorder|recorded|beep|name|zip|number|info|comment|busy|full|rang|called|calling|signal|i|ive|we|left|' +
  'another|long|short|nice|detailed|polite|her|him|live|real|person|human|dc|washington|only'
const CALL_TALK_ES =
  'nadie|contesto|contesta|contestan|contestaron|atendio|atendieron|no|les|le|mando|pero|grabadora|contestadora|maquina|voz|linea|ocupada|ocupado|' +
  'mi|nombre|codigo|numero|buzon|mensaje|recado|yo|entro|cayo|llame'
const PEOPLE =
  'someone|somebody|person|people|staff|staffer|staffers|aide|intern|assistant|receptionist|secretary|operator|front|desk|member|dc|washington|live|real|human|actual|them|him|he|she|' +
  'lady|guy|dude|kid|woman|man|girl|boy|gentleman|some|young|very|nice|great|kind|polite|friendly|helpful|sweet'
const PEOPLE_ES =
  'alguien|una|persona|senora|senor|senorita|muchacha|muchacho|chica|chico|joven|mujer|hombre|secretaria|secretario|asistente|recepcionista|' +
  'empleada|empleado|muy|amable|simpatica|simpatico|si'

const CLOSED = ['office', 'offices', 'theyre', 'they are', 'office is', 'office was', 'offices are']
  .map((office) => `${office} closed`)
  .concat(['no one is there', 'no one there', 'nobody is there', 'nobody there'])

const NOTED = ['took', 'took down', 'wrote down', 'logged', 'noted', 'recorded'].flatMap((noted) =>
  ['message', 'call', 'name', 'info', 'information', 'comment', 'comments', 'opinion', 'concerns'].map(
    (what) => `${noted} my ${what}`,
  ),
)

const PASSING = [
  ...['it along', 'it on', 'along', 'that along', 'the message', 'my message'].map((on) => `pass ${on}`),
  ...['tell the senator', 'tell him', 'tell her', 'let him know', 'let her know', 'let the senator know'],
]

// The order matters: a message left is one whoever did not answer; "voicemail full" is no voicemail left, "no answer" is no answer.
export const WAYS: readonly Way[] = [
  {
    outcome: 'wrong',
    core: phrases(
      'wrong office|wrong senator|wrong senators|wrong state|wrong place|not my senator|not my senators|' +
        'isnt my senator|arent my senators|number is wrong|number you gave me is wrong|number you gave is wrong|numbers are wrong|' +
        'otra oficina|oficina equivocada|no era esa oficina|no era la oficina|no es mi senador|' +
        'no es mi senadora|no son mis senadores|' +
        'number doesnt work|number didnt work|number isnt working|number is not working|number not working|numbers dont work|' +
        'not in service|out of service|no longer in service|number is disconnected|number disconnected|number was disconnected|' +
        'somebodys house|someones house|someone elses office|not his office|not her office|not the right office|' +
        'numbers been disconnected|number has been disconnected|no es la oficina|no es esa oficina|number changed|number has changed|not a working number|doesnt represent me|doesnt represent us|me equivoque de oficina|fax machine|a fax|bad number|number is bad|number is no good|number no good|not my state|isnt my state|' +
        'numero no sirve|numero no funciona|numero esta mal|no es mi estado|fuera de servicio',
    ),
    // "my number changed"
    notAfter: phrases('my'),
    beside: phrases(
      'i|called|reached|thats|that|this|mi|said|say|says|told|hes|shes|he|she|theyre|these|those|number|numbers|you|gave|ese|este|esa|esta|numero',
    ),
  },
  {
    outcome: 'wrong',
    core: phrases('wrong|equivocada'),
    beside: phrases('i|called|reached|thats|that|this|mi'),
  },
  {
    outcome: 'voicemail',
    core: phrases('left|had to leave|deje|dejamos|he dejado'),
    notAfter: phrases('he|she|they|someone|somebody|you|it|office|senator|no|no le|no les'),
    also: phrases(
      'message|messages|msg|msgs|mail|voicemail|voicemails|vmail|vm|vms|one|name|machine|recording|mensaje|mensajes|recado|recados',
    ),
    beside: phrases(`messages|msg|msgs|voicemails|vms|mensajes|recados|vmail|${CALL_TALK}|${CALL_TALK_ES}`),
  },
  {
    outcome: 'busy',
    core: phrases(
      'busy|full|no answer|no pick up|no pickup|kept ringing|keeps ringing|just rings|just rang|rang and rang|rings and rings|rang forever|' +
        'rings forever|rang out|off the hook|jammed|nobody home|no one home|not picking up|arent picking up|isnt picking up|been ringing|' +
        'not set up|hasnt been set up|isnt set up|disconnected after|wont go through|doesnt go through|not going through|call failed|calls failed|' +
        `${UNANSWERED.join('|')}|` +
        'ocupado|ocupada|ocupados|ocupadas|lleno|llena|llenos|no contestan|no contestaron|nadie contesto|nadie contesta|no contesta|' +
        'no me contestan|no me contestaron|no me contesto|no me contesta|no atienden|no atendieron|nadie atendio|nadie atiende|' +
        'suena y suena|sono y sono|suena ocupado|no entra|no entran|no agarran|marca ocupado|nadie responde|nadie respondio|no responden|no respondieron|' +
        `busy signals|not accepting|${CLOSED.join('|')}`,
    ),
    beside: phrases(
      'signal|signals|tone|circuits|nothing|day|accepting|messages|is|there|pero|theyre|hes|shes|says|said|rings|been|anyone|mailbox|mailboxes|voicemail|voice|mail|vm|box|inbox|or|both|called|busy|full|are|always|constantly|keep|keeps|kept|getting|' +
        'he|she|no|one|nobody|answer|answers|answered|ringing|rings|rang|cant|couldnt|leave|message|through|thru|go|' +
        `${TRIES}|buzon|buzones|linea|lineas|o|ocupado|lleno|sonaba|suena|sono|tono|voz|llamada|llamadas|no|nadie|contesto|contesta|veces|llame`,
    ),
  },
  {
    outcome: 'busy',
    core: phrases('hung up|gave up|had to hang up'),
    also: phrases('hold|waited|waiting|ringing'),
    beside: phrases(
      `i|we|ive|been|put|music|waiting|waited|hold|after|forever|long|kept|ringing|over|${TRIES}`,
    ),
  },
  {
    outcome: 'voicemail',
    core: phrases(
      'vm|vms|vmd|vmail|voicemail|voicemails|voice mail|voice message|message|messages|msg|machine|mensaje|' +
        'mensajes|buzon|buzon de voz|recado|grabadora|contestadora',
    ),
    beside: phrases(
      'i|ive|we|only|sent|after|rings|rang|leave|leaving|went|straight|called|answering|vm|voicemail|voice|message|dejado|he|les|hablado|grabado|contestadora|voz|' +
        'talked|spoke|got|entro|mando|cayo|salio|hable|a|puro|solo',
    ),
  },
  {
    outcome: 'reached',
    core: phrases(
      'done|did it|called|made the call|made my call|made the calls|made my calls|made calls|calls made|call made|reached|talked|spoke|' +
        'spoken|got through|got thru|went through|went thru|got someone|got somebody|got a hold of|got ahold of|got hold of|got a person|got a human|got a live person|got a real person|was a real person|was a live person|answered|' +
        'picked up|someone answered|made it|live human|nice chat|good chat|good talk|nice talk|good conversation|nice conversation|' +
        `took a message|took it down|wrote it down|${NOTED.join('|')}|` +
        'call completed|calls completed|made contact|i did|off the phone|thanks for calling|thanked me|' +
        'atendieron|atendio|contestaron|contesto|respondieron|tomo mi mensaje|tomaron mi mensaje|tomo mi nombre|tomaron mi nombre|hable|llame|hecho|lista|listo',
    ),
    beside: phrases(
      `i|ive|we|call|calls|up|made|done|called|calling|through|said|wrote|off|phone|ring|had|opinion|comments|message|messages|info|information|name|zip|number|took|down|minute|minutes|few|${PEOPLE}|` +
        `he|llamado|por|telefono|llamada|llamadas|${PEOPLE_ES}`,
    ),
  },
  {
    outcome: 'reached',
    core: phrases('got'),
    also: phrases(
      'staffer|aide|intern|human|person|receptionist|secretary|operator|someone|somebody|lady|guy|woman|man',
    ),
    beside: phrases(`i|we|finally|call|phone|${PEOPLE}`),
  },
  {
    outcome: 'reached',
    core: phrases('went well|went great|went good|went fine'),
    also: phrases('call|calls|conversation|chat'),
    beside: phrases('my|call|calls|conversation|chat|very|pretty'),
  },
  {
    // what they promised her
    outcome: 'reached',
    core: phrases(
      ['would', 'will', 'shell', 'hell', 'theyll', 'shed', 'hed', 'theyd']
        .flatMap((will) => PASSING.map((pass) => `${will} ${pass}`))
        .join('|'),
    ),
    also: phrases('she|he|they|said|shell|hell|theyll|shed|hed|theyd|staffer|lady|guy|intern|aide'),
    beside: phrases(`i|spoke|talked|said|promised|along|on|message|would|will|${PEOPLE}`),
  },
]
