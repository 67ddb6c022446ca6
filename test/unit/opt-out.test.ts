import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { judge } from '../../src/compliance/opt-out.js'
import type { Verdict } from '../../src/compliance/verdict.js'

const DIR = join(__dirname, '..', 'opt-out')

type Line = { file: string; line: number; text: string; label: Verdict; language: string; why: string }

const LINES: Line[] = readdirSync(DIR)
  .filter((name) => name.endsWith('.tsv'))
  .flatMap((file) =>
    readFileSync(join(DIR, file), 'utf8')
      .split('\n')
      .map((row, index) => ({ row, line: index + 1 }))
      .slice(1)
      .filter(({ row }) => row !== '')
      .map(({ row, line }) => {
        const [text = '', label = '', language = '', why = ''] = row.split('\t')
        return { file, line, text: text.replaceAll('\\n', '\n'), label: label as Verdict, language, why }
      }),
  )

const judged = LINES.map((each) => ({ ...each, verdict: judge(each.text).verdict }))
const stays = judged.filter(({ label }) => label === 'stay')
const missed = () => judged.filter(({ label, verdict }) => label === 'leave' && verdict !== 'leave')
const held = () => stays.filter(({ verdict }) => verdict === 'unclear')
const shown = (lines: readonly Line[]) => lines.map(({ file, line, text }) => `${file}:${line} ${text}`)

test('the set is large, half of it stays, in both languages', () => {
  expect(LINES.length).toBeGreaterThan(600)
  expect(stays.length * 2).toBeGreaterThan(LINES.length)
  expect(LINES.filter(({ language }) => language === 'es').length).toBeGreaterThan(100)
  expect([...new Set(LINES.map(({ label }) => label))].sort()).toEqual(['leave', 'stay', 'unclear'])
  expect(LINES.filter(({ why }) => why === '')).toEqual([])
})

test('nobody who asks to leave is kept', () => {
  expect(shown(missed())).toEqual([])
})

test('nobody who rallies or chats is put out: at most 1 in 200', () => {
  const punished = stays.filter(({ verdict }) => verdict === 'leave')
  process.stdout.write(
    `opt-out: ${LINES.length} lines; missed ${missed().length} of ${judged.filter(({ label }) => label === 'leave').length} who leave, ` +
      `punished ${punished.length} and held ${held().length} of ${stays.length} who stay\n`,
  )
  expect(punished.length / stays.length).toBeLessThanOrEqual(0.005)
})

test('few who stay are asked whether they want to: at most 3 in 100', () => {
  expect(held().length / stays.length).toBeLessThanOrEqual(0.03)
})

test('what could be read either way is asked about', () => {
  const unclear = judged.filter(({ label }) => label === 'unclear')
  expect(shown(unclear.filter(({ verdict }) => verdict === 'stay'))).toEqual([])
})

test('a long hostile text is judged in about a millisecond', () => {
  const hostile = [
    'stop '.repeat(320),
    'st0p'.repeat(400),
    'no more '.repeat(200),
    `${'a'.repeat(1_590)} stop`,
    'please '.repeat(229),
    'do not '.repeat(229),
    '!?'.repeat(800),
    'Ｓｔｏｐ'.repeat(400),
    'don’t stop texting me, '.repeat(70),
  ].map((text) => text.slice(0, 1_600))
  for (let n = 0; n < 20; n++) hostile.forEach((text) => judge(text))
  // Short everyday work on the same machine in the same moment: a slow machine is slow for both.
  const fastest = (work: () => unknown) =>
    Math.min(
      ...Array.from({ length: 30 }, () => {
        const begun = performance.now()
        work()
        return performance.now() - begun
      }),
    )
  const yardstick = fastest(
    () => JSON.parse(JSON.stringify(Array.from({ length: 2_000 }, (_, n) => ({ n })))) as unknown,
  )
  for (const text of hostile) expect(fastest(() => judge(text))).toBeLessThan(Math.max(1, yardstick * 2))
})
