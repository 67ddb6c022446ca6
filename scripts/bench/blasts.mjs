// A blast from the command line, as an organizer would send it.
import { setTimeout as sleep } from 'node:timers/promises'
import { loadActions } from '../../dist/adapters/action-files.js'
import { actionSays } from '../../dist/blast/wording.js'
import { BODY } from './body.mjs'
import { runCli } from './processes.mjs'

/** What starting and writing the bench's own blast goes by: one language, one segment for everybody, and it says how to stop. */
export const PLAIN_SHAPE = {
  languages: ['en'],
  usualSegments: 1,
  byState: false,
  exceptions: [],
  tellsHowToStop: true,
}
export const PLAIN_RULES = {
  window: { from: 0, to: 24 * 60 },
  said: actionSays(loadActions('actions')[0], '235246'),
  canary: false,
  alertsPerMonth: 8,
  needsSenators: false,
}

/** People who have been told how to stop before: their text is the blast's and nothing else, one segment. */
export async function knowHowToStop(pool) {
  await pool.query('update people set stop_shown_at = now()')
  await pool.query('vacuum (analyze) people')
}

/** Writes a blast to everybody; resolves with its id. */
export async function draftBlast({ settings }, more = []) {
  const said = await runCli(
    ['blast', 'create', '--name', 'bench', '--body', BODY, '--json', ...more],
    settings,
  )
  return JSON.parse(said).id
}

/** Agrees to it and starts it. */
export async function sendBlast({ settings }, id) {
  await runCli(['blast', 'approve', id, '--json'], settings)
  await runCli(['blast', 'start', id, '--json'], settings)
}

/** Resolves once the blast is done; rejects when it pauses, or when it stands still for a minute. */
export async function untilDone({ database, fake }, patienceMs = 60_000) {
  let last = -1
  for (let since = Date.now(); ; await sleep(50)) {
    const { rows } = await database.pool.query(
      'select state, paused_why as why from blasts order by id desc limit 1',
    )
    if (rows[0].state === 'done') return
    if (rows[0].state !== 'running' && rows[0].state !== 'scheduled')
      throw new Error(`the blast is ${rows[0].state}: ${rows[0].why}`)
    const count = await fake.ask('count')
    if (count !== last) since = Date.now()
    last = count
    if (Date.now() - since > patienceMs) throw new Error(`the blast stands still at ${count} texts`)
  }
}

/** Every text went once; nobody was left out or texted twice. */
export async function onceEach({ fake }, people) {
  const told = await fake.ask('tell')
  if (told.doubled > 0 || told.unique !== people)
    throw new Error(`${told.unique} of ${people} were texted, ${told.doubled} of them twice`)
  return told
}
