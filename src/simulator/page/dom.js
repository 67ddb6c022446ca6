/** The element with this id. */
export const byId = (id) => document.getElementById(id)

/** A new element; null among the children is left out. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue
    if (name === 'onclick') made.addEventListener('click', value)
    else made.setAttribute(name, value === true ? '' : value)
  }
  made.append(...children.filter((child) => child !== null))
  return made
}

/** Says something to a screen reader, once. */
export function say(words) {
  const said = byId('said')
  said.append(element('p', {}, words))
  while (said.childElementCount > 5) said.firstElementChild.remove()
}
