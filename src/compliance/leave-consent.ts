import type { Rule } from './rule.js'

/** Consent that she takes back or never gave: "I revoke my consent", "I never signed up for this". */
export const CONSENT_RULES: readonly Rule[] = [
  {
    name: 'consent revoked',
    stance: 'statement',
    patterns: [
      'didnt|never ask|asked to join|subscribe ;',
      'dont|didnt|never|not ~1 consent|consented|agree|agreed to|for being|be texted|contacted|messaged|called|on|added|in|sent|put|signed',
      'no consent|permission|authorization ~4 texts|messages|text|contact',
      'revoke|revoking|withdraw|withdrawing|rescind|retract|cancel|pull|remove|revoked|withdrawn my|all|any|the|this|prior|previous ~3 @consent',
      'revoke|withdraw|rescind|revoking|withdrawing|rescinding|revoked @consent',
      'revoke ;',
      'revocation|withdrawal of ~1 @consent',
      'take back|away my|the|all ~1 @consent',
      'revoke|withdraw|withdrawing me|myself|my|this ~1 list|program|texts|participation|number',
      'dont|didnt|never|not|nor ~1 consent|consented|consenting|authorize|authorized|agree|agreed to|for this|these|texts|texting|receive|receiving|get|messages|contact|be|it|any|your|you',
      'dont|didnt|never|not ~1 consent|consented|authorize|authorized|authorise this|these|you|texts|it|contact',
      'dont|didnt|never consent|consented ;',
      'didnt|never|dont give|gave|given|granted|have|provide|provided you|anyone|ya|out ~1 @consent|my|this',
      'you|u dont|didnt|never|nolonger have|had|got|get ~1 @consent',
      'you nolonger ~1 @consent',
      'dont give|provide @consent|my|this ~1 @consent',
      'didnt|never give|gave|given|provide @consent|my|this ~1 @consent|to|number|phone',
      'without my ~1 @consent',
      '^ no consent|permission|authorization ;',
      'didnt|never|dont|havent remember|recall|ever signed|signing|sign|subscribed|subscribing|registered|registering|opted|opting|enrolled|joined|joining|asked ~1 up|to|in|for|this|these|$ !overtime|vote',
      'didnt|never sign|signed|signup up ;',
      'didnt|never sign|signed|signup up? for|to this|these|that|your|any|it|texts|text|get|receive|messages|anything|nothing|political|spam|alerts ~1 $|texts|text|messages|spam|crap|bs|shit|list|garbage',
      'didnt|never|havent|not subscribe|subscribed|enroll|enrolled|joined|join|opt|opted|agree|agreed|request|requested|register|registered in|to|for? this|these|your|any|it|receive|get|texts|text|messages|anything|being',
      'didnt|never subscribe|subscribed|enroll|enrolled|joined|opt|opted in? ;',
      'didnt|never ask|asked for|to|you this|these|be|it|your|any|texts|get|receive|text|messages !overtime|help $|texts|messages|text|texted|on|to|contacted|spam|message',
      'who signed me|us|my up',
      'signed me|us|my ~1 up without',
    ],
  },
]
