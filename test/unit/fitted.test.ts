import { fitted } from '../../src/commands/screen.js'
import type { Cli } from '../../src/commands/cli-types.js'

const terminal = (columns: number) => ({ stdout: { isTTY: true, columns } }) as unknown as Cli
const ROW = '  WV        2,339  Eastern          Wed Nov 25, 08:05 EST  08:06 EST'

test('where it fits, a row stays as it is', () => {
  expect(fitted(terminal(80), ROW)).toBe(ROW)
})

test('below 60 columns a row of a table becomes lines of words', () => {
  expect(fitted(terminal(40), `head\n${ROW}`).split('\n')).toEqual([
    'head',
    '  WV  2,339  Eastern  Wed Nov 25, 08:05',
    '      EST  08:06 EST',
  ])
})

test('no line is wider than the terminal, and colours take no room', () => {
  const coloured = `  Next: somebody else runs \u001b[36mtextaction blast approve 2t2tm --as NAME\u001b[39m`
  expect(fitted(terminal(67), coloured)).toBe(coloured)
  for (const line of fitted(terminal(30), ROW).split('\n')) expect(line.length).toBeLessThanOrEqual(30)
})

test('where nobody looks on nothing is broken', () => {
  const pipe = { stdout: { isTTY: undefined } } as unknown as Cli
  expect(fitted(pipe, ROW.repeat(9))).toBe(ROW.repeat(9))
})
