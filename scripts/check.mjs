// Everything that can be known without a database: format, lint, types, unused code, unit tests (which hold the import rules).
import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const tool = (path, ...args) => [join(root, 'node_modules', path), ...args]

const CHECKS = [
  {
    name: 'format',
    run: tool('prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'),
    mend: 'npx prettier --write .',
  },
  { name: 'lint', run: tool('eslint/bin/eslint.js', '--max-warnings', '0', '.') },
  { name: 'types', run: tool('typescript/bin/tsc', '--noEmit', '-p', '.') },
  { name: 'unused', run: [join(root, 'scripts', 'check-unused.mjs')] },
  { name: 'unit', run: tool('jest/bin/jest.js', '--selectProjects', 'unit', '--silent') },
]
const LIMIT_MS = 10 * 60_000

function run(check) {
  return new Promise((resolve) => {
    const begun = Date.now()
    const child = spawn(process.execPath, check.run, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    const limit = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS)
    let out = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (out += chunk))
    child.on('close', (code) => {
      clearTimeout(limit)
      resolve({ ...check, ok: code === 0, out, seconds: (Date.now() - begun) / 1_000 })
    })
  })
}

let failed = 0
for (const check of CHECKS) {
  const { ok, out, seconds, mend } = await run(check)
  console.log(`  ${ok ? 'ok  ' : 'FAIL'}  ${check.name.padEnd(10)} ${seconds.toFixed(1)} s`)
  if (ok) continue
  failed++
  console.log(out.trimEnd())
  if (mend) console.log(`          ${mend}`)
}
console.log(failed === 0 ? `${CHECKS.length} checks, all ok.` : `${CHECKS.length} checks, ${failed} failed.`)
process.exitCode = failed === 0 ? 0 : 1
