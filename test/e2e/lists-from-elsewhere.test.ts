import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startBot, type Bot } from '../support/bot.js'

// Lists that were not made for us: our own export, with people who left in it, and what spreadsheets make of a list.

let bot: Bot
let other: Bot
let dir: string
beforeAll(async () => {
  ;[bot, other] = await Promise.all([startBot({ roles: [] }), startBot({ roles: [] })])
  dir = mkdtempSync(join(tmpdir(), 'text-action-elsewhere-'))
}, 60_000)
afterAll(async () => {
  rmSync(dir, { recursive: true })
  await Promise.all([bot.stop(), other.stop()])
})

function written(name: string, content: string | Buffer): string {
  const path = join(dir, name)
  writeFileSync(path, content)
  return path
}

const importing = (path: string, ...more: string[]) => [
  ...['people', 'import', path, '--consent', 'A test list'],
  ...more,
]

async function imported(path: string, ...more: string[]) {
  const { code, stdout } = await bot.run(importing(path, '--json', ...more))
  const { rejections, ...counts } = JSON.parse(stdout) as {
    joined: number
    here: number
    rejected: number
    rejections: { line: number; reason: string }[]
  }
  return { code, ...counts, reasons: rejections.map(({ line, reason }) => `${line} ${reason}`) }
}

async function refusal(content: string | Buffer, name = 'list.csv'): Promise<string> {
  const path = written(name, content)
  const { code, stderr } = await bot.run(importing(path))
  return `${code} ${stderr.trim().replace(path, name)}`
}

async function statusOf(phone: string, where = bot): Promise<string> {
  const { stdout } = await where.run(['person', 'show', phone, '--json'])
  return (JSON.parse(stdout) as { status: string }).status
}

const [stays, left, invited, stranger] = ['2055550101', '2055550102', '2055550103', '2055550104']

describe('who is in our own export', () => {
  let file: string
  beforeAll(async () => {
    await other.importPeople(`phone,zip\n${stays},35020\n${left},35020\n`)
    await other.importPeople(`phone,zip\n${invited},35020\n`, true)
    expect((await other.run(['person', 'opt-out', left, '--reason', 'asked by phone'])).code).toBe(0)
    file = written('export.csv', (await other.run(['people', 'export', '--all'])).stdout)
  }, 60_000)

  test('and left or never said yes comes in nowhere by it', async () => {
    const { code, joined, rejected, reasons } = await imported(file)
    expect([code, joined, rejected]).toEqual([1, 1, 2])
    expect(reasons.sort()).toEqual([
      expect.stringMatching(/^\d status says left$/),
      expect.stringMatching(/^\d status says invited$/),
    ])
    expect(await statusOf(stays)).toBe('joined')
    for (const phone of [left, invited]) expect(await statusOf(phone)).toBe('unknown')
  }, 60_000)

  test('and left or was only invited stays so where the export came from', async () => {
    expect((await other.run(importing(file))).code).toBe(1)
    const statuses = [stays, left, invited].map((phone) => statusOf(phone, other))
    expect(await Promise.all(statuses)).toEqual(['joined', 'left', 'invited'])
  }, 60_000)

  test('is not asked by --invite either, when her status is not joined', async () => {
    const { code, stdout } = await bot.run(importing(file, '--json', '--invite'))
    expect([code, JSON.parse(stdout)]).toEqual([1, expect.objectContaining({ here: 1, rejected: 2 })])
    expect(await statusOf(invited)).toBe('unknown')
  }, 30_000)
})

test('who said no to texts in a column of the list does not come in, under any of its usual names', async () => {
  const says = async (heading: string, ...cells: string[]) => {
    const rows = cells.map((cell, n) => `${Number(stranger) + n},35020,${cell}\n`)
    return (await imported(written('said.csv', `phone,zip,${heading}\n${rows.join('')}`))).reasons
  }
  expect(await says('Consent', 'no', 'N', 'FALSE', '0', 'none', 'left', '')).toEqual([
    ...['2 Consent says no', '3 Consent says N', '4 Consent says FALSE', '5 Consent says 0'],
    ...['6 Consent says none', '7 Consent says left', '8 Consent is empty'],
  ])
  expect(await says('opted_in', '"No, thanks"', 'opted-out')).toEqual([
    '2 opted_in says No thanks',
    '3 opted_in says opted-out',
  ])
  expect(await says('SMS Opt-In', 'n/a')).toEqual(['2 SMS Opt-In says n/a'])
  expect(await says('opt_out', 'yes', 'x', 'Oct 4 2025')).toEqual([
    ...['2 opt_out says yes', '3 opt_out says x', '4 opt_out says Oct 4 2025'],
  ])
  expect(await says('OptOut', 'Opted out', 'STOP', 'removed', 'Unsubscribed')).toEqual([
    ...[
      '2 OptOut says Opted out',
      '3 OptOut says STOP',
      '4 OptOut says removed',
      '5 OptOut says Unsubscribed',
    ],
  ])
  expect(await says('consent', 'N - asked us to stop', 'Do not contact')).toEqual([
    '2 consent says N - asked us to stop',
    '3 consent says Do not contact',
  ])
  expect(await says('status', 'Active', 'unknown', '', '2055550199')).toEqual([
    '2 status says Active; only joined comes in',
    '3 status says unknown',
    '4 status is empty; only joined comes in',
    '5 status is none of ours; only joined comes in',
  ])
  // Twice in one list: the row that says no counts for her.
  const twice = await imported(
    written('twice.csv', `phone,zip,opt_out\n${stranger},35020,yes\n${stranger},35020,\n`),
  )
  expect(twice.reasons).toEqual([
    '2 opt_out says yes',
    '3 phone stands in this file already; only its first row counts',
  ])
  expect(await statusOf(stranger)).toBe('unknown')
  expect(await says('opted_in', 'yes', 'TRUE', '2025-10-04', 'Stop & Shop picket')).toEqual([])
  expect(await says('opt_out', '', 'no', 'false')).toEqual([])
}, 60_000)

test('who stands in a list with a number that is no supporter is refused with the reason', async () => {
  const numbers = ['5555555555', '9002055555', '2055551212', '8005550142', '7002055555', '5002055555']
  const { reasons } = await imported(
    written('numbers.csv', `phone,zip\n${numbers.map((number) => `${number},35020\n`).join('')}`),
  )
  expect(reasons).toEqual([
    '2 phone is made up: nobody has that area code (555)',
    '3 phone is a premium number (900)',
    '4 phone is directory assistance (555-1212)',
    '5 phone is a toll-free number (800)',
    "6 phone is a phone company's own number (700)",
    '7 phone is a follow-me number (500)',
  ])
}, 30_000)

test('a list with two columns for her phone or her ZIP is refused by their names: nobody guesses which is meant', async () => {
  expect(await refusal('phone,zip,phone\n2055550110,35020,2055550111\n')).toBe(
    '2 error: list.csv has 2 columns for phone: phone (column 1), phone (column 3). Keep one; nothing was imported.',
  )
  expect(await refusal('Phone,Mobile,ZIP\n2055550110,2055550111,35020\n')).toContain(
    'has 2 columns for phone: Phone (column 1), Mobile (column 2).',
  )
  expect(await refusal('phone,zip,Postal_Code\n2055550110,35020,35020\n')).toContain(
    'has 2 columns for zip: zip (column 2), Postal_Code (column 3).',
  )
}, 20_000)

describe('a list as a spreadsheet leaves it', () => {
  const one = async (n: number, list: string) => {
    const phone = `20555501${n}`
    const { code, joined } = await imported(written('sheet.csv', list.replace('PHONE', phone)))
    return [code, joined]
  }

  test.each([
    ['a line that names its separator', 30, 'sep=;\r\nphone;zip\r\nPHONE;35020\r\n'],
    ['a comma in a heading of a semicolon file', 31, 'phone;zip;"last, first"\nPHONE;35020;x\n'],
    ['usual headings', 32, 'Phone Number,ZIP Code\nPHONE,35020\n'],
    ['headings with underscores', 33, 'mobile,zip_code\nPHONE,35020\n'],
    ['other usual headings', 34, 'Cell\tPostal Code\nPHONE\t35020\n'],
  ])('brings her in with %s', async (_, n, list) => {
    expect(await one(n, list)).toEqual([0, 1])
  })

  test('that names its separator has its bad rows named by their lines in the file', async () => {
    const { reasons } = await imported(written('sep.csv', 'sep=;\nphone;zip\n2055550135;1\n'))
    expect(reasons).toEqual(['3 zip has 1 digits; a ZIP has 5'])
  })

  test('and not as CSV is told to be a workbook', async () => {
    for (const [name, magic] of [
      ['list.xlsx', 'PK\u0003\u0004'],
      ['list.xls', '\u00d0\u00cf\u0011\u00e0'],
    ] as const)
      expect(await refusal(Buffer.from(`${magic}\0\0\n`, 'latin1'), name)).toBe(
        `2 error: ${name} is a workbook. In the spreadsheet save it as CSV, then import that file; nothing was imported.`,
      )
  })

  test('under a title is told on which line its columns are named', async () => {
    const named =
      /^1 error: The first line of list\.csv is a title; its columns are named on line 3\. Delete /
    expect(await refusal('Local 1199, sign-ups 2025\n\nphone,zip\n2055550110,35020\n')).toMatch(named)
    expect(await refusal('Local 1199\n\nphone;zip\n2055550110;35020\n')).toMatch(named)
  })

  test('without headings is told so, and its first number is not repeated', async () => {
    expect(await refusal('(205) 555-0110,35020\n2055550111,35020\n')).toBe(
      '1 error: list.csv does not name its columns: its first line is a row already. Put the line phone,zip above it, its columns in that order; nothing was imported.',
    )
  })
})

describe('what comes through a pipe', () => {
  test.each([
    ['-', 40, 'phone;zip\nPHONE;35020\n'],
    ['/dev/stdin', 41, 'phone\tzip\nPHONE\t35020\n'],
  ])('as %s is a list like any other', async (name, n, list) => {
    const { code, stderr } = await bot.run(importing(name), list.replace('PHONE', `20555501${n}`))
    expect([code, stderr]).toEqual([0, ''])
    expect(await statusOf(`20555501${n}`)).toBe('joined')
  })

  test('and holds bad rows has them beside whoever imports it', () => {
    const child = spawnSync(process.execPath, [join(process.cwd(), 'dist/cli.js'), ...importing('-')], {
      ...{ cwd: dir, env: bot.env, input: 'phone,zip\n2055550142,1\n', encoding: 'utf8' },
    })
    expect(child.stderr).toContain('Mend stdin.rejected.csv and import it.')
    expect(readFileSync(join(dir, 'stdin.rejected.csv'), 'utf8')).toContain('2055550142,1,2,zip has 1')
  })

  test.each(['-', '/dev/stdin'])('as %s may be the words of a blast', async (name) => {
    const words = '{{program}}: Call today. STOP to cancel.'
    const { code, stderr } = await bot.run(['blast', 'create', '--name', 'x', '--body-file', name], words)
    expect([code, stderr]).toEqual([0, expect.stringContaining('Draft x: ') as string])
  })
})
