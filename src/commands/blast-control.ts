import type { Desk } from '../app.js'
import { approveBlast, refuseOwnWork, refuseUnapprovable } from '../blast/approve.js'
import { cancel, pause, resendUnconfirmed, resume, sentOf, stopAll, type Ordered } from '../blast/control.js'
import { goesOn } from '../blast/goes-on.js'
import { startBlast } from '../blast/start.js'
import { blastById, judgedNow, type BlastRow } from '../db/blasts.js'
import { countBlast } from '../db/blast-counts.js'
import type { Zones } from '../compliance/quiet-hours.js'
import { OperatorError } from '../errors.js'
import { ask, audienceNow, boundTo, cappedThen, canAsk, namedBlast, startRules } from './blast-desk.js'
import { PER_DAY_MAX } from './blast-typed.js'
import { moment, whenWords, zoneToShow } from './blast-words.js'
import type { Cli } from './cli-types.js'
import { atDesk, operatorName } from './operator.js'
import { colours, dollars, number, printJson } from './screen.js'
import { plural } from '../conversation/plural.js'

export type OrderOptions = { as?: string; yes?: true; json?: true }

/** blast approve: somebody agrees to exactly this, for so many people. */
export async function approve(cli: Cli, id: string, options: OrderOptions): Promise<void> {
  const who = operatorName(options.as)
  await atDesk(cli, async (desk) => {
    const blast = await namedBlast(desk, id)
    const { people, zones, segments } = await audienceNow(desk, blast)
    const { approvers, pricePerSegment } = desk.config
    const rules = { approvers, ...boundTo(desk, blast), people, zones, now: await judgedNow(desk.pool) }
    const already = refuseUnapprovable(blast, rules)
    if (already !== null) return saidAlready(cli, blast, already, options)
    await refuseOwnWork(desk.pool, blast, who, approvers)
    if (!options.json) {
      const when = whenWords(blast)
      cli.stderr.write(
        `  ${plural(people, 'person', 'people')}, ${plural(segments, 'segment')}, ${dollars(segments * pricePerSegment)}${when ? `, ${when}` : ''}.\n`,
      )
      const capped = await cappedThen(desk, blast)
      if (capped > 0) cli.stderr.write(cappedWords(blast, capped))
    }
    if (canAsk(cli, options)) await askForNumber(cli, 'approve', people)
    const approved = await approveBlast(desk.pool, blast, who, rules)
    if (approved.kind === 'already') return saidAlready(cli, blast, approved.by, options)
    if (approved.next === 'start') await startBlast(desk.pool, blast.id, who, startRules(desk, blast))
    const now = (await blastById(desk.pool, blast.id)) ?? blast
    if (options.json) return printJson(cli, { id: blast.code, state: now.state, people, segments })
    const next = {
      scheduled: `it starts by itself. To stop: ${cyan(cli, 'textaction blast stop-all')}`,
      start: `it has started${leavesFrom(desk, blast, rules)}. Look: ${cyan(cli, `textaction blast watch ${blast.code}`)}`,
      resume: `to let it go on: ${cyan(cli, `textaction blast resume ${blast.code}`)}`,
      wait: `to send it: ${cyan(cli, `textaction blast start ${blast.code}`)}`,
    }[approved.next]
    cli.stdout.write(`  Approved by ${who}; ${next}\n`)
  })
}

function cappedWords({ code, perDay, startedAt }: BlastRow, capped: number): string {
  const raise =
    perDay < PER_DAY_MAX && startedAt === null
      ? ` For them too: textaction blast edit ${code} --per-day ${perDay + 1}`
      : ''
  return `  ${number(capped)} of them have had their alert today and will not get it.${raise}\n`
}

/** Out of everybody's hours nothing leaves yet. */
function leavesFrom(
  desk: Desk,
  blast: BlastRow,
  { zones, now }: { zones: readonly Zones[]; now: Date },
): string {
  const waiting = zones.map((pair) => ({ ...pair, notBefore: now }))
  const first = goesOn(waiting, now, desk.config.sendWindow)
  return first ? `; the first texts leave ${moment(first.at, zoneToShow(blast))}` : ''
}

/** blast start: now. Harmless when it is under way or over. */
export async function start(cli: Cli, id: string, options: OrderOptions): Promise<void> {
  const who = operatorName(options.as)
  await atDesk(cli, async (desk) => {
    const blast = await namedBlast(desk, id)
    if (blast.state === 'running' || blast.state === 'done')
      return said(cli, blast, { state: blast.state, already: true }, options, '')
    if (blast.state === 'paused' || blast.state === 'cancelled')
      throw new OperatorError(
        `Blast ${blast.code} is ${blast.state}. ${blast.state === 'paused' ? `To go on: textaction blast resume ${blast.code}` : `Make another of it: textaction blast copy ${blast.code}`}`,
      )
    if (canAsk(cli, options)) await askForNumber(cli, 'start', (await audienceNow(desk, blast)).people)
    const forward = await mayStartNow(desk, blast)
    const started = await startBlast(desk.pool, blast.id, who, { ...startRules(desk, blast), ...forward })
    const now = (await blastById(desk.pool, blast.id)) ?? blast
    if (!started && now.state === 'draft')
      throw new OperatorError(
        `Blast ${blast.code} is not approved. Run: textaction blast approve ${blast.code}`,
      )
    said(cli, blast, { state: now.state, already: !started }, options, `textaction blast watch ${blast.code}`)
  })
}

/** Where one person is enough it may go now, though the time that was agreed to is still ahead; else that is refused. */
async function mayStartNow(desk: Desk, blast: BlastRow): Promise<{ forwardAt?: Date }> {
  const now = await judgedNow(desk.pool)
  if (desk.config.approvers === 1) return { forwardAt: now }
  if (blast.state === 'scheduled' && blast.firstAt !== null && blast.firstAt > now)
    throw new OperatorError(
      `Blast ${blast.code} is approved for ${whenWords(blast)}. To send it now: textaction blast schedule ${blast.code} --at now, and somebody other than its writer approves that.`,
    )
  return {}
}

/** blast pause */
export async function pauseOne(cli: Cli, id: string, options: OrderOptions): Promise<void> {
  await order(cli, id, options, pause, (code) => `textaction blast resume ${code}`)
}

/** blast resume */
export async function resumeOne(cli: Cli, id: string, options: OrderOptions): Promise<void> {
  await order(cli, id, options, resume, (code) => `textaction blast watch ${code}`)
}

/** blast cancel: for good; asked on a terminal. */
export async function cancelOne(cli: Cli, id: string, options: OrderOptions): Promise<void> {
  await order(cli, id, options, async (pool, blast, who) => {
    if (canAsk(cli, options) && blast.state !== 'cancelled') {
      const answer = await ask(cli, `  Cancel ${blast.name} (${blast.code}) for good? y/N: `)
      if (!/^y(es)?$/i.test(answer)) throw new OperatorError('Nothing was changed.')
    }
    return cancel(pool, blast, who)
  })
}

async function order(
  cli: Cli,
  id: string,
  options: OrderOptions,
  work: (pool: Desk['pool'], blast: BlastRow, who: string) => Promise<Ordered>,
  next: (code: string) => string = () => '',
): Promise<void> {
  const who = operatorName(options.as)
  await atDesk(cli, async (desk) => {
    const blast = await namedBlast(desk, id)
    const done = await work(desk.pool, blast, who)
    const counted = await countBlast(desk.pool, blast.id)
    const figures = counted && blast.startedAt ? sentOf(counted) : null
    said(cli, blast, done, options, next(blast.code), figures)
  })
}

/** blast resend-unconfirmed: a person decides. */
export async function resend(cli: Cli, id: string, options: OrderOptions): Promise<void> {
  const who = operatorName(options.as)
  await atDesk(cli, async (desk) => {
    const blast = await namedBlast(desk, id)
    const unsure = (await countBlast(desk.pool, blast.id))?.counts.not_sent ?? 0
    if (unsure > 0 && canAsk(cli, options)) {
      const answer = await ask(
        cli,
        `  Twilio does not know of ${plural(unsure, 'text')}; one may have arrived all the same. Send once more? y/N: `,
      )
      if (!/^y(es)?$/i.test(answer)) throw new OperatorError('Nothing was changed.')
    }
    const texts = await resendUnconfirmed(desk.pool, blast, who)
    if (options.json) return printJson(cli, { id: blast.code, resent: texts })
    cli.stdout.write(
      texts === 0 ? '  No text is unconfirmed.\n' : `  Going out once more: ${plural(texts, 'text')}.\n`,
    )
  })
}

/** blast stop-all: the panic stop. It never asks. */
export async function stopEverything(cli: Cli, options: { as?: string; json?: true }): Promise<void> {
  const who = operatorName(options.as)
  await atDesk(cli, async ({ pool, clock }) => {
    const stopped = await stopAll(pool, who, () => clock.monotonicMs())
    const named = await Promise.all(
      stopped.blasts.map(async (each) => ({ ...each, blast: await blastById(pool, each.id) })),
    )
    const rows = named.map(({ blast, sent, withheld, atCarrier }) => ({
      ...{ id: blast?.code ?? '', name: blast?.name ?? '', sent, withheld, atCarrier },
    }))
    if (options.json)
      return printJson(cli, { pausedMs: Math.round(stopped.pausedMs), open: stopped.open, blasts: rows })
    if (rows.length === 0) return void cli.stdout.write('No blast was scheduled or running.\n')
    const width = Math.max(...rows.map(({ name }) => name.length))
    for (const { id, name, sent, withheld } of rows)
      cli.stdout.write(
        `  ${id}  ${name.padEnd(width)}   ${colours(cli).yellow('paused')}   sent ${number(sent)}   withheld ${number(withheld)}\n`,
      )
    const under = rows.reduce((sum, { atCarrier }) => sum + atCarrier, 0) + stopped.open
    cli.stdout.write(
      `All blasts paused in ${(stopped.pausedMs / 1_000).toFixed(1)} s. Already at the carrier, may still arrive: ${number(under)}.\n` +
        `Answers to people go on. To go on with a blast: ${cyan(cli, 'textaction blast resume ID')}\n`,
    )
  })
}

async function askForNumber(cli: Cli, verb: string, people: number): Promise<void> {
  const typed = await ask(cli, `  Type the number of people to ${verb}, or press Enter to leave it: `)
  if (typed.replace(/[,\s]/g, '') === String(people)) return
  throw new OperatorError(
    typed === '' ? 'Nothing was changed.' : `That is not ${number(people)}. Nothing was changed.`,
  )
}

function saidAlready(cli: Cli, blast: BlastRow, by: string, options: OrderOptions): void {
  if (options.json)
    printJson(cli, { id: blast.code, state: blast.state, people: blast.approvedPeople, already: true })
  else cli.stdout.write(`  ${blast.name} (${blast.code}) is ${blast.state}: ${by} has approved it already.\n`)
}

function said(
  cli: Cli,
  blast: BlastRow,
  { state, already }: Ordered,
  options: OrderOptions,
  next: string,
  figures: { sent: number; withheld: number; atCarrier: number } | null = null,
): void {
  if (options.json) return printJson(cli, { id: blast.code, state, already, ...figures })
  const counted = figures
    ? `   sent ${number(figures.sent)}   withheld ${number(figures.withheld)}   at the carrier ${number(figures.atCarrier)}`
    : ''
  cli.stdout.write(`  ${blast.code}  ${blast.name}   ${already ? 'already ' : ''}${state}${counted}\n`)
  if (next) cli.stdout.write(`  Next: ${cyan(cli, next)}\n`)
}

const cyan = (cli: Cli, text: string) => colours(cli).cyan(text)
