import { isSpanish } from './command-words.js'
import type { Intent } from './intent.js'
import { didYouMean, join, joinAgain, toStranger } from './joining.js'
import { askWhetherToStop, forget, sayGoodbye } from './leaving.js'
import { guardLoop } from './loop-guard.js'
import { askZipAgain, giveNumbers, miss, takeState, takeUnknown, takeZip } from './place.js'
import { askOfficeAgain, takeOffice, takeOutcome, withoutReports } from './report.js'
import { readIntent } from './read-intent.js'
import {
  herSenators,
  onceADay,
  openQuestion,
  reply,
  restingQuestion,
  silence,
  understood,
  type Scene,
} from './scene.js'
import type { Conversation, Effect, Event, Step, World } from './types.js'
import { plainWords } from './words.js'

/** What one text of hers changes and what we answer. Total: any text in any state, and it never throws. */
export function step(conversation: Conversation, event: Event, world: World): Step {
  const now = Math.max(0, Math.floor(world.now.getTime() / 1_000))
  const isOut = world.person.standing === 'left'
  const before = isOut ? conversation : { ...conversation, goodbyeSaid: false }
  const found: Scene = { conversation: before, world, language: world.person.language, now }
  if (event.beforeLeave) return silence(found, 'before leaving')
  const intent = intentOf(found, event)
  const scene = intent.kind === 'keyword' ? withKeyword(found) : found
  if (event.optOutType) return unsaid(scene, event.optOutType, intent)
  const switched = turnsSpanish(scene, event, intent)
  const taken = take(switched ? { ...scene, language: 'es' } : scene, event, intent)
  const effects: Effect[] = switched
    ? [{ kind: 'language', language: 'es' }, ...taken.effects]
    : [...taken.effects]
  return guardLoop(scene.conversation, { ...taken, effects }, now)
}

function intentOf(scene: Scene, { body, mediaCount }: Event): Intent {
  const { keywords, shortCode } = scene.world
  return readIntent(body, mediaCount, {
    question: openQuestion(scene),
    lastNames: herSenators(scene).map(({ last }) => last),
    keywords,
    shortCode,
  })
}

/** Her keyword makes its action hers. The one she has already keeps its time: what she was alerted to since is the newer thing. */
function withKeyword(scene: Scene): Scene {
  const { conversation, world, now } = scene
  const { name } = world.action
  if (conversation.keyword?.action === name) return scene
  // Another action: her calls for it are still to come.
  const begun = conversation.keyword === null ? conversation : withoutReports(conversation)
  return { ...scene, conversation: { ...begun, keyword: { action: name, at: now } } }
}

/** A first text in Spanish is answered in Spanish, and so are AYUDA, LLAMAR and ALTO at any time. */
function turnsSpanish({ conversation, world }: Scene, { body, verdict }: Event, { kind }: Intent): boolean {
  const { language, standing } = world.person
  if (language === 'es' || kind === 'language' || kind === 'reaction' || !isSpanish(plainWords(body)))
    return false
  if (verdict === 'leave' || kind === 'help') return true
  const isNew = standing === 'unknown' || standing === 'invited' || conversation.recent.length === 0
  return standing !== 'left' && (isNew || kind === 'call')
}

function take(scene: Scene, { verdict }: Event, intent: Intent): Step {
  if (verdict === 'leave') return sayGoodbye(scene)
  // Whoever she is and whatever we asked, these two are answered.
  if (intent.kind === 'help') return understood(scene, 'help', [reply('help')])
  if (intent.kind === 'forget') return forget(scene)
  const isUnclear = verdict === 'unclear' && !SURE.has(intent.kind)
  switch (scene.world.person.standing) {
    case 'left':
      return comesBack(intent) ? join(scene, intent.zip) : silence(scene, word(intent))
    case 'unknown':
    case 'invited':
      return takeStranger(scene, intent)
    case 'held':
      return takeHeld(scene, isUnclear, intent)
    case 'joined':
      return isUnclear ? askWhetherToStop(scene) : takeMember(scene, intent)
  }
}

/** Meanings that take in the whole text, and so settle what it was: "done" after a call, "fewer texts". */
const SURE: ReadonlySet<Intent['kind']> = new Set([
  'keyword',
  'start',
  'call',
  'moved',
  'outcome',
  'office',
  'fewer',
  'language',
] as const)

function takeStranger(scene: Scene, intent: Intent): Step {
  if (bringsIn(scene, intent)) return join(scene, intent.zip)
  if (intent.kind === 'near-keyword') return didYouMean(scene)
  if (intent.kind === 'reaction') return silence(scene, 'reaction')
  if (intent.kind !== 'language') return toStranger(scene, word(intent))
  const answer = toStranger({ ...scene, language: intent.language }, 'language')
  return { ...answer, effects: [{ kind: 'language', language: intent.language }, ...answer.effects] }
}

/** Asked whether to stop, she gives a clear answer, or we wait in silence. */
function takeHeld(scene: Scene, isUnclear: boolean, intent: Intent): Step {
  if (intent.kind === 'language') return switchLanguage(scene, intent.language)
  if (isUnclear || !STAYS.has(intent.kind)) return silence(scene, isUnclear ? 'unclear' : word(intent))
  const { conversation } = scene
  const free = { ...scene, conversation: { ...conversation, question: restingQuestion(scene) } }
  const taken = intent.kind === 'no' ? joinAgain(free) : takeMember(free, intent)
  return { ...taken, effects: [{ kind: 'release' }, ...taken.effects] }
}

const STAYS: ReadonlySet<Intent['kind']> = new Set([
  'keyword',
  'start',
  'join',
  'call',
  'moved',
  'zip',
  'state',
  'outcome',
  'fewer',
  'no',
] as const)

function takeMember(scene: Scene, intent: Intent): Step {
  switch (intent.kind) {
    case 'keyword':
    case 'start':
    case 'join':
      return intent.zip === null ? joinAgain(scene) : takeZip(scene, intent.zip)
    case 'call':
      return giveNumbers(scene)
    case 'moved':
      return askZipAgain(scene)
    case 'zip':
      return takeZip(scene, intent.zip)
    case 'several-zips':
      return miss(scene, 'zip_two', 'several zips')
    case 'near-zip':
      return miss(scene, 'zip_first', 'near zip')
    case 'photo':
      return takeUnknown(scene, 'zip_photo', 'photo')
    case 'state':
      return takeState(scene, intent.state)
    case 'outcome':
      return takeOutcome(scene, intent)
    case 'office':
      return takeOffice(scene, intent.office)
    case 'language':
      return switchLanguage(scene, intent.language)
    case 'fewer':
      return understood(scene, intent.fewer ? 'less' : 'more', [
        { kind: 'fewer', fewer: intent.fewer },
        reply(intent.fewer ? 'less' : 'more'),
      ])
    case 'thanks':
      // "ok" to "what's your ZIP?" is no miss, and the nod speaks of numbers: only for who has them.
      return herSenators(scene).length === 0
        ? silence(scene, 'thanks')
        : onceADay(scene, reply('ack'), 'thanks')
    case 'reaction':
      return silence(scene, 'reaction')
    case 'help':
    case 'forget':
    case 'yes':
    case 'no':
    case 'near-keyword':
    case 'unknown':
      return openQuestion(scene).kind === 'office'
        ? askOfficeAgain(scene, word(intent))
        : takeUnknown(scene, 'zip_first', word(intent))
  }
}

function switchLanguage(scene: Scene, language: World['person']['language']): Step {
  return understood(scene, 'language', [{ kind: 'language', language }, reply('language')])
}

/** Twilio's Advanced Opt-Out has answered her: what is true is kept, nothing is said. */
function unsaid(scene: Scene, type: 'STOP' | 'START' | 'HELP', intent: Intent): Step {
  const { standing } = scene.world.person
  if (type === 'STOP') return understood(scene, 'stop', [], { question: { kind: 'none' }, goodbyeSaid: true })
  if (type === 'HELP') return silence(scene, 'help')
  // Twilio counts YES as START. Only our own words bring anybody in, and to "should we stop?" a yes is none to stay.
  if (standing === 'joined' || !bringsIn(scene, intent)) return silence(scene, 'start')
  if (standing === 'held') return understood(scene, 'start', [{ kind: 'release' }])
  const joined = join(scene)
  return { ...joined, effects: joined.effects.filter(({ kind }) => kind !== 'reply') }
}

type ComesBack = Extract<Intent, { kind: 'keyword' | 'start' }>

/** START, UNSTOP and the keyword bring anybody in; JOIN only whom our invitation told so. */
function bringsIn({ world }: Scene, intent: Intent): intent is ComesBack | Extract<Intent, { kind: 'join' }> {
  return comesBack(intent) || (world.person.standing === 'invited' && intent.kind === 'join')
}

function comesBack(intent: Intent): intent is ComesBack {
  return intent.kind === 'keyword' || intent.kind === 'start'
}

/** The word for the record. What no rule understood is listed for people to read. */
function word({ kind }: Intent): string {
  return kind === 'unknown' ? 'not understood' : kind.replace('-', ' ')
}
