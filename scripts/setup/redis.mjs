import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { APT, APT_OPTIONS, debianFailure, unpackPrivately } from './debian.mjs'
import { offline, onPath, run, SetupFailure } from './tools.mjs'

const dataDir = resolve(process.env.DATA_DIR || '.data')
const ours = join(dataDir, 'redis-server')
const OR_ELSE = 'Or set REDIS_URL to a Redis of yours.'

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
    const updated = await apt('update') // no lists yet, or older than what they name
    tried = await install()
    if (tried.code !== 0 && offline(updated.out + tried.out))
      throw failure('apt-get install redis-server', updated.out + tried.out)
  }
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

const installPrivately = () =>
  unpackPrivately(ours, {
    packages: ['redis-server', 'redis-tools'],
    program: 'usr/bin/redis-server',
    versionFlag: '--version',
    orElse: OR_ELSE,
  })

const failure = (what, out) => debianFailure('redis-server', what, out, OR_ELSE)
