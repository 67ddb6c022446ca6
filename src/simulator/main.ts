import { createInterface } from 'node:readline'
import type { SimulatorOptions } from './options.js'
import { startSimulator } from './server.js'

const TEXTS = [
  'host',
  'botUrl',
  'webhookUrl',
  'accountSid',
  'authToken',
  'shortCode',
  'messagingServiceSid',
  'dataDir',
  'appLog',
  'organization',
  'keyword',
]
const NUMBERS = ['port', 'answerMs', 'sentMs', 'deliveredMs', 'keep']
const FLAGS = ['receipts']
const NEEDED = ['botUrl', 'accountSid', 'authToken']

/** The options are one JSON object. */
function readOptions(line: string): SimulatorOptions {
  const options = JSON.parse(line) as Record<string, unknown>
  for (const [name, value] of Object.entries(options)) {
    const type = TEXTS.includes(name)
      ? 'string'
      : NUMBERS.includes(name)
        ? 'number'
        : FLAGS.includes(name)
          ? 'boolean'
          : null
    if (type === null) throw new Error(`unknown option ${name}`)
    if (typeof value !== type) throw new Error(`${name} must be a ${type}`)
  }
  for (const name of NEEDED) if (!(name in options)) throw new Error(`${name} is missing`)
  return options as SimulatorOptions
}

/**
 * The first line of stdin holds the options: the account's token is among them, and arguments are there for every user of the machine
 * to see. When stdin ends, whoever started us has gone, and our work is over.
 */
async function main(): Promise<void> {
  const lines = createInterface(process.stdin)
  const ended = new Promise<void>((resolve) => {
    lines.once('close', resolve)
    process.stdin.once('error', () => resolve())
  })
  const first = new Promise<string>((resolve) => lines.once('line', resolve))
  const simulator = await startSimulator(readOptions(await Promise.race([first, ended.then(() => '{}')])))
  process.stdout.write(`${JSON.stringify({ listening: simulator.port })}\n`)
  let stopping = false
  const stop = () => {
    if (stopping) return
    stopping = true
    void simulator.stop().finally(() => process.exit(0))
  }
  void ended.then(stop)
  process.on('SIGTERM', stop)
  // Ctrl-C and a closed terminal reach the whole group; who started us first lets the app finish its POSTs, then closes our stdin.
  for (const name of ['SIGINT', 'SIGHUP'] as const) process.on(name, () => undefined)
}

main().catch((error: unknown) => {
  process.stderr.write(`simulator: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(2)
})
