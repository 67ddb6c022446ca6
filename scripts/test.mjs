// Runs every test, or those that jest's arguments choose. Last line: "N passed, N failed"; exit 0 only when none failed.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const LIMIT_MS = 40 * 60_000
const LINGER_MS = 20_000 // after the last result jest has this long to end by itself

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const dir = mkdtempSync(join(tmpdir(), 'text-action-results-'))
const resultsFile = join(dir, 'results.json')

const jest = spawn(
  process.execPath,
  [
    join(root, 'node_modules', 'jest', 'bin', 'jest.js'),
    '--json',
    `--outputFile=${resultsFile}`,
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] },
)
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => jest.kill(signal))

const begun = Date.now()
let written = 0
let hung = ''
const watch = setInterval(() => {
  if (!written && existsSync(resultsFile)) written = Date.now()
  if (written && Date.now() - written > LINGER_MS)
    hung = 'a test left something open: jest did not end by itself'
  if (Date.now() - begun > LIMIT_MS) hung = `the tests did not end within ${LIMIT_MS / 60_000} minutes`
  if (hung) jest.kill('SIGKILL')
}, 500)

jest.on('exit', (code, signal) => {
  clearInterval(watch)
  const { passed, failed, skipped } = count(code, signal)
  rmSync(dir, { recursive: true, force: true })
  console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1
})

function count(code, signal) {
  let results
  try {
    results = JSON.parse(readFileSync(resultsFile, 'utf8'))
  } catch {
    console.error(
      `\njest ended ${signal ? `by ${signal}` : `with ${code}`} without results${hung ? `: ${hung}` : ''}`,
    )
    return { passed: 0, failed: 1, skipped: 0 }
  }
  const passed = results.numPassedTests
  const skipped = results.numPendingTests + results.numTodoTests
  let failed = results.numFailedTests + results.numRuntimeErrorTestSuites
  if (hung) console.error(`\n${hung}`)
  if (failed === 0 && (hung || code !== 0)) failed = 1
  return { passed, failed, skipped }
}
