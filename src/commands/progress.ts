import { SingleBar, type Params } from 'cli-progress'
import type { Cli } from './cli-types.js'
import { hasUnicode, number } from './screen.js'

export type Progress = {
  /** done: the share that is behind us, 0 to 1. */
  update(done: number, rows: number): void
  /** Leaves the terminal as it was found. */
  stop(): void
}

const BAR_COLUMNS = 40

/** A bar with rate and time left on a terminal's stderr; nothing where there is none, or where --plain asks for none. */
export function startProgress(cli: Cli, options: { plain?: boolean } = {}): Progress {
  if (!cli.stderr.isTTY || options.plain) return { update: () => undefined, stop: () => undefined }
  const started = performance.now()
  const cells = hasUnicode(cli) ? (['█', '░'] as const) : (['#', '.'] as const)
  const bar = new SingleBar({
    stream: cli.stderr,
    format: (_options, params: Params, payload: { rows: number }) =>
      line(params.progress, payload.rows, performance.now() - started, (cli.stderr.columns ?? 80) - 1, cells),
    fps: 5,
    hideCursor: true,
    gracefulExit: false, // signals are the CLI's
    emptyOnZero: true,
  })
  bar.start(1, 0, { rows: 0 })
  return {
    update: (done, rows) => bar.update(Math.min(done, 1), { rows }),
    stop: () => {
      bar.render()
      bar.stop()
    },
  }
}

function line(
  done: number,
  rows: number,
  ms: number,
  width: number,
  [full, empty]: readonly [string, string],
): string {
  const rate = ms > 0 ? (rows * 1_000) / ms : 0
  const left = done > 0 && done < 1 ? `   ${duration((ms * (1 - done)) / done)} left` : ''
  const tail = `   ${Math.floor(done * 100)}%   ${number(rows)} rows   ${number(rate)} rows/s${left}`
  const cells = Math.max(0, Math.min(BAR_COLUMNS, width - tail.length))
  const drawn = Math.round(done * cells)
  return `${full.repeat(drawn)}${empty.repeat(cells - drawn)}${tail}`
}

/** 83,000 -> "1 min 23 s" */
function duration(ms: number): string {
  const seconds = Math.ceil(ms / 1_000)
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}
