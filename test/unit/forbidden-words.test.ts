import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(__dirname, '..', '..')
const SKIPPED = ['node_modules', 'dist', '.data', '.git', 'coverage']

// Put together here, so that this file does not hold them itself.
const path = (...parts: string[]) => parts.join('/')
const MACHINE_PATHS = [
  ['', 'work', 'main'],
  ['', 'work', 'shared'],
  ['..', 'shared', ''],
  ['', 'work', '.library'],
  ['', 'tmp', 'team'],
  ['', 'root', ''],
].map((parts) => path(...parts))
const HOSTS = [
  ['registry', 'npmjs', 'org'],
  ['registry', 'yarnpkg', 'com'],
  ['deb', 'debian', 'org'],
].map((parts) => parts.join('.'))
const WORKPLACE = [
  ['anth', 'ropic'],
  ['clau', 'de'],
  ['co-authored', '-by'],
].map((parts) => parts.join(''))

const texts = filesUnder(ROOT).flatMap((file) => {
  const bytes = readFileSync(file)
  return bytes.includes(0)
    ? []
    : [{ name: file.slice(ROOT.length + 1), text: bytes.toString('utf8').toLowerCase() }]
})

function filesUnder(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const file = join(dir, entry.name)
    if (SKIPPED.includes(entry.name) || /^dist\./.test(entry.name)) return []
    if (entry.isDirectory()) return filesUnder(file)
    return entry.isFile() && statSync(file).size < 5_000_000 ? [file] : []
  })
}

test.each([...MACHINE_PATHS, ...HOSTS, ...WORKPLACE])('no file names %s', (word) => {
  expect(texts.filter(({ text }) => text.includes(word)).map(({ name }) => name)).toEqual([])
})

test('every phone number of a person in tests and examples is a fictional one', () => {
  const people = /\+1[2-9]\d{9}/g
  // The last two stand in Twilio's published signatures, which hold for no others.
  const fictional = /^\+1([2-9]\d{2}55501\d{2}|4158675309|8005551212)$/
  const found = texts
    .filter(({ name }) => /^(test|docs|README|actions)/.test(name) && !name.endsWith('.csv'))
    .flatMap(({ name, text }) =>
      (text.match(people) ?? [])
        .filter((number) => !fictional.test(number))
        .map((number) => `${name}: ${number}`),
    )
  expect(found).toEqual([])
})
