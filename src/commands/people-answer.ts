import { nextClaim } from '../compliance/quiet-hours.js'
import { foldToGsm7, nonGsm7, segmentsOf } from '../compliance/segments.js'
import type { Action } from '../conversation/action.js'
import { mainAction } from '../conversation/answering.js'
import { databaseNow } from '../db/serves.js'
import { answerText, type Answered } from '../db/replies.js'
import { OperatorError } from '../errors.js'
import type { Cli } from './cli-types.js'
import { atDesk, operatorName } from './operator.js'
import { printable, printJson } from './screen.js'
import { stamp } from './stamps.js'

export type AnswerOptions = { as?: string; json?: true }

const SEGMENTS_MAX = 3
const ID = /^[1-9]\d{0,15}$/

/** people answer: our words to one person, in answer to what she wrote. Once a text, and within her hours. */
export async function answerOne(cli: Cli, id: string, words: string, options: AnswerOptions): Promise<void> {
  if (!ID.test(id))
    throw new OperatorError(
      'The id is the number in front of a text in: textaction people replies. Like: textaction people answer 481 "..."',
      2,
    )
  const { text, notes } = foldedAnswer(words)
  const who = operatorName(options.as)
  await atDesk(cli, async (desk) => {
    const { pool, vault, config } = desk
    const body = signed(text, mainAction(desk.actions()))
    const segments = segmentsOf(body)
    const answered = await answerText(pool, Number(id), { bodySealed: vault.seal(body), segments, who })
    if (answered.outcome !== 'waiting') throw new OperatorError(refusal(id, answered.outcome))
    const { person } = answered
    const now = await databaseNow(pool)
    const goes = nextClaim(now, person, config.sendWindow)
    const opens = goes === now ? null : goes
    if (options.json) return printJson(cli, { id: Number(id), segments, body, notBefore: opens })
    const when = opens ? `Goes out ${stamp(opens, person.zone)}, when it is day there` : 'On its way'
    cli.stdout.write(`  ${when}, ${segments} segment${segments === 1 ? '' : 's'}:\n`)
    for (const line of body.split('\n')) cli.stdout.write(`    ${printable(line)}\n`)
    for (const note of notes) cli.stderr.write(`  ${note}\n`)
  })
}

/** Typography made plain, as in a blast; what still doubles the price is named. */
function foldedAnswer(words: string): { text: string; notes: string[] } {
  const { text, changed } = foldToGsm7(words.replace(/\r\n?/g, '\n').trim())
  if (text === '') throw new OperatorError('An answer needs words: textaction people answer 481 "..."', 2)
  if (/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/.test(text))
    throw new OperatorError('The answer has a control character. Type it anew.', 2)
  if (/\{\{|\{%/.test(text))
    throw new OperatorError(
      'An answer is sent as it stands: it has no {{variables}}. Write the words out.',
      2,
    )
  const segments = segmentsOf(text)
  const strays = [...new Set(nonGsm7(text).map(({ character }) => character))]
  const costly =
    strays.length > 0 ? ` ${strays.map((stray) => `"${stray}"`).join(' ')} double the price.` : ''
  if (segments > SEGMENTS_MAX)
    throw new OperatorError(
      `The answer takes ${segments} segments; ${SEGMENTS_MAX} is the most.${costly} Say it shorter.`,
      2,
    )
  return {
    text,
    notes: [
      ...(changed.length > 0 ? [`Made plain: ${changed.map((each) => `"${each}"`).join(' ')}.`] : []),
      ...(costly ? [costly.trim()] : []),
    ],
  }
}

/** Like every text of ours it says who writes. */
function signed(text: string, { org, program }: Action): string {
  const lower = text.toLowerCase()
  const names = [org, program].some((name) => lower.includes(name.toLowerCase()))
  return names ? text : `${org}: ${text}`
}

function refusal(id: string, outcome: Exclude<Answered['outcome'], 'waiting'>): string {
  switch (outcome) {
    case 'no such text':
      return `There is no text ${id}. See: textaction people replies`
    case 'left':
      return `Whoever wrote text ${id} has left since, and gets no more texts.`
    case 'forgotten':
      return `The words of text ${id} are erased, so it cannot be answered.`
    case 'answered before':
      return `Text ${id} has been answered already; nobody gets two answers to one text.`
  }
}
