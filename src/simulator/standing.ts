import type { PhoneText } from './phone-view.js'

/** How a text of ours stands, in words; "" while that still changes at once. sentAt: when she sent what it answers. */
export function standingWords(text: PhoneText, sentAt: number | null): string {
  switch (text.state) {
    case 'delivered': {
      const ms = sentAt !== null && text.answeredAt !== null ? text.answeredAt - sentAt : null
      return ms === null
        ? 'delivered'
        : `delivered, answered in ${ms < 1_000 ? `${ms} ms` : `${(ms / 1_000).toFixed(1)} s`}`
    }
    case 'failed':
      return `Not delivered: ${text.why}`
    case 'unsure':
      return `Perhaps sent. ${text.why}`
    case 'waiting':
      return text.why
    case 'sent':
      return text.why === '' ? '' : `sent, ${text.why}`
    case 'sending':
    case 'accepted':
      return ''
  }
}
