const MESSAGE = /<Message\b[^>]*>([\s\S]*?)<\/Message>/g
const BODY = /<Body\b[^>]*>([\s\S]*?)<\/Body>/
const ENTITIES: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&apos;': "'",
  '&amp;': '&',
}

/** What Twilio would text her because of the webhook's answer: TwiML messages, and the whole of a text/plain body. */
export function textsInAnswer(contentType: string, body: string): string[] {
  if (contentType.startsWith('text/plain')) return body === '' ? [] : [body]
  if (!/\b(xml|html)\b/.test(contentType)) return []
  return [...body.matchAll(MESSAGE)]
    .map(([, inner = '']) => unescape(BODY.exec(inner)?.[1] ?? inner).trim())
    .filter((text) => text !== '')
}

const unescape = (text: string) =>
  text.replace(/&(lt|gt|quot|apos|amp);/g, (entity) => ENTITIES[entity] ?? entity)
