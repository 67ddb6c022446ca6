import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { cannotWrite, lastFault, logFile, makeDir, offline, onPath, run, SetupFailure } from './tools.mjs'

const dataDir = resolve(process.env.DATA_DIR || '.data')
const ours = join(dataDir, 'redis-server')
const OR_ELSE = 'Or set REDIS_URL to a Redis of yours.'
const APT = {
  limitSeconds: 300,
  env: { DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C', APT_LISTCHANGES_FRONTEND: 'none' },
}
const APT_OPTIONS = [
  '-o',
  'Acquire::http::Timeout=20',
  '-o',
  'Acquire::Retries=1',
  '-o',
  'DPkg::Lock::Timeout=120',
]

export function redisMissing(forTests) {
  if (forTests ? process.env.TEST_REDIS_URL : process.env.REDIS_URL) return false
  return !onPath('redis-server', 'valkey-server') && !existsSync(join(ours, 'bin', 'redis-server'))
}

export async function installRedis() {
  if (process.platform === 'darwin') return installByBrew()
  if (!onPath('apt-get')) {
    throw new SetupFailure(
      `There is no Redis server here. Install redis or valkey with the system's package manager. ${OR_ELSE}`,
    )
  }
  if (process.getuid() === 0) return (await installByApt([])) || installPrivately()
  if (onPath('sudo') && (await run('sudo', ['-n', 'true'], { limitSeconds: 10 })).code === 0)
    return (await installByApt(['sudo', '-n'])) || installPrivately()
  return installPrivately()
}

async function installByBrew() {
  if (!onPath('brew'))
    throw new SetupFailure(
      `There is no Redis server here, nor Homebrew to install it: see https://brew.sh. ${OR_ELSE}`,
    )
  const { code, out } = await run('brew', ['install', 'redis'], {
    limitSeconds: 600,
    env: { HOMEBREW_NO_AUTO_UPDATE: '1' },
  })
  if (code !== 0) throw failure('brew install redis', out)
}

/** For the whole machine. False: the machine does not let us. */
async function installByApt(asRoot) {
  const apt = (...args) => {
    const [command, ...rest] = [...asRoot, 'apt-get', ...APT_OPTIONS, ...args]
    return run(command, rest, APT)
  }
  const install = () => apt('install', '-y', '--no-install-recommends', 'redis-server')
  let tried = await install()
  if (tried.code !== 0) {
    await apt('update') // no lists yet, or older than what they name
    tried = await install()
  }
  if (tried.code !== 0 && offline(tried.out)) throw failure('apt-get install redis-server', tried.out)
  if (tried.code !== 0 || !onPath('redis-server')) return false
  // The package starts a server for the whole machine, which nobody asked for: ours is private.
  const [command, ...rest] = [
    ...asRoot,
    'sh',
    '-c',
    'service redis-server stop; update-rc.d redis-server disable',
  ]
  await run(command, rest, { limitSeconds: 30 })
  return true
}

/** Under DATA_DIR, without any right on the machine: the packages are unpacked, not installed. */
async function installPrivately() {
  const half = `${ours}.new-${process.pid}`
  try {
    makeDir(dataDir)
    mkdirSync(half)
    const options = await aptLists(half)
    const packages = await neededPackages(options)
    const fetched = await run('apt-get', [...APT_OPTIONS, ...options, 'download', ...packages], {
      ...APT,
      cwd: half,
    })
    if (fetched.code !== 0) throw failure(`apt-get download ${packages.join(' ')}`, fetched.out)
    for (const file of readdirSync(half).filter((name) => name.endsWith('.deb'))) {
      const unpacked = await run('dpkg', ['-x', file, '.'], { limitSeconds: 60, cwd: half })
      if (unpacked.code !== 0) throw failure(`dpkg -x ${file}`, unpacked.out)
      rmSync(join(half, file))
    }
    rmSync(join(half, 'apt'), { recursive: true, force: true })
    writeStarter(half)
    const works = await run(join(half, 'bin', 'redis-server'), ['--version'], { limitSeconds: 20 })
    if (works.code !== 0) throw failure('redis-server', works.out)
    rmSync(ours, { recursive: true, force: true })
    renameSync(half, ours)
  } catch (error) {
    throw ['EACCES', 'EPERM', 'EROFS'].includes(error.code) ? cannotWrite(dataDir, error) : error
  } finally {
    rmSync(half, { recursive: true, force: true })
  }
}

/** The machine's package lists, else lists of our own: the options that name them. */
async function aptLists(dir) {
  const known = await run('apt-cache', ['show', 'redis-server'], APT)
  if (known.code === 0) return []
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
  return options
}

/** Redis and those of its libraries that the machine lacks. */
async function neededPackages(options) {
  const needed = new Set(['redis-server', 'redis-tools'])
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

function writeStarter(dir) {
  const starter = join(dir, 'bin', 'redis-server')
  mkdirSync(join(dir, 'bin'), { recursive: true })
  writeFileSync(
    starter,
    `#!/bin/sh
here=$(cd "$(dirname "$0")/.." && pwd)
for dir in "$here"/usr/lib/*-linux-gnu* "$here"/lib/*-linux-gnu*; do
  [ -d "$dir" ] && LD_LIBRARY_PATH="$dir\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
done
export LD_LIBRARY_PATH
exec "$here/usr/bin/redis-server" "$@"
`,
  )
  chmodSync(starter, 0o755)
}

function failure(what, out) {
  if (offline(out))
    return new SetupFailure(
      `A Redis server cannot be fetched: the package server does not answer. Connect to the network, then start again. ${OR_ELSE}`,
    )
  return new SetupFailure(
    `There is no Redis server here, and ${what} failed: ${lastFault(out)}. The whole story is in ${logFile}. ${OR_ELSE}`,
  )
}
