import type { Rule } from './rule.js'

/** Goings and endings that say little alone: one of each, or one beside a doubt, is a leave. */
export const GOING_RULES: readonly Rule[] = [
  {
    name: 'goes',
    stance: 'statement',
    patterns: [
      '^ i|ive already left|unsubscribed|cancelled|canceled|quit @it|the|your|$',
      '^ im|am out|good|gone ;',
      '^ count me out ;',
      '^ no|nope|nah thanks ;',
      '^ goodbye|bye|farewell|adios ~4 $',
    ],
  },
]
export const ENDING_RULES: readonly Rule[] = [
  {
    name: 'has had enough',
    stance: 'statement',
    patterns: ['^ had my? enough|fill ;', '^ no more ;', '^ enough ;'],
  },
]

/** Our texts, named: beside an ending, what is to end. */
export const NAMING_RULES: readonly Rule[] = [
  {
    name: 'names our texts',
    stance: 'statement',
    patterns: [
      'for|of|with|by|all|getting these ;',
      'its|thats|is a|an|my|our ~2 phone|number|line|cell ;',
      '@it|your texts|messages|alerts|notifications',
      'you|youve texted|texting|sent|messaged|messaging',
    ],
  },
]

/** What a reasonable reader could not settle: we ask once, and blasts wait for the answer. */
export const UNCLEAR_RULES: readonly Rule[] = [
  {
    name: 'asks why we write',
    stance: 'anywhere',
    patterns: [
      'why|y|how are|do|did|r|am|come|was|is|u|have|would|i you|i|this|u|getting|yall|im|me|keep !2:stop|stopped|quit|never|not ~2 texting|messaging|contacting|text|message|contact|calling|spamming|bothering|sending|getting|receiving|keep !my|senator|mad|answer|fired|paid ~1 $|me|this|these|texts|messages|text|us|my|it|getting|sending|texting|so',
      'how|where|why did|do|u|you|have you|youve|u|get|this|yall|got ~1 get|got|have|find|number|my ~1 my|number|phone|this ~2 number|name|info|$|phone|contact|information',
      'how|where you|u|yall get|got|find my|this ~1 number|name|info|phone',
      'who gave|give|sold you|u|this|yall ~2 number|info|name|phone|contact',
      'who|why keeps|keep texting|messaging|contacting|sending|spamming me|this|us',
      'por ~1 me|estan|recibo|sigo|siguen escriben|mandan|envian|contactan|llegan|llaman|molestan|recibiendo|estan|mandando|texteando|escribiendo|mensajes ~2 $|mensajes|esto|textos|tanto|a',
      'por que recibo|sigo',
      'quien|quienes les|te|le dio|dieron ~2 numero|telefono|celular|contacto',
      'como|donde consiguieron|consiguio|obtuvieron|tienen|sacaron|consiguieron|encontraron mi|este ~1 numero|telefono|celular',
    ],
  },
  {
    name: 'asks whether it is spam',
    stance: 'anywhere',
    patterns: [
      'is|are this|it|these|you|that ~2 spam|scam|phishing|scammer|spammers|scammers|spammer|junk|fraud ;',
      'kind|sort of spam|scam|phishing|joke ;',
      '^ spam|scam|phishing|fraud|fraude|estafa|junk ;',
      'this|its|thats|looks !contract|offer|deal|bill|company|place|job|whole|sounds|seems ~4 spam|scam|fraud|phishing ;',
      'es un|una? spam|estafa|fraude ;',
    ],
  },
  {
    name: 'complains of too many texts',
    stance: 'statement',
    patterns: [
      'too|so many|much ~1 texts|messages|msgs|alerts|notifications|text|texting|spam ;',
      '^ too many|much of? these|this|it ;',
      '^ this is too much ;',
      'you text|message|send|contact ~2 too|so ~1 much|often|many',
      'youre annoying|irritating|bothersome ;',
      'this|its|thats|these is|are|getting|so|very|became? annoying|irritating ;',
      '^ annoying|irritating ;',
      '^ so annoying|irritating ;',
      'demasiados|tantos mensajes|textos|sms ;',
    ],
  },
  {
    name: 'declines',
    stance: 'statement',
    patterns: [
      '^ not for me ;',
      '^ this isnt|not for me ;',
      'why do|did|am i keep|still? hearing from you',
      '^ ya estuvo ;',
      '^ dejalo ;',
      '^ pass $',
      '^ too many ;',
      '^ dont call list ;',
      'many times ~3 i|ive ~3 say it|this|no ;',
      'many times ~3 i|ive ~3 tell|ask you ;',
      '^ he|she|hes|shes is|has? deceased|passed away? ;',
      '^ ease|slow up|down ;',
      'tell|ask them to @stop texting|messaging me|us|my',
      '^ hard pass $',
      '^ stop|no means stop|no ;',
      '^ can|could i get ~1 fewer|less of|texts|messages',
      '^ you|youve|youre texted|texting|messaged|messaging my @kin ;',
      'hold off|up on|with ~2 texts|texting|messages|these',
      'break from ~2 texts|messages|these|this ;',
      'fewer|less texts|messages ;',
      '^ stop them ;',
      '^ who keeps signing me up',
      '^ this is a|an restaurant|bakery|pizzeria|pharmacy|clinic|hospital|hotel|church|daycare|salon ;',
      '^ can|could this|it|these stop|end ;',
      'think|guess im done|finished|out ~1 with? this|it|these|$ ;',
      'pause|mute|snooze ~1 texts|messages|alerts|this|these|notifications|it',
      '^ should|must i have? to? stop|leave|quit|unsubscribe $',
      'dont want to join|participate|do ;',
      '^ this has|needs|must|gotta|got to? stop|end ;',
    ],
  },
]
