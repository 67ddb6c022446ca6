import type { Desk } from '../app.js'
import { parseAudience, termsWhere } from '../blast/audience.js'
import { CANARY_OVER_PEOPLE, audienceOf, hasRoom } from '../blast/start.js'
import { canaryPeople } from '../blast/canary.js'
import { needsApproval } from '../blast/approve.js'
import { forecast, type Crowd } from '../blast/forecast.js'
import { charactersOf, segmentsOf } from '../compliance/segments.js'
import { STATE_CODES, isStateCode } from '../congress/congress.js'
import { judgedNow, type BlastRow } from '../db/blasts.js'
import { countAudience } from '../db/fan-out.js'
import { countLeftOut } from '../db/rehearsal.js'
import {
  actionOf,
  audienceNow,
  cappedThen,
  namedBlast,
  segmentsFor,
  startRules,
  writerFor,
  type Audience,
} from './blast-desk.js'
import { rehearsalScreen, type Rehearsal, type Sample } from './blast-rehearse-screen.js'
import type { Cli } from './cli-types.js'
import { atDesk } from './operator.js'
import { fitted, printJson } from './screen.js'

const CALLERS_SHARE = 0.02

/** blast rehearse: the real pipeline with no sending. */
export async function rehearse(cli: Cli, id: string, options: { json?: true }): Promise<void> {
  const rehearsal = await atDesk(cli, async (desk) => rehearsalOf(desk, await namedBlast(desk, id)))
  if (!options.json) return void cli.stdout.write(fitted(cli, rehearsalScreen(cli, rehearsal)))
  const { blast, forecast: plan, ...rest } = rehearsal
  printJson(cli, {
    id: blast.code,
    name: blast.name,
    state: blast.state,
    ...rest,
    zones: plan.crowds,
    hours: plan.hours,
  })
}

async function rehearsalOf(desk: Desk, blast: BlastRow): Promise<Rehearsal> {
  const { pricePerSegment, segmentsPerSecond, segmentsPerDay, sendWindow, canary, approvers } = desk.config
  const rules = startRules(desk, blast)
  const { who, limit } = audienceOf(blast.audience, rules, 1)
  const terms = termsWhere(parseAudience(blast.audience))
  const room = hasRoom(String(actionOf(desk, blast.action).alertsPerMonth))
  const [audience, leftOut, cappedToday, now, unlimited] = await Promise.all([
    audienceNow(desk, blast),
    countLeftOut(desk.pool, terms, room, rules.needsSenators ? STATE_CODES : null),
    cappedThen(desk, blast),
    judgedNow(desk.pool),
    limit === null ? null : countAudience(desk.pool, who, null),
  ])
  if (unlimited !== null && unlimited > audience.people)
    leftOut['over the limit'] = unlimited - audience.people
  const crowds = crowdsOf(desk, blast, audience)
  const canaryFirst = canary && audience.people > CANARY_OVER_PEOPLE ? canaryPeople(audience.people) : 0
  return {
    ...{ blast, people: audience.people, leftOut, cappedToday, segments: audience.segments, approvers },
    needsApproval: needsApproval(blast, { ...rules, people: audience.people }),
    ...{
      cost: Math.round(audience.segments * pricePerSegment * 100) / 100,
      pricePerSegment,
      segmentsPerSecond,
      segmentsPerDay,
    },
    languages: languagesOf(desk, blast, audience),
    inEnglishOnly: inEnglishOnly(desk, blast, audience),
    canary: canaryFirst,
    forecast: forecast(crowds, blast, { window: sendWindow, segmentsPerSecond, now, canary: canaryFirst }),
    calls: callsOf(desk, crowds),
    samples: samplesOf(desk, blast, audience),
  }
}

/** By state and zones, most people first. */
function crowdsOf(desk: Desk, blast: BlastRow, { groups }: Audience): Crowd[] {
  const { shape } = writerFor(desk, blast)
  const crowds = new Map<string, Crowd>()
  for (const group of groups) {
    const { state, zone, otherZone } = group
    const key = `${state} ${zone} ${otherZone}`
    const crowd = crowds.get(key) ?? { state, zone, otherZone, people: 0, segments: 0 }
    crowd.people += group.people
    crowd.segments += group.people * segmentsFor(shape, group)
    crowds.set(key, crowd)
  }
  return [...crowds.values()].sort((a, b) => b.people - a.people)
}

function languagesOf(desk: Desk, blast: BlastRow, { groups }: Audience): Rehearsal['languages'] {
  const { shape } = writerFor(desk, blast)
  const languages: Rehearsal['languages'] = {}
  for (const group of groups) {
    const language = shape.languages.includes(group.language) ? group.language : 'en'
    const sum = (languages[language] ??= { people: 0, segments: 0 })
    sum.people += group.people
    sum.segments += group.people * segmentsFor(shape, group)
  }
  return languages
}

/** People who chose a language that the wording does not have. */
function inEnglishOnly(desk: Desk, blast: BlastRow, { groups }: Audience): number {
  const { shape } = writerFor(desk, blast)
  return groups.reduce(
    (sum, { language, people }) => (shape.languages.includes(language) ? sum : sum + people),
    0,
  )
}

function callsOf(desk: Desk, crowds: readonly Crowd[]): Rehearsal['calls'] {
  const byState = new Map<string, number>()
  for (const { state, people } of crowds)
    if (state !== null && isStateCode(state)) byState.set(state, (byState.get(state) ?? 0) + people)
  return [...byState]
    .sort(([, a], [, b]) => b - a)
    .map(([state, people]) => ({
      state,
      senators: isStateCode(state) ? desk.congress.senatorsOf(state).map(({ last }) => last) : [],
      calls: Math.round(people * CALLERS_SHARE),
    }))
}

/** The text of somebody of each kind as it will leave: the longest, the shortest, and one at random. */
function samplesOf(desk: Desk, blast: BlastRow, { groups }: Audience): Sample[] {
  const writer = writerFor(desk, blast)
  const written = groups.flatMap(({ state, language, kind, people }) => {
    const body = writer.body({ state, language, kind, zip: null })
    const written = writer.shape.languages.includes(language) ? language : 'en'
    return body === null ? [] : [{ state, language: written, people, body, characters: charactersOf(body) }]
  })
  if (written.length === 0) return []
  const longest = written.reduce((a, b) => (b.characters > a.characters ? b : a))
  const shortest = written.reduce((a, b) => (b.characters < a.characters ? b : a))
  let draw = Math.random() * written.reduce((sum, { people }) => sum + people, 0)
  const random = written.find(({ people }) => (draw -= people) < 0) ?? longest
  return (
    [
      ['longest', longest],
      ['shortest', shortest],
      ['random', random],
    ] as const
  ).map(([which, one]) => ({
    ...{ which, state: one.state, language: one.language, characters: one.characters },
    ...{ segments: segmentsOf(one.body), body: one.body },
  }))
}
