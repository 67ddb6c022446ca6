import type { Forecast } from '../blast/forecast.js'
import type { BlastRow } from '../db/blasts.js'
import type { LeftOut } from '../db/rehearsal.js'
import { DateTime } from 'luxon'
import { LEFT_OUT } from '../db/rehearsal.js'
import { languageWord } from '../conversation/check-action.js'
import { PER_DAY_MAX } from './blast-typed.js'
import { clockWords, moment, zoneToShow } from './blast-words.js'
import type { Cli } from './cli-types.js'
import { colours, columns, dollars, hasUnicode, number, printable } from './screen.js'
import { plural } from '../conversation/plural.js'
import { wrap, zoneName } from './stamps.js'

export type Sample = {
  which: 'longest' | 'shortest' | 'random'
  state: string | null
  language: string
  characters: number
  segments: number
  body: string
}

export type Rehearsal = {
  blast: BlastRow
  people: number
  languages: Record<string, { people: number; segments: number }>
  /** They chose Spanish, and the wording has none. */
  inEnglishOnly: number
  leftOut: LeftOut
  /** Of them, those who have had their alert today and will be withheld. */
  cappedToday: number
  segments: number
  cost: number
  pricePerSegment: number
  segmentsPerSecond: number
  /** null: no ceiling. */
  segmentsPerDay: number | null
  /** 0: none. */
  canary: number
  forecast: Forecast
  /** Calls to expect at each senator's office. */
  calls: { state: string; senators: string[]; calls: number }[]
  samples: Sample[]
  approvers: 1 | 2
  /** Also where something has changed since somebody agreed. */
  needsApproval: boolean
}

const ROWS_MAX = 20
const HOURS_MAX = 24
const INDENT = 13
// Where no line ends: between a label and its number.
const HELD = '\u00a0'

/** One screen: who gets it, who does not and why, what it costs, and when it leaves. */
export function rehearsalScreen(cli: Cli, rehearsal: Rehearsal): string {
  const { blast, people, leftOut, cappedToday, segments, cost, pricePerSegment } = rehearsal
  const getIt = people - cappedToday
  const c = colours(cli)
  const width = columns(cli)
  const out = LEFT_OUT.flatMap((why) =>
    leftOut[why] ? [`${why} ${number(leftOut[why])}`.replaceAll(' ', HELD)] : [],
  )
  const outTotal = LEFT_OUT.reduce((sum, why) => sum + (leftOut[why] ?? 0), 0)
  const languages = Object.entries(rehearsal.languages).map(
    ([language, sum]) => `${languageWord(language === 'es' ? 'es' : 'en')} ${number(sum.people)}`,
  )
  const each = [...new Set(Object.values(rehearsal.languages).map((sum) => sum.segments / sum.people))]
  const perText =
    each.length === 1 && Number.isInteger(each[0]) ? `${each[0]} for each text` : languageSegments(rehearsal)
  const column = Math.max(number(people).length, number(segments).length, number(outTotal).length)
  const headcount = (label: string, count: number, more: readonly string[]) =>
    `  ${label.padEnd(10)} ${number(count).padStart(column)} ${count === 1 ? 'person' : 'people'}   ${more.join('   ')}`.trimEnd()
  const lines = [
    `${printable(blast.name)} (${blast.code})   rehearsal, nothing was sent`,
    // The figures below are those of all.
    ...(cappedToday > 0 ? [headcount('Audience', people, languages)] : []),
    headcount('Gets it', getIt, cappedToday > 0 ? [] : languages),
    ...(rehearsal.inEnglishOnly > 0
      ? [
          `  In English ${number(rehearsal.inEnglishOnly).padStart(column)}          chose Spanish; there is no Spanish wording`,
        ]
      : []),
    ...labelled(
      'Left out',
      `${number(outTotal).padStart(column)}          ${out.join('   ')}`.trimEnd(),
      width,
    ),
    ...(cappedToday > 0
      ? [
          `  Withheld   ${number(cappedToday).padStart(column)}          have had their alert today${anotherAlert(blast)}`,
        ]
      : []),
    `  Segments   ${number(segments).padStart(column)}          ${perText}   ${cappedToday > 0 ? 'at most ' : ''}${dollars(cost)} at $${pricePerSegment.toFixed(4)}`,
    ...(getIt > 0 ? [...zoneRows(cli, rehearsal), ...hourBars(cli, rehearsal)] : []),
    `  Pace       ${number(rehearsal.segmentsPerSecond)} segments/s${rehearsal.canary > 0 ? `; a canary of ${number(rehearsal.canary)} first, then 10 minutes at most` : ''}`,
    ...(rehearsal.segmentsPerDay !== null && segments > rehearsal.segmentsPerDay
      ? [
          `  Ceiling    ${number(rehearsal.segmentsPerDay)} segments a day (SEGMENTS_PER_DAY): this takes ${Math.ceil(segments / rehearsal.segmentsPerDay)} days at least`,
        ]
      : []),
    ...(getIt > 0 ? callLines(rehearsal, width) : []),
    ...rehearsal.samples.flatMap((sample) => [
      `  ${title(sample.which).padEnd(10)} ${sample.state ? `${sample.state}, ` : ''}${languageWord(sample.language === 'es' ? 'es' : 'en')}, ${plural(sample.characters, 'character')}, ${plural(sample.segments, 'segment')}`,
      ...sample.body
        .split('\n')
        .flatMap((line) => wrap(printable(line), width - INDENT - 1))
        .map((line) => `${' '.repeat(INDENT)}${c.dim(line)}`),
    ]),
    `  Next: ${nextStep(cli, rehearsal)}`,
  ]
  return `${lines.join('\n')}\n`
}

const anotherAlert = ({ perDay }: BlastRow) =>
  perDay < PER_DAY_MAX ? `; --per-day ${perDay + 1} lets them get this one too` : ''

function nextStep(cli: Cli, { blast, approvers, people, cappedToday, needsApproval }: Rehearsal): string {
  const c = colours(cli)
  if (people === 0)
    return `nobody is in it; change it: ${c.cyan(`textaction blast edit ${blast.code} --audience EXPR`)}`
  if (cappedToday === people && needsApproval && blast.startedAt === null) {
    const [what, flag] =
      blast.perDay < PER_DAY_MAX
        ? ['one more alert', `--per-day ${blast.perDay + 1}`]
        : ['another day', '--at TIME']
    return `nobody gets it today; ${what}: ${c.cyan(`textaction blast edit ${blast.code} ${flag}`)}`
  }
  if (!needsApproval && blast.state === 'paused') return c.cyan(`textaction blast resume ${blast.code}`)
  if (!needsApproval) return c.cyan(`textaction blast show ${blast.code}`)
  return approvers === 2
    ? `somebody else runs ${c.cyan(`textaction blast approve ${blast.code} --as NAME`)}`
    : c.cyan(`textaction blast approve ${blast.code}`)
}

function languageSegments({ languages }: Rehearsal): string {
  return Object.entries(languages)
    .map(([language, sum]) => `${languageWord(language === 'es' ? 'es' : 'en')} ${number(sum.segments)}`)
    .join('   ')
}

function zoneRows(cli: Cli, { forecast }: Rehearsal): string[] {
  const rows = forecast.crowds.slice(0, ROWS_MAX).map((crowd) => {
    const names = [crowd.zone, crowd.otherZone].map((each) => zoneName(each, crowd.first ?? new Date()))
    const zone = [...new Set(names)].join(', ')
    const first = crowd.first ? moment(crowd.first, crowd.zone) : 'never: no hour of theirs'
    const last = crowd.last ? lastWords(crowd.first, crowd.last, crowd.zone) : ''
    const late = crowd.expired > 0 ? `   ${number(crowd.expired)} too late` : ''
    return `  ${(crowd.state ?? '--').padEnd(6)} ${number(crowd.people).padStart(8)}  ${zone.slice(0, 16).padEnd(16)} ${first.padEnd(22)} ${last}${late}`.trimEnd()
  })
  const more = forecast.crowds.length - rows.length
  return [
    colours(cli).dim(`  State    people  zone             first text             last text`),
    ...rows,
    ...(more > 0 ? [`  and ${number(more)} more: --json has all`] : []),
  ]
}

function lastWords(first: Date | null, last: Date, zone: string): string {
  const sameDay =
    first && DateTime.fromJSDate(first, { zone }).hasSame(DateTime.fromJSDate(last, { zone }), 'day')
  return sameDay ? clockWords(last, zone) : moment(last, zone)
}

function hourBars(cli: Cli, { forecast, blast }: Rehearsal): string[] {
  const zone = zoneToShow(blast)
  const most = Math.max(...forecast.hours.map(({ people }) => people))
  const block = hasUnicode(cli) ? '█' : '#'
  const severalDays =
    new Set(forecast.hours.map(({ at }) => DateTime.fromJSDate(at, { zone }).toISODate())).size > 1
  const lines = forecast.hours.slice(0, HOURS_MAX).map(({ at, people }) => {
    const when = DateTime.fromJSDate(at, { zone })
    const label = severalDays ? when.toFormat('ccc HH:mm ZZZZ') : when.toFormat('HH:mm ZZZZ')
    const bar = block.repeat(Math.max(people > 0 ? 1 : 0, Math.round((people / most) * 36)))
    return `  ${label.padEnd(13)}  ${bar.padEnd(36)} ${number(people).padStart(9)}`
  })
  const more = forecast.hours.length - lines.length
  return [...lines, ...(more > 0 ? [`  and ${plural(more, 'more hour')}: --json has all`] : [])]
}

function callLines({ calls }: Rehearsal, width: number): string[] {
  if (calls.length === 0) return []
  const shown = calls
    .slice(0, 8)
    .map(({ senators, calls: count }) => `${senators.join(', ')} ${number(count)}`)
  const more = calls.length > 8 ? `; and ${plural(calls.length - 8, 'more state')}` : ''
  return labelled('Calls', `if 2 in 100 call, to each of ${shown.join('; ')}${more}`, width)
}

/** A label, and its text broken under itself. */
function labelled(label: string, text: string, width: number): string[] {
  const [first = '', ...rest] = wrap(text, width - INDENT - 1).map((line) => line.replaceAll(HELD, ' '))
  return [`  ${label.padEnd(INDENT - 2)}${first}`, ...rest.map((line) => `${' '.repeat(INDENT)}${line}`)]
}

const title = (word: string) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`
