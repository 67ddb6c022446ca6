import { chipsFor } from './chips.js'
import { byId, element, say } from './dom.js'
import { openLine, sendText } from './line.js'
import { createPhones, keepPhone, phoneOfThisTab, writePhone } from './phones.js'
import { showRoad } from './road.js'
import { createSheet } from './sheet.js'
import { createThread } from './thread.js'
import { transcript } from './transcript.js'

const OUTCOMES = ['1 reached someone', '2 left a voicemail', '3 busy or full', '4 wrong office']
const RETRY_MS = 1_000

const box = byId('box')
const state = {
  phone: '',
  link: 'connecting',
  picked: null,
  sending: false,
  recalled: 0,
  draft: '',
  closeLine: () => {},
}

const setup = await loadSetup()
const sheet = createSheet()
const thread = createThread({
  sender: () => setup.shortCode,
  onNumber: askOutcome,
  onRoad: openRoad,
  onPick: pick,
})
const phones = createPhones({ fates: setup.fates, onChoose: choose })

byId('sender').textContent = `${setup.organization} ${setup.shortCode}`
phones.show(setup)
usePhone(phoneOfThisTab(setup))
listen()
box.focus()

/** Until the simulator is there the page says so and asks again. */
async function loadSetup() {
  for (;;) {
    try {
      const response = await fetch('/phone/setup')
      if (response.ok) return await response.json()
    } catch {
      setLink('offline')
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
  }
}

function usePhone(phone) {
  if (phone === state.phone) return
  state.closeLine()
  Object.assign(state, { phone, picked: null, recalled: 0 })
  keepPhone(phone)
  setLink('connecting')
  byId('me').textContent = writePhone(phone)
  document.title = `${phone.slice(8)} - Text Action`
  const fate = phones.fateOf(phone)
  byId('fate').hidden = fate === null
  byId('fate').textContent = fate ? `${fate.digits}: ${fate.says}` : ''
  phones.mark(phone)
  state.closeLine = openLine(phone, {
    onThread(texts) {
      thread.show(texts)
      refresh()
    },
    onText(text) {
      const isNew = !thread.texts().some((known) => known.sid === text.sid)
      thread.put(text)
      if (isNew && text.by === 'person') state.picked = null
      refresh()
    },
    onApp: (up) => setLink(up ? 'connected' : 'offline'),
    onPhones: phones.show,
    onBroken: () => setLink('offline'),
  })
}

function setLink(link) {
  if (state.link === link && byId('link').dataset.said) return
  state.link = link
  const words = link === 'offline' ? 'not answering' : link
  byId('link').dataset.state = link
  byId('link').dataset.said = 'true'
  byId('link-words').textContent = words
  byId('offline').hidden = link !== 'offline'
  byId('send').setAttribute('aria-disabled', String(link !== 'connected'))
  say(link === 'offline' ? byId('offline').textContent : link)
}

let roadTimer = 0

/** Chips, road and marks follow what the thread holds now. */
function refresh() {
  const texts = thread.texts()
  showChips(chipsFor(texts, setup.keyword))
  const picked =
    texts.find((text) => text.sid === state.picked) ??
    texts.findLast((text) => text.by === 'person') ??
    texts.at(-1)
  showRoad(picked, texts)
  thread.mark(state.picked)
  clearTimeout(roadTimer)
  roadTimer = setTimeout(() => showRoad(picked, thread.texts()), 10_500)
}

function showChips(chips) {
  const shown = chips.map(({ send, hint }) => send + (hint ?? '')).join('|')
  const group = byId('chips')
  if (group.dataset.shown === shown) return
  const hadFocus = group.contains(document.activeElement)
  group.dataset.shown = shown
  group.replaceChildren(
    ...chips.map(({ send, hint }) =>
      element(
        'button',
        { type: 'button', class: 'chip', onclick: () => void submit(send) },
        send,
        hint ? element('span', { class: 'chip-hint' }, ` ${hint}`) : null,
      ),
    ),
  )
  if (hadFocus) group.firstElementChild?.focus()
}

/** Sends; her words stay in the box until the simulator has them. */
async function submit(body) {
  if (body.trim() === '' || state.sending) return false
  if (state.link !== 'connected') {
    say(state.link === 'offline' ? byId('offline').textContent : 'Still connecting.')
    return false
  }
  state.sending = true
  const sent = await sendText(state.phone, body)
  state.sending = false
  if (!sent) setLink('offline')
  return sent
}

async function sendBox() {
  const body = box.value
  if (!(await submit(body))) return
  if (box.value === body) box.value = ''
  Object.assign(state, { recalled: 0, draft: '' })
  grow()
}

function grow() {
  box.style.height = 'auto'
  box.style.height = `${box.scrollHeight + 2}px`
}

/** Up brings back her last text, and the ones before; Down goes forward again. */
function recall(step) {
  const sent = thread.texts().filter((text) => text.by === 'person' && text.body !== '')
  const next = Math.min(Math.max(state.recalled + step, 0), sent.length)
  if (next === state.recalled) return
  if (state.recalled === 0) state.draft = box.value
  state.recalled = next
  box.value = next === 0 ? state.draft : sent[sent.length - next].body
  grow()
  box.setSelectionRange(box.value.length, box.value.length)
}

function pick(sid) {
  state.picked = sid
  refresh()
}

function openRoad(sid, button) {
  pick(sid)
  sheet.open(byId('road'), button)
}

function choose(phone, decided) {
  usePhone(phone)
  if (!decided) return
  sheet.focusAfter(box)
  sheet.close()
  box.focus()
}

function askOutcome(number) {
  const call = byId('call')
  byId('call-number').textContent = number
  call.showModal()
}

async function copy(button) {
  const texts = thread.texts()
  const words = transcript(texts)
  const count = texts.filter((text) => text.by === 'person' || text.taken).length
  let done = `Copied ${count} ${count === 1 ? 'text' : 'texts'}`
  try {
    await navigator.clipboard.writeText(words)
  } catch {
    done = 'The browser did not let us copy'
  }
  say(done)
  button.textContent = done
  setTimeout(() => (button.textContent = 'Copy as transcript'), 3_000)
}

function listen() {
  byId('composer').addEventListener('submit', (event) => {
    event.preventDefault()
    void sendBox()
  })
  box.addEventListener('input', () => {
    state.recalled = 0
    grow()
  })
  box.addEventListener('keydown', (event) => {
    if (event.isComposing) return
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      void sendBox()
    } else if (event.key === 'ArrowUp' && (box.value === '' || state.recalled > 0)) {
      event.preventDefault()
      recall(1)
    } else if (event.key === 'ArrowDown' && state.recalled > 0) {
      event.preventDefault()
      recall(-1)
    }
  })
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !document.querySelector('dialog[open]')) box.focus()
  })
  byId('show-phones').addEventListener('click', (event) => sheet.open(byId('phones'), event.currentTarget))
  for (const id of ['copy', 'copy-narrow'])
    byId(id).addEventListener('click', (event) => void copy(event.currentTarget))
  byId('call-outcomes').replaceChildren(
    ...OUTCOMES.map((outcome) =>
      element(
        'button',
        {
          type: 'button',
          onclick: () => {
            byId('call').close()
            void submit(outcome[0])
          },
        },
        outcome,
      ),
    ),
  )
  byId('call-close').addEventListener('click', () => byId('call').close())
}
