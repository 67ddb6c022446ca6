import { OperatorError } from '../errors.js'
import type { Action } from './action.js'
import { readJoining } from './command-words.js'
import type { Conversation } from './types.js'
import { isNearKeyword, plainWords } from './words.js'

/** The keyword on every poster: its action answers who has texted no keyword of ours. */
const MAIN_KEYWORD = 'WORK'

/** The action of whoever has texted no keyword: the one with WORK, else the first by its file's name. */
export function mainAction(actions: readonly Action[]): Action {
  const main = actions.find(({ keywords }) => keywords.includes(MAIN_KEYWORD)) ?? actions[0]
  if (!main) throw new OperatorError('There is no action file. Put one into ACTIONS_DIR.', 2)
  return main
}

/** The action whose words answer this text: its keyword picks one, else the keyword she texted last did, else it is the main one. */
export function answeringAction(
  actions: readonly Action[],
  body: string,
  { keyword }: Pick<Conversation, 'keyword'>,
  shortCode: string,
): Action {
  const plain = plainWords(body)
  const main = mainAction(actions)
  return (
    actions.find(({ keywords }) => readJoining(plain, keywords, shortCode)?.kind === 'keyword') ??
    actions.find(({ name }) => name === keyword?.action) ??
    // "did you mean RAISE?" names the word she nearly wrote
    [main, ...actions].find(({ keywords }) => isNearKeyword(plain, keywords)) ??
    main
  )
}

/** Which of several actions answers whom, for people; null where there is one. */
export function whoAnswers(actions: readonly Action[]): string | null {
  if (actions.length < 2) return null
  const picks = actions.map(({ name, keywords }) => `${keywords.join(' or ')} ${name}`)
  return `A keyword picks the action that answers: ${picks.join(', ')}. Who has texted none is answered by ${mainAction(actions).name}.`
}
