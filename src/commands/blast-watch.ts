import { setTimeout as sleep } from 'node:timers/promises'
import type { Desk } from '../app.js'
import { minuteOfDay } from '../blast/approval.js'
import { goesOn } from '../blast/goes-on.js'
import { waitingZones } from '../db/blast-ranges.js'
import { blastById, judgedNow, type BlastRow } from '../db/blasts.js'
import { leftWithinDay } from '../db/blast-report.js'
import { segmentsSentToday } from '../db/spending.js'
import { OperatorError } from '../errors.js'
import { namedBlast } from './blast-desk.js'
import { standingOf } from './blast-show.js'
import { clockWords, zoneToShow } from './blast-words.js'
import { createRate, goesOnWords, liveScreen, throughOf, type Look } from './blast-watch-screen.js'
import type { Cli } from './cli-types.js'
import { atDesk } from './operator.js'
import { fitted, number, percent, printJson } from './screen.js'

export type WatchOptions = { plain?: true; json?: true }

const LIVE_EVERY_MS = 1_000
const LINE_EVERY_MS = 10_000
// A look counts every row of a large blast: the database has better to do most of the time.
const REST_TIMES = 4
const CLEAR_BELOW = '\u001b[J'
const HIDE = '\u001b[?25l'
const SHOW = '\u001b[?25h'

/** blast watch: live until it is over. A terminal is redrawn; elsewhere a line tells each change, every 10 seconds at most. */
export async function watch(cli: Cli, id: string, options: WatchOptions): Promise<void> {
  const isLive = Boolean(cli.stdout.isTTY) && cli.env['TERM'] !== 'dumb' && !options.plain && !options.json
  await atDesk(cli, async (desk) => {
    const blast = await namedBlast(desk, id)
    if (isLive) await watchLive(cli, desk, blast)
    else await watchLines(cli, desk, blast, options)
  })
}

/** before: what was seen the last time. */
async function look(desk: Desk, blast: BlastRow, before: Look | null): Promise<Look> {
  const now = (await blastById(desk.pool, blast.id)) ?? blast
  const ceiling = desk.config.segmentsPerDay
  const [standing, left, sentToday] = await Promise.all([
    standingOf(desk, now),
    leftWithinDay(desk.pool, blast.id),
    ceiling === null ? 0 : segmentsSentToday(desk.pool),
  ])
  return {
    ...standing,
    blast: now,
    left,
    at: new Date(),
    atCeiling: ceiling !== null && sentToday >= ceiling,
    goesOn:
      before === null || throughOf(before) === throughOf(standing)
        ? await nextHours(desk, now, standing)
        : null,
  }
}

/** Looked up only while nothing moves: who moves does not ask. */
async function nextHours(
  desk: Desk,
  { id, opens, closes }: BlastRow,
  { state, counts }: Pick<Look, 'state' | 'counts'>,
): Promise<Look['goesOn']> {
  if (state !== 'running' || counts.pending === 0 || opens === null || closes === null) return null
  const window = { from: minuteOfDay(opens), to: minuteOfDay(closes) }
  return goesOn(await waitingZones(desk.pool, id), await judgedNow(desk.pool), window)
}

const isOver = ({ state }: Pick<Look, 'state'>): boolean => state === 'done' || state === 'cancelled'

async function watchLines(cli: Cli, desk: Desk, blast: BlastRow, options: WatchOptions): Promise<void> {
  let told = ''
  let toldMs = -Infinity
  let before: Look | null = null
  for (;;) {
    const lookedMs = performance.now()
    const seen = await look(desk, blast, before)
    before = seen
    const restMs = Math.max(LIVE_EVERY_MS, (performance.now() - lookedMs) * REST_TIMES)
    const line = lineOf(seen)
    const isUrgent = isOver(seen) || !told.startsWith(seen.state)
    if (line !== told && (isUrgent || performance.now() - toldMs >= LINE_EVERY_MS)) {
      told = line
      toldMs = performance.now()
      if (options.json) printJson(cli, jsonOf(seen))
      else
        cli.stdout.write(
          `${clockWords(seen.at, zoneToShow(blast)).replace(/^(\S+)/, timeOf(seen))} ${line}\n`,
        )
    }
    if (isOver(seen)) return finish(cli, seen)
    if (seen.state === 'draft')
      throw new OperatorError(
        `Blast ${blast.code} is not approved, so it will not start. Run: textaction blast approve ${blast.code}`,
      )
    if (await interrupted(cli, restMs)) return
  }
}

const timeOf = ({ at, blast }: Look) =>
  at.toLocaleTimeString('en-GB', { timeZone: zoneToShow(blast), hour12: false })

function lineOf(look: Look): string {
  const { state, counts, audience, left, atCeiling, goesOn, blast } = look
  const why = atCeiling
    ? ", today's SEGMENTS_PER_DAY are used up"
    : goesOn
      ? `, goes on ${goesOnWords(goesOn, blast)}`
      : ''
  return `${state} ${percent(throughOf(look), audience).replace(/\.\d/, '')} delivered ${number(counts.delivered)} failed ${number(counts.failed + counts.undelivered)} left ${number(left)}${why}`
}

function jsonOf({ blast, ...rest }: Look) {
  return { id: blast.code, ...rest }
}

async function watchLive(cli: Cli, desk: Desk, blast: BlastRow): Promise<void> {
  const rate = createRate()
  let before: Look | null = null
  let drawn = 0
  let quit = false
  const onKey = (key: Buffer) => {
    // In raw mode Ctrl-C comes as a character: the signal is ours to raise.
    if (key.includes(3)) process.kill(process.pid, 'SIGINT')
    if (/^[qQ]/.test(key.toString())) quit = true
  }
  const raw = cli.stdin.isTTY ? cli.stdin : null
  raw?.setRawMode(true)
  raw?.on('data', onKey)
  cli.stdout.write(HIDE)
  try {
    for (;;) {
      const lookedMs = performance.now()
      const seen: Look = await look(desk, blast, before)
      before = seen
      const restMs = Math.max(LIVE_EVERY_MS, (performance.now() - lookedMs) * REST_TIMES)
      rate.add(seen)
      const lines = fitted(cli, liveScreen(cli, seen, rate).join('\n')).split('\n')
      cli.stdout.write(`${drawn > 0 ? `\u001b[${drawn}A\r` : ''}${CLEAR_BELOW}${lines.join('\n')}\n`)
      drawn = lines.length
      if (isOver(seen)) return finish(cli, seen)
      for (let waitedMs = 0; waitedMs < restMs && !quit; waitedMs += 100)
        if (await interrupted(cli, 100)) return
      if (quit) return
    }
  } finally {
    cli.stdout.write(SHOW)
    raw?.off('data', onKey)
    raw?.setRawMode(false)
    raw?.pause()
  }
}

/** True: Ctrl-C; the exit says so. */
async function interrupted(cli: Cli, ms: number): Promise<boolean> {
  await sleep(ms, undefined, { signal: cli.signal }).catch(() => undefined)
  if (!cli.signal.aborted) return false
  process.exitCode = 130
  return true
}

function finish(cli: Cli, { state, blast }: Look): void {
  if (state === 'cancelled') throw new OperatorError(`Blast ${blast.code} was cancelled.`)
  if (cli.stdout.isTTY) cli.stderr.write(`  Next: textaction blast report ${blast.code}\n`)
}
