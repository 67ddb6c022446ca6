import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'

export const registry = new Registry()
collectDefaultMetrics({ register: registry })

const registers = [registry]
const latency = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

export const metrics = {
  textsIn: new Counter({
    name: 'textaction_texts_in_total',
    help: 'Inbound texts recorded, by verdict; duplicates of a MessageSid apart.',
    labelNames: ['verdict', 'duplicate'] as const,
    registers,
  }),
  webhookSeconds: new Histogram({
    name: 'textaction_webhook_seconds',
    help: 'From the arrival of an inbound text to its committed record.',
    buckets: latency,
    registers,
  }),
  spooled: new Counter({
    name: 'textaction_texts_spooled_total',
    help: 'Inbound texts kept on disk because Postgres could not take them.',
    registers,
  }),
  missedTaken: new Counter({
    name: 'textaction_texts_missed_total',
    help: "Inbound texts that no webhook brought and that were taken in from Twilio's list.",
    registers,
  }),
  handledSeconds: new Histogram({
    name: 'textaction_handled_seconds',
    help: 'From the receipt of an inbound text to the commit of what it changed.',
    buckets: latency,
    registers,
  }),
  leaves: new Counter({
    name: 'textaction_leaves_total',
    help: 'People who left, by the way they did.',
    labelNames: ['via'] as const,
    registers,
  }),
  postSeconds: new Histogram({
    name: 'textaction_post_seconds',
    help: 'How long Twilio took to answer a POST.',
    labelNames: ['lane'] as const,
    buckets: latency,
    registers,
  }),
  fenced: new Counter({
    name: 'textaction_fenced_total',
    help: 'Claims that came too late to start a POST and were given back unsent.',
    registers,
  }),
  receipts: new Counter({
    name: 'textaction_receipts_total',
    help: 'Receipts from Twilio, by status; unknown: an id that is not ours.',
    labelNames: ['status'] as const,
    registers,
  }),
  refusals: new Counter({
    name: 'textaction_webhook_refusals_total',
    help: 'Webhook requests refused, by reason.',
    labelNames: ['reason'] as const,
    registers,
  }),
  inDoubt: new Counter({
    name: 'textaction_in_doubt_total',
    help: 'Texts that became in doubt, by cause.',
    labelNames: ['cause'] as const,
    registers,
  }),
  settled: new Counter({
    name: 'textaction_in_doubt_settled_total',
    help: 'Texts in doubt that were settled, by how.',
    labelNames: ['how'] as const,
    registers,
  }),
  faults: new Counter({
    name: 'textaction_faults_total',
    help: 'Unexpected errors caught at a door of the program, by door.',
    labelNames: ['door'] as const,
    registers,
  }),
  congressAgeDays: new Gauge({
    name: 'textaction_senator_data_age_days',
    help: 'Age of the senator table in force.',
    registers,
  }),
  receiptSeconds: new Histogram({
    name: 'textaction_receipt_seconds',
    help: 'From the arrival of a receipt to its committed record.',
    buckets: latency,
    registers,
  }),
  receiptLagSeconds: new Histogram({
    name: 'textaction_receipt_lag_seconds',
    help: 'From the moment Twilio took a text to its first receipt.',
    buckets: [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900, 3_600],
    registers,
  }),
  textsOut: new Counter({
    name: 'textaction_texts_out_total',
    help: 'Texts POSTed to Twilio, by lane, kind of text and outcome.',
    labelNames: ['lane', 'kind', 'outcome'] as const,
    registers,
  }),
  segmentsGranted: new Counter({
    name: 'textaction_segments_granted_total',
    help: 'Segments that the pacing let go, by lane.',
    labelNames: ['lane'] as const,
    registers,
  }),
  paceWaits: new Counter({
    name: 'textaction_pace_waits_total',
    help: 'Times a text had to wait for the rate, by lane.',
    labelNames: ['lane'] as const,
    registers,
  }),
  segmentsPerSecond: new Gauge({
    name: 'textaction_segments_per_second_limit',
    help: 'The rate configured for the sender, all workers together.',
    registers,
  }),
  ceilingReached: new Counter({
    name: 'textaction_spending_ceiling_total',
    help: 'Times this worker found the ceiling on spending reached.',
    registers,
  }),
  purged: new Counter({
    name: 'textaction_purged_total',
    help: 'Rows erased because they were old enough, by what they were.',
    labelNames: ['what'] as const,
    registers,
  }),
  databaseUp: new Gauge({
    name: 'textaction_database_up',
    help: '1: what stands in the database was read for these metrics; 0: it did not answer, and those gauges are missing.',
    registers,
  }),
  clockOffsetSeconds: new Gauge({
    name: 'textaction_clock_offset_seconds',
    help: "Seconds by which the database's clock is ahead of this worker's.",
    registers,
  }),
  redisMemoryRatio: new Gauge({
    name: 'textaction_redis_memory_ratio',
    help: "Used of Redis's maxmemory, as a worker sees it; NaN: there is no limit, or Redis did not say.",
    registers,
  }),
  trouble: new Gauge({
    name: 'textaction_trouble',
    help: '1 while a worker sees this trouble: a schedule overdue, doubts that grow, Redis filling up, a clock that is off.',
    labelNames: ['what'] as const,
    registers,
  }),
  spoolBytes: new Gauge({
    name: 'textaction_spool_bytes',
    help: 'Inbound texts on disk of this process because Postgres could not take them.',
    registers,
  }),
  setAsideBytes: new Gauge({
    name: 'textaction_spool_set_aside_bytes',
    help: 'Inbound texts on disk of this process that nobody could ever take: for a person to look at.',
    registers,
  }),
  blastPauses: new Counter({
    name: 'textaction_blast_pauses_total',
    help: 'Blasts that the program itself paused or would not start: the breaker, a refusal of Twilio, an audience that grew.',
    registers,
  }),
  segmentsPerDay: new Gauge({
    name: 'textaction_segments_per_day_ceiling',
    help: 'The ceiling on spending; +Inf: none.',
    registers,
  }),
}

/** Shows what the sender may spend. Every process that is scraped does: a figure that was never set would show as 0. */
export function showLimits(limits: { segmentsPerSecond: number; segmentsPerDay: number | null }): void {
  metrics.segmentsPerSecond.set(limits.segmentsPerSecond)
  metrics.segmentsPerDay.set(limits.segmentsPerDay ?? Infinity)
}
