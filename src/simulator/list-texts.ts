import { apiError, type ApiAnswer } from './api-answer.js'
import { messageResource, messagesPath } from './message-resource.js'
import type { Settings } from './options.js'
import type { Text, Texts } from './texts.js'

const PAGE_SIZE = 50
const PAGE_SIZE_MAX = 1_000

/** Twilio's GET Messages: newest first, filtered, in pages. */
export function listTexts(query: URLSearchParams, texts: Texts, settings: Settings): ApiAnswer {
  const size = pageSize(query.get('PageSize'))
  const found = candidates(query, texts, settings).filter((text) => text.taken && isSentOn(text, query))
  found.reverse()
  const token = query.get('PageToken')
  const after = token ? found.findIndex((text) => `PA${text.sid}` === token) + 1 : 0
  const page = found.slice(after, after + size)
  const number = Number(query.get('Page') ?? 0)
  const last = page.at(-1)
  const more = last !== undefined && after + size < found.length
  const uri = (changes: Record<string, string>) => pageUri(query, settings, size, changes)
  return {
    status: 200,
    body: {
      messages: page.map((text) => messageResource(text, settings)),
      page: number,
      page_size: size,
      start: after,
      end: Math.max(after, after + page.length - 1),
      uri: uri({ Page: String(number) }),
      first_page_uri: uri({ Page: '0' }),
      next_page_uri: more ? uri({ Page: String(number + 1), PageToken: `PA${last.sid}` }) : null,
      previous_page_uri: null,
    },
  }
}

/** Twilio's GET of one Message. */
export function fetchText(sid: string, texts: Texts, settings: Settings): ApiAnswer {
  const text = texts.find(sid)
  return text?.taken
    ? { status: 200, body: messageResource(text, settings) }
    : apiError(404, 20404, `The requested resource /Messages/${sid}.json was not found`)
}

/**
 * The app has asked Twilio for its texts to this phone, so it now knows, or at the second time of asking may
 * conclude, what became of those it was unsure of.
 */
export function settleDoubts(query: URLSearchParams, texts: Texts, asked: Map<string, number>): void {
  for (const text of texts.of(query.get('To') ?? '')) {
    if (text.by !== 'app' || text.state !== 'unsure') continue
    const times = (asked.get(text.sid) ?? 0) + 1
    asked.set(text.sid, times)
    if (!text.taken && times < 2) continue
    asked.delete(text.sid)
    const words = text.taken ? `found, ${text.status}` : 'not there: never sent'
    text.stages.push({ at: Date.now(), place: 'list', words, tone: text.taken ? 'good' : 'bad' })
    text.state = !text.taken ? 'failed' : text.status === 'delivered' ? 'delivered' : 'sent'
    text.why = text.taken ? '' : 'Twilio never took it'
    texts.touch(text)
  }
}

function candidates(query: URLSearchParams, texts: Texts, { shortCode }: Settings): Text[] {
  const to = query.get('To')
  const from = query.get('From')
  const phone = [to, from].find((value) => value?.startsWith('+'))
  return [...(phone ? texts.of(phone) : texts.all())].filter((text) => {
    const [receiver, sender] = text.by === 'app' ? [text.phone, shortCode] : [shortCode, text.phone]
    return (to === null || to === receiver) && (from === null || from === sender)
  })
}

/** The DateSent filters count GMT days, both ends included; a text not sent yet has no day. */
function isSentOn(text: Text, query: URLSearchParams): boolean {
  const [on, from, until] = ['DateSent', 'DateSent>', 'DateSent<'].map((name) =>
    query.get(name)?.slice(0, 10),
  )
  if (!on && !from && !until) return true
  if (text.sentAt === null) return false
  const day = new Date(text.sentAt).toISOString().slice(0, 10)
  return (!on || day === on) && (!from || day >= from) && (!until || day <= until)
}

function pageSize(asked: string | null): number {
  const size = Number(asked ?? PAGE_SIZE)
  return Number.isInteger(size) && size >= 1 ? Math.min(size, PAGE_SIZE_MAX) : PAGE_SIZE
}

function pageUri(
  query: URLSearchParams,
  settings: Settings,
  size: number,
  changes: Record<string, string>,
): string {
  const next = new URLSearchParams(query)
  next.delete('PageToken')
  next.set('PageSize', String(size))
  for (const [name, value] of Object.entries(changes)) next.set(name, value)
  return `${messagesPath(settings.accountSid)}.json?${next.toString()}`
}
