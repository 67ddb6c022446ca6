import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const ROOT = join(__dirname, '../..')

/** `scripts/textaction` from the checkout, fed from a pipe. */
export async function runTextaction(args: readonly string[], env: NodeJS.ProcessEnv, input: string) {
  const child = spawn('scripts/textaction', args, { cwd: ROOT, env, stdio: 'pipe' })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  child.stdin.end(input)
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stdout, stderr }
}

export type Tty = {
  /** Types these keys. */
  type(keys: string): void
  /** Waits until the screen shows this. */
  shows(words: string | RegExp): Promise<void>
  /** All it has shown so far. */
  screen(): string
  /** How the program ended. */
  ended: Promise<number | null>
}

/** `scripts/textaction` on a terminal of its own, which script (util-linux) makes. */
export function openTextaction(command: string, env: NodeJS.ProcessEnv, columns = 80): Tty {
  const line = `stty rows 24 cols ${columns}; exec scripts/textaction ${command}`
  const child = spawn('script', ['-qec', line, '/dev/null'], {
    cwd: ROOT,
    env: { ...env, TERM: 'xterm' },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let screen = ''
  let look = () => undefined as void
  child.stdout.on('data', (chunk: Buffer) => {
    screen += chunk.toString()
    look()
  })
  const ended = once(child, 'close').then(([code]) => code as number | null)
  return {
    type: (keys) => void child.stdin.write(keys),
    shows: (words) =>
      new Promise((resolve, reject) => {
        look = () => {
          if (typeof words === 'string' ? screen.includes(words) : words.test(screen)) resolve()
        }
        look()
        void ended.then(() => reject(new Error(`it ended, and never showed ${words}: ${screen}`)))
      }),
    screen: () => screen,
    ended,
  }
}
