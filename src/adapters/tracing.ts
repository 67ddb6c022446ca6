import { context, SpanStatusCode, trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import { BullMQOtel } from 'bullmq-otel'

export type Tracing = {
  /** Ties the spans of a wake-up call to those of whoever made it. */
  telemetry: BullMQOtel
  /** Runs work in a span of this name. */
  span<T>(name: string, work: () => Promise<T>): Promise<T>
  /** Hands over what is still held, within two seconds. */
  close(): Promise<void>
}

const CLOSE_MS = 2_000

/**
 * OpenTelemetry traces to a collector (its base URL, OTLP over HTTP). Spans tell what was done and for how long, and nothing of
 * anybody: no number, no words. Imported only where it is configured, so that nobody else loads these libraries.
 */
export function startTracing(collectorUrl: string, role: string): Tracing {
  const exporter = new OTLPTraceExporter({ url: `${collectorUrl.replace(/\/$/, '')}/v1/traces` })
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': `text-action ${role}` }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  })
  provider.register()
  const tracer = provider.getTracer('text-action')
  return {
    telemetry: new BullMQOtel({ tracerName: 'text-action' }),
    span(name, work) {
      const span = tracer.startSpan(name)
      return context.with(trace.setSpan(context.active(), span), async () => {
        try {
          return await work()
        } catch (error) {
          span.setStatus({ code: SpanStatusCode.ERROR }) // its message may name somebody
          throw error
        } finally {
          span.end()
        }
      })
    },
    async close() {
      const deadline = new Promise((resolve) => setTimeout(resolve, CLOSE_MS).unref())
      await Promise.race([provider.shutdown().catch(() => undefined), deadline])
    },
  }
}
