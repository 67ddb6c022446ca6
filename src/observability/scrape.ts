import type { Gauges } from '../db/gauges.js'
import { metrics, registry } from './metrics.js'
import { showStanding, standingRegistry } from './standing.js'

export type Scrape = {
  readGauges: () => Promise<Gauges>
  schemaExpected: number
  /** Bytes in this process's spool; none for one that has no spool. */
  spoolBytes?: () => Promise<{ waiting: number; setAside: number }>
}

const FRESH_MS = 5_000

/** The metrics as Prometheus text. The database is asked at most every few seconds, however many scrape. */
export function createMetricsText({ readGauges, schemaExpected, spoolBytes }: Scrape): () => Promise<string> {
  let readAtMs = -Infinity
  let reading: Promise<boolean> = Promise.resolve(false)

  async function read(): Promise<boolean> {
    try {
      showStanding(await readGauges(), schemaExpected)
      return true
    } catch {
      return false // an outage is what these figures are there to show
    }
  }

  return async () => {
    if (performance.now() - readAtMs > FRESH_MS) {
      readAtMs = performance.now()
      reading = read()
    }
    const [up, bytes] = await Promise.all([
      reading,
      spoolBytes?.().catch(() => ({ waiting: NaN, setAside: NaN })),
    ])
    metrics.databaseUp.set(up ? 1 : 0)
    if (bytes !== undefined) {
      metrics.spoolBytes.set(bytes.waiting)
      metrics.setAsideBytes.set(bytes.setAside)
    }
    const texts = await Promise.all([registry.metrics(), up ? standingRegistry.metrics() : ''])
    return texts.join('\n')
  }
}
