import { pino, type Logger } from 'pino'

// A write for each line costs as much as making it. What a kill -9 takes is a tenth of a second of lines.
const GATHERED = { sync: false, minLength: 16_000, periodicFlush: 100 } as const

let logger: Logger = pino({ level: 'silent' })

/** Where log lines go from now on. file: under dev, so that the screen stays readable. */
export function startLog(options: { level: string; file?: string }): void {
  const config = { level: options.level, base: { pid: process.pid }, serializers: { err: maskedError } }
  logger = options.file
    ? pino(config, pino.destination({ ...GATHERED, dest: options.file, mkdir: true, mode: 0o600 }))
    : pino(config, pino.destination({ ...GATHERED, dest: 1 }))
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
