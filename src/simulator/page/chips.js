const ZIPS = [
  { send: '35020' },
  { send: '42223', hint: 'two states' },
  { send: '00901', hint: 'Puerto Rico' },
]
const REPORT = ['1', '2', '3', '4', 'CALL', 'STOP'].map((send) => ({ send }))
const words = (...list) => list.map((send) => ({ send }))

/** What fits as an answer to our last text: what a chip shows is what it sends. */
export function chipsFor(texts, keyword) {
  const arrived = texts.filter((text) => text.by === 'app' && text.taken)
  const last = arrived.at(-1)
  if (!last) return words(keyword)
  const { body } = last
  if (/\bSTART\b/.test(body) && /unsubscribed|de baja/i.test(body)) return words('START', 'HELP')
  if (/\b(?:Reply|Responde) FORGET\b/.test(body)) return words('FORGET', 'CALL')
  if (/\bA (?:for|para) .+\bB (?:for|para) /.test(body)) return words('A', 'B')
  if (/\b1 (?:for [A-Z]{2}|[A-Z]\w+),.*\b2 (?:for [A-Z]{2}|[A-Z]\w+)/.test(body))
    return words(...['1', '2', '3'].filter((digit) => new RegExp(`\\b${digit} (?:for )?[A-Z]`).test(body)))
  if (/\b1\b.*\b2\b.*\b3\b.*\b4\b/s.test(body)) return REPORT
  if (new RegExp(`\\b(?:Text|Responde) ${keyword}\\b`).test(body)) return words(keyword, 'HELP')
  const state = /\b(?:like|como) (OH|Ohio)\b/.exec(body)
  if (state) return words(state[1], '35020')
  if (/\bZIP\b.*\?/s.test(body)) return ZIPS
  return arrived.some((text) => /\b202-224-\d{4}\b/.test(text.body)) ? REPORT : [...ZIPS, { send: 'STOP' }]
}
