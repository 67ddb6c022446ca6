import { newConversation } from './codec.js'
import { commandFromWords } from './command-words.js'
import { isDue, reply, silence, understood, type Scene } from './scene.js'
import type { Conversation, Step } from './types.js'
import { plainWords } from './words.js'

/** She is out already, in the transaction that recorded her words. Exactly one confirmation; a second STOP gets one more a day. */
export function sayGoodbye(scene: Scene): Step {
  const { goodbyeSaid, daily } = scene.conversation
  if (goodbyeSaid && !isDue(scene, 'stop')) return silence(scene, 'stop')
  return understood(scene, 'stop', [reply('stop')], {
    question: { kind: 'none' },
    goodbyeSaid: true,
    daily: goodbyeSaid ? { ...daily, stop: scene.now } : daily,
  })
}

/** She may have meant that we should stop: asked once, and no alert until she answers. */
export function askWhetherToStop(scene: Scene): Step {
  return understood(scene, 'unclear', [{ kind: 'hold' }, reply('unclear')], { question: { kind: 'stop' } })
}

/** Whether these words are her FORGET to our "reply FORGET to confirm". */
export function confirmsForget({ question }: Conversation, body: string): boolean {
  return question.kind === 'forget' && commandFromWords(plainWords(body))?.kind === 'forget'
}

/** FORGET ME asks once; the second time erases her. */
export function forget(scene: Scene): Step {
  if (scene.conversation.question.kind !== 'forget')
    return understood(scene, 'forget', [reply('forget_ask')], { question: { kind: 'forget' } })
  const effects = [reply('forget_done'), { kind: 'forget' } as const]
  return {
    conversation: { ...newConversation(), recent: scene.conversation.recent },
    effects,
    understood: 'forget confirmed',
  }
}
