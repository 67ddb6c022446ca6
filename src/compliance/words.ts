/** Makes a set of the words in a line: tables below stay readable. */
export function words(line: string): ReadonlySet<string> {
  return new Set(line.split(/\s+/).filter(Boolean))
}

/** Words that change nothing about who is asked for what, and signs that a phone took down as words: dropped before any rule looks. */
export const NOISE = words(`
  please just kindly really fucking freaking damn goddamn literally seriously simply actually honestly ever even
  fr ffs pretty tf comma period x2 x3 2x 3x sincerely`)

/** Words that may stand before a request: "ok so stop". */
export const LEAD = words(`
  and but so or then well now oh ok okay k hey hi hello yo um uh ugh omg wow gosh geez jeez sheesh god jesus christ lord sorry oops sir
  maam mam madam folks guys bro bruh dude man lol yes yeah yep no nah nope also again fine alright right thanks
  wtf hola oiga oigan oye bueno senor senora senorita amigo ya que pues entonces gracias bye excuse hmm`)

/** Words that may follow a request without changing it: "stop texting me now, thanks". */
export const TRAIL = words(`
  now asap immediately today tonight thanks ok okay already forever permanently anymore again sir maam mam madam
  folks guys bro bruh dude man buddy sorry right away at once immediatly inmediatamente ahora ahorita ya gracias
  asshole assholes bitch bitches idiot idiots moron morons jerk jerks dumbass bastards scammers dang
  senor senora senores senoras gente amigo amigos honey hon dear sweetie guey wey compa entirely altogether completely totally all kthx forthwith promptly effective bye yesterday twice times ago week weeks month months last`)

/** Courtesy only after a request: "no me escriban mas". */
export const TRAIL_ONLY = words('mas siempre nunca nada period')

/** Laughter: "stop lol" may be told to a friend. */
export const LAUGHTER = words('lol lmao lmfao rofl haha hahaha hahahaha jaja jajaja jajajaja hehe lolol')

/** A new clause without punctuation: "stop i dont want these". */
export const CLAUSE_START = words(`
  i im ive ill id you youre youve its who whos why or before because since not no wrong dont never leave take
  remove if until unless unsubscribe stop delete lose god dios bendiciones saludos have she he shes hes wtf thanks nolonger otherwise hello hi sorry ya yo porque ni`)

/** A request after other words, without punctuation: "who is this stop". */
export const BEFORE_LAST_STOP = words(`
  this number interested me called thanks done alone texts messages these your anymore list lol wrong
  left spam here already ok okay again good pass them calls person voicemail message msgs msg busy god
  hell af nope idc smh ffs tbh else her him more moved english spanish guys bro sorry maria ohio not mine landline republican democrat retired deceased hospital loud sake dammit damnit scam joke kidding member`)

export const FIRST = words('i im ive id ill we weve')
export const YOU = words('you youre youve youll yourself ustedes usted')

/** Pronouns and people who are never us: what they stop or want is no request. */
export const OTHERS = words(`
  he she they it hes shes theyre theyve who that which him her them us we i someone somebody everyone everybody
  nobody noone anyone people workers members nurses teachers drivers republicans democrats congress senator
  senators bosses boss amazon starbucks walmart management company employer employers scott lets let help make
  makes made lo la le nos`)

/** Ways in which somebody's words are told again. */
export const SAYING = words(`
  said says say saying told tells tell telling asked asks ask asking yelled yells yelling screamed shouted begged
  notified replied answered texted text texts wrote ordered orders instructed demanded demands like goes went warned begging
  recording voicemail reply replying sent type typed dijo dijeron dice dicen pidio pidieron piden pide grito dije
  diles digan dile respondi mande pedi`)

/** Verbs whose object is asked: "told her to stop". */
export const ASKING = words(
  'told tells tell telling asked asks ask asking begged ordered instructed warned notified dile diles digan',
)

export const PASSIVE = words('was were been got being get gets getting be')

export const NEGATION = words(`
  dont wont cant not never didnt doesnt isnt arent wouldnt shouldnt couldnt aint without wasnt havent hasnt nor
  cannot no nunca ni sin jamas tampoco nadie nobody nothing nolonger neither`)

/** Small words between the asked and the verb: "you really need to stop". */
export const AUXILIARY = words(`
  will would should shall must can could need needs needed have has had got gotta going better supposed ought may
  might do does did to be being please ll d gonna are is am was were van va vamos voy pueden puede podemos puedo
  hay tienen tengo tiene a`)

export const WISH = words(
  'want wants wanted wish like prefer trying try tryna love need asking hope quiero deseo quisiera',
)

/** Things of ours that a third-person sentence may stop: "this number needs to stop texting me". */
export const OURS = words(
  'number this bot robot system thing program afl cio aflcio texts messages text guys',
)

export const INVERTED = words(
  'can could do does did will would should is are may must have has when why where how',
)

/** First names common enough to be known in small letters: "this isnt maria". */
export const KNOWN_NAMES = words(`
  maria jose juan luis carlos john mike michael david james robert william richard thomas tom mark steve steven
  paul kevin brian jason jeff scott eric jessica jennifer lisa karen nancy linda susan sarah ashley amanda emily
  elizabeth michelle laura angela maria ana rosa carmen juana pedro miguel jorge francisco manuel antonio jesus
  alejandro daniel joe bob bill jim jack chris matt dan dave ryan josh tyler brandon nicole stephanie rachel kim
  amy anna mary patricia barbara margaret donna carol sandra sharon debbie diane tina tony anthony frank george
  larry jerry dennis andrew peter greg sam ben alex victor oscar guadalupe lupe veronica patty martha marta teresa
  gloria silvia sylvia elena julia adriana raul ricardo roberto fernando sergio javier ramon hector eduardo
  christina cristina samantha megan lauren heather melissa rebecca kathy cathy tammy jose dana sally fred bobby
  marcus denise tonya tiffany keisha latoya darnell tyrone jamal jerome andre carl keith kenneth ronald donald paula
  carolyn janet joyce brenda pamela cheryl wanda yolanda crystal amber brittany danielle monica erica erika vanessa
  jasmine destiny kayla courtney vicki vickie judy judith cindy wendy tracy stacy april rodney terry wayne randy
  ralph roger harold walter arthur albert gerald lawrence eugene howard earl melvin leroy derrick travis kyle tyler
  austin dylan ethan noah logan mason lucas gabriel diego miguel ivan pablo rafael mario arturo enrique gerardo
  leticia norma irma alicia beatriz esperanza yesenia claudia lorena rocio monique nancy abdul mohammed ali ahmed nguyen`)

/** Words that begin with a capital and are no names: "This is not Fair". */
export const NO_NAMES = words(`
  fair good right ok okay cool funny true working legal over easy enough clear helpful new normal acceptable safe
  possible real the a an my your his her our their what how why when where who it that this spam me you us them
  republican democrat democratic american catholic christian union unions labor sure ready home able available
  registered senator congress senators amazon president mayor governor bad nice happy just right justice america
  freedom democracy capitalism communism socialism great only about for in on at to from so very funny sustainable
  okay yet optional normal ethical rocket soviet trump biden harris texas ohio alabama california kentucky
  fake news complicated hard difficult productive useful worth`)
