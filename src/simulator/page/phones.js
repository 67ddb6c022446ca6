import { byId, element } from './dom.js'

const KEY = 'phone'
const AREA = '+1205555'

/** (205) 555-0101 */
export const writePhone = (phone) => `(${phone.slice(2, 5)}) ${phone.slice(5, 8)}-${phone.slice(8)}`

/** The phone of this tab: the one it had, else the first that no other tab holds. Two tabs are two phones. */
export function phoneOfThisTab(setup) {
  const had = sessionStorage.getItem(KEY)
  const reloaded = performance.getEntriesByType('navigation')[0]?.type === 'reload'
  const watched = new Set(setup.phones.filter((entry) => entry.watched).map((entry) => entry.phone))
  if (had && (reloaded || !watched.has(had))) return had
  const free = setup.phones.find((entry) => entry.hers && !entry.watched && entry.phone.startsWith(AREA))
  return free?.phone ?? setup.fresh
}

/** Remembers the choice for a reload of this tab. */
export const keepPhone = (phone) => sessionStorage.setItem(KEY, phone)

/** The two lists to choose from; choosing one changes this tab's phone. */
export function createPhones({ fates, onChoose }) {
  const plain = byId('plain-phones')
  let entries = []
  let more = 0
  let fresh = ''
  let chosen = ''

  byId('fate-phones').replaceChildren(
    ...fates.map((fate) => choice(fate.phone, fate.digits, fate.name, fate.says)),
  )
  byId('phones').addEventListener('change', (event) => onChoose(event.target.value, false))
  byId('phones').addEventListener('click', (event) => {
    // A tap decides; arrow keys only try out.
    if (event.target.name === 'phone' && event.detail > 0) onChoose(event.target.value, true)
  })
  byId('another').addEventListener('click', () => onChoose(fresh, true))

  function choice(phone, digits, name, says) {
    const id = `phone-${phone.slice(1)}`
    return element(
      'div',
      { class: 'choice' },
      element('input', {
        type: 'radio',
        name: 'phone',
        id,
        value: phone,
        'aria-describedby': says ? `${id}-says` : null,
      }),
      element('span', { class: 'ring', 'aria-hidden': 'true' }),
      element('label', { for: id }, element('b', {}, digits), ` ${name}`),
      says ? element('p', { id: `${id}-says`, class: 'says' }, says) : null,
    )
  }

  function show({ phones: list, more: unlisted, fresh: unused }) {
    entries = list
    more = unlisted
    fresh = unused
    const rows =
      list.some((entry) => entry.phone === chosen) || isFate(chosen) || !chosen
        ? list
        : [...list, blank(chosen)]
    const focused = plain.contains(document.activeElement) ? document.activeElement.value : null
    plain.replaceChildren(
      ...rows.map(({ phone, digits, texts }) => {
        const area = phone.startsWith(AREA) ? digits : writePhone(phone)
        return choice(
          phone,
          area,
          texts === 0 ? 'delivers' : `delivers, ${texts} ${texts === 1 ? 'text' : 'texts'}`,
        )
      }),
      ...(more > 0 ? [element('p', { class: 'hint' }, `and ${more} more`)] : []),
    )
    check()
    if (focused) byId(`phone-${focused.slice(1)}`)?.focus()
  }

  const isFate = (phone) => fates.some((fate) => fate.phone === phone)
  const blank = (phone) => ({ phone, digits: phone.slice(8), texts: 0 })

  function check() {
    const radio = chosen && byId(`phone-${chosen.slice(1)}`)
    if (radio) radio.checked = true
    return Boolean(radio)
  }

  function mark(phone) {
    chosen = phone
    if (!check()) show({ phones: entries, more, fresh })
  }

  return {
    show,
    mark,
    fateOf: (phone) => fates.find((fate) => fate.phone.slice(5) === phone.slice(5)) ?? null,
  }
}
