import { nearestOffice, officeKey, type Senator } from '../congress/congress.js'
import { herSenators, reply, silence, understood, type Scene } from './scene.js'
import type { Conversation, Outcome, Report, Reply, Step } from './types.js'

export type SaidReport = { outcome: Outcome; office: number | null; both: boolean }

/** An unclear office is asked for twice; then we wait for her to say it better. */
const PATIENT_ANSWERS = 2

/** She told how a call went. Asks which office it was where two are possible. */
export function takeOutcome(before: Scene, { outcome, office, both }: SaidReport): Step {
  const scene = openRound(before)
  const pair = herSenators(scene)
  const named = office === null ? undefined : pair[office]
  if (both && !named && pair.length > 1) return reportBoth(scene, pair, outcome)
  const senator = named ?? whose(scene, pair)
  if (senator) return record(scene, senator, outcome)
  return understood(scene, 'outcome', [which(pair)], { question: { kind: 'office', outcome } })
}

/** She answered which office it was. */
export function takeOffice(scene: Scene, office: number): Step {
  const { question } = scene.conversation
  const senator = herSenators(scene)[office]
  if (question.kind !== 'office' || !senator) return silence(scene, 'office')
  return record(scene, senator, question.outcome)
}

/** We asked which office, and could not read the answer. */
export function askOfficeAgain(scene: Scene, word: string): Step {
  const misses = scene.conversation.misses + 1
  if (misses > PATIENT_ANSWERS) return silence(scene, word)
  return {
    conversation: { ...scene.conversation, misses },
    effects: [which(herSenators(scene))],
    understood: word,
  }
}

/** The one our last text sent her to, or the only one she has not reported on. Undefined: it may be either. */
function whose(scene: Scene, pair: readonly Senator[]): Senator | undefined {
  const { question, reported } = scene.conversation
  const about =
    question.kind === 'outcome' ? pair.find(({ bioguide }) => bioguide === question.about) : undefined
  if (about) return about
  const open = pair.filter(({ bioguide }) => !reported.includes(bioguide))
  return pair.length === 1 ? pair[0] : open.length === 1 ? open[0] : undefined
}

function record(scene: Scene, senator: Senator, outcome: Outcome): Step {
  switch (outcome) {
    case 'reached':
    case 'voicemail':
      return thank(scene, senator, outcome)
    case 'busy':
      return offerOffice(scene, senator)
    case 'wrong':
      return understood(
        scene,
        'outcome',
        [report(senator, 'wrong'), reply('wrong', { last: senator.last })],
        { question: { kind: 'outcome', about: senator.bioguide }, reportedAt: scene.now },
      )
  }
}

/** The thanks themselves are picked when the tally is known. */
function thank(scene: Scene, senator: Senator, outcome: Outcome): Step {
  const done = new Set([...scene.conversation.reported, senator.bioguide])
  const next = herSenators(scene).find(({ bioguide }) => !done.has(bioguide))?.bioguide ?? null
  return understood(scene, 'outcome', [report(senator, outcome, { next, thank: true })], {
    question: { kind: 'outcome', about: next },
    reported: [...done],
    reportedAt: scene.now,
  })
}

function offerOffice(scene: Scene, senator: Senator): Step {
  const { offered } = scene.conversation
  const office = nearestOffice(senator, scene.world.person.zip, offered)
  const answer = office
    ? reply('busy', { last: senator.last, city: office.city, phone: office.phone })
    : reply('busy_again', { last: senator.last, phone: senator.phone })
  return understood(scene, 'outcome', [report(senator, 'busy'), answer], {
    question: { kind: 'outcome', about: senator.bioguide },
    offered: office ? [...offered, officeKey(senator, office)] : offered,
    reportedAt: scene.now,
  })
}

/** "Left a vm for both": two reports, one answer. */
function reportBoth(scene: Scene, [first, ...others]: readonly Senator[], outcome: Outcome): Step {
  const last = others.at(-1)
  if (!first || !last) return silence(scene, 'outcome')
  const alone = { ...report(first, outcome), thank: false }
  if (outcome === 'reached' || outcome === 'voicemail') {
    const conversation = { ...scene.conversation, reported: [first.bioguide] }
    const second = thank({ ...scene, conversation }, last, outcome)
    return { ...second, effects: [alone, ...second.effects] }
  }
  const answered = record(scene, first, outcome)
  return { ...answered, effects: [report(last, outcome), ...answered.effects] }
}

/** She calls again when both are done, and when a new alert asked her to: what she reported before is done with. */
function openRound(scene: Scene): Scene {
  const { conversation, world } = scene
  const { reported, reportedAt } = conversation
  const isDone = herSenators(scene).every(({ bioguide }) => reported.includes(bioguide))
  const alertedAt = (world.person.alertedAt?.getTime() ?? 0) / 1_000
  if (!isDone && alertedAt <= reportedAt) return scene
  return { ...scene, conversation: withoutReports(conversation) }
}

/** Both her senators are still to be called. */
export function withoutReports(conversation: Conversation): Conversation {
  const { question } = conversation
  const open = question.kind === 'outcome' ? { kind: 'outcome' as const, about: null } : question
  return { ...conversation, question: open, reported: [], offered: [] }
}

function report(
  senator: Senator,
  outcome: Outcome,
  thanks: { next: string | null; thank: boolean } = { next: null, thank: false },
): Report {
  return { kind: 'report', senator: senator.bioguide, outcome, ...thanks }
}

function which(pair: readonly Senator[]): Reply {
  return reply('which', { last1: pair[0]?.last ?? '', last2: pair[1]?.last ?? '' })
}
