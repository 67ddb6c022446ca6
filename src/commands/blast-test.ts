import { clockTime } from '../blast/approval.js'
import { isOpen } from '../compliance/quiet-hours.js'
import { segmentsOf } from '../compliance/segments.js'
import { mainAction } from '../conversation/answering.js'
import { findPerson } from '../db/people.js'
import { insertReplies } from '../db/texts-out.js'
import { logBlast } from '../db/blast-log.js'
import { judgedNow } from '../db/blasts.js'
import { PLAIN } from '../db/fan-out.js'
import { OperatorError } from '../errors.js'
import { namedBlast, writerFor } from './blast-desk.js'
import type { Cli } from './cli-types.js'
import { atDesk, operatorName, readPhone } from './operator.js'
import { printable, printJson } from './screen.js'

const KEPT_MS = 600_000

/** blast test: the real text, to one person who has joined. The workers send it within seconds. */
export async function testOne(
  cli: Cli,
  id: string,
  options: { to?: string; as?: string; json?: true },
): Promise<void> {
  if (options.to === undefined) throw new OperatorError('It needs a number: --to +12055550142.', 2)
  const phone = readPhone(options.to)
  const who = operatorName(options.as)
  await atDesk(cli, async (desk) => {
    const { pool, vault, clock } = desk
    const blast = await namedBlast(desk, id)
    const person = await findPerson(pool, vault.hash(phone))
    if (!person || person.standing !== 'joined')
      throw new OperatorError(
        person?.standing === 'left'
          ? 'That person has left and gets no text. Test with a phone that has joined.'
          : `That phone has not joined. Text ${mainAction(desk.actions()).keywords[0] ?? 'WORK'} from it first, then your ZIP.`,
      )
    const { sendWindow } = desk.config
    if (!isOpen(await judgedNow(pool), person, sendWindow))
      throw new OperatorError(
        `It is too late or too early where that person is: texts may leave ${clockTime(sendWindow.from)}-${clockTime(sendWindow.to)}, Sundays from 12:00. Try again then.`,
      )
    const body = writerFor(desk, blast).body({ ...person, kind: PLAIN })
    if (body === null)
      throw new OperatorError(
        'The words name senators, and that person has none here yet. Text a ZIP from that phone first.',
      )
    const [number] = await insertReplies(pool, [
      {
        ...{
          personId: person.id,
          kind: 'blast_test',
          bodySealed: vault.seal(body),
          segments: segmentsOf(body),
        },
        ...{ inReplyTo: null, notBefore: null, status: 'pending' as const },
        expiresAt: new Date(clock.now().getTime() + KEPT_MS),
      },
    ])
    await logBlast(pool, blast.id, who, 'tested', 'one text')
    if (options.json)
      return printJson(cli, { id: blast.code, text: number, segments: segmentsOf(body), body })
    cli.stdout.write(`  On its way, ${segmentsOf(body)} segment${segmentsOf(body) === 1 ? '' : 's'}:\n`)
    for (const line of body.split('\n')) cli.stdout.write(`    ${printable(line)}\n`)
  })
}
