import { z } from 'zod'
import type { Twilio } from '../config.js'
import type { InboundList, ListedInbound } from '../ports.js'

const PAGE_ROWS = 1_000
// A million texts to one number: weeks without a worker, or a copy from before a blast to all.
const PAGES_MAX = 1_000
const TIMEOUT_MS = 10_000

const Page = z.object({
  messages: z.array(
    z.object({
      sid: z.string(),
      from: z.string().nullable(),
      body: z.string().nullable(),
      num_media: z.coerce.number().int().catch(0),
      date_created: z.string(),
      direction: z.string(),
    }),
  ),
  next_page_uri: z.string().nullish(),
})
const Members = z.object({
  short_codes: z.array(z.object({ short_code: z.string() })).default([]),
  phone_numbers: z.array(z.object({ phone_number: z.string() })).default([]),
})

/** Twilio's list of what people texted to us, by date_created: what a web part that was away did not hear. */
export function createInboundList(twilio: Twilio, isTwilio: boolean): InboundList {
  const authorization = `Basic ${Buffer.from(`${twilio.accountSid}:${twilio.authTokens[0] ?? ''}`).toString('base64')}`
  const get = (url: string) =>
    fetch(url, {
      headers: { authorization, accept: 'application/json' },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: 'error',
    })

  async function page(url: string): Promise<z.infer<typeof Page>> {
    const response = await get(url)
    if (response.status !== 200) throw new Error(`listing inbound texts failed with ${response.status}`)
    return Page.parse(await response.json())
  }

  /** Texts to one number of ours, newest first. */
  async function listOne(
    to: string,
    since: Date,
    missing: Parameters<InboundList['since']>[1],
  ): Promise<{ texts: ListedInbound[]; isWhole: boolean }> {
    const texts: ListedInbound[] = []
    const path = `/2010-04-01/Accounts/${twilio.accountSid}/Messages.json`
    let next = `${twilio.apiUrl}${path}?To=${encodeURIComponent(to)}&PageSize=${PAGE_ROWS}`
    for (let pages = 0; pages < PAGES_MAX; pages++) {
      const { messages, next_page_uri } = await page(next)
      const listed = messages.map((message) => ({ ...message, createdAt: new Date(message.date_created) }))
      const old = listed.findIndex(({ createdAt }) => createdAt < since)
      const inbound = (old === -1 ? listed : listed.slice(0, old))
        .filter(({ direction }) => direction === 'inbound')
        .map(({ sid, from, body, num_media, createdAt }) => ({
          sid,
          from: from ?? '',
          body: body ?? '',
          mediaCount: num_media,
          createdAt,
        }))
      for (const text of await missing(inbound)) texts.push(text)
      if (old !== -1 || !next_page_uri) return { texts, isWhole: true }
      next = `${twilio.apiUrl}${next_page_uri}`
    }
    return { texts, isWhole: false }
  }

  /** Behind a Messaging Service any of its numbers may have been texted. */
  async function numbersOfOurs(): Promise<string[]> {
    const service = twilio.messagingServiceSid
    if (service === null) return [twilio.sender]
    // Twilio keeps Messaging Services on a host of their own in each region; who stands in for Twilio has only one.
    const host = isTwilio ? twilio.apiUrl.replace('//api.', '//messaging.') : twilio.apiUrl
    const base = `${host}/v1/Services/${service}`
    const lists = await Promise.all(
      ['ShortCodes', 'PhoneNumbers'].map(async (kind) => {
        const response = await get(`${base}/${kind}?PageSize=${PAGE_ROWS}`)
        // Of a kind it has none of, Twilio gives an empty list. Who stands in for Twilio may not know the address.
        if (response.status === 404 && !isTwilio) return []
        if (response.status !== 200) throw new Error(`listing ${kind} failed with ${response.status}`)
        const { short_codes, phone_numbers } = Members.parse(await response.json())
        return [...short_codes.map((one) => one.short_code), ...phone_numbers.map((one) => one.phone_number)]
      }),
    )
    return [...new Set([twilio.sender, ...lists.flat()])]
  }

  return {
    async since(since, missing) {
      const lists = []
      for (const number of await numbersOfOurs()) lists.push(await listOne(number, since, missing))
      const texts = lists.flatMap((list) => list.texts)
      texts.reverse() // within one number newest came first
      texts.sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime())
      return { texts, isWhole: lists.every((list) => list.isWhole) }
    },
  }
}
