import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const LOG = fileURLToPath(new URL('../../dist/observability/log.js', import.meta.url))

function linesOf(program: string): string[] {
  const code = `import { log, startLog } from '${LOG}'\nstartLog({ level: 'info' })\n${program}`
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' })
  const lines = stdout.trim().split('\n')
  return lines.map((line) => (JSON.parse(line) as { event: string }).event)
}

test('whoever reads the log finds the last lines of a process that ended in haste', () => {
  expect(linesOf(`log().info({ event: 'last' }); process.exit(1)`)).toEqual(['last'])
  expect(linesOf(`setTimeout(() => { log().info({ event: 'last' }); throw new Error('bug') }, 20)`)).toEqual([
    'last',
  ])
})

test('more than fits into one write arrives whole and in order', () => {
  const count = 5_000
  const lines = linesOf(`for (let n = 0; n < ${count}; n++) log().info({ event: 'line ' + n })`)
  expect(lines).toEqual(Array.from({ length: count }, (_, n) => `line ${n}`))
})
