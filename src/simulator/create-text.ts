import { randomUUID } from 'node:crypto'
import { apiError, type ApiAnswer } from './api-answer.js'
import type { Delivery } from './delivery.js'
import { failureWords, fateOf, type Fate } from './fates.js'
import type { Journal, JournalEntry } from './journal.js'
import { messageResource } from './message-resource.js'
import type { Settings } from './options.js'
import { countSegments } from './segments.js'
import type { Text, Texts, TextState, Tone } from './texts.js'

/** The fields of a POST Messages that matter here; others are accepted and ignored, as Twilio does with new ones. */
export type CreateForm = Readonly<Record<string, string | string[] | undefined>>

/** A new id as Twilio makes them. */
export const newSid = (prefix: 'SM' | 'MM') => prefix + randomUUID().replaceAll('-', '')

const BODY_CHARS_MAX = 1_600
const VALIDITY_SECONDS_MAX = 36_000
const E164 = /^\+[1-9]\d{6,14}$/
const OPEN_MAX = 1_000 // texts refused for now that may be tried again
const SOON_MS = 10_000
const STILL_AN_ANSWER_MS = 60_000

type Outcome = (JournalEntry & { kind: 'post' })['outcome']

const OUTCOMES: Readonly<Record<Fate['kind'], Outcome>> = {
  delivered: 'accepted',
  undelivered: 'accepted',
  'no-receipts': 'accepted',
  'receipts-twice': 'accepted',
  'receipts-reversed': 'accepted',
  'receipts-early': 'accepted',
  refused: 'refused',
  'rate-limited': 'rate-limited',
  'error-taken': 'error-taken',
  'error-not-taken': 'error-not-taken',
  'time-out': 'time-out',
}

const TAKEN: readonly Outcome[] = ['accepted', 'error-taken', 'time-out']
const UNSURE = 'We will know in about 2 minutes.'

const SHOWN: Readonly<Record<Outcome, { state: TextState; why: string; stage: string; tone: Tone }>> = {
  accepted: { state: 'accepted', why: '', stage: '201', tone: 'good' },
  refused: { state: 'failed', why: '', stage: '400', tone: 'bad' },
  'rate-limited': {
    state: 'waiting',
    why: 'Twilio said 429, too many at once. The app tries again.',
    stage: '429, to be tried again',
    tone: 'unsure',
  },
  'error-taken': { state: 'unsure', why: UNSURE, stage: '500, perhaps taken', tone: 'unsure' },
  'error-not-taken': { state: 'unsure', why: UNSURE, stage: '500, perhaps taken', tone: 'unsure' },
  'time-out': { state: 'unsure', why: UNSURE, stage: 'no answer, perhaps taken', tone: 'unsure' },
}

/** Twilio's POST Messages. The promise gives null for a request that is never answered. */
export function createTextCreation(world: {
  settings: Settings
  texts: Texts
  journal: Journal
  delivery: Delivery
}) {
  const { settings, texts, journal, delivery } = world
  // A text that was not taken is one bubble on the phone, however often the app tries.
  const open = new Map<string, Text>()

  return async function create(form: CreateForm): Promise<ApiAnswer | null> {
    const at = Date.now()
    const request = readForm(form)
    const segments = countSegments(request.body)
    const note = (outcome: Outcome, http: number | null, code: number | null, sid: string | null) =>
      journal.write({ kind: 'post', at, ...request, segments, outcome, http, code, sid })

    const invalid = judge(request, settings)
    if (invalid) {
      note('refused', invalid.status, codeOf(invalid), null)
      return invalid
    }
    const fate = fateOf(request.to)
    const key = `${request.to}\n${request.body}`
    const tried = open.get(key)
    const outcome = fate.kind === 'rate-limited' && tried ? 'accepted' : OUTCOMES[fate.kind]
    const taken = TAKEN.includes(outcome)
    const text = tried ?? blankText(request, segments, at, texts.of(request.to))
    if (taken || outcome === 'refused') open.delete(key)
    else open.set(key, text)
    if (open.size > OPEN_MAX) open.delete(open.keys().next().value ?? key)

    text.taken = taken
    showPost(text, outcome, fate, at)
    if (tried) texts.touch(text)
    else texts.add(text)
    if (fate.kind === 'receipts-early') await delivery.hurry(text, fate, request.callback)
    else if (taken) delivery.start(text, fate, request.callback)

    const answer = answerFor(outcome, text, fate)
    note(outcome, answer?.status ?? null, answer ? codeOf(answer) : null, taken ? text.sid : null)
    return answer
  }

  function answerFor(outcome: Outcome, text: Text, fate: Fate): ApiAnswer | null {
    switch (outcome) {
      case 'accepted':
        return { status: 201, body: messageResource(text, settings) }
      case 'refused':
        return fate.code === 21610
          ? apiError(400, 21610, 'Attempt to send to unsubscribed recipient')
          : apiError(400, 21211, `The 'To' number ${text.phone} is not a valid phone number.`)
      case 'rate-limited':
        return apiError(429, 20429, 'Too Many Requests', { 'retry-after': '1' })
      case 'error-taken':
      case 'error-not-taken':
        return apiError(500, 20500, 'Internal Server Error')
      case 'time-out':
        return null
    }
  }
}

type Request = {
  to: string
  from: string
  body: string
  callback: string
  validity: number | null
  service: string
}

function readForm(form: CreateForm): Request {
  const field = (name: string) => {
    const value = form[name]
    return (Array.isArray(value) ? value[0] : value) ?? ''
  }
  const validity = field('ValidityPeriod')
  return {
    to: field('To'),
    from: field('From'),
    body: field('Body'),
    callback: field('StatusCallback'),
    validity: validity === '' ? null : Number(validity),
    service: field('MessagingServiceSid'),
  }
}

/** What Twilio refuses whatever the phone. null: nothing. */
function judge(request: Request, settings: Settings): ApiAnswer | null {
  const { to, from, body, callback, validity, service } = request
  if (to === '') return apiError(400, 21604, "A 'To' phone number is required.")
  if (!E164.test(to)) return apiError(400, 21211, `The 'To' number ${to} is not a valid phone number.`)
  if (from === '' && service === '') return apiError(400, 21603, "A 'From' phone number is required.")
  if (from !== '' && from !== settings.shortCode)
    return apiError(
      400,
      21606,
      `The 'From' phone number ${from} is not a valid, message-capable Twilio phone number.`,
    )
  if (service !== '' && service !== settings.messagingServiceSid)
    return apiError(400, 21705, 'The Messaging Service Sid is invalid.')
  if (body === '') return apiError(400, 21602, 'Message body is required.')
  if (body.length > BODY_CHARS_MAX)
    return apiError(400, 21617, 'The concatenated message body exceeds the 1600 character limit.')
  if (callback !== '' && !isCallback(callback))
    return apiError(400, 21609, "The 'StatusCallback' URL is not valid.")
  if (validity !== null && !(Number.isInteger(validity) && validity >= 1 && validity <= VALIDITY_SECONDS_MAX))
    return apiError(400, 21624, 'Invalid validity period value.')
  return null
}

function isCallback(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, hostname } = new URL(url)
  return (protocol === 'http:' || protocol === 'https:') && !hostname.includes('_')
}

const codeOf = ({ status, body }: ApiAnswer) => (status === 201 ? null : (body as { code: number }).code)

function blankText(request: Request, segments: number, at: number, thread: readonly Text[]): Text {
  return {
    sid: newSid('SM'),
    by: 'app',
    phone: request.to,
    body: request.body,
    media: 0,
    segments,
    at,
    sentAt: null,
    updatedAt: at,
    taken: false,
    status: request.service === '' ? 'queued' : 'accepted',
    errorCode: null,
    service: request.service === '' ? null : request.service,
    state: 'accepted',
    why: '',
    answerTo: likelyAnswerTo(thread, at),
    stages: [],
  }
}

function showPost(text: Text, outcome: Outcome, fate: Fate, at: number): void {
  const shown = SHOWN[outcome]
  text.state = shown.state
  text.why = outcome === 'refused' && fate.code !== null ? failureWords(fate.code) : shown.why
  const words =
    outcome === 'accepted'
      ? `201, ${text.segments} ${text.segments === 1 ? 'segment' : 'segments'}`
      : outcome === 'refused'
        ? `400, ${text.why}`
        : shown.stage
  text.stages.push({ at, place: 'POST', words, tone: shown.tone })
}

/**
 * The text of hers that a new one most likely answers: the oldest of the last seconds without an answer, else the
 * newest of the last minute. The app's log, where there is one, tells for certain.
 */
function likelyAnswerTo(thread: readonly Text[], now: number): string | null {
  const answered = new Set<string | null>()
  let unanswered: Text | null = null
  let newest: Text | null = null
  for (let i = thread.length - 1; i >= 0; i--) {
    const text = thread[i]
    if (!text || now - text.at > STILL_AN_ANSWER_MS) break
    if (text.by === 'app') answered.add(text.answerTo)
    else {
      newest ??= text
      if (now - text.at <= SOON_MS && !answered.has(text.sid)) unanswered = text
    }
  }
  return (unanswered ?? newest)?.sid ?? null
}
