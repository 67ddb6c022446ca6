import { isStateCode, type Region, type StateCode } from '../congress/congress.js'
import { placeOf, type Place } from '../congress/zip.js'
import { choices, delegateName, placeName, places } from './phrases.js'
import {
  herRegion,
  onceADay,
  openQuestion,
  reply,
  restingQuestion,
  silence,
  understood,
  type Scene,
} from './scene.js'
import { senatorValues } from './senator-values.js'
import type { TextName } from './text-names.js'
import type { Effect, Question, Reply, Step } from './types.js'

/** Misses answered with the question itself; the next one gets another answer, those after it none. */
const PATIENT_ANSWERS = 2

/** She sent a ZIP: her senators, or what it takes to find them. */
export function takeZip(scene: Scene, zip: string): Step {
  const place = placeOf(zip)
  switch (place.kind) {
    case 'state':
      return settle(scene, 'zip', { zip, state: place.state }, place.exact ? 'senators' : 'senators_guess')
    case 'border':
    case 'military':
      return understood(scene, 'zip', [{ kind: 'place', zip, state: null }, whichState(scene, zip, place)], {
        question: { kind: 'state', among: place.kind === 'border' ? place.states : null },
      })
    case 'dc':
      return settle(scene, 'zip', { zip, state: 'DC' })
    case 'territory':
      return settle(scene, 'zip', { zip, state: place.place })
    case 'unknown':
      return miss(scene, 'zip_first', 'unknown zip')
  }
}

/** She named her state: the answer to our question, a wrong guess put right, or the way without a ZIP. */
export function takeState(scene: Scene, state: Region): Step {
  // Her ZIP stays though it lies elsewhere: by it we know when it is day where she lives.
  return settle(scene, 'state', { zip: scene.world.person.zip, state })
}

/** CALL: the numbers again, or the question that stands between her and them. */
export function giveNumbers(scene: Scene): Step {
  const region = herRegion(scene)
  const numbers =
    region === null ? ask(scene) : aboutRegion(scene, region, scene.world.person.zip, 'senators')
  return understood(scene, 'call', [numbers], freshRound(scene))
}

/** MOVED: where does she vote now? */
export function askZipAgain(scene: Scene): Step {
  return understood(scene, 'moved', [reply('zip_first')], { question: { kind: 'zip' } })
}

/** Says once more what would tell us her state. */
function ask(scene: Scene): Reply {
  const question = restingQuestion(scene)
  const { zip } = scene.world.person
  return question.kind === 'state' && zip !== null ? whichState(scene, zip, placeOf(zip)) : reply('zip_first')
}

/** We could not read her: twice what is expected, then another way, then silence until we can. */
export function miss(scene: Scene, text: TextName, word: string): Step {
  const question = openQuestion(scene)
  const misses = scene.conversation.misses + 1
  const conversation = { ...scene.conversation, question, misses }
  if (misses > PATIENT_ANSWERS + 1) return silence(scene, word)
  const again = question.kind === 'state' && text === 'zip_first' ? ask(scene) : reply(text)
  return { conversation, effects: [misses > PATIENT_ANSWERS ? reply('zip_third') : again], understood: word }
}

/** Words beside every question: before we know her place they are a miss, after it a nod once a day. */
export function takeUnknown(scene: Scene, text: TextName, word: string): Step {
  const region = herRegion(scene)
  const { kind } = openQuestion(scene)
  if (region === null || kind === 'zip' || kind === 'state') return miss(scene, text, word)
  const nod = isStateCode(region) ? reply('ack') : aboutRegion(scene, region, null, 'senators')
  return onceADay(scene, nod, word)
}

function settle(
  scene: Scene,
  word: string,
  place: { zip: string | null; state: Region },
  text: 'senators' | 'senators_guess' = 'senators',
): Step {
  const settled = { ...scene, world: { ...scene.world, person: { ...scene.world.person, ...place } } }
  const effects: Effect[] = [{ kind: 'place', ...place }, aboutRegion(settled, place.state, place.zip, text)]
  return understood(scene, word, effects, freshRound(settled))
}

function freshRound(scene: Scene): { question: Question; reported: []; offered: [] } {
  return { question: restingQuestion(scene), reported: [], offered: [] }
}

function aboutRegion(
  scene: Scene,
  region: Region,
  zip: string | null,
  text: 'senators' | 'senators_guess',
): Reply {
  if (region === 'DC') return reply('dc')
  if (isStateCode(region)) return senatorsReply(scene, region, zip, text)
  return reply('territory', {
    place: placeName(region, scene.language),
    delegate: delegateName(region, scene.language),
  })
}

function senatorsReply(scene: Scene, state: StateCode, zip: string | null, text: TextName): Reply {
  return reply(text, senatorValues(scene.world.congress, state, zip, scene.language))
}

function whichState({ language }: Scene, zip: string, place: Place): Reply {
  if (place.kind !== 'border') return reply('military', { zip })
  return reply('border', {
    zip,
    places: places(place.states, language),
    choices: choices(place.states, language),
  })
}
