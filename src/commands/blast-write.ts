import { randomInt } from 'node:crypto'
import type { Desk } from '../app.js'
import { parseAudience } from '../blast/audience.js'
import { editBlast, scheduleBlast } from '../blast/approve.js'
import { composeWording, type Draft } from '../blast/compose.js'
import { planTimes } from '../blast/schedule.js'
import { logBlast } from '../db/blast-log.js'
import { insertBlast, judgedNow, type BlastPlan, type BlastRow, type BlastTimes } from '../db/blasts.js'
import { transaction } from '../db/pool.js'
import { OperatorError } from '../errors.js'
import { actionOf, audienceNow, boundTo, namedBlast } from './blast-desk.js'
import { readDrafts, readName, readPerDay, spanishNotice, typed, type PlanOptions } from './blast-typed.js'
import { whenWords } from './blast-words.js'
import type { Cli } from './cli-types.js'
import { atDesk, operatorName } from './operator.js'
import { colours, printJson } from './screen.js'
import { plural } from '../conversation/plural.js'

const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789' // no 0 o 1 l i: nobody misreads an id
const CODE_LENGTH = 5

/** blast create: a draft. stdout is its id alone, so that a script can take it. */
export async function create(cli: Cli, options: PlanOptions): Promise<void> {
  const who = operatorName(options.as)
  const name = readName(options.name)
  const perDay = readPerDay(options.perDay ?? '1')
  parseAudience(options.audience ?? '') // refused before anything is opened
  const drafts = readDrafts(options)
  if (drafts.length === 0)
    throw new OperatorError('A blast needs words. Add --body "TEXT" or --body-file vote.txt.', 2)
  await atDesk(cli, async (desk) => {
    const action = actionOf(desk, options.action)
    const audience = readAudience(desk, options.audience ?? '')
    const { wording, notices } = compose(desk, drafts, action.name)
    const paper = { name, action: action.name, wording, audience, perDay }
    const { people, zones } = await audienceNow(desk, paper)
    const plan = { ...paper, ...planTimes(typed(options), { ...(await clockOf(desk)), zones }) }
    const blast = await insertNew(desk, plan, who, 'created')
    told(cli, blast, people, spanishNotice(drafts, notices), options)
  })
}

/** blast copy: the same words to the same people as a new draft, without a time. */
export async function copy(
  cli: Cli,
  id: string,
  options: { name?: string; as?: string; json?: true },
): Promise<void> {
  const who = operatorName(options.as)
  await atDesk(cli, async (desk) => {
    const from = await namedBlast(desk, id)
    const { action, wording, audience, perDay } = from
    const name = options.name === undefined ? from.name : readName(options.name)
    const noTimes = planTimes(
      { at: undefined, until: undefined, zone: undefined },
      { ...(await clockOf(desk)), zones: [] },
    )
    const plan = { name, action, wording, audience, perDay, ...noTimes }
    const { people } = await audienceNow(desk, plan)
    const blast = await insertNew(desk, plan, who, 'copied', `from ${from.code}`)
    told(cli, blast, people, [`The same words and audience as ${from.code}, without a time.`], options)
  })
}

/** blast edit: another name, words, audience or time. Whoever has approved it must look again. */
export async function edit(cli: Cli, id: string, options: PlanOptions): Promise<void> {
  const who = operatorName(options.as)
  const changed = (
    ['name', 'body', 'bodyFile', 'action', 'audience', 'at', 'until', 'zone', 'perDay'] as const
  ).filter((key) => options[key] !== undefined)
  if (changed.length === 0)
    throw new OperatorError(
      'Nothing to change. Name what: --name, --body, --body-file, --action, --audience, --at, --until, --zone or --per-day.',
      2,
    )
  const drafts = readDrafts(options)
  await atDesk(cli, async (desk) => {
    const now = await namedBlast(desk, id)
    const action = options.action === undefined ? now.action : actionOf(desk, options.action).name
    const composed = drafts.length > 0 ? compose(desk, drafts, action) : null
    const changes: Partial<BlastPlan> = {
      ...(options.name !== undefined && { name: readName(options.name) }),
      ...(options.action !== undefined && { action }),
      ...(composed && { wording: composed.wording }),
      ...(options.audience !== undefined && { audience: readAudience(desk, options.audience) }),
      ...(options.perDay !== undefined && { perDay: readPerDay(options.perDay) }),
    }
    const { people, zones } = await audienceNow(desk, { ...now, ...changes })
    Object.assign(changes, timesAfter(now, options, { ...(await clockOf(desk)), zones }))
    // Over what stands when it is written: somebody else may have changed another part meanwhile.
    const { voided } = await editBlast(
      desk.pool,
      now.id,
      who,
      (blast) => ({ ...blast, ...changes }),
      changed.join(', '),
    )
    const notices = composed ? spanishNotice(drafts, composed.notices) : []
    if (composed && now.wording.es !== undefined && composed.wording.es === undefined)
      notices.push(
        'It has no Spanish any more: Spanish speakers get the English. Put it beside a --body-file, as vote.es.txt.',
      )
    if (voided !== null) notices.push(`The approval by ${voided} is void.`)
    told(cli, { ...now, ...changes }, people, notices, options)
  })
}

/** blast schedule: another time, and nothing else. */
export async function schedule(cli: Cli, id: string, options: PlanOptions): Promise<void> {
  const who = operatorName(options.as)
  if (options.at === undefined)
    throw new OperatorError('It needs a time: --at "2026-12-01 10:00", --at now or --at +15m.', 2)
  await atDesk(cli, async (desk) => {
    const now = await namedBlast(desk, id)
    const { zones, people } = await audienceNow(desk, now)
    const clock = await clockOf(desk)
    const times = timesAfter(now, options, { ...clock, zones }) ?? now
    const rules = { approvers: desk.config.approvers, ...clock, ...boundTo(desk, now) }
    const { state, voided } = await scheduleBlast(desk.pool, now.id, who, times, rules)
    const notices = voided === null ? [] : [`The approval by ${voided} is void.`]
    if (options.json) return printJson(cli, { id: now.code, state, people })
    if (state === 'draft') return told(cli, { ...now, ...times }, people, notices, options)
    cli.stdout.write(
      `  Scheduled: ${plural(people, 'person', 'people')}, ${whenWords(times) ?? 'now'}. It starts by itself.\n`,
    )
  })
}

/** Its times as they would be; null: none of them is asked to change. */
function timesAfter(
  now: BlastRow,
  options: PlanOptions,
  context: Parameters<typeof planTimes>[1],
): BlastTimes | null {
  if (options.at === undefined && options.until === undefined && options.zone === undefined) return null
  const zone = options.zone ?? now.zone
  return planTimes(
    { at: options.at ?? now.atTyped ?? undefined, until: options.until ?? now.untilTyped ?? undefined, zone },
    context,
  )
}

async function insertNew(
  desk: Desk,
  plan: BlastPlan,
  who: string,
  what: string,
  detail: string | null = null,
): Promise<BlastRow> {
  for (;;) {
    const code = Array.from({ length: CODE_LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('')
    const blast = await transaction(desk.pool, async (tx) => {
      const inserted = await insertBlast(tx, code, plan, who)
      if (inserted) await logBlast(tx, inserted.id, who, what, detail)
      return inserted
    })
    if (blast) return blast // null: the code is taken; another one is drawn
  }
}

async function clockOf(desk: Desk) {
  return { now: await judgedNow(desk.pool), window: desk.config.sendWindow }
}

function compose(desk: Desk, drafts: readonly Draft[], actionName: string) {
  const context = {
    action: actionOf(desk, actionName),
    congress: desk.congress,
    shortCode: desk.config.twilio.sender,
  }
  return composeWording(drafts, context)
}

function readAudience(desk: Desk, expression: string): string {
  parseAudience(expression, { actions: desk.actions().map(({ name }) => name) })
  return expression.trim()
}

function told(
  cli: Cli,
  blast: BlastRow,
  people: number,
  notices: readonly string[],
  options: { json?: true },
): void {
  if (options.json) printJson(cli, { id: blast.code, people, notices })
  else cli.stdout.write(`${blast.code}\n`)
  if (options.json) return
  const when = whenWords(blast)
  cli.stderr.write(
    `  Draft ${blast.name}: ${plural(people, 'person', 'people')}${when ? `, ${when}` : ''}.\n`,
  )
  for (const notice of notices) cli.stderr.write(`  ${notice}\n`)
  cli.stderr.write(`  Next: ${colours(cli, 'stderr').cyan(`textaction blast rehearse ${blast.code}`)}\n`)
}
