import { LIMITS } from '../limits.js'
import type { Conversation, Effect, Step } from './types.js'

/**
 * Keeps us out of a ping-pong with another machine: past the limit the facts of a step are kept and its answers dropped, so
 * the dialogue stays where it stood; nobody is erased unseen. The answers to joining and leaving always go: law asks for them,
 * and so does the question whether to stop. Held without having been asked, she would leave by a bare 1 about her call. HELP is
 * owed an answer too, and could be a machine's word: it has a limit of its own.
 */
export function guardLoop(before: Conversation, step: Step, now: number): Step {
  const answers = step.effects.filter(isAnswer)
  if (answers.length === 0) return step
  const recent = before.recent.filter((at) => Math.abs(now - at) < LIMITS.replyWindowSeconds)
  const limit = answers.every(isHelp) ? LIMITS.helpPerWindow : LIMITS.repliesPerWindow
  if (step.effects.some(isConsent) || recent.length + answers.length <= limit)
    return {
      ...step,
      conversation: { ...step.conversation, recent: newest([...recent, ...answers.map(() => now)]) },
    }
  const facts = step.effects.filter(({ kind }) => kind !== 'reply' && kind !== 'forget').map(quiet)
  return { conversation: { ...before, recent }, effects: facts, understood: step.understood }
}

function isConsent(effect: Effect): boolean {
  if (effect.kind === 'reply') return effect.text === 'stop'
  return effect.kind === 'join' || effect.kind === 'hold'
}

function isAnswer(effect: Effect): boolean {
  return effect.kind === 'reply' || (effect.kind === 'report' && effect.thank)
}

const isHelp = (effect: Effect) => effect.kind === 'reply' && effect.text === 'help'

function quiet(effect: Effect): Effect {
  return effect.kind === 'report' ? { ...effect, thank: false } : effect
}

function newest(seconds: readonly number[]): readonly number[] {
  return seconds.slice(-LIMITS.helpPerWindow)
}
