import { byId } from './dom.js'

const wide = matchMedia('(min-width: 1000px)')

/** On a narrow screen a panel opens over the phone; closed, it goes back, and so does the focus. */
export function createSheet() {
  const sheet = byId('sheet')
  let opener = null
  let home = null

  function open(panel, from) {
    if (wide.matches) return false
    opener = from
    home = panel.parentElement
    sheet.append(panel)
    sheet.setAttribute('aria-label', panel.id)
    sheet.showModal()
    return true
  }

  const close = () => sheet.open && sheet.close()
  sheet.addEventListener('close', () => {
    const panel = sheet.querySelector('.panel')
    if (panel) home.append(panel)
    opener?.focus()
    opener = null
  })
  byId('sheet-close').addEventListener('click', close)
  wide.addEventListener('change', close)
  return { open, close, focusAfter: (element) => (opener = element) }
}
