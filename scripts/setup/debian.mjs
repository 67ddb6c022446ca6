// Debian packages, unpacked under DATA_DIR: nothing is installed, no right on the machine is needed.
import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { cannotWrite, lastFault, logFile, makeDir, offline, run, SetupFailure } from './tools.mjs'

export const APT = {
  limitSeconds: 300,
  env: { DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C', APT_LISTCHANGES_FRONTEND: 'none' },
}
export const APT_OPTIONS = [
  '-o',
  'Acquire::http::Timeout=20',
  '-o',
  'Acquire::Retries=1',
  '-o',
  'DPkg::Lock::Timeout=120',
]

/**
 * Unpacks packages and those of their libraries that the machine lacks into dir, and writes a starter, dir/bin/NAME, for the
 * program they bring. orElse: what a person can do when that fails.
 */
export async function unpackPrivately(dir, { packages, program, versionFlag, orElse }) {
  const half = `${dir}.new-${process.pid}`
  const failure = (what, out) => debianFailure(basename(program), what, out, orElse)
  try {
    makeDir(dirname(dir))
    mkdirSync(half)
    const { options, said } = await aptLists(half, packages[0], failure)
    const needed = await neededPackages(options, packages)
    const fetched = await run('apt-get', [...APT_OPTIONS, ...options, 'download', ...needed], {
      ...APT,
      cwd: half,
    })
    if (fetched.code !== 0) throw failure(`apt-get download ${needed.join(' ')}`, said + fetched.out)
    for (const file of readdirSync(half).filter((name) => name.endsWith('.deb'))) {
      const unpacked = await run('dpkg', ['-x', file, '.'], { limitSeconds: 60, cwd: half })
      if (unpacked.code !== 0) throw failure(`dpkg -x ${file}`, unpacked.out)
      rmSync(join(half, file))
    }
    rmSync(join(half, 'apt'), { recursive: true, force: true })
    const starter = writeStarter(half, program)
    const works = await run(starter, [versionFlag], { limitSeconds: 20 })
    if (works.code !== 0) throw failure(basename(program), works.out)
    rmSync(dir, { recursive: true, force: true })
    renameSync(half, dir)
  } catch (error) {
    throw ['EACCES', 'EPERM', 'EROFS'].includes(error.code) ? cannotWrite(dirname(dir), error) : error
  } finally {
    rmSync(half, { recursive: true, force: true })
  }
}

/** The machine's package lists, else lists of our own: the options that name them, and what apt-get said on the way. */
async function aptLists(dir, name, failure) {
  const known = await run('apt-cache', ['show', name], APT)
  if (known.code === 0) return { options: [], said: '' }
  const apt = join(dir, 'apt')
  for (const name of ['state/lists/partial', 'cache/archives/partial'])
    mkdirSync(join(apt, name), { recursive: true })
  const options = [
    '-o',
    `Dir::State=${apt}/state`,
    '-o',
    `Dir::Cache=${apt}/cache`,
    '-o',
    'Dir::State::status=/var/lib/dpkg/status',
  ]
  const updated = await run('apt-get', [...APT_OPTIONS, ...options, 'update'], APT)
  if (updated.code !== 0) throw failure('apt-get update', updated.out)
  // Without a network it ends well all the same.
  return { options, said: updated.out }
}

/** The packages and those of their libraries that the machine lacks. */
async function neededPackages(options, packages) {
  const needed = new Set(packages)
  for (let level = [...needed]; level.length > 0;) {
    const { out } = await run('apt-cache', [...options, 'depends', ...level], APT)
    const libraries = firstChoices(out).filter(
      (name) => /^(lib|lua-)/.test(name) && name !== 'libc6' && !needed.has(name),
    )
    level = []
    for (const name of new Set(libraries)) {
      const { out: status } = await run('dpkg-query', ['-W', '-f=${db:Status-Status}', name], APT)
      if (status.trim().startsWith('installed')) continue
      needed.add(name)
      level.push(name)
    }
  }
  return [...needed]
}

// "|Depends: a" and the line after it are alternatives: the first one will do.
function firstChoices(out) {
  let alternative = false
  return out.split('\n').flatMap((line) => {
    const [, bar, name] = /^ +(\|?)(?:Pre)?Depends: (\S+)$/.exec(line.replace(/^ *\|/, '  |')) ?? []
    const chosen = name && !alternative ? [name] : []
    if (name) alternative = bar === '|'
    return chosen
  })
}

function writeStarter(dir, program) {
  const starter = join(dir, 'bin', basename(program))
  mkdirSync(join(dir, 'bin'), { recursive: true })
  writeFileSync(
    starter,
    `#!/bin/sh
here=$(cd "$(dirname "$0")/.." && pwd)
for dir in "$here"/usr/lib/*-linux-gnu* "$here"/lib/*-linux-gnu* "$here"/usr/lib/*-linux-gnu*/pulseaudio; do
  [ -d "$dir" ] && LD_LIBRARY_PATH="$dir\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
done
export LD_LIBRARY_PATH
exec "$here/${program}" "$@"
`,
  )
  chmodSync(starter, 0o755)
  return starter
}

/** The failure of a Debian tool, in one sentence. */
export function debianFailure(name, what, out, orElse) {
  if (offline(out))
    return new SetupFailure(
      `${name} cannot be fetched: the package server does not answer. Connect to the network, then start again. ${orElse}`,
    )
  return new SetupFailure(
    `There is no ${name} here, and ${what} failed: ${lastFault(out)}. The whole story is in ${logFile}. ${orElse}`,
  )
}
