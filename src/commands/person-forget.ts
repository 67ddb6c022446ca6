import { ending } from '../compliance/phone.js'
import { segmentsOf } from '../compliance/segments.js'
import type { Action } from '../conversation/action.js'
import { mainAction } from '../conversation/answering.js'
import { renderText } from '../conversation/render.js'
import { forgetByHand, type Forgotten } from '../db/forgetting.js'
import type { PersonRow } from '../db/people.js'
import { OperatorError } from '../errors.js'
import { personLeft } from '../observability/events.js'
import { ask, canAsk } from './blast-desk.js'
import type { Cli } from './cli-types.js'
import { atDesk, operatorName, readPhone } from './operator.js'
import { printJson } from './screen.js'

export type ForgetOptions = { yes?: true; as?: string; json?: true }

/** person forget: erases number, ZIP, words and history, for good. Asked once on a terminal. */
export async function forgetOne(cli: Cli, typed: string, options: ForgetOptions): Promise<void> {
  const phone = readPhone(typed)
  const recordedBy = operatorName(options.as)
  const who = `Person ${ending(phone)}`
  const done = await atDesk(cli, async (desk) => {
    const { pool, vault, config } = desk
    if (canAsk(cli, options)) {
      const question = `  This erases number, ZIP, words and history of ${who.toLowerCase()}, for good. Type FORGET to go on: `
      if ((await ask(cli, question)).toUpperCase() !== 'FORGET')
        throw new OperatorError('Nothing was changed.')
    }
    const farewell = (person: PersonRow) => {
      const body = farewellFor(mainAction(desk.actions()), person, config.twilio.sender)
      return { bodySealed: vault.seal(body), segments: segmentsOf(body) }
    }
    return forgetByHand(pool, { phoneHash: vault.hash(phone), recordedBy, farewell })
  })
  if (done.changed) personLeft({ via: 'operator' })
  if (options.json)
    return printJson(cli, {
      status: 'left',
      changed: done.changed,
      confirmation: done.what === 'confirming' ? 'pending' : 'none',
    })
  cli.stdout.write(`${WORDS[done.what](who)}\n`)
}

function farewellFor(action: Action, { language }: PersonRow, shortCode: string): string {
  return renderText(action, language, 'forget_done', {}, { shortCode })
}

const WORDS: Readonly<Record<Forgotten['what'], (who: string) => string>> = {
  confirming: (who) =>
    `${who}: ZIP, words and history are erased. The number goes once one last text has told them so, seconds while work runs.`,
  erased: (who) =>
    `${who} is forgotten: number, ZIP, words and history are erased. One coded mark stays, so that no list adds the number back.`,
  unknown: (who) => `${who} was not known here. One coded mark keeps every list from adding the number.`,
  already: (who) => `${who} was forgotten already; nothing changed.`,
}
