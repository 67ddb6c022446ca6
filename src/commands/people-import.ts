import { basename } from 'node:path'
import { openCsv, type CsvFile, type CsvRow } from '../adapters/csv-in.js'
import { writeCsv } from '../adapters/csv-out.js'
import { OperatorError } from '../errors.js'
import { importPeople, type ImportRow, type ImportTally } from '../inbound/import.js'
import type { Cli } from './cli-types.js'
import { findColumns, type Columns } from './import-columns.js'
import { atDesk, operatorName } from './operator.js'
import { startProgress } from './progress.js'
import { colours, number, printJson } from './screen.js'

export type ImportOptions = { consent?: string; invite?: true; as?: string; plain?: true; json?: true }

type Rejection = { line: number; reason: string }

type Result = { tally: ImportTally; rejections: Rejection[]; rejectedFile: string | null }

type FileRow = ImportRow & { cells: readonly string[] }

const CONSENT_CHARS_MAX = 1_000
const LISTED_MAX = 20

/** Brings a list in and tells what became of its rows. Rejected rows make it fail, when all others are in. */
export async function importList(cli: Cli, typed: string, options: ImportOptions): Promise<void> {
  const path = typed === '-' ? '/dev/stdin' : typed
  if (path === '/dev/stdin' && cli.stdin.isTTY)
    throw new OperatorError('No list is piped in. Write: textaction people import - ... < list.csv', 2)
  const consent = readConsent(options.consent)
  const recordedBy = operatorName(options.as)
  const file = await openCsv(path, cli.stdin)
  const { tally, rejections, rejectedFile } = await importFile(
    cli,
    path,
    file,
    consent,
    recordedBy,
    options,
  ).finally(() => file.close())
  if (options.json) printJson(cli, report({ tally, rejections, rejectedFile }, options))
  else cli.stdout.write(screen(cli, { tally, rejections, rejectedFile }, options))
  if (tally.stopped)
    throw new OperatorError(
      `Stopped after ${number(tally.rows)} rows. Run it again to go on. ${whatIsIn(tally)}`,
      130,
    )
  if (rejectedFile !== null)
    throw new OperatorError(
      `${number(tally.rejected)} of ${number(tally.rows)} rows rejected. Mend ${rejectedFile} and import it. ${whatIsIn(tally)}`,
    )
}

async function importFile(
  cli: Cli,
  path: string,
  file: CsvFile,
  consent: string,
  recordedBy: string,
  options: ImportOptions,
): Promise<Result> {
  const columns = await findColumns(path, file)
  const kept = keptColumns(file.columns)
  // Beside the list; of what came through a pipe, in the folder she is in.
  const rejectedPath = `${path === '/dev/stdin' ? 'stdin' : path.replace(/\.csv$/i, '')}.rejected.csv`
  const rejected = writeCsv(rejectedPath, [
    ...kept.map((column) => file.columns[column] ?? ''),
    'line',
    'reason',
  ])
  const rejections: Rejection[] = []
  const begun: { tally?: ImportTally } = {}
  try {
    const tally = await atDesk(cli, async ({ pool, vault }) => {
      const bar = startProgress(cli, options)
      const show = (tally: ImportTally) => {
        const { bytesRead, bytes } = file.progress()
        bar.update(bytes > 0 ? bytesRead / bytes : 0, tally.rows)
        begun.tally = tally
      }
      try {
        return await importPeople(
          { pool, vault },
          {
            rows: rowsOf(file.rows, columns),
            as: options.invite ? 'invited' : 'joined',
            consent,
            recordedBy,
            signal: cli.signal,
            onProgress: show,
            onRejected: (row: FileRow, reason) => {
              if (rejections.length < LISTED_MAX) rejections.push({ line: row.line, reason })
              rejected.write([...kept.map((column) => row.cells[column] ?? ''), String(row.line), reason])
            },
          },
        )
      } finally {
        bar.stop()
      }
    })
    return { tally, rejections, rejectedFile: rejected.finish() }
  } catch (error) {
    rejected.abandon()
    if (!(error instanceof OperatorError) || !begun.tally) throw error
    throw new OperatorError(`${error.message} ${whatIsIn(begun.tally)}`, error.exitCode)
  }
}

const whatIsIn = ({ added, here }: Pick<ImportTally, 'added' | 'here'>): string =>
  added + here === 0 ? 'Nothing was imported.' : 'Rows already in do not change.'

function readConsent(text: string | undefined): string {
  const consent = (text ?? '').trim()
  if (consent === '')
    throw new OperatorError(
      'Nobody comes in without consent on record. Add --consent "what they agreed to, where and when".',
      2,
    )
  if (consent.length > CONSENT_CHARS_MAX)
    throw new OperatorError(
      `--consent has ${number(consent.length)} characters; say it in ${number(CONSENT_CHARS_MAX)}.`,
      2,
    )
  return consent
}

/** A mended file of rejected rows comes with our line and reason of last time: they are not carried on. */
function keptColumns(columns: readonly string[]): number[] {
  const ours = columns.at(-2) === 'line' && columns.at(-1) === 'reason'
  return columns.map((_, column) => column).slice(0, ours ? -2 : columns.length)
}

async function* rowsOf(rows: AsyncIterable<CsvRow>, columns: Columns): AsyncGenerator<FileRow> {
  for await (const { line, cells } of rows)
    yield {
      line,
      cells,
      phone: cells[columns.phone] ?? '',
      zip: cells[columns.zip] ?? '',
      language: columns.language === null ? '' : (cells[columns.language] ?? ''),
      said: columns.consents.map(({ at, heading, kind }) => ({ kind, heading, cell: cells[at] ?? '' })),
    }
}

function report({ tally, rejections, rejectedFile }: Result, options: ImportOptions) {
  const { rows, added, here, left, rejected, stopped } = tally
  return {
    rows,
    [options.invite ? 'invited' : 'joined']: added,
    here,
    left,
    rejected,
    rejectedFile,
    rejections,
    stopped,
  }
}

function screen(cli: Cli, { tally, rejections, rejectedFile }: Result, options: ImportOptions): string {
  const c = colours(cli)
  const width = number(tally.rows).length + 4
  const count = (label: string, value: number, note = '') =>
    `  ${label.padEnd(18)}${number(value).padStart(width)}${note && `   ${note}`}\n`
  const more = tally.rejected - rejections.length
  return [
    count(
      options.invite ? 'Invited' : 'Joined',
      tally.added,
      options.invite ? 'get one text that asks to reply JOIN' : '',
    ),
    count('Here already', tally.here, 'unchanged'),
    count('Left or forgotten', tally.left, 'stay out'),
    count(
      'Rejected',
      tally.rejected,
      rejectedFile === null ? '' : c.yellow(`in ${basename(rejectedFile)}, with the reason`),
    ),
    ...rejections.map(({ line, reason }) => `    line ${number(line).padEnd(8)} ${reason}\n`),
    more > 0 ? `    and ${number(more)} more\n` : '',
  ].join('')
}
