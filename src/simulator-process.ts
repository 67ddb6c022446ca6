import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { OperatorError } from './errors.js'
import { LIMITS } from './limits.js'

export type SimulatorProcess = {
  url: string
  isGone(): boolean
  /** At the same address, with the texts it has kept. */
  startAgain(): Promise<void>
  close(): Promise<void>
}

/** The simulator is a process of its own: the bot knows it only as TWILIO_API_URL. It ends when our end of its stdin closes. */
export async function startSimulatorProcess(
  options: { port: number } & Readonly<Record<string, unknown>>,
): Promise<SimulatorProcess> {
  let running = await launch(options)
  const { port } = running
  return {
    url: `http://127.0.0.1:${port}`,
    isGone: () => running.child.exitCode !== null || running.child.signalCode !== null,
    async startAgain() {
      running = await launch({ ...options, port })
    },
    async close() {
      running.child.stdin.end()
      const kill = setTimeout(() => running.child.kill('SIGKILL'), LIMITS.shutdownMs)
      await running.exited
      clearTimeout(kill)
    },
  }
}

async function launch(options: object) {
  const entry = fileURLToPath(new URL('./simulator/main.js', import.meta.url))
  const child = spawn(process.execPath, [entry], { stdio: ['pipe', 'pipe', 'inherit'] })
  // Not as an argument: every user of the machine can read those, and the account's token is among the options.
  child.stdin.on('error', () => undefined) // it has ended, and that is told below
  child.stdin.write(`${JSON.stringify(options)}\n`)
  const exited = once(child, 'exit')
  const first = await Promise.race([once(createInterface(child.stdout), 'line'), exited.then(() => null)])
  if (!first)
    throw new OperatorError('The simulator did not start. Its reason stands above; run: npm run build')
  const { listening: port } = JSON.parse(String(first[0])) as { listening: number }
  return { child, exited, port }
}
