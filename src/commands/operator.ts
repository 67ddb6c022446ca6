import { userInfo } from 'node:os'
import type { Desk } from '../app.js'
import { parsePhone } from '../compliance/phone.js'
import { OperatorError } from '../errors.js'
import type { Cli } from './cli-types.js'

const NAME_CHARS_MAX = 64

/** Who is at the terminal: what --as says, else the account's name. */
export function operatorName(as?: string): string {
  if (as === undefined) return accountName()
  const name = as.trim()
  if (name.length > 0 && name.length <= NAME_CHARS_MAX && /^[\p{L}\p{N} ._@+-]+$/u.test(name)) return name
  throw new OperatorError(
    `--as takes a name of letters, digits and . _ @ + - like "dana" or "lee.park", ${NAME_CHARS_MAX} characters at most.`,
    2,
  )
}

function accountName(): string {
  try {
    return userInfo().username
  } catch {
    return 'unnamed account' // a container may run under a number without a name
  }
}

/** A number as typed -> E.164, or a refusal that does not repeat it. */
export function readPhone(typed: string): string {
  const read = parsePhone(typed)
  if ('phone' in read) return read.phone
  throw new OperatorError(
    `That is no number to text: ${read.fault}. Write it like "(205) 555-0142" or +12055550142.`,
    2,
  )
}

/** Opens what a one-shot command needs, and closes it whatever happens. */
export async function atDesk<T>(cli: Cli, work: (desk: Desk) => Promise<T>): Promise<T> {
  // The wiring brings everything along: loaded only once the command line has been found right.
  const [{ openDesk }, { emptyGround }] = await Promise.all([
    import('../app.js'),
    import('../adapters/local-files.js'),
  ])
  const begun = emptyGround(cli.env)
  const desk = await openDesk(cli)
  try {
    const done = await work(desk)
    if (begun !== null) cli.stderr.write(`No DATABASE_URL is set: this began a trial in ${begun}.\n`)
    return done
  } finally {
    await desk.close()
  }
}
