import { readFileSync } from 'node:fs'
import { FATE_ROWS } from '../../src/simulator/fates.js'
import { fateLines } from '../../src/simulator/terminal.js'

const README = readFileSync('README.md', 'utf8')

test('the README tells the fate of every phone, in the words of the page and of phone --help', () => {
  const table = [...README.matchAll(/^\| (\d{4}(?:-\d{4})?) \| (.+?) \| (.+?) \|$/gm)].map(
    ([, ...row]) => row,
  )
  expect(table).toEqual(FATE_ROWS)
  for (const row of FATE_ROWS) for (const words of row) expect(fateLines()).toContain(words)
})
