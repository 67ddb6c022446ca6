import { KNOWN_NAMES, words } from './words.js'

/**
 * How a rule's match must stand in its clause (see addressee.ts):
 * plea: names us or her ("stop texting me"), only a denial or another's words undo it;
 * request: a verb that must be asked of us; begged: the same, right after "please"; bare: a lone verb, asked of us and nothing else;
 * statement: her own words about herself; mine: the same, and she is its subject;
 * claim: the same, and no question; anywhere: no guard.
 */
export type Stance = 'plea' | 'request' | 'begged' | 'bare' | 'statement' | 'mine' | 'claim' | 'anywhere'

export type Rule = { name: string; stance: Stance; spanish?: true; patterns: readonly string[] }

/** Lists that patterns name with an @. */
export const LISTS = {
  stop: words('stop quit cease halt'),
  end: words('end cancel discontinue terminate suspend deactivate disable cease'),
  // what we do to her, as she calls it
  texting: words(`
    texting messaging contacting emailing spamming pinging smsing harassing bothering bugging annoying pestering
    hounding disturbing badgering stalking soliciting robotexting harrassing harasing molesting`),
  calling: words('calling asking writing sending sharing pushing'),
  // what we do to her, less often
  pestering: words(`
    reminding including adding bombarding flooding inundating signing subscribing notifying alerting updating informing
    begging pressuring tagging inviting cluttering wasting interrupting waking hassling bombing blasting targeting
    tracking talking replying responding following pushing contacting approaching directing enrolling tempting
    worrying aggravating plaguing tormenting irritating buzzing dinging swamping overloading upsetting scaring confusing
    selling disrupting bothered filling clogging nagging guilting guilttripping soliciting trolling`),
  text: words('text message contact harass spam ping email solicit pester sms harrass'),
  texts: words(`
    texts text message messages sms alerts alert notifications notification spam emails messaging texting
    reminders communications communication subscription subscriptions msgs solicitations robotexts junk spams bot
    notices correspondence propaganda`),
  me: words('me us my this'),
  it: words('this it these that them those'),
  my: words('my this our that'),
  // whose number or name she wants gone
  whose: words('my this our that his her their its'),
  kin: words(`
    husband wife mom mother mum mama dad father papa son daughter grandma grandmother grandpa grandfather granny nana
    sister brother aunt uncle niece nephew child kid boyfriend girlfriend partner spouse parents roommate tenant client
    husbands wifes moms mothers mums dads fathers sons daughters grandmas grandmothers grandpas grandfathers sisters
    brothers aunts uncles childs kids boyfriends girlfriends partners friends roommates parent clients`),
  removing: words(
    'take get wipe drop scratch strike cross pull nix remove delete erase purge clear scrub taking getting removing deleting',
  ),
  removed: words(`
    removed excluded taken deleted unsubscribed dropped pulled scratched erased opted off excused scrubbed purged
    withdrawn struck stricken wiped crossed omitted exempted cleared unenrolled disenrolled`),
  roll: words(`
    list lists mailing mailings roster rolls texts messages alerts notifications database system thread chat records contacts file files
    distribution outreach subscription registry rotation texting directory roster program campaign campaigns service`),
  junk: words(
    'stuff things crap shit garbage junk trash mess nonsense bs bullshit foolishness rubbish bulls propaganda',
  ),
  number: words(
    'number phone name cell contact info information data email digits line address mobile telephone',
  ),
  list: words(`
    list lists mailing texts text database system thread chain group chat program campaign distribution roster this
    it here texting calling everything messages loop registry db contacts spam subscription your that these alerts
    server service blast rotation phone dang lista`),
  known: KNOWN_NAMES,
  // whose messages are not ours
  theirs: words(`
    anti antiunion amazon starbucks walmart boss bosses management employer employers company corporate busting their
    his her senator senators hate racist sexist captive misleading false to by from at for with on in about dont`),
  foes: words(`anti antiunion amazon starbucks walmart boss bosses management employer employers company corporate busting
    busters buster scab scabs hate hr companys bosss managers amazons`),
  // who is called on, and is never us
  powers: words(`
    amazon starbucks walmart tesla google apple senator senators congress boss bosses bezos musk corporations corporate
    greed billionaires scabs management company jd vance cruz trump moreno elon mcconnell manager washington governor president mayor republicans democrats politicians ceo ceos`),
  // what she calls our texts when she has had enough of them
  bad: words(`
    waste rude annoying disturbing pointless unwelcome unwanted ridiculous stupid excessive unnecessary scaring killing
    costing waking bothering intrusive invasive useless irritating upsetting distracting confusing overwhelming stressful
    stressing ruining draining filling clogging disruptive inappropriate unsolicited unacceptable harassment spam`),
  // what may be taken back
  consent: words('consent permission authorization approval authorisation'),
  wrong: words(
    'number person guy lady phone contact girl dude man one gal woman individual recipient feller fella bloke chap gent lad cat dame',
  ),
  gone: words('anymore again ever back this these here my us'),
} as const satisfies Readonly<Record<string, ReadonlySet<string>>>
