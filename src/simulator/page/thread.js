import { byId, element, say } from './dom.js'
import { clockTime, dayName, minute, span } from './times.js'

const NUMBER = /\b\d{3}-\d{3}-\d{4}\b/g
const NEAR_END_PX = 120

/** The thread of one phone: a bubble a text, changed in place. */
export function createThread({ sender, onNumber, onRoad, onPick }) {
  const log = byId('thread')
  let bubbles = new Map()
  let texts = []
  let atEnd = true

  const toEnd = () => (log.scrollTop = log.scrollHeight)
  log.addEventListener(
    'scroll',
    () => (atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END_PX),
  )
  // Chips and bars come and go below: who reads the newest text goes on seeing it.
  new ResizeObserver(() => atEnd && toEnd()).observe(log)

  function show(all) {
    bubbles = new Map()
    texts = []
    log.replaceChildren()
    for (const text of all) put(text, true)
    toEnd()
  }

  /** Adds a text, or changes the bubble it has. */
  function put(text, quietly = false) {
    const known = bubbles.get(text.sid)
    const follow = atEnd || (text.by === 'person' && !known)
    if (known) {
      if (!quietly && known.text.state !== text.state) sayTrouble(text)
      texts[texts.indexOf(known.text)] = text
      known.text = text
    } else {
      const after = texts.findLastIndex((other) => other.at <= text.at)
      const bubble = makeBubble(text)
      bubble.article.classList.toggle('fresh', !quietly)
      const before = texts[after]
      if (!before || dayName(before.at) !== dayName(text.at))
        bubble.day = element('p', { class: 'day' }, dayName(text.at))
      const next = texts[after + 1]
      const place = next ? bubbles.get(next.sid) : null
      log.insertBefore(bubble.article, place ? (place.day ?? place.article) : null)
      if (bubble.day) log.insertBefore(bubble.day, bubble.article)
      texts.splice(after + 1, 0, text)
      bubbles.set(text.sid, bubble)
      if (!quietly && text.by === 'app') say(`From ${sender()}: ${text.body}`)
      if (!quietly) sayTrouble(text)
    }
    update(bubbles.get(text.sid))
    const asked = text.answerTo && bubbles.get(text.answerTo)
    if (asked) update(asked)
    if (follow && !quietly) toEnd()
  }

  function makeBubble(text) {
    const road = element(
      'button',
      { type: 'button', class: 'road', onclick: () => onRoad(text.sid, road) },
      'road',
    )
    const words = element('p', { class: 'words', lang: text.spanish ? 'es' : null }, ...parts(text))
    const bubble = element('div', { class: 'bubble', onclick: () => onPick(text.sid) }, words)
    const meta = element('p', { class: 'meta' })
    const article = element(
      'article',
      { class: text.by === 'person' ? 'hers' : 'ours' },
      bubble,
      element('div', { class: 'under' }, meta, road),
    )
    return { text, article, meta, road, day: null }
  }

  /** The senators' numbers never dial from here: they ask how the call went. */
  function parts({ body, media }) {
    const made = []
    if (media > 0) made.push(element('em', {}, media === 1 ? '[a photo] ' : `[${media} photos] `))
    let end = 0
    for (const match of body.matchAll(NUMBER)) {
      made.push(body.slice(end, match.index))
      const number = match[0]
      made.push(
        element(
          'button',
          {
            type: 'button',
            class: 'number',
            onclick: (event) => (event.stopPropagation(), onNumber(number)),
          },
          number,
        ),
      )
      end = match.index + number.length
    }
    return [...made, body.slice(end)].filter((part) => part !== '')
  }

  function update({ text, article, meta, road }) {
    const { tick, words } = standing(text, bubbles.get(text.answerTo)?.text)
    article.dataset.state = text.state
    article.setAttribute('aria-label', name(text))
    meta.replaceChildren(
      ...(tick ? [element('span', { class: 'tick', 'aria-hidden': 'true' }, tick), ' '] : []),
      words,
    )
    // Her own text leads to the road only while no answer does.
    road.hidden = text.by === 'person' && texts.some((other) => other.answerTo === text.sid)
    road.setAttribute(
      'aria-label',
      `road of ${text.by === 'person' ? 'your text' : 'the text'}, ${minute(text.at)}`,
    )
  }

  function name(text) {
    if (text.by === 'person')
      return `You, ${minute(text.at)}${text.state === 'failed' ? ', not delivered' : ''}`
    return `${sender()}, ${minute(text.at)}, ${standing(text).name}`
  }

  return {
    show,
    put,
    texts: () => texts,
    mark(sid) {
      for (const [key, { article, road }] of bubbles) {
        article.toggleAttribute('data-picked', key === sid)
        road.setAttribute('aria-pressed', String(key === sid))
      }
    },
  }
}

function sayTrouble(text) {
  if (text.state === 'failed' || text.state === 'unsure') say(standing(text).words)
}

/** How a text stands, in words that need no colour; asked: the text of hers that it answers. */
function standing(text, asked) {
  if (text.by === 'person') {
    if (text.state === 'sending') return { words: 'sending', name: 'sending' }
    if (text.state === 'failed') return { words: `Not delivered: ${text.why}`, name: 'not delivered' }
    return { words: `${clockTime(text.at)} sent`, name: 'sent' }
  }
  const pace =
    asked && text.answeredAt ? `answered in ${span(text.answeredAt - asked.at)}` : clockTime(text.at)
  switch (text.state) {
    case 'delivered':
      return { tick: '✓✓', words: `delivered, ${pace}`, name: 'delivered' }
    case 'sent':
      return { tick: '✓', words: text.why ? `sent, ${text.why}` : `sent, ${pace}`, name: 'sent' }
    case 'failed':
      return { words: `Not delivered: ${text.why}`, name: 'not delivered' }
    case 'unsure':
      return { words: `Perhaps sent. ${text.why}`, name: 'perhaps sent' }
    case 'waiting':
      return { words: text.why, name: 'not sent yet' }
    default:
      return { words: `on its way, ${pace}`, name: 'on its way' }
  }
}
