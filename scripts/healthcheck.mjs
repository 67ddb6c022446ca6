// For a container's HEALTHCHECK: is the process that it runs alive? Web processes answer on PORT, workers on METRICS_PORT.
import { readFileSync } from 'node:fs'

const { PORT = '3000', METRICS_PORT = '' } = process.env
const first = readFileSync('/proc/1/cmdline', 'utf8').split('\0')
const port = first.includes('work') ? METRICS_PORT : PORT

try {
  const { ok } = await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(2_500) })
  process.exitCode = ok ? 0 : 1
} catch {
  process.exitCode = 1
}
