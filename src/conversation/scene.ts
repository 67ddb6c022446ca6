import { TERRITORY_NAMES, isStateCode, type Region, type Senator } from '../congress/congress.js'
import { placeOf } from '../congress/zip.js'
import type { Language } from './action.js'
import type { TextName } from './text-names.js'
import type { Conversation, Effect, PersonFacts, Question, Reply, Step, World } from './types.js'

const DAY_SECONDS = 86_400

/** One text's turn: where the dialogue stood, what we know, and the language we answer in. */
export type Scene = {
  conversation: Conversation
  world: World
  language: Language
  /** Epoch seconds. */
  now: number
}

/** A text of ours, with its values. */
export function reply(text: TextName, vars: Reply['vars'] = {}): Reply {
  return { kind: 'reply', text, vars }
}

/** She was understood: the count of misses starts again. */
export function understood(
  scene: Scene,
  word: string,
  effects: readonly Effect[],
  changes: Partial<Conversation> = {},
): Step {
  return { conversation: { ...scene.conversation, misses: 0, ...changes }, effects, understood: word }
}

/** We say nothing, and nothing changes. */
export function silence(scene: Scene, word: string): Step {
  return { conversation: scene.conversation, effects: [], understood: word }
}

/** Answers with this text unless she has had one of its name within a day. */
export function onceADay(scene: Scene, answer: Reply, word: string): Step {
  const { daily } = scene.conversation
  if (!isDue(scene, answer.text)) return silence(scene, word)
  const conversation = { ...scene.conversation, daily: { ...daily, [answer.text]: scene.now } }
  return { conversation, effects: [answer], understood: word }
}

/** Whether a once-a-day text may be said again. */
export function isDue(scene: Scene, text: TextName): boolean {
  const last = scene.conversation.daily[text]
  return last === undefined || Math.abs(scene.now - last) >= DAY_SECONDS
}

/** Where she votes, as far as we know. */
export function herRegion({ world }: Pick<Scene, 'world'>): Region | null {
  const { state } = world.person
  return state !== null && isRegion(state) ? state : null
}

/** Her senators, the one called A first. Empty while we know no state of hers, or a place without senators. */
export function herSenators(scene: Pick<Scene, 'world'>): readonly Senator[] {
  const region = herRegion(scene)
  return region !== null && isStateCode(region) ? scene.world.congress.senatorsOf(region) : []
}

/** Whether we know where she votes, or are one answer away from it. */
export function isPlaced({ zip, state }: PersonFacts): boolean {
  return zip !== null || state !== null
}

/** Where the dialogue rests when nothing in particular is asked: the place first, then her calls. */
export function restingQuestion(scene: Pick<Scene, 'world'>): Question {
  if (herRegion(scene) !== null)
    return herSenators(scene).length > 0 ? { kind: 'outcome', about: null } : { kind: 'none' }
  const { zip } = scene.world.person
  const place = zip === null ? null : placeOf(zip)
  if (place?.kind === 'border') return { kind: 'state', among: place.states }
  return place?.kind === 'military' ? { kind: 'state', among: null } : { kind: 'zip' }
}

/** What her words answer: what we asked last; where that was nothing about place or calls, what we would ask. */
export function openQuestion(scene: Scene): Question {
  const { question } = scene.conversation
  switch (question.kind) {
    case 'zip':
    case 'state':
      return question
    case 'outcome':
    case 'office':
      return herSenators(scene).length > 0 ? question : restingQuestion(scene)
    case 'none':
    case 'stop':
    case 'forget':
      return restingQuestion(scene)
  }
}

function isRegion(code: string): code is Region {
  return code === 'DC' || isStateCode(code) || Object.hasOwn(TERRITORY_NAMES, code)
}
