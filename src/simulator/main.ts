import { fstatSync } from 'node:fs'
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

/** The options are one JSON object, the only argument. */
function readOptions(argument: string | undefined): SimulatorOptions {
  const options = JSON.parse(argument ?? '{}') as Record<string, unknown>
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

/** Whether whoever started us holds the other end of stdin: when it closes, our work is over. */
function hasParentOnStdin(): boolean {
  try {
    const stdin = fstatSync(0)
    return stdin.isFIFO() || stdin.isSocket()
  } catch {
    return false
  }
}

async function main(): Promise<void> {
  const simulator = await startSimulator(readOptions(process.argv[2]))
  process.stdout.write(`${JSON.stringify({ listening: simulator.port })}\n`)
  let stopping = false
  const stop = () => {
    if (stopping) return
    stopping = true
    void simulator.stop().finally(() => process.exit(0))
  }
  const hasParent = process.connected || hasParentOnStdin()
  if (hasParentOnStdin()) process.stdin.resume().on('end', stop).on('error', stop)
  process.on('disconnect', stop)
  process.on('SIGTERM', stop)
  // Ctrl-C reaches the whole group of processes; a parent first lets the app finish its POSTs, then stops us.
  process.on('SIGINT', () => hasParent || stop())
}

main().catch((error: unknown) => {
  process.stderr.write(`simulator: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(2)
})
