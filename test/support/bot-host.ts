import { bundledTable } from '../../src/congress/bundled.js'
import { buildCongress } from '../../src/congress/congress.js'
import { createVault } from '../../src/adapters/vault.js'
import type { Bot } from './bot.js'
import type { Fact, HerText, Host } from './transcript.js'

const CONGRESS = buildCongress(bundledTable)

let phones = 0

/** Plays a transcript through the real program: texts go in and out by phone; what is true is read from the ledger. */
export class BotHost implements Host {
  phone = ''
  private readonly vault

  constructor(private readonly bot: Bot) {
    this.vault = createVault(bot.env['PHONE_KEY'] ?? '')
    void this.anotherPhone()
  }

  async text({ body, hasPhoto, optOutType }: HerText): Promise<readonly string[]> {
    const texts = await this.bot.say(this.phone, body, { media: hasPhoto ? 1 : 0, optOutType })
    return texts.map((text) => text.body)
  }

  anotherPhone(): Promise<void> {
    phones += 1
    this.phone = `+1${205 + Math.floor(phones / 50)}55501${String(phones % 50).padStart(2, '0')}`
    return Promise.resolve()
  }

  async imported(zip: string, language: 'en' | 'es', isInvited: boolean): Promise<void> {
    const csv = `phone,zip,language\n${this.phone},${zip},${language}\n`
    await this.bot.importPeople(csv, isInvited)
    if (!isInvited) return
    // She has been asked before she answers.
    for (const deadline = Date.now() + 15_000; !this.wasInvited();) {
      if (Date.now() > deadline) throw new Error('nobody asked her to reply JOIN')
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  private wasInvited(): boolean {
    return this.bot.simulator
      .thread(this.phone)
      .some(({ by, body }) => by === 'app' && body.includes('Reply JOIN'))
  }

  async calls(state: string, calls: number): Promise<void> {
    await this.bot.database.pool.query(
      `insert into tallies (action, state, calls) values ('pro-act', $1, $2) on conflict (action, state) do update set calls = $2`,
      [state, calls],
    )
  }

  later(): Promise<readonly string[]> {
    throw new Error('a phone in real time cannot wait for days')
  }

  async fact(fact: Fact): Promise<string> {
    const { rows } = await this.bot.database.pool.query<Record<Fact, string>>(FACTS, [
      this.vault.hash(this.phone),
    ])
    const value = rows[0]?.[fact] ?? UNKNOWN[fact]
    if (fact !== 'outcomes') return value
    return value.replace(/[A-Z]\d{6}/g, (bioguide) => CONGRESS.senator(bioguide)?.last ?? bioguide)
  }
}

const UNKNOWN: Record<Fact, string> = {
  standing: 'unknown',
  place: '- -',
  language: 'en',
  fewer: 'no',
  consents: 'none',
  outcomes: 'none',
  nudge: 'no',
  understood: '',
}

const FACTS = `
  select standing::text, coalesce(zip, '-') || ' ' || coalesce(state, '-') as place, language,
         case when fewer then 'yes' else 'no' end as fewer,
         coalesce((select string_agg(kind, ', ' order by id) from consents where person_id = p.id), 'none') as consents,
         coalesce((select string_agg(outcome || ' ' || senator, ', ' order by id) from outcomes where person_id = p.id), 'none') as outcomes,
         case when exists (select from texts_out where blast_id = 0 and person_id = p.id and kind = 'nudge' and status = 'pending')
              then 'yes' else 'no' end as nudge,
         coalesce((select understood from texts_in where person_id = p.id order by id desc limit 1), '') as understood
    from people p where phone_hash = $1`
