import { readFileSync } from 'node:fs'
import { judge } from '../../src/compliance/opt-out.js'
import { bundledTable } from '../../src/congress/bundled.js'
import { buildCongress } from '../../src/congress/congress.js'
import { placeOf } from '../../src/congress/zip.js'
import { parseAction, type Action } from '../../src/conversation/action.js'
import { decode, encode, newConversation } from '../../src/conversation/codec.js'
import { renderText } from '../../src/conversation/render.js'
import { step } from '../../src/conversation/step.js'
import { thanksFor } from '../../src/conversation/thanks.js'
import type {
  Conversation,
  Effect,
  Outcome,
  PersonFacts,
  Reply,
  Step,
  TextEvent,
} from '../../src/conversation/types.js'
import { unreachable } from '../../src/errors.js'
import { LIMITS } from '../../src/limits.js'
import type { Fact, HerText, Host } from './transcript.js'

export const ACTION: Action = parseAction(
  readFileSync('actions/pro-act.yaml', 'utf8'),
  'actions/pro-act.yaml',
)
export const CONGRESS = buildCongress(bundledTable)
export const SHORT_CODE = '235246'

/** A Tuesday at ten in Alabama. */
const START = new Date('2026-12-01T16:00:00Z')

/** Somebody we do not know. */
export function stranger(): PersonFacts {
  return {
    ...{ standing: 'unknown', zip: null, state: null, language: 'en' },
    ...{ fewer: false, joinedBefore: false, alertedAt: null },
  }
}

export type Said = { step: Step; replies: readonly Reply[]; texts: readonly string[] }

/** Plays the program in memory: one phone at a time, the pure step, facts in place of Postgres. */
export class Play implements Host {
  now = START
  person: PersonFacts = stranger()
  conversation: Conversation = newConversation()
  consents: string[] = []
  outcomes: { outcome: Outcome; senator: string; day: string }[] = []
  nudgeAt: Date | null = null
  understood = ''
  private tallies = new Map<string, number>()

  /** One text of hers, judged and applied as inbound does it. */
  say(body: string, more: Partial<TextEvent> = {}): Said {
    const verdict =
      more.verdict ?? (more.optOutType ? (more.optOutType === 'STOP' ? 'leave' : 'stay') : this.judge(body))
    if (verdict === 'leave') this.leave()
    this.nudgeAt = null
    const event: TextEvent = {
      kind: 'text',
      body,
      mediaCount: 0,
      verdict,
      optOutType: null,
      beforeLeave: false,
      ...more,
    }
    const world = {
      now: this.now,
      action: ACTION,
      keywords: ACTION.keywords,
      congress: CONGRESS,
      person: { ...this.person },
      shortCode: SHORT_CODE,
    }
    const taken = step(this.conversation, event, world)
    // As through Redis: what cannot be written down and read again is lost.
    this.conversation = decode(encode(taken.conversation)) ?? newConversation()
    this.understood = taken.understood
    const answers: { reply: Reply; text: string }[] = []
    for (const effect of taken.effects) {
      const reply =
        effect.kind === 'report' ? thanksFor(effect, this.count(effect), world) : this.apply(effect)
      if (reply) answers.push({ reply, text: this.render(reply) })
    }
    return { step: taken, replies: answers.map(({ reply }) => reply), texts: answers.map(({ text }) => text) }
  }

  text({ body, hasPhoto, optOutType }: HerText): Promise<readonly string[]> {
    return Promise.resolve(this.say(body, { mediaCount: hasPhoto ? 1 : 0, optOutType }).texts)
  }

  anotherPhone(): Promise<void> {
    Object.assign(this, {
      person: stranger(),
      conversation: newConversation(),
      consents: [],
      outcomes: [],
      nudgeAt: null,
    })
    return Promise.resolve()
  }

  imported(zip: string, language: 'en' | 'es', isInvited: boolean): Promise<void> {
    const place = placeOf(zip)
    const state = place.kind === 'state' ? place.state : null
    this.person = {
      ...stranger(),
      standing: isInvited ? 'invited' : 'joined',
      zip,
      state,
      language,
      joinedBefore: !isInvited,
    }
    this.consents = [isInvited ? 'invited' : 'imported']
    return Promise.resolve()
  }

  calls(state: string, calls: number): Promise<void> {
    this.tallies.set(state, calls)
    return Promise.resolve()
  }

  later(seconds: number): Promise<readonly string[]> {
    this.now = new Date(this.now.getTime() + seconds * 1_000)
    const isDue = this.nudgeAt !== null && this.nudgeAt <= this.now
    if (isDue) this.nudgeAt = null
    return Promise.resolve(isDue ? [this.render({ kind: 'reply', text: 'nudge', vars: {} })] : [])
  }

  fact(fact: Fact): Promise<string> {
    const { standing, zip, state, language, fewer } = this.person
    const facts: Record<Fact, string> = {
      standing,
      place: `${zip ?? '-'} ${state ?? '-'}`,
      language,
      fewer: fewer ? 'yes' : 'no',
      consents: this.consents.join(', ') || 'none',
      outcomes:
        this.outcomes
          .map(({ outcome, senator }) => `${outcome} ${CONGRESS.senator(senator)?.last ?? ''}`)
          .join(', ') || 'none',
      nudge: this.nudgeAt ? 'yes' : 'no',
      understood: this.understood,
    }
    return Promise.resolve(facts[fact])
  }

  private judge(body: string): TextEvent['verdict'] {
    const asked = this.person.standing === 'held' ? 'stop' : this.conversation.question.kind
    return judge(body, { asked }).verdict
  }

  private leave(): void {
    if (this.person.standing !== 'left') this.consents.push('left')
    this.person.standing = 'left'
  }

  private render({ text, vars }: Reply): string {
    return renderText(ACTION, this.person.language, text, vars, { shortCode: SHORT_CODE })
  }

  private count({ senator, outcome }: { senator: string; outcome: Outcome }): {
    calls: number
    counted: boolean
  } {
    const day = this.now.toISOString().slice(0, 10)
    const isCall = outcome === 'reached' || outcome === 'voicemail'
    const isRepeat = this.outcomes.some(
      (before) =>
        before.senator === senator && before.day === day && ['reached', 'voicemail'].includes(before.outcome),
    )
    const counted = isCall && !isRepeat
    if (counted || !isCall) this.outcomes.push({ outcome, senator, day })
    const state = CONGRESS.senator(senator)?.state ?? ''
    const calls = (this.tallies.get(state) ?? 0) + (counted ? 1 : 0)
    this.tallies.set(state, calls)
    return { calls, counted }
  }

  private apply(effect: Exclude<Effect, { kind: 'report' }>): Reply | null {
    switch (effect.kind) {
      case 'reply':
        return effect
      case 'join':
        this.consents.push(this.person.joinedBefore ? 'rejoined' : 'joined')
        Object.assign(this.person, { standing: 'joined', joinedBefore: true })
        return null
      case 'place':
        Object.assign(this.person, { zip: effect.zip, state: effect.state })
        return null
      case 'language':
        this.person.language = effect.language
        return null
      case 'fewer':
        this.person.fewer = effect.fewer
        return null
      case 'hold':
        this.person.standing = 'held'
        return null
      case 'release':
        this.person.standing = 'joined'
        return null
      case 'nudge':
        this.nudgeAt = new Date(this.now.getTime() + LIMITS.nudgeAfterHours * 3_600_000)
        return null
      case 'forget':
        this.leave()
        this.consents.push('forgotten')
        Object.assign(this.person, { zip: null, state: null })
        this.outcomes = []
        return null
      default:
        return unreachable(effect)
    }
  }
}
