import { createInterface } from 'node:readline/promises'
import type { Desk } from '../app.js'
import type { Bound } from '../blast/approval.js'
import { audienceOf, type StartRules } from '../blast/start.js'
import { actionSays, createBlastWriter, type BlastWriter } from '../blast/wording.js'
import type { Zones } from '../compliance/quiet-hours.js'
import type { Action } from '../conversation/action.js'
import { nearest } from '../conversation/nearest.js'
import { findBlast, listBlasts, type BlastPlan, type BlastRow } from '../db/blasts.js'
import { audienceGroups, type AudienceGroup } from '../db/fan-out.js'
import { countCappedThen } from '../db/rehearsal.js'
import { OperatorError } from '../errors.js'
import type { Cli } from './cli-types.js'

/** The blast an organizer names, or a refusal that says which there are. */
export async function namedBlast(desk: Desk, id: string): Promise<BlastRow> {
  const blast = await findBlast(desk.pool, id)
  if (blast) return blast
  const codes = (await listBlasts(desk.pool, null, 50)).map(({ code }) => code)
  const meant = nearest(id.toLowerCase(), codes)
  const shown = id.replace(/[^\x20-\x7e]/g, '?').slice(0, 20)
  throw new OperatorError(
    `There is no blast "${shown}".${meant ? ` Did you mean ${meant}?` : ''} See: textaction blast list`,
  )
}

/** The action a blast is for. Without a name the first one. */
export function actionOf(desk: Pick<Desk, 'actions'>, name?: string): Action {
  const actions = desk.actions()
  const action = name === undefined ? actions[0] : actions.find((each) => each.name === name)
  if (action) return action
  const names = actions.map((each) => each.name)
  throw new OperatorError(
    names.length === 0
      ? 'There is no action file. Put one into ACTIONS_DIR.'
      : `There is no action "${String(name).slice(0, 40)}". There is: ${names.join(', ')}.`,
    2,
  )
}

/** Makes a blast's texts, as the workers will. */
export function writerFor(desk: Desk, plan: Pick<BlastPlan, 'action' | 'wording'>): BlastWriter {
  const context = {
    action: actionOf(desk, plan.action),
    congress: desk.congress,
    shortCode: desk.config.twilio.sender,
  }
  return createBlastWriter(plan.wording, context)
}

/** What an approval of it is bound to beside the plan, as the workers have it. */
export const boundTo = (desk: Desk, plan: Pick<BlastPlan, 'action'>): Bound => ({
  window: desk.config.sendWindow,
  said: actionSays(actionOf(desk, plan.action), desk.config.twilio.sender),
})

/** The rules a start is judged by, as the workers have them. */
export function startRules(desk: Desk, plan: Pick<BlastPlan, 'action' | 'wording'>): StartRules {
  return {
    ...boundTo(desk, plan),
    canary: desk.config.canary,
    alertsPerMonth: actionOf(desk, plan.action).alertsPerMonth,
    needsSenators: writerFor(desk, plan).needsSenators,
  }
}

export type Audience = { people: number; groups: AudienceGroup[]; zones: Zones[]; segments: number }

/** A blast's audience as it is now, and what it takes to text it. */
export async function audienceNow(
  desk: Desk,
  plan: Pick<BlastPlan, 'action' | 'wording' | 'audience'>,
): Promise<Audience> {
  const { who, limit } = audienceOf(plan.audience, startRules(desk, plan), 2)
  const { shape } = writerFor(desk, plan)
  const groups = await audienceGroups(desk.pool, who, limit, shape.tellsHowToStop)
  const zones = new Map(
    groups.map(({ zone, otherZone }) => [`${zone} ${otherZone}`, { zone, otherZone }] as const),
  )
  return {
    groups,
    zones: [...zones.values()],
    people: groups.reduce((sum, group) => sum + group.people, 0),
    segments: groups.reduce((sum, group) => sum + group.people * segmentsFor(shape, group), 0),
  }
}

/** Of its audience, those who have had as many alerts as it allows on the day they would get it. */
export function cappedThen(desk: Desk, blast: BlastRow): Promise<number> {
  const { who, limit } = audienceOf(blast.audience, startRules(desk, blast), 4)
  return countCappedThen(desk.pool, who, limit, blast)
}

/** Segments of one text to somebody of this group. */
export function segmentsFor(shape: BlastWriter['shape'], group: AudienceGroup): number {
  const language = shape.languages.includes(group.language) ? group.language : 'en'
  const state = shape.byState ? group.state : null
  const exception = shape.exceptions.find(
    (each) => each.state === state && each.language === language && each.kind === group.kind,
  )
  return exception?.segments ?? shape.usualSegments
}

/** Whether somebody sits at this terminal and can be asked. */
export const canAsk = (cli: Cli, options: { yes?: true }): boolean =>
  Boolean(cli.stdin.isTTY && cli.stderr.isTTY) && !options.yes

/** Asks on the terminal, and gives what was typed. The end of the input is an empty answer, Ctrl-C is none. */
export async function ask(cli: Cli, question: string): Promise<string> {
  const terminal = createInterface({ input: cli.stdin, output: cli.stderr })
  // In raw mode Ctrl-C comes as a character: the signal is ours to raise.
  terminal.once('SIGINT', () => process.kill(process.pid, 'SIGINT'))
  try {
    return (await terminal.question(question, { signal: cli.signal })).trim()
  } catch {
    if (cli.signal.aborted) throw new OperatorError('Nothing was changed.', 130)
    cli.stderr.write('\n') // what follows is no part of the question; after Ctrl-C readline sees to that
    return ''
  } finally {
    terminal.close()
  }
}
