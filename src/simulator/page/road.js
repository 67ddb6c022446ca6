import { byId, element } from './dom.js'
import { span } from './times.js'

const ANSWER_AWAITED_MS = 10_000

/** The text of hers a road starts with, and our answers on it; for a text of ours that answers nothing, that text alone. */
export function roadOf(picked, texts) {
  const start =
    picked.by === 'person' ? picked : (texts.find((text) => text.sid === picked.answerTo) ?? picked)
  const answers = start.by === 'person' ? texts.filter((text) => text.answerTo === start.sid) : []
  return { start, answers: start === picked ? answers : [picked] }
}

/** The stations of a road in order; what is still to come says "waiting". */
export function stations({ start, answers }, now) {
  const zero = start.stages[0]?.at ?? start.at
  const all = [start, ...answers].flatMap((text) => text.stages)
  // The app's own record says more than the bare answer of its webhook.
  const stored = all.find((stage) => stage.place === 'stored')
  const passed = all
    .filter((stage) => stage !== stored)
    .map((stage) =>
      stored && stage.words === 'answered 200'
        ? { ...stage, place: 'stored', at: Math.min(stage.at, stored.at) }
        : stage,
    )
    .sort((a, b) => a.at - b.at)
    .map((stage) => ({ ...stage, ms: stage.at - zero }))
  const next = waitingFor(start, answers, now - start.at)
  return next ? [...passed, { ...next, ms: null, tone: 'waiting' }] : passed
}

function waitingFor(start, answers, age) {
  if (start.state === 'sending') return { place: 'webhook', words: 'waiting' }
  if (start.by === 'person' && start.state !== 'failed' && answers.length === 0)
    return { place: 'POST', words: age < ANSWER_AWAITED_MS ? 'waiting' : 'none so far' }
  const sent = start.by === 'app' ? [start, ...answers] : answers
  if (sent.some((text) => text.state === 'waiting')) return { place: 'POST', words: 'waiting' }
  if (sent.some((text) => text.state === 'unsure'))
    return { place: 'doubt', words: 'waiting for a receipt or the list' }
  if (sent.some((text) => text.receiptsDue)) return { place: 'receipt', words: 'waiting' }
  return null
}

const shortSid = (sid) => `${sid.slice(0, 6)}..${sid.slice(-4)}`
const quote = (body) => `"${body.length > 24 ? `${body.slice(0, 22).trimEnd()} ...` : body}"`

/** Shows the road of the text picked, or says that there is none yet. */
export function showRoad(picked, texts) {
  const title = byId('road-title')
  const body = byId('road-body')
  if (!picked) {
    title.textContent = 'The road'
    body.replaceChildren(
      element('p', { class: 'hint' }, 'Send a text, and see here every station it passes.'),
    )
    return
  }
  const road = roadOf(picked, texts)
  const hers = road.start.by === 'person'
  title.textContent = hers
    ? `The road of ${quote(road.start.body || 'a photo')}`
    : 'The road of a text from us'
  const rows = stations(road, Date.now()).map(({ ms, place, words, tone }, index) =>
    element(
      'tr',
      { 'data-tone': tone },
      element('td', { class: 'ms' }, ms === null ? '' : index === 0 ? '0 ms' : span(ms).replace(' ms', '')),
      element('th', { scope: 'row' }, place),
      element('td', {}, words),
    ),
  )
  const sids = [road.start, ...road.answers].filter((text) => text.taken).map((text) => shortSid(text.sid))
  const ofApp =
    rows.length > 0 &&
    [road.start, ...road.answers].some((text) =>
      text.stages.some((stage) => stage.place === 'stored' || stage.place === 'queue'),
    )
  body.replaceChildren(
    element(
      'table',
      { 'aria-labelledby': 'road-title' },
      element(
        'thead',
        { class: 'unseen' },
        element(
          'tr',
          {},
          ...['after', 'station', 'what happened'].map((name) => element('th', { scope: 'col' }, name)),
        ),
      ),
      element('tbody', {}, ...rows),
    ),
    element('p', { class: 'sids' }, sids.join(' -> ')),
    element(
      'p',
      { class: 'hint' },
      `${hers ? 'Times count from her Send. ' : 'Times count from the first line. '}The simulator sees phone, webhook, POST and receipt; ` +
        (ofApp ? "the rest comes from the app's own log." : 'what happens inside the app it does not see.'),
    ),
  )
}
