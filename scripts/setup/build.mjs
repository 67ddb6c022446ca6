import { createHash } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, extname, join, relative } from 'node:path'
import { cannotWrite, logFile, read, root, run, SetupFailure } from './tools.mjs'

const src = join(root, 'src')
const dist = join(root, 'dist')
const stampFile = join(dist, '.built')

function filesUnder(dir) {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const path = join(dir, entry.name)
    return entry.isDirectory() ? filesUnder(path) : [path]
  })
}

// Names, sizes and times: a file changed, added or removed since shows.
function inputs() {
  const hash = createHash('sha256')
  for (const file of [...filesUnder(src), join(root, 'tsconfig.json'), join(root, 'tsconfig.build.json')]) {
    const { size, mtimeMs } = statSync(file)
    hash.update(`${relative(root, file)} ${size} ${mtimeMs}\n`)
  }
  return hash.digest('hex')
}

export function buildStale() {
  if (read(stampFile) !== inputs()) return true
  touchStamp(new Date())
  return false
}

// scripts/textaction compares the stamp's time alone, which is faster than this.
function touchStamp(time) {
  try {
    utimesSync(stampFile, time, time)
  } catch {
    // A tree we may only read is compared by content each time.
  }
}

/**
 * Compiles src beside dist and swaps: a program that starts meanwhile finds the old one or the new one,
 * whole. Types are checked where a person asks for a build and by npm run check, not at a start: that takes three times as long.
 */
export async function build({ checkTypes }) {
  const half = `${dist}.new-${process.pid}`
  const old = `${dist}.old-${process.pid}`
  const begun = new Date()
  const digest = inputs()
  try {
    rmSync(half, { recursive: true, force: true })
    mkdirSync(half)
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
    const args = [
      '-p',
      'tsconfig.build.json',
      '--outDir',
      half,
      '--pretty',
      'false',
      ...(checkTypes ? [] : ['--noCheck']),
    ]
    const { code, out, why } = await run(process.execPath, [tsc, ...args], { limitSeconds: 300 })
    if (why === 'timed out')
      throw new SetupFailure('The build did not finish in 5 minutes. Is the machine very busy? Start again.')
    if (code !== 0) {
      const faults = out.split('\n').filter((line) => line.includes('error TS'))
      throw new SetupFailure(
        `The build failed (${faults.length} faults): ${faults[0] ?? out.trim()} All of them: ${relative(process.cwd(), logFile)}`,
      )
    }
    for (const file of filesUnder(src)) {
      if (extname(file) === '.ts') continue
      const copy = join(half, relative(src, file))
      mkdirSync(dirname(copy), { recursive: true })
      copyFileSync(file, copy)
    }
    if (existsSync(join(half, 'cli.js'))) chmodSync(join(half, 'cli.js'), 0o755)
    writeFileSync(join(half, '.built'), digest)
    if (existsSync(dist)) renameSync(dist, old)
    renameSync(half, dist)
    touchStamp(begun)
  } catch (error) {
    throw ['EACCES', 'EPERM', 'EROFS'].includes(error.code) ? cannotWrite(dist, error) : error
  } finally {
    rmSync(half, { recursive: true, force: true })
    rmSync(old, { recursive: true, force: true })
  }
}
