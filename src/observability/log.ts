import { pino, type DestinationStream, type Logger } from 'pino'

// A write for each line costs as much as making it. What a kill -9 takes is a tenth of a second of lines.
const GATHERED_CHARS = 16_000
const GATHERED_MS = 100

let logger: Logger = pino({ level: 'silent' })

/** Where log lines go from now on. file: under dev, so that the screen stays readable. */
export function startLog(options: { level: string; file?: string }): void {
  const config = { level: options.level, base: { pid: process.pid }, serializers: { err: maskedError } }
  logger = pino(
    config,
    gathering(options.file ? { dest: options.file, mkdir: true, mode: 0o600 } : { dest: 1 }),
  )
}

/** Hands lines on many at a time. sonic-boom, where it gathers them itself, measures all it has gathered anew at each line. */
function gathering(where: {
  dest: string | number
  mkdir?: boolean
  mode?: number
}): DestinationStream & { flush(done: () => void): void } {
  let lines = ''
  let timer: NodeJS.Timeout | undefined
  const out = pino.destination({ ...where, sync: false, minLength: 1 })
  out.on('error', () => undefined) // a terminal that was closed: work, or its stopping, goes on without a log
  const handOn = () => {
    clearTimeout(timer)
    timer = undefined
    const gathered = lines
    lines = ''
    if (gathered !== '') out.write(gathered)
  }
  process.prependListener('exit', handOn) // before the one that writes out what is in memory
  return {
    write(line) {
      lines += line
      if (lines.length >= GATHERED_CHARS) handOn()
      else timer ??= setTimeout(handOn, GATHERED_MS)
    },
    flush(done) {
      handOn()
      out.flush(done)
    },
  }
}

/** The log. Ids and words of ours only: no number, no body ever goes in. */
export function log(): Logger {
  return logger
}

/** Writes out what is still in memory, before the process ends. */
export function flushLog(): Promise<void> {
  return new Promise((resolve) => logger.flush(() => resolve()))
}

const LONG_DIGITS = /[+(]?\d[\d\s().-]{7,}\d/g

/** Errors of libraries may quote what they were given: anything that could be a number is masked. */
export function maskNumbers(text: string): string {
  return text.replace(LONG_DIGITS, '[number]')
}

function maskedError(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: maskNumbers(String(error)) }
  const code = (error as { code?: unknown }).code
  return {
    type: error.name,
    message: maskNumbers(error.message),
    ...(typeof code === 'string' && { code }),
    stack: maskNumbers(error.stack ?? ''),
    ...(error.cause instanceof Error && { cause: maskNumbers(error.cause.message) }),
  }
}
