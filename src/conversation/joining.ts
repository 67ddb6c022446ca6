import { placeOf } from '../congress/zip.js'
import { giveNumbers, takeZip } from './place.js'
import {
  herRegion,
  herSenators,
  isDue,
  isPlaced,
  onceADay,
  reply,
  restingQuestion,
  understood,
  type Scene,
} from './scene.js'
import type { Conversation, Effect, Step } from './types.js'

/** Brings her in. Her ZIP, in the same text or from an import, gets a newcomer the numbers at once. */
export function join(scene: Scene, zip: string | null = null): Step {
  const { person } = scene.world
  const isBack = person.standing === 'left' || person.joinedBefore
  const word = isBack ? 'rejoin' : 'join'
  // Both texts tell her what she joins. welcome asks for the ZIP, start knows it.
  const shown = isBack && isPlaced(person) ? 'start' : 'welcome'
  const effects: Effect[] = [{ kind: 'join', shown }, reply(shown)]
  const fresh: Partial<Conversation> = {
    question: restingQuestion(scene),
    ...{ reported: [], offered: [], goodbyeSaid: false },
  }
  const known = zip ?? (isBack ? null : person.zip)
  if (known !== null && placeOf(known).kind !== 'unknown') {
    const placed = takeZip({ ...scene, conversation: { ...scene.conversation, ...fresh } }, known)
    return { ...placed, effects: [...effects, ...placed.effects], understood: word }
  }
  const isWaiting = herRegion(scene) === null
  return understood(scene, word, isWaiting ? [...effects, { kind: 'nudge' }] : effects, fresh)
}

/** WORK, START or JOIN from somebody who is in. */
export function joinAgain(scene: Scene): Step {
  if (herSenators(scene).length > 0) return understood(scene, 'join', [reply('already')])
  return { ...giveNumbers(scene), understood: 'join' }
}

/** Somebody who has not joined says anything else: one line a day on what this is. */
export function toStranger(scene: Scene, word: string): Step {
  return onceADay(scene, reply('stranger'), word)
}

/** One letter off the keyword, or its Spanish: did she mean it? */
export function didYouMean(scene: Scene): Step {
  const word = 'near keyword'
  return isDue(scene, 'did_you_mean') ? onceADay(scene, reply('did_you_mean'), word) : toStranger(scene, word)
}
