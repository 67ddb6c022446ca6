import type { Rule } from './rule.js'

/** Spanish that a reasonable reader could not settle: she is vexed or says no, but at what? */
export const SPANISH_UNCLEAR_RULES: readonly Rule[] = [
  {
    name: 'is vexed, or says no',
    stance: 'statement',
    spanish: true,
    patterns: [
      'porque me escriben|mandan|llaman|textean ~1 tanto|tantos|$',
      '^ ya dije que no ;',
      '^ que ya? no ;',
      'no que ya? no ;',
      '^ que cansados|molestos|pesados ~1 ;',
      '^ esto|eso es muy|bien|tan? molesto|fastidioso|cansado|canson ;',
      '^ que cansones|fastidiosos|intensos|molestos|pesados|necios|insistentes|latosos|fastidio ;',
      '^ son bien|muy|tan cansones|fastidiosos|intensos|molestos|pesados|necios ;',
      '^ me estan|esta|andan @molestando ~1 $',
      '^ no es|soy aqui|ese|esa ;',
      'este|ese @numero es de|del mi|una|un ~1 @parientes ;',
      '^ no pertenezco a su|esa|ninguna|ningun ~1 $',
      'mucho|mucha|tanto|tanta|muchos|puro|puros @mensajes ;',
      'van|vas|va a seguir ;',
      'entienden|entiende que|verdad no ;',
    ],
  },
]
